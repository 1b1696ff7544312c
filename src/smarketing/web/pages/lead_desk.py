"""What may be done about one lead, on its own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smarketing.records.access import Actor
from smarketing.records.models import Event, NextTry
from smarketing.terms.language import Words
from smarketing.web.pages.countdown import Countdown, countdown
from smarketing.web.pages.desk import silence_text
from smarketing.web.pages.desk_acts import Acts, LeadForm, TakeBack, take_back
from smarketing.workflows.desk_lead import can_act_on
from smarketing.workflows.desk_terms import agreement_slug
from smarketing.workflows.list_desk import DeskRow
from smarketing.workflows.time_left import Terms


@dataclass(frozen=True, slots=True)
class LeadDesk:
    """`left` and `promise` are of the most urgent clock; `acts` is None for who may only look."""

    form: LeadForm
    acts: Acts | None
    left: Countdown | None
    promise: str
    silence: str
    snoozed: str
    next_try: str
    latest: TakeBack | None
    now: datetime


def lead_desk(
    src: str,
    lead_id: str,
    found: tuple[DeskRow | None, Mapping[str, Any], Terms],
    actor: Actor,
    latest: Event | None,
    *,
    back: str,
    now: datetime,
    zone: str,
    words: Words,
) -> LeadDesk | None:
    """None where nothing runs and nothing may be done; `back` is the address of the page."""
    row, facts, terms = found
    may_act = bool(facts) and can_act_on(actor, src, facts["owner_id"])
    if row is None and not may_act:
        return None
    again = NextTry.objects.filter(src=src, lead_id=lead_id, done_at=None).values_list("on", flat=True).first()
    snoozed = row.snoozed_until if row else None
    agreement = row.first.clock.agreement if row else agreement_slug(src, lead_id, terms)
    return LeadDesk(
        form=LeadForm.of(src, lead_id, agreement, is_snoozed=snoozed is not None, back=back),
        acts=Acts.of(actor, terms, now=now, words=words) if may_act else None,
        left=countdown(row.first, now, words, zone) if row else None,
        promise=row.first.title if row else "",
        silence=silence_text(row.accepted_at, now, zone, words) if row else "",
        snoozed=words("Put off until {at}.", at=words.minute(snoozed, zone)) if snoozed else "",
        next_try=words("Worth another try from {day}", day=words.day(again)) if again else "",
        latest=take_back(latest, words),
        now=now,
    )
