"""Put a notice into the words of whoever reads it, at the moment it leaves."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings

from smarketing.alerts.message import Link, Message
from smarketing.alerts.wording import plain
from smarketing.alerts.wording.awaited import owed
from smarketing.alerts.wording.kinds import NAMES, worded
from smarketing.alerts.wording.told import Told, Worded
from smarketing.charts.picture import picture
from smarketing.records.access import LeadScope, actor_of
from smarketing.records.models import Notice, Person
from smarketing.records.signed_links import ACKNOWLEDGE, SNOOZE, STOP, token_for
from smarketing.records.unowned import scope_with_unowned
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import EMAIL
from smarketing.terms.commitment import Commitment
from smarketing.terms.language import LANGUAGES, Words, words
from smarketing.terms.promise_words import target_words
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.still_worth_sending import is_running

log = logging.getLogger("smarketing.send")
NO_LEAD = ""
STOPPABLE = frozenset({"digest", "pulse", "weekly_summary"})
OF_CLOCKS = frozenset({"reminder", "breach", "escalation"})
SNOOZABLE = frozenset({"reminder"})
ANSWERS = frozenset({"owner", "seat"})  # roles that the agreement makes answer for the very lead


@dataclass(slots=True)
class Wording:
    """What several notices in a row have in common; made anew for each sweep of the outbox."""

    now: datetime
    terms: dict[str, tuple[Agreement, ...]] = field(default_factory=dict)
    is_read: bool = False
    scopes: dict[int, LeadScope] = field(default_factory=dict)

    def agreement(self, slug: str, version: int | None) -> Agreement | None:
        if slug and not self.is_read:
            self.terms, self.is_read = every_agreement(), True
        held = self.terms.get(slug, ())
        return next((one for one in held if one.version == version), held[-1] if held else None)

    def scope_of(self, person: Person) -> LeadScope:
        if person.id not in self.scopes:
            self.scopes[person.id] = scope_with_unowned(actor_of(person, self.now.date()))
        return self.scopes[person.id]


def word_notice(notice: Notice, wording: Wording, parts: Sequence[Notice] = ()) -> Message:
    """The message of one notice, with those that it carries."""
    agreement = wording.agreement(notice.agreement, notice.version)
    said, zone = reader_of(notice, agreement)
    told = _told(notice, agreement, said, zone, wording, len(parts))
    found = _worded(notice, told)
    return Message(
        key=notice.key,
        occasion=notice.occasion,
        subject=found.subject,
        language=said.language,
        created_at=notice.created_at,
        lines=found.lines,
        facts=found.facts,
        links=_page_of(found) or tuple(_links(notice, told, wording.now)),
        parts=(*(word_notice(part, wording) for part in parts), *_sections(notice, found, said)),
        chart=picture(found.chart, language=said.language) if found.chart and notice.channel == EMAIL else b"",
        chart_text=found.chart.sentence if found.chart else "",
        note=_note(notice, agreement, told),
        tone=found.tone,
        data=_data(notice, said),
        stop_link=_stop_link(notice, wording.now),
        stop_text=said("Send me no more of these"),
        is_possible_duplicate=notice.is_possible_duplicate,
        replay_of=str(notice.payload.get("replay_of") or ""),
    )


def _page_of(found: Worded) -> tuple[Link, ...]:
    return (Link(found.path_text, f"{settings.SITE_URL}{found.path}"),) if found.path else ()


def _sections(notice: Notice, found: Worded, said: Words) -> Iterator[Message]:
    """What has a title of its own within the message."""
    for each in found.sections:
        links = (Link(each.path_text, f"{settings.SITE_URL}{each.path}"),) if each.path else ()
        yield Message(
            key=notice.key,
            occasion=notice.occasion,
            subject=each.title,
            language=said.language,
            created_at=notice.created_at,
            lines=each.lines,
            links=links,
        )


def _worded(notice: Notice, told: Told) -> Worded:
    """In its own words; what does not fit them is told plainly rather than not at all."""
    try:
        return worded(notice.occasion, told)
    except (LookupError, ValueError, TypeError, AttributeError):
        log.exception("A notice does not fit its words", extra={"notice": notice.id, "occasion": notice.occasion})
        return plain.worded(told)


def reader_of(notice: Notice, agreement: Agreement | None) -> tuple[Words, str]:
    """The language and the zone in which it is read."""
    language, zone = settings.ENVIRONMENT.language, settings.ENVIRONMENT.zone
    if agreement is not None:
        language, zone = agreement.language, agreement.zone
    if notice.person is not None:
        language, zone = notice.person.language or language, notice.person.zone or zone
    elif notice.endpoint is not None:
        language, zone = notice.endpoint.language or language, notice.endpoint.zone or zone
    return words(language if language in LANGUAGES else "en"), zone


def may_know_lead(notice: Notice, wording: Wording) -> bool:
    """Whether the reader may see today which lead it is about: by role in the agreement, or as on every page."""
    if notice.person is None or ANSWERS & set(notice.payload.get("roles", ())):
        return True
    scope = wording.scope_of(notice.person)
    owner = (notice.src, str(notice.payload.get("owner") or ""))
    if scope.everything or (scope.has_unowned and not owner[1]):
        return True
    return owner in scope.owners or str(notice.payload.get("team") or "") in scope.teams


def _told(notice: Notice, agreement: Agreement | None, said: Words, zone: str, wording: Wording, n_parts: int) -> Told:
    promise = _promise(notice, agreement)
    payload = dict(notice.payload)
    if notice.occasion in OF_CLOCKS:
        payload = owed(promise, notice.episode) | payload  # it may have been written down before kinds were
    if notice.occasion == "digest":
        payload["why"] = notice.reason
    is_on_its_way = notice.sent_at is None
    if is_on_its_way and notice.occasion == "breach" and payload.get("is_answered") is False and notice.src:
        payload["is_answered"] = not is_running(notice, wording.now)  # it may have waited for the morning
    return Told(
        words=said,
        zone=zone,
        now=wording.now,
        payload=payload,
        agreement=agreement.title if agreement else notice.agreement,
        commitment=(promise.title or promise.id) if promise else notice.commitment,
        target=target_words(promise.target, said) if promise else "",
        lead=notice.lead_id if notice.lead_id and may_know_lead(notice, wording) else NO_LEAD,
        due_at=notice.due_at,
        is_own="owner" in notice.payload.get("roles", ()) and notice.person is not None,
        n_parts=n_parts,
    )


def _promise(notice: Notice, agreement: Agreement | None) -> Commitment | None:
    if agreement is None:
        return None
    return next((one for one in agreement.commitments if one.id == notice.commitment), None)


def _links(notice: Notice, told: Told, now: datetime) -> list[Link]:
    said, site = told.words, settings.SITE_URL
    if notice.occasion == "test":
        return [Link(said("Open smarketing"), f"{site}/")]
    if notice.person is None:
        lead = f"{site}/leads/{quote(notice.src, safe='')}/{quote(notice.lead_id)}/"
        return [Link(said("Open the lead"), lead)] if told.lead else [Link(said("Open smarketing"), f"{site}/")]
    found = [Link(said("Open the lead") if told.lead else said("Open it"), f"{site}/messages/{notice.id}/")]
    if notice.channel == EMAIL and notice.src and notice.digest_id is None:
        found.append(Link(said("I take care of it"), _signed(ACKNOWLEDGE, notice, notice.person, now)))
        if notice.occasion in SNOOZABLE:
            found.append(Link(said("Remind me later"), _signed(SNOOZE, notice, notice.person, now)))
    return found


def _signed(act: str, notice: Notice, person: Person, now: datetime) -> str:
    return f"{settings.SITE_URL}/messages/links/{token_for(act, notice.id, person.id, now)}/"


def _stop_link(notice: Notice, now: datetime) -> str:
    if notice.channel != EMAIL or notice.person is None or notice.occasion not in STOPPABLE:
        return ""
    return _signed(STOP, notice, notice.person, now)


def _note(notice: Notice, agreement: Agreement | None, told: Told) -> str:
    said = told.words
    times = said("Times are of {zone}.", zone=told.zone.replace("_", " "))
    if agreement is None:
        return f"{said('smarketing wrote this by itself.')} {times}"
    rule = f"{agreement.title} · {notice.rule}" if notice.rule else agreement.title
    why = said("smarketing wrote this by itself, as the agreement asks for: {rule}.", rule=rule)
    return f"{why} {times}"


def _data(notice: Notice, said: Words) -> dict[str, Any]:
    """The same for programs."""
    lead = {"src": notice.src, "id": notice.lead_id} if notice.src and notice.lead_id else None
    return {
        "occasion": notice.occasion,
        "occasion_name": said(NAMES.get(notice.occasion, notice.occasion)),
        "agreement": notice.agreement or None,
        "version": notice.version,
        "commitment": notice.commitment or None,
        "rule": notice.rule or None,
        "lead": lead,
        "episode": notice.episode,
        "due_at": notice.due_at.isoformat().replace("+00:00", "Z") if notice.due_at else None,
    }
