"""Ask of a notice, at the moment it leaves, whether it still says something true to somebody who may hear it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from smarketing.alerts.house_rule import HouseOccasion
from smarketing.ledger.models import OpenClock
from smarketing.records.models import Dispute, DisputeState, Moment, Notice, Preference, Snooze
from smarketing.records.outbound import bounced
from smarketing.terms.alert_rule import EMAIL, IN_APP, Occasion
from smarketing.workflows.raise_alerts import clocks_of, key_of_clock
from smarketing.workflows.waived_clocks import WAIVED, WaivedClocks

OF_RUNNING = frozenset({Occasion.REMINDER, Occasion.ESCALATION, Occasion.UNASSIGNED})
CANNOT_BE_MUTED = frozenset({Occasion.BREACH, Occasion.ESCALATION})
NO_LEAD = ("", "-")
SAME = timedelta(seconds=1)


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
    if notice.src not in NO_LEAD and notice.occasion in OF_RUNNING and (reason := _is_over(notice, now)):
        return Hindrance(reason)
    if notice.occasion == HouseOccasion.DISPUTE and _is_settled(notice):
        return Hindrance("settled")
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


def _is_over(notice: Notice, now: datetime) -> str:
    """Clocks that stopped since: the outbox was written before, or the notice waited for the morning."""
    clocks = OpenClock.objects.filter(src=notice.src, lead_id=notice.lead_id, agreement=notice.agreement)
    if notice.commitment and notice.episode is not None:
        clocks = clocks.filter(commitment=notice.commitment, episode=notice.episode)
    running = [clock for clock in clocks if clock.stops_at is None or clock.stops_at > now]
    if not running:
        return "clock_closed"
    if notice.occasion == Occasion.REMINDER and notice.commitment and notice.due_at is not None:
        due_at = running[0].due_at
        return "moved" if due_at is None or abs(due_at - notice.due_at) > SAME else ""
    return ""


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
