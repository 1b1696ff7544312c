"""Send what is due to leave: claimed by one sender, worded for its reader, sent outside of transactions, then marked.

At least once with one id: a sender that dies between sending and marking leaves a notice that the next one sends again,
under the same Message-ID and marked as a possible repeat.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from smarketing.alerts.channels import apprise, email, slack, teams, webhook
from smarketing.alerts.message import Message, Outcome, Refused, Retry, Sent
from smarketing.records import outbox
from smarketing.records.models import Endpoint, EndpointKind, Notice, NoticeState, Person
from smarketing.records.outbound import installation, is_sending_held
from smarketing.records.outbox import PATIENCE, Lane
from smarketing.records.sealed import unsealed
from smarketing.terms.alert_rule import EMAIL, IN_APP
from smarketing.terms.errors import UserError
from smarketing.workflows.still_worth_sending import address_of, hindrance, is_stopped
from smarketing.workflows.word_notice import Wording, word_notice

log = logging.getLogger("smarketing.send")
Clock = Callable[[], datetime]
MOST_AT_ONCE, MOST_IN_APP = 50, 500
SPACING = {EndpointKind.SLACK: slack.SPACING, EndpointKind.TEAMS: teams.SPACING}
FIRST_REST, LONGEST_REST = timedelta(seconds=10), timedelta(minutes=15)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


@dataclass(slots=True)
class Swept:
    """What a sender did in one lane; `rest` is how long nothing gets through it, by what it just saw."""

    n_sent: int = 0
    n_suppressed: int = 0
    rest: timedelta | None = None


def lanes_due(now: datetime) -> list[Lane]:
    """The ways that something waits for, after what can wait for no way any more is settled."""
    outbox.settle_closed_ways(now)
    return outbox.open_lanes(now, is_held=is_sending_held())


def send_notices(lane: Lane, holder: str, clock: Clock, *, most: int = MOST_AT_ONCE) -> Swept:
    """What leaves by one way, until nothing is left, the way breaks or it must rest."""
    if lane.channel == IN_APP:
        return _deliver(clock())
    swept, wording = Swept(), Wording(clock())
    for _ in range(most):
        now = wording.now = clock()
        if not _may_go(lane, now):
            break
        notice = outbox.claim(lane, holder, now)
        if notice is None:
            break
        swept.rest = _send_one(notice, wording, clock, swept)
        if swept.rest is not None or _spacing(notice.endpoint):
            break
    return swept


def _deliver(now: datetime) -> Swept:
    """Notices of the site need no way out: they are there as soon as they are marked."""
    found = outbox.of_lane(Lane(IN_APP), now).select_related("person", "endpoint")[:MOST_IN_APP]
    swept, worth, reasons = Swept(), list[int](), dict[str, list[int]]()
    for notice in found:
        why = hindrance(notice, now)
        if why.reason:
            reasons.setdefault(why.reason, []).append(notice.id)
        elif why.until is None:
            worth.append(notice.id)
        else:
            Notice.objects.filter(id=notice.id, state=NoticeState.WAITING).update(not_before_at=why.until)
    swept.n_sent = outbox.deliver(worth, now)
    Notice.objects.filter(digest_id__in=worth, state=NoticeState.WAITING).update(state=NoticeState.SENT, sent_at=now)
    swept.n_suppressed = sum(outbox.suppress_those(ids, reason) for reason, ids in reasons.items())
    return swept


def _may_go(lane: Lane, now: datetime) -> bool:
    """Whether it is this sender's turn at an endpoint."""
    if lane.endpoint_id is None:
        return True
    endpoint = Endpoint.objects.filter(id=lane.endpoint_id, is_enabled=True, retired_at=None).first()
    if endpoint is None or not outbox.of_lane(lane, now).exists():
        return False
    return outbox.take_turn(endpoint, _spacing(endpoint), now)


def _spacing(endpoint: Endpoint | None) -> timedelta:
    return SPACING.get(EndpointKind(endpoint.kind), timedelta(0)) if endpoint else timedelta(0)


def _send_one(notice: Notice, wording: Wording, clock: Clock, swept: Swept) -> timedelta | None:
    """How long the way must rest; None where it may go on."""
    now = wording.now
    why = hindrance(notice, now)
    if why.until is not None:
        outbox.give_back(notice, why.until)
        return None
    parts, reason = _parts(notice, now)
    reason = why.reason or reason or ("muted" if is_stopped(notice) and not parts else "")
    if reason:
        outbox.suppress(notice, reason)
        swept.n_suppressed += 1
        return None
    try:
        message = word_notice(notice, wording, parts)
    except DatabaseError:
        raise
    except Exception:  # a picture that cannot be drawn, say: it must not stop what comes after it
        log.exception("A notice could not be worded", extra={"notice": notice.id, "occasion": notice.occasion})
        outbox.fail(notice, outbox.UNREADABLE)
        return None
    if not outbox.is_still_held(notice):
        return None
    outcome = _out(notice, message, clock())
    return _record(notice, parts, outcome, clock(), swept)


def _parts(notice: Notice, now: datetime) -> tuple[list[Notice], str]:
    """What a digest still carries, and why it is not sent where that is nothing."""
    if notice.occasion != "digest":
        return [], ""
    waiting = Notice.objects.filter(digest=notice, state=NoticeState.WAITING)
    found, is_off = list[Notice](), is_stopped(notice)
    for part in waiting.select_related("person", "endpoint").order_by("id"):
        why = hindrance(part, now).reason or ("muted" if is_stopped(part) or (is_off and not _must_know(part)) else "")
        if why:
            outbox.suppress_parts([(part.id, why)])
        else:
            found.append(part)
    return found, "" if found else "nothing_left"


