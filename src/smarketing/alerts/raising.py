"""What comes of a rule that fires: who hears of it by which way and when, or why somebody does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from smarketing.alerts.directory import Directory, Somebody
from smarketing.alerts.firing import (
    BOUNCED,
    BRAKE,
    CAPPED,
    DIGEST,
    MUTED,
    NO_ACCOUNT,
    NO_ADDRESS,
    NO_ENDPOINT,
    SENDING_HELD,
    SNOOZED,
    TOO_LATE,
    Bundle,
    Draft,
    Firing,
    Recipient,
)
from smarketing.alerts.hours import calendar_of, digest_at, opens_at
from smarketing.alerts.recipients import recipients
from smarketing.alerts.tally import Tally
from smarketing.terms.alert_rule import EMAIL, IN_APP, MANAGER, Occasion

BRAKED = timedelta(minutes=5)  # what comes too fast is collected for so long
BRAKED_ESCALATION = timedelta(seconds=30)
URGENT_FOR_MANAGERS = (Occasion.BREACH, Occasion.ESCALATION)


def drafts(firing: Firing, directory: Directory, tally: Tally, now: datetime) -> list[Draft]:
    """One draft for each reader and way; `tally` grows by them."""
    found = list[Draft]()
    told = recipients(firing, directory, now)
    for channel in dict.fromkeys(firing.rule.channels):
        if channel in (IN_APP, EMAIL):
            made = [_personal(firing, one, channel, directory, now) for one in told]
        else:
            made = [_posted(firing, channel, directory, now)]
        for draft in made:
            reader = draft.recipient.key if draft.endpoint_id is None else f"endpoint:{draft.endpoint_id}"
            limited = draft if draft.is_suppressed else _limited(draft, reader, tally, now)
            tally.note(limited, reader, is_escalation=_is_escalation(firing))
            found.append(limited)
    return found


def _personal(firing: Firing, recipient: Recipient, channel: str, directory: Directory, now: datetime) -> Draft:
    draft = Draft(firing, recipient, channel, now)
    reader = recipient.somebody
    reason = recipient.reason or _too_late(firing, now)
    if reader is None or reason:
        return replace(draft, reason=reason)
    if reason := _unreachable(reader, channel, directory) or _muted(reader, recipient, firing, channel):
        return replace(draft, reason=reason)
    at = now
    if channel == EMAIL and not firing.rule.urgent:
        opens = opens_at(calendar_of(reader, firing), now)
        at = now if _is_worthless_at(firing, opens) else opens
    until = directory.snoozes.get((reader.id, firing.src, firing.lead_id)) if reader.id is not None else None
    if until is not None and until > at and firing.rule.on is Occasion.REMINDER:
        return (
            replace(draft, reason=SNOOZED) if _is_worthless_at(firing, until) else replace(draft, not_before_at=until)
        )
    return _in_digest(replace(draft, not_before_at=at), reader, now)


def _posted(firing: Firing, channel: str, directory: Directory, now: datetime) -> Draft:
    """To a room or a program, whoever the readers are; it has no quiet hours."""
    draft = Draft(firing, Recipient(None, frozenset({channel})), channel, now, directory.endpoints.get(channel))
    missing = "" if draft.endpoint_id is not None else NO_ENDPOINT
    held = SENDING_HELD if directory.is_sending_held else ""
    return replace(draft, reason=missing or held or _too_late(firing, now))


def _unreachable(reader: Somebody, channel: str, directory: Directory) -> str:
    if channel == IN_APP:
        return "" if reader.id is not None else NO_ACCOUNT
    if not reader.address:
        return NO_ADDRESS
    if reader.address in directory.bounced:
        return BOUNCED
    return SENDING_HELD if directory.is_sending_held else ""


def _muted(reader: Somebody, recipient: Recipient, firing: Firing, channel: str) -> str:
    """Nobody mutes what has gone wrong on their watch."""
    occasion = firing.rule.on
    if channel == IN_APP or (MANAGER in recipient.roles and occasion in URGENT_FOR_MANAGERS):
        return ""
    return MUTED if occasion in reader.wishes.muted or not reader.wishes.is_email_wanted else ""


def _in_digest(draft: Draft, reader: Somebody, now: datetime) -> Draft:
    """As part of the daily digest where rule or reader want that; a reminder that it would bring too late is not."""
    rule = draft.firing.rule
    is_wanted = rule.digest or (reader.wishes.is_digest_wanted and draft.channel == EMAIL)
    if not is_wanted or rule.urgent or _is_escalation(draft.firing):
        return draft
    slot = digest_at(reader, draft.firing.agreement, now)
    if _is_worthless_at(draft.firing, slot):
        return draft
    bundle = Bundle(draft.recipient.key, draft.channel, slot, DIGEST)
    return replace(draft, not_before_at=slot, reason=DIGEST, bundle=bundle)


def _limited(draft: Draft, reader: str, tally: Tally, now: datetime) -> Draft:
    """The same, or as part of a digest where there have been too many."""
    firing, person = draft.firing, draft.recipient.somebody
    is_escalation = _is_escalation(firing)
    if draft.bundle is not None:
        return draft
    if tally.is_bursting(reader, draft.channel, is_escalation=is_escalation):
        at = now + (BRAKED_ESCALATION if is_escalation else BRAKED)
        return _bundled(draft, Bundle(reader, draft.channel, max(at, draft.not_before_at), BRAKE))
    is_over = firing.rule.most is not None and tally.of_rule[reader, draft.channel, firing.rule.id] >= firing.rule.most
    if draft.channel == EMAIL and person is not None:
        is_over = is_over or tally.of_day[reader, draft.channel] >= person.wishes.most_per_day
    if not is_over or is_escalation:
        return draft
    slot = digest_at(person or Somebody(None), firing.agreement, now)
    return _bundled(draft, Bundle(reader, draft.channel, slot, CAPPED))


def _bundled(draft: Draft, bundle: Bundle) -> Draft:
    if _is_worthless_at(draft.firing, bundle.at):
        return replace(draft, reason=bundle.why)
    return replace(draft, not_before_at=bundle.at, reason=bundle.why, bundle=bundle)


def _is_worthless_at(firing: Firing, at: datetime) -> bool:
    """A reminder is worth nothing at its deadline and after it."""
    return firing.rule.on is Occasion.REMINDER and firing.due_at is not None and at >= firing.due_at


def _too_late(firing: Firing, now: datetime) -> str:
    return TOO_LATE if _is_worthless_at(firing, now) else ""


def _is_escalation(firing: Firing) -> bool:
    return firing.rule.on is Occasion.ESCALATION
