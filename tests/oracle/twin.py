"""The slow twin of the engine: one lead at a time, plain rows with names, business time walked from window to window.

It follows the policies of the product word by word and knows no code, no table and no array. `Rows` are the rows that
`tests.builders.a_history` takes; what comes out has one tuple of names and instants per clock or tally.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import ROUND_CEILING
from itertools import pairwise, zip_longest
from typing import Any, NamedTuple

from tests.oracle import business_time_twin as walk

from smarketing.engine.history import NEVER
from smarketing.terms.agreement import Agreement, HandoverMoment, Role
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.calendar import Calendar, Window
from smarketing.terms.commitment import Clock, Commitment, Kind, Scope, Start, Stop
from smarketing.terms.period import period_of
from smarketing.terms.target import Measure
from smarketing.terms.zones import zone

Row = dict[str, Any]
ALWAYS = Calendar(id="always", zone="UTC", week=((Window(opens=0, closes=1440),),) * 7)
ENDLESS = 450 * walk.DAY
REASONS = ("no_budget", "not_now", "no_need", "duplicate", "test")
ANSWERS = ("sal", "sql", "opportunity", "customer", "disqualified", "recycled")


@dataclass
class Rows:
    """Facts by name; instants are microseconds."""

    leads: list[Row] = field(default_factory=list)
    touches: list[Row] = field(default_factory=list)
    stages: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    deals: list[Row] = field(default_factory=list)
    owners: dict[str, Row] = field(default_factory=dict)


class Tick(NamedTuple):
    """One clock."""

    lead: str
    episode: int
    owner: str
    tier: str
    source: str
    calendar: str
    start_at: int
    risk_at: int
    due_at: int
    stop_at: int
    connected_at: int
    elapsed_us: int
    count: int
    void: str


class Count(NamedTuple):
    """One tally."""

    lead: str
    owner: str
    tier: str
    source: str
    at: int
    amount: int
    void: str


def twin(rows: Rows, versions: list[Agreement], now: int) -> dict[str, list[Any]]:
    """The clocks and tallies of every commitment, by lead in the order of `rows.leads`."""
    ordered = sorted(versions, key=lambda agreement: agreement.version)
    found: dict[str, list[Any]] = {c.id: [] for a in ordered for c in a.commitments if c.kind != Kind.DELIVERABLE}
    words: dict[str, list[str]] = {}
    for agreement in ordered:
        for commitment in agreement.commitments:
            if commitment.stage not in words.setdefault(commitment.id, []):
                words[commitment.id].append(commitment.stage)
    for lead in rows.leads:
        if lead["created_at"] > now:
            continue
        known = Known.at(rows, lead, now)
        for name, made in found.items():
            judged: set[Any] = set()
            mine: list[Any] = []
            for number, agreement in enumerate(ordered):
                for commitment in agreement.commitments:
                    if commitment.id == name:
                        one = OneLead(known, agreement, commitment, rows.owners, now, ordered)
                        word = words[name].index(commitment.stage)
                        for key, at, result in one.results(word):
                            if in_force(ordered, number, at) and key not in judged:
                                judged.add(key)
                                mine.append(result())
            if mine and isinstance(mine[0], Tick):
                mine.sort(key=lambda tick: tick.episode)
                if any(c.kind is Kind.FOLLOW_UP_CADENCE for a in ordered for c in a.commitments if c.id == name):
                    mine = [tick._replace(episode=number) for number, tick in enumerate(mine)]
            made += mine
    return found


def in_force(versions: list[Agreement], number: int, at: int) -> bool:
    """Whether a version is in force: from its first day to its last, or until a later version begins."""
    this = versions[number]
    if at < midnight(this, this.in_force.from_on) or at == NEVER:
        return False
    last = this.in_force.until_on
    if last and at >= midnight(this, last + timedelta(days=1)):
        return False
    return all(at < midnight(later, later.in_force.from_on) for later in versions[number + 1 :])


def midnight(agreement: Agreement, on: Any) -> int:
    local = datetime.combine(on, time(), tzinfo=zone(agreement.zone))
    return (local - walk.EPOCH) // walk.ONE_US


@dataclass
class Known:
    """What is known of one lead at `now`, each list in the order of time."""

    lead: Row
    touches: list[Row]
    stages: list[Row]
    assignments: list[Row]
    deals: list[Row]

    @classmethod
    def at(cls, rows: Rows, lead: Row, now: int) -> Known:
        def mine(table: list[Row], key: str, *ties: str) -> list[Row]:
            own = [row for row in table if row["lead"] == lead["lead"] and row[key] <= now]
            return sorted(own, key=lambda row: (row[key], *(row[name] for name in ties)))

        deals = [dict(row) for row in mine(rows.deals, "created_at")]
        for deal in deals:
            if deal.get("closed_at") is not None and deal["closed_at"] > now:
                deal["closed_at"], deal["status"] = None, "open"
        return cls(
            lead,
            mine(rows.touches, "at"),
            mine(rows.stages, "at", "stage"),
            mine(rows.assignments, "at", "owner"),
            deals,
        )


class OneLead:
    """One commitment of one version, for one lead."""

    def __init__(
        self, known: Known, agreement: Agreement, commitment: Commitment, owners: Any, now: int, versions: Any
    ) -> None:
        self.known, self.lead = known, known.lead
        self.agreement, self.commitment = agreement, commitment
        self.owners, self.now, self.versions = owners, now, list(versions)
        self.party = next(party for party in agreement.parties if party.id == commitment.party)

    def results(self, word: int) -> Iterator[tuple[Any, int, Any]]:
        """(what may be judged only once, when it starts, a function that makes the result)."""
        match self.commitment.kind:
            case Kind.LEAD_VOLUME | Kind.LEAD_VALUE:
                yield from self._deliveries(word)
            case Kind.PIPELINE_CONTRIBUTION | Kind.SOURCED_REVENUE | Kind.OPPORTUNITIES_CREATED:
                yield from self._deals()
            case Kind.CONVERSION_RATE:
                yield from self._conversion(word)
            case Kind.SPEED_TO_LEAD if self.commitment.clock is Clock.REP:
                yield from self._rep_clocks()
            case Kind.SPEED_TO_LEAD:
                yield from self._speed(word)
            case Kind.FOLLOW_UP_DEPTH:
                yield from self._depth(word)
            case Kind.DISPOSITION_TIME:
                yield from self._disposition(word)
            case Kind.FOLLOW_UP_CADENCE:
                yield from self._gaps()

    # What counts

    def counts(self, touch: Row) -> bool:
        how = touch.get("how", "").split()
        if any(word in how for word in ("in", "internal", "automated", "planned")):
            return False
        kind, length = touch.get("kind", "call"), touch.get("duration_s")
        if kind == "call" and length is not None and length < self.agreement.counting.min_call_s:
            return False
        return kind in self.agreement.counting.touches

    def connects(self, touch: Row) -> bool:
        how = touch.get("how", "").split()
        replied = "in" in how and "automated" not in how and "planned" not in how
        return replied or (self.counts(touch) and "connected" in how)

    def moments(self, word: str) -> list[int]:
        """Every instant at which the lead became what the word means."""
        definition = self.agreement.definitions.get(word)
        if definition and definition.values:
            names = {name for value in definition.values for name in (value, f"status:{value}")}
            return [row["at"] for row in self.known.stages if row["stage"] in names]
        if word in ("", "lead"):
            return [self.lead["created_at"]]
        found = [row["at"] for row in self.known.stages if row["stage"] == word]
        if word == "opportunity":
            found += [deal["created_at"] for deal in self.known.deals]
        if word == "customer":
            found += [d["closed_at"] for d in self.known.deals if d.get("status") == "won" and d.get("closed_at")]
        return found

    def start_at(self, start: Start) -> int:
        handover = self.agreement.handover
        assigned = min((row["at"] for row in self.known.assignments), default=NEVER)
        created = self.lead["created_at"]
        handed = {
            HandoverMoment.CREATION: created,
            HandoverMoment.ASSIGNMENT: assigned,
            HandoverMoment.STAGE: min(self.moments(handover.stage), default=NEVER),
        }[handover.at]
        return {Start.CREATION: created, Start.HANDOVER: handed, Start.ASSIGNMENT: max(assigned, handed)}[start]

    def owner_at(self, at: int) -> str:
        held = [row["owner"] for row in self.known.assignments if row["at"] <= at]
        later = [row["owner"] for row in self.known.assignments if row["at"] > at]
        return (held[-1:] or later[:1] or [self.lead.get("owner") or ""])[0]

    def void(self) -> str:
        reason = self.lead.get("void") or ""
        return reason if reason in (*self.agreement.counting.void_reasons, "merged", "deleted") else ""

    def tier(self) -> str:
        lead = self.lead
        for tier in self.agreement.tiers:
            is_grade = not tier.grades or lead.get("grade") in tier.grades
            is_source = not tier.sources or lead.get("source") in tier.sources
            score = lead.get("score")
            is_score = tier.score_from is None or (score is not None and score >= tier.score_from)
            if is_grade and is_source and is_score:
                return tier.id
        return ""

    def fits(self, scope: Scope, owner: str) -> bool:
        team = self.owners.get(owner, {}).get("team")
        return (
            (not scope.tiers or self.tier() in scope.tiers)
            and (not scope.sources or self.lead.get("source") in scope.sources)
            and (not scope.teams or team in scope.teams)
            and (not scope.reps or owner in scope.reps)
        )

    def is_about(self, owner: str) -> bool:
        kind, ours = self.commitment.kind, self.agreement.counting.marketing_sources
        is_marketing = kind in (Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE) or (
            kind in (Kind.LEAD_VOLUME, Kind.LEAD_VALUE, Kind.CONVERSION_RATE) and self.party.role is Role.MARKETING
        )
        if is_marketing and ours and self.lead.get("source") not in ours:
            return False
        return self.fits(self.commitment.only, owner)

    # Time

    def terms(self, owner: str, within: Allowance | None = None) -> tuple[Calendar, Allowance]:
        """The calendar and the allowance that hold for this lead and owner."""
        override = next((o for o in self.commitment.overrides if self.fits(o.only, owner)), None)
        known = {calendar.id: calendar for calendar in self.agreement.calendars}
        allowed = self.commitment.target.within
        if self.commitment.kind is Kind.CONVERSION_RATE:
            allowed = self.commitment.lag or allowed
        allowance = within or (override and override.within) or allowed
        assert allowance is not None
        if allowance.unit is Unit.CLOCK_TIME:
            return ALWAYS, allowance
        own = self.owners.get(owner, {}).get("calendar")
        names = [override and override.calendar, own, self.commitment.calendar, self.party.calendar]
        chosen = next((known[name] for name in names if name in known), self.agreement.calendars[0])
        return chosen, allowance

    def pauses(self) -> list[tuple[int, int]]:
        names = {name for value in self.commitment.pauses for name in (value, f"status:{value}")}
        found = []
        for is_raw in (False, True):
            track = [row for row in self.known.stages if row["stage"].startswith("status:") == is_raw]
            for row, after in zip_longest(track, track[1:]):
                if row["stage"] in names:
                    found.append((row["at"], after["at"] if after else NEVER))
        return found

    def due(self, calendar: Calendar, start: int, amount: int, pauses: list[tuple[int, int]]) -> int:
        cut = [(max(begin, start), min(end, start + ENDLESS)) for begin, end in pauses]
        try:
            return walk.due(calendar, start, amount, cut)
        except LookupError:
            return NEVER

    def due_at(self, calendar: Calendar, allowance: Allowance, start: int, pauses: list[tuple[int, int]]) -> int:
        amount = allowance.amount
        if not allowance.is_days:
            return self.due(calendar, start, amount * 1_000_000, pauses)
        if allowance.unit is Unit.BUSINESS_DAYS:
            end = walk.business_day_end(calendar, start, amount)
            return self.due(calendar, start, walk.elapsed(calendar, start, end), pauses) if pauses else end
        end = walk.rolled_days(calendar, start, amount)
        moved = self.due(ALWAYS, start, end - start, pauses)
        return moved if moved in (end, NEVER) else walk.next_open(calendar, moved)

    def risk_at(self, calendar: Calendar, allowance: Allowance, start: int, pauses: list[tuple[int, int]]) -> int:
        allowed = allowance.amount * 1_000_000
        if allowance.is_days:
            allowed = walk.elapsed(calendar, start, self.due_at(calendar, allowance, start, []))
        share = int(self.commitment.remind_at * 10_000)
        risk = self.due(calendar, start, allowed * share // 10_000, pauses)
        return min(risk, self.due_at(calendar, allowance, start, pauses)) if pauses else risk

    def tick(self, start: int, stop: int, owner: str, **more: Any) -> Tick:
        calendar, allowance = self.terms(owner)
        pauses = self.pauses()
        elapsed = NEVER
        if stop != NEVER:
            elapsed = walk.elapsed(calendar, start, stop, [(b, min(e, stop)) for b, e in pauses])
        values: dict[str, Any] = {
            "episode": 0,
            "owner": owner,
            "tier": self.tier(),
            "source": self.lead.get("source") or "",
            "calendar": calendar.id,
            "start_at": start,
            "risk_at": self.risk_at(calendar, allowance, start, pauses),
            "due_at": self.due_at(calendar, allowance, start, pauses),
            "stop_at": stop,
            "connected_at": NEVER,
            "elapsed_us": elapsed,
            "count": 0,
            "void": self.void(),
        }
        return Tick(lead=self.lead["lead"], **(values | more))

    # The kinds

    def _deliveries(self, word: int) -> Iterator[tuple[Any, int, Any]]:
        at = min(self.moments(self.commitment.stage), default=NEVER)
        if at == NEVER or not self.is_about(self.owner_at(at)):
            return
        worth = next((t.worth for t in self.agreement.tiers if t.id == self.tier()), 0)
        amount = int(worth * 10_000) if self.commitment.kind is Kind.LEAD_VALUE else 1
        yield word, at, lambda: self._count(at, self.owner_at(at), amount, self._rejection())

    def _rejection(self) -> str:
        """The coded reason with which sales gave the lead back before anybody, or silence, accepted it."""
        if self.agreement.counting.rejected_leads_count or self.party.role is not Role.MARKETING:
            return ""
        handed = self.start_at(Start.HANDOVER)
        accepted = min((at for word in ANSWERS[:4] for at in self.moments(word) if at >= handed), default=NEVER)
        silent = self._silent_at(handed)
        for row in self.known.stages:
            if (
                handed <= row["at"] <= silent
                and row["at"] < accepted
                and row.get("reason") in self._codes(row["stage"])
            ):
                return str(row["reason"])
        return ""

    def _codes(self, stage: str) -> list[str]:
        """Reasons that one may give for a stage, if it gives the lead back."""
        found = []
        for word in ("disqualified", "recycled"):
            definition = self.agreement.definitions.get(word)
            names = {word} if not definition or not definition.values else set()
            for value in definition.values if definition else ():
                names |= {value, f"status:{value}"}
            if stage in names:
                found += definition.reasons if definition and definition.reasons else REASONS
        return found

    def _silent_at(self, handed: int) -> int:
        """When silence accepts it, in the hours of sales; never when it was handed over under another version."""
        silence = self.agreement.acceptance_by_silence
        if not silence or not in_force(self.versions, self.versions.index(self.agreement), handed):
            return NEVER
        sales = next(party for party in self.agreement.parties if party.role is Role.SALES)
        asked = Commitment.model_validate(
            {"id": "x", "party": sales.id, "kind": "disposition_time", "target": "100 % within 1 business hour"}
        )
        one = OneLead(self.known, self.agreement, asked, self.owners, self.now, self.versions)
        return one.due_at(*one.terms(self.owner_at(handed), silence), handed, [])

    def _count(self, at: int, owner: str, amount: int, void: str = "") -> Count:
        source = self.lead.get("source") or ""
        return Count(self.lead["lead"], owner, self.tier(), source, at, amount, self.void() or void)

    def _deals(self) -> Iterator[tuple[Any, int, Any]]:
        kind = self.commitment.kind
        for number, deal in enumerate(self.known.deals):
            status, owner = deal.get("status", "open"), deal.get("owner") or ""
            at, amount, void = deal["created_at"], round(deal.get("amount", 0) * 10_000), ""
            if kind is Kind.OPPORTUNITIES_CREATED:
                amount = 1
            elif deal.get("currency") not in (None, self.agreement.currency):
                void = "other_currency"
            if kind is Kind.PIPELINE_CONTRIBUTION and status == "lost":
                continue
            if kind is Kind.SOURCED_REVENUE:
                if status != "won" or deal.get("closed_at") is None:
                    continue
                at = deal["closed_at"]
            if self.is_about(owner):
                made = (at, owner, amount, void)
                yield number, at, lambda made=made: self._count(*made)

    def _conversion(self, word: int) -> Iterator[tuple[Any, int, Any]]:
        start = min(self.moments(self.commitment.stage), default=NEVER)
        reached = min(self.moments(self.commitment.to_stage or "customer"), default=NEVER)
        if start != NEVER and self.is_about(self.owner_at(start)):
            yield word, start, lambda: self.tick(start, max(start, reached), self.owner_at(start), episode=word)

    def _started(self) -> tuple[int, str] | None:
        start = self.start_at(self.commitment.start)
        owner = self.owner_at(start)
        return (start, owner) if start != NEVER and self.is_about(owner) else None

    def _first(self, start: int, test: Any) -> int:
        return min((row["at"] for row in self.known.touches if row["at"] >= start and test(row)), default=NEVER)

    def _speed(self, word: int) -> Iterator[tuple[Any, int, Any]]:
        if not (started := self._started()):
            return
        start, owner = started
        connected = self._first(start, self.connects)
        if self.commitment.clock is Clock.SYSTEM:
            assigned = min((row["at"] for row in self.known.assignments), default=NEVER)
            yield word, start, lambda: self.tick(start, max(assigned, start), owner, episode=word)
            return
        stop = connected if self.commitment.stop is Stop.CONNECTION else self._first(start, self.counts)
        yield word, start, lambda: self.tick(start, stop, owner, connected_at=connected, episode=word)

    def _rep_clocks(self) -> Iterator[tuple[Any, int, Any]]:
        base = self.start_at(self.commitment.start)
        episodes: list[Row] = []
        for row in self.known.assignments:
            if not episodes or episodes[-1]["owner"] != row["owner"]:
                episodes.append(row)
        for number, row in enumerate(episodes):
            start = max(row["at"], base)
            lost = episodes[number + 1]["at"] if number + 1 < len(episodes) else NEVER
            if start < lost and self.is_about(row["owner"]):
                made = (start, lost, row["owner"], number)
                yield number, start, lambda made=made: self._rep_clock(*made)

    def _rep_clock(self, start: int, lost: int, owner: str, number: int) -> Tick:
        connected = self._first(start, self.connects)
        stop = connected if self.commitment.stop is Stop.CONNECTION else self._first(start, self.counts)
        tick = self.tick(start, stop, owner, connected_at=connected, episode=number)
        is_moved = not tick.void and lost <= stop and lost < tick.due_at
        return tick._replace(void="reassigned") if is_moved else tick

    def _depth(self, word: int) -> Iterator[tuple[Any, int, Any]]:
        if not (started := self._started()):
            return
        start, owner = started
        target = self.commitment.target
        wanted = target.touches or 1
        if target.measure is Measure.DEPTH:
            wanted = int(target.value.to_integral_value(ROUND_CEILING))

        def made() -> Tick:
            calendar, allowance = self.terms(owner)
            due = self.due_at(calendar, allowance, start, self.pauses())
            connected = self._first(start, self.connects)
            limit = min(due, connected)
            touches = [t["at"] for t in self.known.touches if start <= t["at"] <= limit and self.counts(t)]
            stops = touches[wanted - 1 : wanted] + ([connected] if connected <= due else [])
            stop = min(stops, default=NEVER)
            return self.tick(start, stop, owner, connected_at=connected, count=len(touches), episode=word)

        yield word, start, made

    def _disposition(self, word: int) -> Iterator[tuple[Any, int, Any]]:
        if not (started := self._started()):
            return
        start, owner = started
        stop = min((at for stage in ANSWERS for at in self.moments(stage) if at >= start), default=NEVER)
        silence = self.agreement.acceptance_by_silence

        def made() -> Tick:
            answered = stop
            if silence:
                accepted = self.due_at(*self.terms(owner, silence), start, self.pauses())
                answered = min(stop, accepted) if accepted <= self.now else stop
            return self.tick(start, answered, owner, episode=word)

        yield word, start, made

    def _gaps(self) -> Iterator[tuple[Any, int, Any]]:
        gaps = []
        for number, deal in enumerate(self.known.deals):
            closed = NEVER if deal.get("closed_at") is None else deal["closed_at"]
            touched = {t["at"] for t in self.known.touches if self.counts(t) and deal["created_at"] < t["at"] < closed}
            edges = [deal["created_at"], *sorted(touched), closed]
            owner = deal.get("owner") or self.lead.get("owner") or ""
            gaps += [(start, owner, stop, number) for start, stop in pairwise(edges) if start < stop]
        for start, owner, stop, number in sorted(gaps):
            if self.is_about(owner):
                made = (start, stop, owner)
                yield (start, number), start, lambda made=made: self.tick(*made, episode=made[0])


def owed(deliveries: list[Row], agreement: Agreement, commitment: Commitment, now: int) -> list[tuple[int, ...]]:
    """(start, due, stop) of every unit of a deliverable, for an agreement without later versions."""
    name = commitment.deliverable or commitment.target.unit
    mine = sorted((d for d in deliveries if d["deliverable"] == name and d["at"] <= now), key=lambda d: d["at"])
    found = []
    period = period_of(commitment.period, agreement.in_force.from_on, week_starts_on=agreement.week_starts_on)
    while midnight(agreement, period.from_on) <= now:
        start, end = midnight(agreement, period.from_on), midnight(agreement, period.until_on)
        for unit in range(1, int(commitment.target.value) + 1):
            total, stop = 0.0, NEVER
            for delivery in mine:
                if start <= delivery["at"] < end and stop == NEVER:
                    total += delivery.get("quantity") or 1
                    if total + 1e-6 >= unit:
                        stop = delivery["at"]
            if in_force([agreement], 0, start):
                found.append((start, end - 1, stop))
        period = period.next()
    return found