def _must_know(part: Notice) -> bool:
    return part.occasion in ("breach", "escalation") and "manager" in part.payload.get("roles", ())


def _out(notice: Notice, message: Message, now: datetime) -> Outcome:
    """By the way that the notice names; nothing here is inside of a transaction."""
    if notice.endpoint is None:
        name = notice.person.name if notice.person else str(notice.payload.get("name") or "")
        sender = settings.DEFAULT_FROM_EMAIL
        return email.send(message, name, address_of(notice), message_id=message_id_of(notice, now), sender=sender)
    return post_to(notice.endpoint, message, now)


def post_to(endpoint: Endpoint, message: Message, now: datetime) -> Outcome:
    """Send a message to an endpoint, whatever its state."""
    hosts = settings.ENVIRONMENT.trusted_hosts
    try:
        url = unsealed(endpoint.address)
        if endpoint.kind == EndpointKind.SLACK:
            return slack.send(message, url, hosts=hosts, now=now)
        if endpoint.kind == EndpointKind.TEAMS:
            return teams.send(message, url, hosts=hosts, now=now)
        if endpoint.kind == EndpointKind.APPRISE:
            return apprise.send(message, url, hosts=hosts)
        return webhook.send(message, url, live_secrets(endpoint, now), hosts=hosts, now=now)
    except UserError:
        return Retry("sealed")


def live_secrets(endpoint: Endpoint, now: datetime) -> list[str]:
    """The secret, and for a day after a rotation the one before it: receivers verify with either."""
    is_both = endpoint.previous_until_at is not None and now < endpoint.previous_until_at
    return [unsealed(one) for one in (endpoint.secret, endpoint.previous_secret if is_both else "") if one]


def message_id_of(notice: Notice, now: datetime) -> str:
    """The same at every try, and another one in every installation."""
    own = hashlib.sha256(f"{installation(now).identity}:{notice.key}".encode()).hexdigest()[:40]
    return f"<{own}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def _record(notice: Notice, parts: list[Notice], outcome: Outcome, now: datetime, swept: Swept) -> timedelta | None:
    match outcome:
        case Sent():
            swept.n_sent += 1
            message_id = message_id_of(notice, now) if notice.channel == EMAIL else ""
            outbox.mark_sent(notice, now, message_id=message_id, parts=parts)
            if notice.endpoint:
                outbox.note_success(notice.endpoint)
            return None
        case Refused(code, is_dead):
            outbox.fail(notice, "given_up" if notice.endpoint else "bounced" if is_dead else "refused", code)
            if is_dead:
                outbox.note_bounce(address_of(notice), code, now)
            return None
        case Retry():
            return _later(notice, outcome, now)


def _later(notice: Notice, outcome: Retry, now: datetime) -> timedelta | None:
    """The notice waits; where the way itself is broken everything does, and the notice is first in line again."""
    is_old = now - max(notice.created_at, notice.not_before_at) > PATIENCE
    if notice.endpoint is not None:
        return _broken(notice, notice.endpoint, outcome, now)
    if is_old and not outcome.is_way_broken:
        outbox.fail(notice, "given_up", outcome.code)
        return None
    wait = _doubled(FIRST_WAIT, notice.n_tries, LONGEST_WAIT)
    # What may have been taken goes to the end of the queue: if it is the message that breaks the way, others pass it.
    at = notice.not_before_at if outcome.is_way_broken and not outcome.is_ambiguous else now + wait
    outbox.give_back(notice, at, code=outcome.code, is_ambiguous=outcome.is_ambiguous)
    log.warning("Mail did not leave", extra={"notice": notice.id, "code": outcome.code})
    return _doubled(FIRST_REST, notice.n_tries, LONGEST_WAIT / 12) if outcome.is_way_broken else None


def _broken(notice: Notice, endpoint: Endpoint, outcome: Retry, now: datetime) -> timedelta:
    rest = outcome.wait if outcome.wait is not None else _doubled(FIRST_REST, endpoint.n_failures + 1, LONGEST_REST)
    outbox.give_back(notice, notice.not_before_at, code=outcome.code, is_ambiguous=outcome.is_ambiguous)
    failing = outbox.note_failure(endpoint, outcome.code, now + rest, now)
    log.warning("An endpoint did not answer well", extra={"endpoint": endpoint.slug, "code": outcome.code})
    if failing.broken_since and now - failing.broken_since >= PATIENCE and outbox.turn_off(failing):
        _tell_admins(failing, outcome.code, now)
    return rest


def _tell_admins(endpoint: Endpoint, code: str, now: datetime) -> None:
    since = endpoint.broken_since or now
    payload = {"name": endpoint.name, "since": since.isoformat(), "code": code}
    for admin in Person.objects.filter(is_admin=True, is_active=True):
        for channel in (IN_APP, EMAIL):
            said = f"endpoint_off:{endpoint.slug}:{since.isoformat()}:{admin.id}:{channel}"
            Notice.objects.get_or_create(
                key=hashlib.sha256(said.encode()).hexdigest(),
                defaults={
                    "rule": "",
                    "occasion": "endpoint_off",
                    "person": admin,
                    "channel": channel,
                    "is_urgent": True,
                    "payload": payload,
                    "created_at": now,
                    "not_before_at": now,
                },
            )


def _doubled(first: timedelta, n: int, longest: timedelta) -> timedelta:
    return min(first * int(2 ** min(max(n - 1, 0), 20)), longest)
