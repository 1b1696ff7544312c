"""List the clocks that run now in what somebody may see, the most urgent first, with how many there are how urgent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Value, When

from smarketing.ledger.models import FACTS, OpenClock, OpenClockState
from smarketing.ledger.names import names_of
from smarketing.ledger.open_clocks import running
from smarketing.records.access import Actor, LeadScope
from smarketing.records.models import Absence, OwnerLink, Person, Revocation, Waiver
from smarketing.records.unowned import scope_with_unowned
from smarketing.terms.language import Words
from smarketing.terms.zones import zone
from smarketing.workflows.desk_lead import lead_rows
from smarketing.workflows.hand_over_lead import absences_on
from smarketing.workflows.list_desk import LEADS, RunningClock, running_clocks, urgency
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.time_left import Terms, TimeLeft
from smarketing.workflows.waived_clocks import WaivedClocks

OWNERS: Any = FACTS["owner"]
BUCKETS = ("overdue", "15min", "1h", "today", "later", "waived")
MOST_ROWS = 100
Owner = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Every part narrows; an empty one asks nothing. `rep` is source and owner id, joined by a colon."""

    team: str = ""
    rep: str = ""
    tier: str = ""
    commitment: str = ""
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One clock, with whose lead it is about now; names as far as this reader is shown them."""

    running: RunningClock
    facts: Mapping[str, Any]
    owner: Owner | None
    owner_name: str
    team: str
    away_until: str
    shows_person: bool
    can_act: bool


@dataclass(frozen=True, slots=True)
class Board:
    """`n_by_bucket` counts everything that fits the other filters; `choices` are what the filters may be."""

    rows: tuple[BoardRow, ...]
    n: int
    n_by_bucket: Mapping[str, int]
    choices: Mapping[str, tuple[tuple[str, str], ...]]
    away: tuple[tuple[str, Absence], ...]
    terms: Terms


def board_key(actor: Actor, *, now: datetime) -> str:
    """Stands for everything that the board shows at this minute: clocks, people who are away, who asks."""
    state = OpenClockState.objects.values_list("seq", "key", "fresh_at").first()
    away = list(Absence.objects.order_by("id").values_list("id", "from_on", "until_on", "substitute_id"))
    asks = [actor.person.id if actor.person else None, sorted((who, sorted(ids)) for who, ids in actor.teams.items())]
    waivers = [model.objects.aggregate(Max("id"))["id__max"] for model in (Waiver, Revocation)]
    said = [asks, state, away, waivers, now.replace(second=0, microsecond=0)]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def list_board(actor: Actor, asked: BoardFilter, *, zone_name: str, now: datetime, words: Words) -> Board:
    """The clocks that were asked for and that this actor may see, at most a hundred of them.

    Takes    zone_name  whose day ends today
    """
    scope, terms = scope_with_unowned(actor, "clock"), every_agreement()
    mine = _in_scope(running(now), scope)
    chosen = _filtered(mine, asked)
    cuts = _Cuts(terms, now, zone_name)
    counts = cuts.counts(chosen)
    told = sorted(running_clocks(cuts.most_urgent(chosen, asked.bucket), terms, now), key=urgency)[:MOST_ROWS]
    owners = _Owners(actor, scope, now, words)
    return Board(
        rows=tuple(owners.rows(told)),
        n=counts[asked.bucket] if asked.bucket in counts else sum(counts.values()),
        n_by_bucket=counts,
        choices=_choices(mine, terms, owners),
        away=owners.away_today(),
        terms=terms,
    )


def _in_scope(clocks: QuerySet[OpenClock], scope: LeadScope) -> QuerySet[OpenClock]:
    """Clocks of leads that somebody may see: of everybody, of teams, of owners as they are now, of nobody."""
    if scope.everything:
        return clocks
    theirs = Q(team__in=scope.teams)
    if scope.owners:
        theirs |= Q(Exists(_leads_of(scope.owners)))
    if scope.has_unowned:
        theirs |= Q(Exists(LEADS.objects.filter(owner_id=None, src=OuterRef("src"), lead_id=OuterRef("lead_id"))))
    return clocks.filter(theirs)


def _leads_of(owners: Iterable[Owner]) -> QuerySet[Any]:
    by_src: dict[str, list[str]] = {}
    for src, owner in owners:
        by_src.setdefault(src, []).append(owner)
    theirs = reduce(or_, (Q(src=src, owner_id__in=ids) for src, ids in by_src.items()))
    leads: QuerySet[Any] = LEADS.objects.filter(theirs, src=OuterRef("src"), lead_id=OuterRef("lead_id"))
    return leads


def _filtered(clocks: QuerySet[OpenClock], asked: BoardFilter) -> QuerySet[OpenClock]:
    for name in ("team", "tier", "commitment"):
        if value := getattr(asked, name):
            clocks = clocks.filter(**{name: value})
    if asked.rep:
        src, _, owner = asked.rep.partition(":")
        clocks = clocks.filter(Exists(_leads_of([(src, owner)])))
    return clocks


class _Cuts:
    """Where one bucket ends and the next begins, by calendar: so much open time from now, the end of today."""

    def __init__(self, terms: Terms, now: datetime, zone_name: str) -> None:
        self.now, self.left, self.waived = now, TimeLeft(terms, now), WaivedClocks(now)
        here = zone(zone_name)
        tomorrow = now.astimezone(here).date() + timedelta(days=1)
        self.midnight = datetime.combine(tomorrow, time(), tzinfo=here)

    def _by_waiver(self, clocks: QuerySet[OpenClock]) -> dict[bool, QuerySet[OpenClock]]:
        """What runs, and what is waived."""
        if not self.waived:
            return {False: clocks}
        is_waived = Case(When(self.waived.condition(), then=Value(value=True)), default=Value(value=False))
        told = clocks.annotate(is_waived=is_waived)
        return {waived: told.filter(is_waived=waived) for waived in (False, True)}

    def counts(self, clocks: QuerySet[OpenClock]) -> dict[str, int]:
        found = dict.fromkeys(BUCKETS, 0)
        for own in self._by_calendar(clocks):
            for bucket, asked in own.items():
                found[bucket] += asked.count()
        return found

    def most_urgent(self, clocks: QuerySet[OpenClock], bucket: str) -> list[OpenClock]:
        """The first of each calendar: among them are the first of all."""
        order = (F("due_at").asc(nulls_last=True), "src", "lead_id", "commitment")
        found: list[OpenClock] = []
        for own in self._by_calendar(clocks):
            for name, asked in own.items():
                if bucket in ("", name):
                    found += asked.order_by(*order)[:MOST_ROWS]
        return found

    def _by_calendar(self, clocks: QuerySet[OpenClock]) -> Iterable[dict[str, QuerySet[OpenClock]]]:
        parts = ("agreement", "version", "calendar")
        for agreement, version, calendar in clocks.order_by(*parts).values_list(*parts).distinct():
            parted = self._by_waiver(clocks.filter(agreement=agreement, version=version, calendar=calendar))
            own = parted[False]
            place = self.left.place(OpenClock(agreement=agreement, version=version, calendar=calendar))
            soon, hour = self.left.until(place, 900), self.left.until(place, 3600)
            day = max(self.midnight, hour)
            yield {
                "overdue": own.filter(due_at__lt=self.now),
                "15min": own.filter(due_at__gte=self.now, due_at__lt=soon),
                "1h": own.filter(due_at__gte=soon, due_at__lt=hour),
                "today": own.filter(due_at__gte=hour, due_at__lt=day),
                "later": own.filter(Q(due_at__gte=day) | Q(due_at=None)),
                "waived": parted.get(True, own.none()),
            }


class _Owners:
    """Who the owners of leads are to this reader: a name, or a number that is the same on every page."""

    def __init__(self, actor: Actor, scope: LeadScope, now: datetime, words: Words) -> None:
        self.actor, self.scope, self.words = actor, scope, words
        self.acting, self.grant = scope_with_unowned(actor, "deed", "create"), actor.grant("deed", "create")
        links = OwnerLink.objects.select_related("person")
        self.people: dict[Owner, Person] = {(each.src, each.owner_id): each.person for each in links}
        self.away = absences_on(now.date(), self.people.values())
        self.facts: dict[Owner, tuple[str, str]] = {}
        self._numbers: dict[Owner, int] | None = None

    def rows(self, told: Sequence[RunningClock]) -> Iterable[BoardRow]:
        facts = lead_rows((each.clock.src, each.clock.lead_id) for each in told)
        self.learn({(row["src"], row["owner_id"]) for row in facts.values() if row["owner_id"]})
        return [self._row(each, facts.get((each.clock.src, each.clock.lead_id), {})) for each in told]

    def learn(self, owners: Iterable[Owner]) -> None:
        """Names and teams of these owners."""
        by_src: dict[str, list[str]] = {}
        for src, owner in owners:
            by_src.setdefault(src, []).append(owner)
        for src, ids in by_src.items():
            rows = OWNERS.objects.filter(src=src, owner_id__in=ids).values_list("owner_id", "name", "team")
            self.facts |= {(src, owner): (name or owner, team or "") for owner, name, team in rows}

    def name(self, owner: Owner) -> str:
        name, team = self.facts.get(owner, (owner[1], ""))
        if self.shows(owner, team):
            return name
        if self._numbers is None:
            known = names_of(open_facts(None)).owners
            self._numbers = {(src, id): code + 1 for src, id, code in known.select("src", "owner_id", "owner").rows()}
        return self.words("Rep {n}", n=self._numbers.get(owner, 0))

    def shows(self, owner: Owner, team: str) -> bool:
        return self.scope.shows_names or team in self.scope.named_teams or owner in self.scope.owners

    def away_today(self) -> tuple[tuple[str, Absence], ...]:
        """Who of the people that this reader sees by name is off today."""
        found = {}
        for owner, person in self.people.items():
            if person.id in self.away and self.shows(owner, self.facts.get(owner, ("", ""))[1]):
                found[str(person)] = self.away[person.id]
        return tuple(sorted(found.items(), key=lambda each: each[0]))

    def _row(self, told: RunningClock, facts: Mapping[str, Any]) -> BoardRow:
        src, owner_id = told.clock.src, facts.get("owner_id")
        owner = (src, owner_id) if owner_id else None
        team = self.facts.get(owner, ("", ""))[1] if owner else told.clock.team or ""
        person = self.people.get(owner) if owner else None
        shown = owner is not None and self.shows(owner, team)
        away = self.away.get(person.id) if person and shown else None
        return BoardRow(
            running=told,
            facts=facts,
            owner=owner,
            owner_name=self.name(owner) if owner else "",
            team=team,
            away_until=self.words.day(away.until_on) if away else "",
            shows_person=self.scope.shows_names or team in self.scope.named_teams or shown or self._is_nobodys(owner),
            can_act=self.grant.is_any
            or self._is_nobodys(owner)
            or owner in self.acting.owners
            or bool(team and team in self.acting.teams),
        )

    def _is_nobodys(self, owner: Owner | None) -> bool:
        return owner is None and self.acting.has_unowned


def _choices(clocks: QuerySet[OpenClock], terms: Terms, owners: _Owners) -> dict[str, tuple[tuple[str, str], ...]]:
    """What each filter may be in what this reader sees."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for name in ("team", "tier"):
        values = clocks.exclude(**{name: None}).order_by(name).values_list(name, flat=True).distinct()
        found[name] = tuple((value, value) for value in values)
    titles = {each.id: each.title or each.id for versions in terms.values() for v in versions for each in v.commitments}
    ids = clocks.order_by("commitment").values_list("commitment", flat=True).distinct()
    found["commitment"] = tuple((each, titles.get(each, each)) for each in ids)
    wanted = clocks.filter(src=OuterRef("src"), lead_id=OuterRef("lead_id"))
    mine = LEADS.objects.filter(Exists(wanted)).exclude(owner_id=None)
    reps = sorted(set(mine.values_list("src", "owner_id")))[:500]
    owners.learn(reps)
    found["rep"] = tuple(
        sorted(((f"{src}:{id}", owners.name((src, id))) for src, id in reps), key=lambda each: each[1])
    )
    return found


def board_filter(query: Mapping[str, str]) -> BoardFilter:
    """The filter of an address; a bucket that there is not asks for all."""
    said = {name: query.get(name, "")[:200] for name in ("team", "rep", "tier", "commitment")}
    bucket = query.get("bucket", "")
    return BoardFilter(**said, bucket=bucket if bucket in BUCKETS else "")
