"""The outbox: what is due to leave, who may send it, and how that ended. Rows of the machine's own: no audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from smarketing.failpoints import reach
from smarketing.records.models import Bounce, Endpoint, Notice, NoticeState
from smarketing.terms.alert_rule import EMAIL, IN_APP

LEASE = {EMAIL: timedelta(minutes=4)}  # longer than the slowest server may take
LEASE_OF_OTHERS = timedelta(minutes=1)
LONGEST_REST = timedelta(days=1)  # that a receiver may ask for
FURTHEST = 2 * LEASE[EMAIL]  # nobody takes a message for longer: a clock went back since
CANDIDATES = 8
PATIENCE = timedelta(days=3)  # a message is tried, and a way may be broken, for so long
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Lane:
    """What leaves by one way, one after the other; lanes do not wait for each other."""

    channel: str
    endpoint_id: int | None = None


def due(now: datetime) -> QuerySet[Notice]:
    """What may leave now, by itself; also what somebody took and never told the end of."""
    is_waiting = Q(state=NoticeState.WAITING, not_before_at__lte=now)
    is_over = Q(claimed_until__lt=now) | Q(claimed_until__gt=now + FURTHEST)
    is_lost = Q(state=NoticeState.CLAIMED) & is_over
    return Notice.objects.filter(is_waiting | is_lost, digest=None)


def open_lanes(now: datetime, *, is_held: bool) -> list[Lane]:
    """Ways that something waits for and that are not resting; what is held leaves the house by no way."""
    is_open = Q(endpoint=None) | Q(endpoint__is_enabled=True, endpoint__retired_at=None)
    found = due(now).filter(is_open & _is_rested("endpoint__", now))
    rows = found.order_by().values_list("channel", "endpoint_id").distinct()
    ways = dict.fromkeys((channel if endpoint is None else "", endpoint or 0) for channel, endpoint in rows)
    lanes = [Lane(channel, endpoint or None) for channel, endpoint in sorted(ways)]
    known = [lane for lane in lanes if lane.endpoint_id is not None or lane.channel in (IN_APP, EMAIL)]
    return [lane for lane in known if lane.channel == IN_APP or not is_held]


def _is_rested(path: str, now: datetime) -> Q:
    """It never failed, or its rest is over; a rest that nobody can have asked for says that a clock went back since."""
    at = f"{path}retry_at"
    return Q(**{at: None}) | Q(**{f"{at}__lte": now}) | Q(**{f"{at}__gt": now + LONGEST_REST})


def of_lane(lane: Lane, now: datetime) -> QuerySet[Notice]:
    whose = Q(channel=lane.channel, endpoint=None) if lane.endpoint_id is None else Q(endpoint_id=lane.endpoint_id)
    return due(now).filter(whose).order_by("-is_urgent", "not_before_at", "id")


def claim(lane: Lane, holder: str, now: datetime) -> Notice | None:
    """The next one, for this sender alone until its lease ends; None where nothing is left."""
    reach("claim.before")
    for notice in of_lane(lane, now).select_related(None)[:CANDIDATES]:
        was_lost = notice.state == NoticeState.CLAIMED
        taken = due(now).filter(id=notice.id, fence=notice.fence)
        n = taken.update(
            state=NoticeState.CLAIMED,
            claimed_by=holder[:100],
            claimed_until=now + LEASE.get(lane.channel, LEASE_OF_OTHERS),
            fence=F("fence") + 1,
            n_tries=F("n_tries") + 1,
            **({"is_possible_duplicate": True} if was_lost else {}),
        )
        if n:
            reach("claim.after")
            return Notice.objects.select_related("person", "endpoint").get(id=notice.id)
    return None


def is_still_held(notice: Notice) -> bool:
    return _own(notice).exists()


def mark_sent(notice: Notice, now: datetime, *, message_id: str = "", parts: Iterable[Notice] = ()) -> bool:
    """With what it carried; False where somebody else has it by now. What joined it since has not been said."""
    reach("sent.mark.before")
    with transaction.atomic():
        is_ours = _own(notice).update(
            state=NoticeState.SENT, sent_at=now, message_id=message_id, trouble=None, claimed_until=None
        )
        if is_ours:
            carried = Notice.objects.filter(id__in=[part.id for part in parts], state=NoticeState.WAITING)
            carried.update(state=NoticeState.SENT, sent_at=now)
    reach("sent.mark.after")
    return bool(is_ours)


def suppress(notice: Notice, reason: str) -> None:
    with transaction.atomic():
        _own(notice).update(state=NoticeState.SUPPRESSED, reason=reason, claimed_until=None)
        if reason != "digest":
            parts = Notice.objects.filter(digest=notice, state=NoticeState.WAITING)
            parts.update(state=NoticeState.SUPPRESSED, reason=reason)


def suppress_parts(ids: Iterable[tuple[int, str]]) -> None:
    for one, reason in ids:
        Notice.objects.filter(id=one, state=NoticeState.WAITING).update(state=NoticeState.SUPPRESSED, reason=reason)


def give_back(notice: Notice, at: datetime, *, code: str = "", is_ambiguous: bool = False) -> None:
    """It is tried again from `at` on."""
    said: dict[str, Any] = {"trouble": {"code": code}} if code else {}
    if is_ambiguous:
        said["is_possible_duplicate"] = True
    _own(notice).update(state=NoticeState.WAITING, not_before_at=at, claimed_until=None, **said)


def fail(notice: Notice, reason: str, code: str = "") -> None:
    """With what it should have carried; where nobody could word the whole, its parts go out by themselves."""
    said: dict[str, Any] = {
        "state": NoticeState.FAILED,
        "reason": reason,
        "trouble": {"code": code} if code else None,
        "claimed_until": None,
    }
    with transaction.atomic():
        if not _own(notice).update(**said):
            return
        parts = Notice.objects.filter(digest=notice, state=NoticeState.WAITING)
        if reason == UNREADABLE:
            parts.update(digest=None)
        else:
            parts.update(**said)


def deliver(ids: list[int], now: datetime) -> int:
    """What is read on the site: there as soon as it is marked."""
    waiting = Notice.objects.filter(id__in=ids, state=NoticeState.WAITING)
    return waiting.update(state=NoticeState.SENT, sent_at=now, n_tries=F("n_tries") + 1)


def suppress_those(ids: list[int], reason: str) -> int:
    waiting = Notice.objects.filter(id__in=ids, state=NoticeState.WAITING)
    return waiting.update(state=NoticeState.SUPPRESSED, reason=reason)


def settle_closed_ways(now: datetime) -> int:
    """What waits for an endpoint that is turned off or retired, or was taken and lost, is not sent any more."""
    closed = Q(endpoint__is_enabled=False) | Q(endpoint__retired_at__isnull=False)
    is_left = Q(state=NoticeState.WAITING) | Q(state=NoticeState.CLAIMED, claimed_until__lt=now)
    waiting = Notice.objects.filter(closed & is_left)
    return waiting.update(state=NoticeState.SUPPRESSED, reason="endpoint_off") if waiting.exists() else 0


def take_turn(endpoint: Endpoint, spacing: timedelta, now: datetime) -> bool:
    """Whether this sender may send to it now: at most one message in `spacing`, whoever sends."""
    rested = Endpoint.objects.filter(_is_rested("", now), id=endpoint.id, is_enabled=True)
    if not spacing:
        return rested.exists()
    return bool(rested.update(retry_at=now + spacing))


def note_success(endpoint: Endpoint) -> None:
    if endpoint.n_failures or endpoint.broken_since:
        Endpoint.objects.filter(id=endpoint.id).update(n_failures=0, broken_since=None, trouble=None)


def note_failure(endpoint: Endpoint, code: str, retry_at: datetime, now: datetime) -> Endpoint:
    """It rests; the circuit is open until `retry_at`."""
    since = endpoint.broken_since or now
    Endpoint.objects.filter(id=endpoint.id).update(
        n_failures=F("n_failures") + 1, broken_since=since, retry_at=retry_at, trouble={"code": code}
    )
    endpoint.refresh_from_db()
    return endpoint


def turn_off(endpoint: Endpoint) -> bool:
    return bool(Endpoint.objects.filter(id=endpoint.id, is_enabled=True).update(is_enabled=False))


def note_bounce(address: str, detail: str, now: datetime) -> None:
    """From now on this address gets no mail of any kind."""
    said = {"since_at": now, "reason": "hard", "detail": detail[:300], "cleared_at": None}
    Bounce.objects.update_or_create(address=address.lower(), defaults=said)


def _own(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(id=notice.id, fence=notice.fence, state=NoticeState.CLAIMED)
