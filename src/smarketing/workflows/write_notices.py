"""Put notices into the outbox, each once, and those that go out together under their digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from smarketing.alerts.directory import Directory
from smarketing.alerts.firing import BRAKE, Bundle, Draft, key_of
from smarketing.alerts.tally import DAY, LATELY, MINUTE, Tally
from smarketing.failpoints import reach
from smarketing.records.models import Notice, NoticeState
from smarketing.records.notice_rows import insert_notices
from smarketing.terms.alert_rule import IN_APP, Occasion

DIGEST_OCCASION = "digest"
SLOT_AGAIN = timedelta(days=1)  # where the digest of a slot has left already
ASKED = 500


def read_tally(now: datetime) -> Tally:
    """What has been said lately; digests count as one message, their parts as none."""
    tally = Tally()
    said = Notice.objects.exclude(state=NoticeState.SUPPRESSED).order_by()
    single = said.filter(digest=None).exclude(occasion=DIGEST_OCCASION)
    columns = ("person", "address", "endpoint", "channel")
    for person, address, endpoint, channel, rule, n in (
        single.filter(created_at__gt=now - DAY).values_list(*columns, "rule").annotate(n=Count("id"))
    ):
        reader = _reader(person, address, endpoint)
        tally.of_day[reader, channel] += n
        tally.of_rule[reader, channel, rule] += n
    for person, address, endpoint, channel, occasion, n in (
        single.filter(created_at__gt=now - LATELY).values_list(*columns, "occasion").annotate(n=Count("id"))
    ):
        tally.lately[_reader(person, address, endpoint), channel, occasion == Occasion.ESCALATION] += n
    tally.n_minute = said.filter(created_at__gt=now - MINUTE).exclude(occasion=DIGEST_OCCASION).count()
    return tally


def write_notices(drafts: Sequence[Draft], now: datetime) -> int:
    """Write what is not there yet; returns how many are new. Within the transaction of what caused them."""
    new = _unwritten(drafts)
    if not new:
        return 0
    digests = _digests([draft.bundle for draft in new if draft.bundle], new, now)
    rows = [_row(draft, digests.get(draft.bundle) if draft.bundle else None, now) for draft in new]
    reach("outbox.insert.before")
    insert_notices(rows)
    reach("outbox.insert.after")
    return len(rows)


def _unwritten(drafts: Sequence[Draft]) -> list[Draft]:
    by_key = {draft.key: draft for draft in drafts}
    keys, known = list(by_key), set[str]()
    for start in range(0, len(keys), ASKED):
        known |= set(Notice.objects.filter(key__in=keys[start : start + ASKED]).values_list("key", flat=True))
    return [draft for key, draft in by_key.items() if key not in known]


def _row(draft: Draft, digest: Notice | None, now: datetime) -> dict[str, Any]:
    firing, somebody = draft.firing, draft.recipient.somebody
    return {
        "key": draft.key,
        "rule": firing.rule.id,
        "occasion": firing.rule.on.value,
        "moment_id": firing.moment_id,
        "agreement": firing.agreement.id,
        "version": firing.agreement.version,
        "commitment": firing.commitment.id if firing.commitment else "",
        "src": firing.src,
        "lead_id": firing.lead_id,
        "episode": firing.episode,
        "person_id": somebody.id if somebody else None,
        "endpoint_id": draft.endpoint_id,
        "address": somebody.address if somebody and somebody.id is None else "",
        "channel": draft.channel,
        "is_urgent": firing.rule.urgent,
        "payload": {**firing.payload, **_addressed(draft)},
        "created_at": now,
        "due_at": firing.due_at,
        "not_before_at": digest.not_before_at if digest else draft.not_before_at,
        "state": str(NoticeState.SUPPRESSED if draft.is_suppressed else NoticeState.WAITING),
        "reason": draft.reason,
        "digest_id": digest.id if digest else None,
    }


def _addressed(draft: Draft) -> dict[str, Any]:
    """To whom and as what: the roles, the reader's name where there is no account, and who is away."""
    recipient, firing = draft.recipient, draft.firing
    told: dict[str, Any] = {"roles": sorted(recipient.roles), "arming": firing.arming, "level": firing.level}
    if recipient.somebody and recipient.somebody.id is None:
        told["name"] = recipient.somebody.name
    if recipient.instead_of:
        told["instead_of"] = recipient.instead_of
    return told


