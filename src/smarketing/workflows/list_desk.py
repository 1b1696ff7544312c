"""List the leads that one person has to do something about, the most urgent first by the open time that is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q

from smarketing.ledger.models import OpenClock
from smarketing.ledger.open_clocks import running
from smarketing.records.access import Actor
from smarketing.records.models import OwnerLink, Person, Snooze
from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Kind
from smarketing.workflows.desk_lead import LeadKey, lead_rows
from smarketing.workflows.next_tries import Returning, next_tries
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.sent_back import SentBack, sent_back
from smarketing.workflows.time_left import Left, Terms, TimeLeft
from smarketing.workflows.waived_clocks import WaivedClocks

GIVEN_BACK = ("disqualified", "recycled")
MOST_CLOCKS = 2_000  # of one person
NEXT = {  # what to do about a clock of each kind
    Kind.SPEED_TO_LEAD: "touch",
    Kind.FOLLOW_UP_DEPTH: "touch",
    Kind.FOLLOW_UP_CADENCE: "touch",
    Kind.DISPOSITION_TIME: "dispose",
}


@dataclass(frozen=True, slots=True)
class RunningClock:
    """One open clock with the promise it stands for and the open time left; `waived` is why it counts no more."""

    clock: OpenClock
    title: str
    left: Left
    waived: str = ""  # reason of the dispute

    @property
    def next_step(self) -> str:
        return NEXT.get(Kind(self.clock.kind), "touch")


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One lead. `clocks` of it, the most urgent first; `facts` is its row of the lead table.

    `accepted_at` is when nobody's answer counts as a yes; `sent_back` tells of a lead that is here again.
    """

    src: str
    lead_id: str
    facts: Mapping[str, Any]
    clocks: tuple[RunningClock, ...]
    snoozed_until: datetime | None
    now: datetime
    sent_back: SentBack | None = None

    @property
    def first(self) -> RunningClock:
        return self.clocks[0]

    @property
    def is_past_help(self) -> bool:
        """Sales gave it back, and what still runs is late already: nothing that its owner does changes anything."""
        seconds = (each.left.seconds for each in self.clocks)
        return self.facts.get("lifecycle") in GIVEN_BACK and all(left is not None and left < 0 for left in seconds)

    @property
    def accepted_at(self) -> datetime | None:
        return min((each.clock.stops_at for each in self.clocks if each.clock.stops_at), default=None)

    @property
    def touches(self) -> tuple[int, int] | None:
        """Done and wanted, where a promise counts them."""
        depth = (each.clock for each in self.clocks if each.clock.kind == Kind.FOLLOW_UP_DEPTH)
        return next(((clock.count, clock.need) for clock in depth), None)


@dataclass(frozen=True, slots=True)
class Desk:
    """`n_more` clocks beyond those that are shown; `is_owner` whether this person owns leads in any CRM at all.

    `back` are leads that were sent back and are worth another try now, `coming` those of a later day.
    """

    rows: tuple[DeskRow, ...]
    n_more: int
    is_owner: bool
    terms: Terms
    back: tuple[Returning, ...] = ()
    coming: tuple[Returning, ...] = ()


def list_desk(actor: Actor, *, now: datetime) -> Desk:
    """The leads that this person owns and about which a clock runs; what they put off comes last."""
    person = actor.person
    assert person is not None
    owners = frozenset(OwnerLink.objects.filter(person=person).values_list("src", "owner_id"))
    terms = every_agreement()
    found = running(now).filter(held_by(owners)).order_by(F("due_at").asc(nulls_last=True), "src", "lead_id")
    clocks = list(found[:MOST_CLOCKS])
    rows = tuple(row for row in desk_rows(clocks, terms, person, now) if not row.is_past_help)
    n_more = found.count() - len(clocks) if len(clocks) == MOST_CLOCKS else 0
    back, coming = next_tries(person, owners, now)
    due = {each.lead for each in back}
    rows = tuple(row for row in rows if (row.src, row.lead_id) not in due)
    return Desk(rows, n_more, bool(owners), terms, tuple(back), tuple(coming))


def desk_rows(clocks: Sequence[OpenClock], terms: Terms, person: Person, now: datetime) -> tuple[DeskRow, ...]:
    """One row for each lead of these clocks, the most urgent first."""
    snoozes = {
        (each.src, each.lead_id): each.until_at for each in Snooze.objects.filter(person=person, until_at__gt=now)
    }
    told = running_clocks(clocks, terms, now)
    by_lead: dict[LeadKey, list[RunningClock]] = {}
    for each in told:
        by_lead.setdefault((each.clock.src, each.clock.lead_id), []).append(each)
    sorted_by_lead = {key: tuple(sorted(own, key=urgency)) for key, own in by_lead.items()}
    facts, before = lead_rows(by_lead), sent_back(_judges(sorted_by_lead), terms, now)
    rows = [
        DeskRow(*key, facts.get(key, {}), own, snoozes.get(key), now, before.get(key))
        for key, own in sorted_by_lead.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.snoozed_until is not None, *urgency(row.first))))


def _judges(clocks: Mapping[LeadKey, Sequence[RunningClock]]) -> dict[LeadKey, str]:
    """The agreement of the most urgent clock of each lead."""
    return {key: own[0].clock.agreement for key, own in clocks.items()}


def desk_row(
    src: str, lead_id: str, *, person: Person, now: datetime
) -> tuple[DeskRow | None, Mapping[str, Any], Terms]:
    """One lead as the desk lists it, None where no clock of it runs; its facts, and all agreements."""
    terms = every_agreement()
    rows = desk_rows(list(running(now).filter(src=src, lead_id=lead_id)), terms, person, now)
    facts = rows[0].facts if rows else lead_rows([(src, lead_id)]).get((src, lead_id), {})
    return next(iter(rows), None), facts, terms


def running_clocks(clocks: Sequence[OpenClock], terms: Terms, now: datetime) -> list[RunningClock]:
    """The same clocks in the same order with the time each has left."""
    if not clocks:
        return []
    titles, waived = _titles(terms), WaivedClocks(now)
    return [
        RunningClock(
            clock, titles.get((clock.agreement, clock.commitment), clock.commitment), left, waived.reason(clock)
        )
        for clock, left in zip(clocks, TimeLeft(terms, now).of(clocks), strict=True)
    ]


def urgency(each: RunningClock) -> tuple[Any, ...]:
    """What sorts clocks: open time left, paused and waived ones last; then the instant, for those of one night."""
    seconds, due = each.left.seconds, each.clock.due_at
    return (
        bool(each.waived),
        seconds is None,
        seconds or 0,
        due or each.clock.start_at,
        each.clock.src,
        each.clock.lead_id,
    )


def held_by(owners: Iterable[LeadKey]) -> Q:
    """The clocks whose leads one of these owners (src, owner_id) has now, whoever is judged by them."""
    by_src: dict[str, list[str]] = {}
    for src, owner in owners:
        by_src.setdefault(src, []).append(owner)
    return reduce(or_, (Q(src=src, holder__in=ids) for src, ids in by_src.items()), Q(src__in=()))


def _titles(terms: Terms) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for slug, versions in terms.items():
        agreements: Sequence[Agreement] = versions
        found |= {(slug, each.id): each.title or each.id for version in agreements for each in version.commitments}
    return found
