"""Find what is due to be said and was not, and put it into the outbox: notices and their moments in one transaction.

Nothing here waits for an instant. Whoever asks later, or again, or twice at once, finds the same and says it once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from smarketing.alerts.arming import CHANGED, OVER
from smarketing.alerts.directory import Directory
from smarketing.alerts.firing import Draft, Firing
from smarketing.alerts.hours import after, calendar_named
from smarketing.alerts.raising import drafts
from smarketing.alerts.tally import Tally
from smarketing.alerts.wording.awaited import owed
from smarketing.failpoints import reach
from smarketing.ledger.models import OpenClock
from smarketing.ledger.models.facts import FACTS
from smarketing.records.models import Moment, MomentState
from smarketing.records.moment_rows import NO_LEAD
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.commitment import Commitment
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.read_directory import read_directory
from smarketing.workflows.waived_clocks import WAIVED, WaivedClocks, held_waivers
from smarketing.workflows.write_notices import alarm, read_tally, rehome_parts, write_notices

log = logging.getLogger("smarketing.alerts")
MOST_MOMENTS = 1_000  # of a batch
OURS = (OperationalError, InterfaceError, IntegrityError, OSError)  # no moment is at fault
MOST_LEVELS = 5  # an escalation that nobody answers is repeated so often
ASKED = 200

Terms = Mapping[str, Sequence[Agreement]]


@dataclass(slots=True)
class Raised:
    n_moments: int = 0
    n_notices: int = 0
    n_stood_down: int = 0


@dataclass(slots=True)
class _Batch:
    """What becomes of some moments."""

    drafts: list[Draft] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)
    over: dict[str, list[int]] = field(default_factory=dict)
    again: list[Moment] = field(default_factory=list)


def due_moments(now: datetime) -> QuerySet[Moment]:
    """Moments that have come and are not recorded; a breach has come when its deadline is over."""
    has_come = Q(at__lt=now) | (Q(at=now) & ~Q(occasion=Occasion.BREACH))
    return Moment.objects.filter(has_come, state=MomentState.WAITING, at__lte=now)


def raise_alerts(*, now: datetime, most: int | None = None) -> Raised:
    """Record everything that is due, batch by batch; with `most` so many batches at most."""
    whole = Raised()
    rehome_parts(now)
    if not due_moments(now).exists():
        return whole
    terms, directory = every_agreement(), read_directory(now)
    n_batches = 0
    while most is None or n_batches < most:
        n_batches += 1
        found = _raise_some(terms, directory, now)
        whole.n_moments += found.n_moments
        whole.n_notices += found.n_notices
        whole.n_stood_down += found.n_stood_down
        if found.n_moments + found.n_stood_down < MOST_MOMENTS:
            break
    return whole


def _raise_some(terms: Terms, directory: Directory, now: datetime, only: Sequence[int] | None = None) -> Raised:
    """The next ones, or those of `only`; a batch that breaks is halved until the moment at fault is alone."""
    try:
        return _in_one_piece(terms, directory, now, only)
    except OURS:
        raise
    except Exception as error:
        ids = list(only if only is not None else _due_ids(now))
        if len(ids) <= 1:
            return _parked(ids, error, terms, directory, now)
    halves = [_raise_some(terms, directory, now, ids[start::2]) for start in (0, 1)]
    return Raised(*(sum(getattr(each, name) for each in halves) for name in ("n_moments", "n_notices", "n_stood_down")))


def _parked(ids: Sequence[int], error: Exception, terms: Terms, directory: Directory, now: datetime) -> Raised:
    """One moment set aside with its fault; where raising nothing breaks as well no moment is to blame."""
    _in_one_piece(terms, directory, now, ())
    if not ids:
        raise error
    log.error("A moment broke and is set aside", exc_info=error, extra={"moment": ids[0]})
    Moment.objects.filter(id__in=ids).update(state=MomentState.PARKED, why=type(error).__name__[:40])
    return Raised(n_stood_down=len(ids))


def retry_parked() -> int:
    """Let what was set aside be raised again; returns how many."""
    return Moment.objects.filter(state=MomentState.PARKED).update(state=MomentState.WAITING, why="")


def _in_one_piece(terms: Terms, directory: Directory, now: datetime, only: Sequence[int] | None) -> Raised:
    reach("moments.raise.before")
    with transaction.atomic():
        waived = held_waivers(now)
        moments = list(_next(now, only))
        tally = read_tally(now)
        batch = _decided(moments, terms, directory, tally, waived)
        n_notices = write_notices(batch.drafts, now)
        if tally.is_storm:
            n_notices += alarm(directory, tally, now)
        Moment.objects.filter(id__in=batch.raised).update(state=MomentState.RAISED, raised_at=now)
        for why, ids in batch.over.items():
            Moment.objects.filter(id__in=ids).update(state=MomentState.STOOD_DOWN, why=why)
        Moment.objects.bulk_create(batch.again, ignore_conflicts=True)
        reach("moments.raise.before_commit")
    reach("moments.raise.after")
    return Raised(len(batch.raised), n_notices, sum(map(len, batch.over.values())))


def _due_ids(now: datetime) -> QuerySet[Moment, int]:
    return due_moments(now).order_by("at", "id").values_list("id", flat=True)[:MOST_MOMENTS]


def _next(now: datetime, only: Sequence[int] | None = None) -> QuerySet[Moment]:
    found = due_moments(now).order_by("at", "id")
    found = found if only is None else found.filter(id__in=only)
    if connection.features.has_select_for_update_skip_locked:
        found = found.select_for_update(skip_locked=True)
    return found[:MOST_MOMENTS]


def _decided(
    moments: Sequence[Moment], terms: Terms, directory: Directory, tally: Tally, waived: WaivedClocks
) -> _Batch:
    batch, clocks, now = _Batch(), clocks_of(moments), waived.now
    owners = owners_of([moment for moment in moments if key_of_clock(moment) not in clocks])
    for moment in moments:
        clock = clocks.get(key_of_clock(moment))
        agreement = next((each for each in terms.get(moment.agreement, ()) if each.version == moment.version), None)
        rule = next((each for each in agreement.alerts if each.id == moment.rule), None) if agreement else None
        if agreement is None or rule is None:
            batch.over.setdefault(CHANGED, []).append(moment.id)
            continue
        is_open = clock is not None and (clock.stops_at is None or clock.stops_at > now)
        if not is_open and moment.src != NO_LEAD and moment.occasion != Occasion.BREACH:
            batch.over.setdefault(OVER, []).append(moment.id)
            continue
        if reason := waived.reason_of(moment, clock):
            batch.over.setdefault(f"{WAIVED}:{reason}", []).append(moment.id)
            continue
        firing = _firing(moment, clock, agreement, rule)
        if clock is None:
            firing = replace(firing, owner=owners.get((moment.src, moment.lead_id)))
        batch.drafts += drafts(firing, directory, tally, now)
        batch.raised.append(moment.id)
        if step := _next_step(moment, clock, agreement, rule, now):
            batch.again.append(step)
    return batch


def clocks_of(moments: Sequence[Moment]) -> dict[tuple[Any, ...], OpenClock]:
    """The open clocks that moments are about, by key_of_clock; a lead that nobody has is about its first clock."""
    found: dict[tuple[Any, ...], OpenClock] = {}
    leads = sorted({moment.lead_id for moment in moments if moment.src != NO_LEAD})
    for start in range(0, len(leads), ASKED):
        for clock in OpenClock.objects.filter(lead_id__in=leads[start : start + ASKED]).order_by("start_at"):
            own = (clock.src, clock.lead_id, clock.agreement)
            found[(*own, clock.commitment, clock.episode)] = clock
            found.setdefault((*own, "", 0), clock)
    return found


def owners_of(moments: Sequence[Moment]) -> dict[tuple[str, str], tuple[str, str]]:
    """Who has the leads of clocks that are open no more, by (src, lead)."""
    leads = sorted({moment.lead_id for moment in moments if moment.src != NO_LEAD})
    rows = [
        row
        for start in range(0, len(leads), ASKED)
        for row in FACTS["lead"]
        .objects.filter(lead_id__in=leads[start : start + ASKED])  # type: ignore[attr-defined]
        .values_list("src", "lead_id", "owner_id")
    ]
    return {(src, lead): (src, owner) for src, lead, owner in rows if owner}


def key_of_clock(moment: Moment) -> tuple[Any, ...]:
    return (moment.src, moment.lead_id, moment.agreement, moment.commitment, moment.episode)


def _firing(moment: Moment, clock: OpenClock | None, agreement: Agreement, rule: AlertRule) -> Firing:
    commitment = next((each for each in agreement.commitments if each.id == moment.commitment), None)
    firing = Firing(
        subject=key_of_clock(moment),
        rule=rule,
        agreement=agreement,
        commitment=commitment,
        arming=moment.arming,
        level=moment.level,
        moment_id=moment.id,
        src=moment.src,
        lead_id=moment.lead_id,
        episode=moment.episode,
        party=commitment.party if commitment else "",
        due_at=moment.due_at,
        payload=_told(moment, clock, commitment),
    )
    if clock is None:
        return firing
    owner = (clock.owner_src, clock.owner) if clock.owner_src and clock.owner else None
    return replace(
        firing,
        owner=owner,
        team=clock.team or "",
        party=clock.party,
        calendar=clock.calendar or "",
        due_at=moment.due_at,
    )


def _told(moment: Moment, clock: OpenClock | None, commitment: Commitment | None) -> dict[str, Any]:
    """What a message about a clock speaks of; instants as ISO 8601 UTC."""
    told: dict[str, Any] = {"at": moment.at.isoformat(), "due_at": moment.due_at.isoformat(), "why": moment.why}
    told |= owed(commitment, moment.episode)
    if clock is None:
        return told | {"is_answered": moment.src != NO_LEAD}
    names = ("kind", "clock", "party", "owner", "owner_name", "team", "tier", "source", "calendar")
    told |= {name: getattr(clock, name) for name in names}
    return told | {
        "start_at": clock.start_at.isoformat(),
        "allowance_us": clock.allowance_us,
        "count": clock.count,
        "need": clock.need,
        "is_answered": False,
    }


def _next_step(
    moment: Moment, clock: OpenClock | None, agreement: Agreement, rule: AlertRule, now: datetime
) -> Moment | None:
    """The step of the ladder after this one, counted from now: what was missed while nothing ran is said once."""
    if rule.on is not Occasion.ESCALATION or rule.cooldown is None or moment.level + 1 >= MOST_LEVELS:
        return None
    calendar = calendar_named(clock.calendar, agreement) if clock and clock.calendar else None
    same = ("agreement", "version", "commitment", "src", "lead_id", "episode", "rule", "occasion", "arming")
    instants = ("due_at", "start_at")
    return Moment(
        **{name: getattr(moment, name) for name in (*same, *instants)},
        level=moment.level + 1,
        at=after(calendar, max(moment.at, now), rule.cooldown),
    )