def _digests(bundles: Iterable[Bundle], drafts: Sequence[Draft], now: datetime) -> dict[Bundle, Notice]:
    """The digest of each bundle: the one that still waits, else a new one."""
    samples = {draft.bundle: draft for draft in drafts if draft.bundle}
    counted = Counter(bundles)
    found: dict[Bundle, Notice] = {}
    open_ones: dict[tuple[str, str, str], Notice] = {}
    for bundle in sorted(counted, key=lambda each: each.at):
        place = (bundle.reader, bundle.channel, bundle.why)
        if bundle.why != BRAKE or place not in open_ones:
            open_ones[place] = _digest(bundle, samples[bundle], now)
        found[bundle] = open_ones[place]
    return found


def _digest(bundle: Bundle, sample: Draft, now: datetime) -> Notice:
    """What comes too fast goes into whichever digest of the brake waits; the rest into the one of its time."""
    somebody = sample.recipient.somebody
    reader = {
        "person_id": somebody.id if somebody else None,
        "endpoint_id": sample.endpoint_id,
        "address": somebody.address if somebody and somebody.id is None else "",
        "channel": bundle.channel,
    }
    why = BRAKE if bundle.why == BRAKE else ""
    if why:
        waiting = Notice.objects.filter(**reader, occasion=DIGEST_OCCASION, state=NoticeState.WAITING, reason=why)
        if found := waiting.filter(not_before_at__lte=bundle.at, not_before_at__gt=now).order_by("id").first():
            return found
    at = bundle.at
    while True:
        defaults: dict[str, Any] = {
            **reader,
            "occasion": DIGEST_OCCASION,
            "created_at": now,
            "not_before_at": at,
            "reason": why,
            "payload": {"why": bundle.why},
        }
        key = key_of(DIGEST_OCCASION, bundle.reader, bundle.channel, why, at.isoformat())
        digest, _ = Notice.objects.get_or_create(key=key, defaults=defaults)
        if digest.state == NoticeState.WAITING:
            return digest
        at += timedelta(minutes=1) if why else SLOT_AGAIN


def rehome_parts(now: datetime) -> int:
    """Parts that came into a digest as it left go out by themselves; returns how many."""
    left = (NoticeState.SENT, NoticeState.SUPPRESSED, NoticeState.FAILED)
    strays = Notice.objects.filter(state=NoticeState.WAITING, digest__state__in=left, digest__sent_at__lt=now - MINUTE)
    return strays.update(digest=None, not_before_at=now) if strays.exists() else 0


def alarm(directory: Directory, tally: Tally, now: datetime) -> int:
    """Tell the admins once an hour that there is a storm, by a way that it has not filled; returns how many."""
    recent = Notice.objects.filter(created_at__gt=now - MINUTE).order_by()
    flooded = recent.values_list("channel").annotate(n=Count("id")).order_by("-n").first()
    channel = "email" if flooded and flooded[0] == IN_APP and not directory.is_sending_held else IN_APP
    hour = now.replace(minute=0, second=0, microsecond=0)
    rows = [
        Notice(
            key=key_of(BRAKE, hour.isoformat(), admin.key, channel),
            occasion=BRAKE,
            person_id=admin.id,
            channel=channel,
            is_urgent=True,
            payload={"n": tally.n_minute, "since": hour.isoformat()},
            created_at=now,
            not_before_at=now,
        )
        for admin in directory.admins()
    ]
    known = set(Notice.objects.filter(key__in=[row.key for row in rows]).values_list("key", flat=True))
    new = [row for row in rows if row.key not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _reader(person: int | None, address: str, endpoint: int | None) -> str:
    if endpoint is not None:
        return f"endpoint:{endpoint}"
    return f"person:{person}" if person is not None else f"address:{address}"
