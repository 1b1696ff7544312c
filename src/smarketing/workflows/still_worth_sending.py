"""Ask of a notice, at the moment it leaves, whether it still says something true to somebody who may hear it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.db.models import Q, QuerySet

from smarketing.alerts.house_rule import HouseOccasion
from smarketing.ledger.models import OpenClock
from smarketing.ledger.news import RowNews
from smarketing.ledger.row_ties import RowTies
from smarketing.records.models import Dispute, DisputeState, Moment, Notice, Preference, Snooze
from smarketing.records.outbound import bounced
from smarketing.terms.alert_rule import EMAIL, IN_APP, Occasion
from smarketing.terms.instants import micros
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.raise_alerts import clocks_of, key_of_clock
from smarketing.workflows.waived_clocks import WAIVED, WaivedClocks

log = logging.getLogger("smarketing.send")
OF_RUNNING = frozenset({Occasion.REMINDER, Occasion.ESCALATION, Occasion.UNASSIGNED})
CANNOT_BE_MUTED = frozenset({Occasion.BREACH, Occasion.ESCALATION})
NO_LEAD = ("", "-")
SAME = timedelta(seconds=1)
AT_ONCE = timedelta(minutes=1)  # for so long the facts hold by which something was written


@dataclass(frozen=True, slots=True)
class Hindrance:
    """`reason` is why it is not sent at all; `until` is when it may be."""

    reason: str = ""
    until: datetime | None = None


NONE = Hindrance()


def hindrance(notice: Notice, now: datetime) -> Hindrance:
    """What keeps it from being sent now."""
    person = notice.person
    if person is not None and not person.is_active:
        return Hindrance("left")
    if reason := _unreachable(notice):
        return Hindrance(reason)
    if notice.occasion == Occasion.REMINDER and notice.due_at is not None and now >= notice.due_at:
        return Hindrance("too_late")
    is_of_running = notice.occasion in OF_RUNNING or notice.payload.get("is_again")
    if notice.src not in NO_LEAD and is_of_running and (reason := _is_over(notice, now)):
        return Hindrance(reason)
    if notice.occasion == HouseOccasion.DISPUTE and _is_settled(notice):
        return Hindrance("settled")
    if notice.occasion == Occasion.BREACH and _is_corrected(notice, now):
        return Hindrance("clock_closed")
    if notice.moment is not None and _is_waived(notice.moment, now):
        return Hindrance(WAIVED)
    return _snoozed(notice, now)


def is_stopped(notice: Notice) -> bool:
    """Whether the reader wants no mail of this kind any more; a missed deadline is told to managers all the same."""
    if notice.channel == IN_APP or notice.person_id is None:
        return False
    must_know = notice.occasion in CANNOT_BE_MUTED and "manager" in notice.payload.get("roles", ())
    wishes = Preference.objects.filter(person_id=notice.person_id).first()
    return wishes is not None and not must_know and notice.occasion in wishes.muted


def address_of(notice: Notice) -> str:
    return (notice.person.email if notice.person else notice.address).lower()


def _unreachable(notice: Notice) -> str:
    if notice.endpoint_id is not None or notice.channel != EMAIL:
        return ""
    address = address_of(notice)
    if not address:
        return "no_address"
    return "bounced" if bounced([address]) else ""


def is_running(notice: Notice, now: datetime) -> bool:
    """Whether the clock that it is about waits for an answer, in time or overdue."""
    return _running(notice, now).exists()


def _running(notice: Notice, now: datetime) -> QuerySet[OpenClock]:
    clocks = OpenClock.objects.filter(src=notice.src, lead_id=notice.lead_id, agreement=notice.agreement)
    if notice.commitment and notice.episode is not None:
        clocks = clocks.filter(commitment=notice.commitment, episode=notice.episode)
    return clocks.filter(Q(stops_at=None) | Q(stops_at__gt=now))


def _is_over(notice: Notice, now: datetime) -> str:
    """Clocks that stopped since: the outbox was written before, or the notice waited for the morning."""
    clock = _running(notice, now).first()
    if clock is None:
        return "clock_closed"
    if notice.occasion == Occasion.REMINDER and notice.commitment and notice.due_at is not None:
        return "moved" if clock.due_at is None or abs(clock.due_at - notice.due_at) > SAME else ""
    return ""


def _is_corrected(notice: Notice, now: datetime) -> bool:
    """Whether facts that came while it waited say that the deadline was kept, or that there never was one.

    Facts that come late may give a clock another number: whatever of the promise was late then keeps it worth saying.
    """
    was_over = notice.payload.get("is_answered") and now - notice.created_at <= AT_ONCE
    is_wanted = was_over or notice.payload.get("replay_of")  # just written, or a person asks for it again
    if notice.src in NO_LEAD or notice.due_at is None or is_wanted or is_running(notice, now):
        return False
    terms = {notice.agreement: every_agreement().get(notice.agreement, ())}
    if not terms[notice.agreement]:
        return False
    lead = pl.DataFrame({"src": [notice.src], "lead_id": [notice.lead_id]})
    try:
        found = RowNews(RowTies({}, DEFAULT_DB_ALIAS)).clocks_of(lead, terms, notice.due_at)
    except DatabaseError:
        raise
    except Exception:  # nobody can tell, and a word too many does less harm than none
        log.exception("A breach cannot be looked at again", extra={"notice": notice.id})
        return False
    own, due = pl.col("commitment") == notice.commitment, micros(notice.due_at)
    late = found.clocks.filter(own & ((pl.col("episode") == notice.episode) | (pl.col("due_at") == due)))
    return late.is_empty() and found.moments.filter(own & (pl.col("occasion") == str(Occasion.BREACH))).is_empty()


def _is_settled(notice: Notice) -> bool:
    """Whether nobody has to decide any more what this asks for."""
    if notice.payload.get("step") not in ("raised", "heard", "due"):
        return False
    return not Dispute.objects.filter(id=notice.payload.get("dispute"), state=DisputeState.OPEN).exists()


def _is_waived(moment: Moment, now: datetime) -> bool:
    """Whether somebody waived the clock since this was written."""
    waived = WaivedClocks(now)
    return bool(waived and waived.reason_of(moment, clocks_of([moment]).get(key_of_clock(moment))))


def _snoozed(notice: Notice, now: datetime) -> Hindrance:
    if notice.occasion != Occasion.REMINDER or notice.person_id is None:
        return NONE
    mine = Snooze.objects.filter(person_id=notice.person_id, src=notice.src, lead_id=notice.lead_id)
    until = mine.filter(until_at__gt=now).values_list("until_at", flat=True).first()
    if until is None:
        return NONE
    return Hindrance("snoozed") if notice.due_at is not None and until >= notice.due_at else Hindrance(until=until)
