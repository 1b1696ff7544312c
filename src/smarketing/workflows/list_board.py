"""List the clocks that run now in what somebody may see, the most urgent first, with how many there are how urgent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from smarketing.ledger.models import FACTS, OpenClock
from smarketing.ledger.models.open_clocks import PLACE
from smarketing.ledger.names import names_of
from smarketing.ledger.open_clocks import running
from smarketing.records.access import Actor, LeadScope
from smarketing.records.models import Absence, OwnerLink, Person
from smarketing.records.unowned import scope_with_unowned
from smarketing.terms.language import Words
from smarketing.terms.zones import zone
from smarketing.workflows.desk_lead import lead_rows
from smarketing.workflows.hand_over_lead import absences_on
from smarketing.workflows.list_desk import RunningClock, held_by, running_clocks, urgency
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.time_left import Terms, TimeLeft
from smarketing.workflows.waived_clocks import WaivedClocks

OWNERS: Any = FACTS["owner"]
BUCKETS = ("overdue", "15min", "1h", "today", "later", "waived")
MOST_ROWS, FEW = 100, 500
ORDER = ("due_at", "src", "lead_id", "commitment")
GROUPED = ("team", *PLACE, "tier", "commitment", "src", "holder")  # as the index open_clock_group begins
Owner = tuple[str, str]
Place = tuple[Any, ...]
Teams = Counter[str | None]


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


def list_board(actor: Actor, asked: BoardFilter, *, zone_name: str, now: datetime, words: Words) -> Board:
    """The clocks that were asked for and that this actor may see, at most a hundred of them.

    Takes    zone_name  whose day ends today
    """
    scope, terms = scope_with_unowned(actor, "clock"), every_agreement()
    mine = _in_scope(running(now), scope)
    groups = _grouped(mine)
    cuts = _Cuts(_filtered(mine, asked), _places(groups, asked), terms, now, zone_name)
    counts = cuts.counts()
    told = sorted(running_clocks(cuts.most_urgent(asked.bucket), terms, now), key=urgency)[:MOST_ROWS]
    owners = _Owners(actor, scope, now, words)
    return Board(
        rows=tuple(owners.rows(told)),
        n=counts[asked.bucket] if asked.bucket in counts else sum(counts.values()),
        n_by_bucket=counts,
        choices=_choices(groups, terms, owners),
        away=owners.away_today(),
        terms=terms,
    )


def _in_scope(clocks: QuerySet[OpenClock], scope: LeadScope) -> QuerySet[OpenClock]:
    """Clocks of leads that somebody may see: of everybody, of teams, of owners as they are now, of nobody."""
    if scope.everything:
        return clocks
    theirs = Q(team__in=scope.teams) | held_by(scope.owners)
    return clocks.filter(theirs | Q(holder=None) if scope.has_unowned else theirs)


def _wanted(asked: BoardFilter) -> dict[str, str]:
    """What was asked for, by column."""
    wanted = {name: value for name in ("team", "tier", "commitment") if (value := getattr(asked, name))}
    src, _, holder = asked.rep.partition(":")
    return {**wanted, "src": src, "holder": holder} if asked.rep else wanted


def _filtered(clocks: QuerySet[OpenClock], asked: BoardFilter) -> QuerySet[OpenClock]:
    return clocks.filter(**_wanted(asked))


@dataclass(frozen=True, slots=True)
class _Part:
    """The clocks of one calendar, by bucket, with how many each holds; those without a due time apart, and last."""

    buckets: Mapping[str, Sequence[QuerySet[OpenClock]] | list[OpenClock]]
    n: Mapping[str, int]

    def first(self, bucket: str) -> list[OpenClock]:
        """The most urgent. An index leads to the soonest of very many in no time."""
        found: list[OpenClock] = []
        for each in self.buckets[bucket] if self.n[bucket] else ():
            if isinstance(each, OpenClock):
                found.append(each)
            elif len(found) < MOST_ROWS:
                found += each.order_by(*ORDER)[:MOST_ROWS]
        return found


class _Cuts:
    """Where one bucket ends and the next begins, by calendar: so much open time from now, the end of today.

    Hundreds of thousands of clocks may run: an index tells how many by calendar and team, as `places`. The few of a
    small calendar are then read; of the many of another what is urgent is found by its instant, and the rest is later.
    """

    def __init__(
        self, clocks: QuerySet[OpenClock], places: Mapping[Place, Teams], terms: Terms, now: datetime, zone_name: str
    ) -> None:
        self.now, self.left, self.waived = now, TimeLeft(terms, now), WaivedClocks(now)
        here = zone(zone_name)
        tomorrow = now.astimezone(here).date() + timedelta(days=1)
        self.midnight = datetime.combine(tomorrow, time(), tzinfo=here)
        named = [(dict(zip(PLACE, place, strict=True)), teams) for place, teams in places.items()]
        self.parts = [self._part(clocks.filter(**place), place, teams) for place, teams in named]

    def counts(self) -> dict[str, int]:
        return {bucket: sum(part.n[bucket] for part in self.parts) for bucket in BUCKETS}

    def most_urgent(self, bucket: str) -> list[OpenClock]:
        """The first of each calendar: among them are the first of all. Who is waived comes after all others."""
        found: list[OpenClock] = []
        for part in self.parts:
            own: list[OpenClock] = []
            for name in (bucket,) if bucket else BUCKETS[:-1]:
                own += part.first(name) if len(own) < MOST_ROWS else []
            found += own
        if not bucket and len(found) < MOST_ROWS:
            found += [clock for part in self.parts for clock in part.first("waived")]
        return found

    def _part(self, clocks: QuerySet[OpenClock], place: Mapping[str, Any], teams: Teams) -> _Part:
        n = sum(teams.values())
        number = self.left.place(OpenClock(**place))
        soon, hour = self.left.until(number, 900), self.left.until(number, 3600)
        ends = {"overdue": self.now, "15min": soon, "1h": hour, "today": max(self.midnight, hour)}
        if n <= FEW:
            read: dict[str, list[OpenClock]] = {bucket: [] for bucket in BUCKETS}
            theirs = Q(team__in=teams) | (Q(team=None) if None in teams else Q())
            for clock in self._told(clocks.filter(theirs)):  # the index that counted them begins with the team
                read[_bucket(clock, ends)].append(clock)
            return _Part(read, {bucket: len(own) for bucket, own in read.items()})
        waived = self._told(clocks).filter(is_waived=True) if self.waived else clocks.none()
        running = self._told(clocks).filter(is_waived=False) if self.waived else clocks
        starts = [None, *ends.values()]
        asked = {
            bucket: running.filter(due_at__lt=end, **({"due_at__gte": start} if start else {}))
            for start, (bucket, end) in zip(starts, ends.items(), strict=False)
        }
        counted = {bucket: own.count() for bucket, own in {**asked, "waived": waived}.items()}
        parted = {bucket: (own,) for bucket, own in asked.items()} | {
            "later": (running.filter(due_at__gte=ends["today"]), running.filter(due_at=None)),
            "waived": (waived.exclude(due_at=None), waived.filter(due_at=None)),
        }
        return _Part(parted, {**counted, "later": n - sum(counted.values())})

    def _told(self, clocks: QuerySet[OpenClock]) -> Any:
        """With whether they are waived."""
        condition = self.waived.condition() if self.waived else Q(pk__in=[])
        return clocks.annotate(is_waived=Case(When(condition, then=Value(value=True)), default=Value(value=False)))


def _grouped(clocks: QuerySet[OpenClock]) -> list[dict[str, Any]]:
    """How many there are of each of GROUPED, as `n`; an index holds them in this order."""
    return list(clocks.order_by(*GROUPED).values(*GROUPED).annotate(n=Count("*")))


def _places(groups: Iterable[Mapping[str, Any]], asked: BoardFilter) -> dict[Place, Teams]:
    """By which calendars of which agreements they run, and how many of what was asked for by each, by team."""
    wanted = _wanted(asked)
    found: dict[Place, Teams] = {}
    for group in groups:
        if all(group[name] == value for name, value in wanted.items()):
            place = tuple(group[name] for name in PLACE)
            found.setdefault(place, Counter())[group["team"]] += group["n"]
    return dict(sorted(found.items(), key=lambda each: tuple(map(str, each[0]))))


def _bucket(clock: Any, ends: Mapping[str, datetime]) -> str:
    if clock.is_waived:
        return "waived"
    named = (bucket for bucket, end in ends.items() if clock.due_at is not None and clock.due_at < end)
    return next(named, "later")


class _Owners:
    """Who the owners of leads are to this reader: a name, or a number that is the same on every page."""

    def __init__(self, actor: Actor, scope: LeadScope, now: datetime, words: Words) -> None:
        self.actor, self.scope, self.now, self.words = actor, scope, now, words
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
            known = names_of(open_facts(None, shown_at=self.now)).owners
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


def _choices(
    groups: Sequence[Mapping[str, Any]], terms: Terms, owners: _Owners
) -> dict[str, tuple[tuple[str, str], ...]]:
    """What each filter may be in what this reader sees."""
    titles = {each.id: each.title or each.id for versions in terms.values() for v in versions for each in v.commitments}
    values = {name: sorted({group[name] for group in groups} - {None, ""}) for name in ("team", "tier", "commitment")}
    found = {name: tuple((each, each) for each in values[name]) for name in ("team", "tier")}
    found["commitment"] = tuple((each, titles.get(each, each)) for each in values["commitment"])
    reps = sorted({(group["src"], group["holder"]) for group in groups if group["holder"]})[:500]
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
