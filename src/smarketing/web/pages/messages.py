"""The inbox of one person: what they were told on the site, in their language of today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from smarketing.alerts.message import Message
from smarketing.alerts.wording.kinds import NAMES
from smarketing.records.models import Notice, NoticeState, Person
from smarketing.records.notice_copies import OWN
from smarketing.terms.alert_rule import IN_APP
from smarketing.terms.language import Words
from smarketing.web.pages.carers import Carer, others_of
from smarketing.web.request import Request
from smarketing.workflows.word_notice import NO_LEAD, Wording, may_know_lead, word_notice

ON_A_PAGE = 50
SNOOZABLE = frozenset({"reminder", "breach", "escalation"})


def inbox_of(person: Person) -> QuerySet[Notice]:
    """What is in the inbox, latest first; what a summary carries is inside of it."""
    return Notice.objects.filter(person=person, channel=IN_APP, state=NoticeState.SENT, digest=None).order_by("-id")


def unread_count(request: Request) -> int:
    """For the bell; counted to a hundred."""
    person = request.actor.person
    return len(inbox_of(person).filter(read_at=None).values_list("id")[:100]) if person else 0


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: int
    kind: str
    tone: str
    subject: str
    line: str
    at: datetime
    is_unread: bool
    is_acknowledged: bool
    carers: tuple[Carer, ...]


@dataclass(frozen=True, slots=True)
class MessagesPage:
    rows: tuple[MessageRow, ...]
    n_unread: int
    is_unread_only: bool
    n_all: int
    older: str
    home: str

    @classmethod
    def of(cls, person: Person, words: Words, now: datetime, *, is_unread_only: bool, before: int) -> MessagesPage:
        mine, wording = inbox_of(person), Wording(now)
        unread = mine.filter(read_at=None)
        shown = (unread if is_unread_only else mine).filter(Q(id__lt=before) if before else Q())
        found = list(shown.select_related("person")[: ON_A_PAGE + 1])
        carers = others_of(found[:ON_A_PAGE], wording)
        rows = tuple(
            _row(notice, word_notice(notice, wording, _parts(notice)), words, carers[notice.key])
            for notice in found[:ON_A_PAGE]
        )
        home = reverse("messages")
        query: dict[str, str | int] = {"show": "unread"} if is_unread_only else {}
        is_more = len(found) > ON_A_PAGE
        older = f"{home}?{urlencode(query | {'before': found[ON_A_PAGE - 1].id})}" if is_more else ""
        return cls(rows, unread.count(), is_unread_only, mine.count(), older, home)


@dataclass(frozen=True, slots=True)
class MessagePage:
    id: int
    kind: str
    message: Message
    at: datetime
    lead_href: str
    acknowledged_at: datetime | None
    carers: Mapping[str, tuple[Carer, ...]]  # by the key of the message and of its parts
    may_acknowledge: bool
    may_snooze: bool

    @classmethod
    def of(cls, notice: Notice, words: Words, now: datetime) -> MessagePage:
        wording, parts = Wording(now), _parts(notice)
        is_known = notice.lead_id != NO_LEAD and may_know_lead(notice, wording)
        return cls(
            id=notice.id,
            kind=words(NAMES.get(notice.occasion, notice.occasion)),
            message=word_notice(notice, wording, parts),
            at=notice.sent_at or notice.created_at,
            lead_href=reverse("lead", args=[notice.src, notice.lead_id]) if is_known and notice.src else "",
            acknowledged_at=notice.acknowledged_at,
            carers=others_of([notice, *parts], wording),
            may_acknowledge=notice.occasion not in OWN,
            may_snooze=is_known and notice.occasion in SNOOZABLE,
        )


def _parts(notice: Notice) -> list[Notice]:
    if notice.occasion != "digest":
        return []
    told = Notice.objects.filter(digest=notice).exclude(state=NoticeState.SUPPRESSED)
    return list(told.select_related("person", "endpoint").order_by("id"))


def _row(notice: Notice, message: Message, words: Words, carers: tuple[Carer, ...]) -> MessageRow:
    return MessageRow(
        id=notice.id,
        kind=words(NAMES.get(notice.occasion, notice.occasion)),
        tone=message.tone,
        subject=message.subject,
        line=message.lines[0] if message.lines else "",
        at=notice.sent_at or notice.created_at,
        is_unread=notice.read_at is None,
        is_acknowledged=notice.acknowledged_at is not None,
        carers=carers,
    )
