"""Who else takes care of what a message is about, as its reader may know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from smarketing.records.access import Grant
from smarketing.records.models import Notice, Person
from smarketing.records.notice_copies import taken_care_of, tie_of
from smarketing.terms.alert_rule import Occasion
from smarketing.web.pages.notices import visible
from smarketing.workflows.still_worth_sending import OF_RUNNING, is_running
from smarketing.workflows.word_notice import Wording, may_know_lead

OF_CLOCKS = OF_RUNNING | {Occasion.BREACH}


@dataclass(frozen=True, slots=True)
class Carer:
    """`name` is empty for a reader who may not know whose lead it is."""

    name: str
    at: datetime


def others_of(notices: Sequence[Notice], wording: Wording) -> dict[str, tuple[Carer, ...]]:
    """By the key of each message, everybody but its reader who takes care of it, whoever was first before the others.

    Takes    notices  what one person was told
    """
    found = taken_care_of(notices)
    return {
        notice.key: tuple(
            _carer(copy, is_named=not notice.lead_id or may_know_lead(notice, wording))
            for person_id, copy in found.get(tie_of(notice), {}).items()
            if person_id != notice.person_id
        )
        for notice in notices
    }


def carers_of_lead(src: str, lead_id: str, reader: Person, grant: Grant, now: datetime) -> tuple[Carer, ...]:
    """Who takes care of a clock of the lead that still runs, for who was told the same or may see what they were told.

    Takes    grant  of reading notices
    """
    about = Notice.objects.filter(src=src, lead_id=lead_id)
    told = {tie_of(each) for each in about.filter(person=reader)}
    seen = set(visible(reader, grant).filter(src=src, lead_id=lead_id).values_list("id", flat=True))
    found = dict[int, Carer]()
    of_clocks = about.filter(occasion__in=OF_CLOCKS).exclude(acknowledged_at=None)
    for tie, copies in taken_care_of(list(of_clocks)).items():
        for person_id, copy in copies.items():
            if (tie in told or copy.id in seen) and is_running(copy, now):
                found.setdefault(person_id, _carer(copy, is_named=True))
    return tuple(found.values())


def _carer(copy: Notice, *, is_named: bool) -> Carer:
    assert copy.acknowledged_at is not None
    return Carer(str(copy.person) if is_named else "", copy.acknowledged_at)
