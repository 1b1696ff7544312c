"""Everything that was said, or was not and why: one's own, a manager's teams', an administrator's all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from smarketing.alerts.wording.kinds import NAMES
from smarketing.alerts.wording.troubles import reason_words, trouble_words
from smarketing.records.access import Grant, can
from smarketing.records.models import Membership, Notice, NoticeState, Person
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.request import Request

ON_A_PAGE = 100
STATES = {
    NoticeState.WAITING: (N_("waiting"), "open"),
    NoticeState.CLAIMED: (N_("on its way"), "open"),
    NoticeState.SENT: (N_("sent"), "good"),
    NoticeState.SUPPRESSED: (N_("not sent"), "muted"),
    NoticeState.FAILED: (N_("failed"), "bad"),
}
SHOWN = {
    "": (N_("All"), Q()),
    "sent": (N_("Sent"), Q(state=NoticeState.SENT)),
    "waiting": (N_("Waiting"), Q(state__in=(NoticeState.WAITING, NoticeState.CLAIMED))),
    "suppressed": (N_("Not sent"), Q(state=NoticeState.SUPPRESSED)),
    "failed": (N_("Failed"), Q(state=NoticeState.FAILED)),
}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: int
    at: datetime
    sent_at: datetime | None
    kind: str
    rule: str
    agreement: str
    lead: str
    lead_href: str
    reader: str
    channel: str
    state: str
    tone: str
    reason: str
    is_possible_duplicate: bool
    is_replay: bool
    may_resend: bool


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    href: str
    is_here: bool
    count: int


@dataclass(frozen=True, slots=True)
class NoticesPage:
    rows: tuple[NoticeRow, ...]
    tabs: tuple[Tab, ...]
    older: str
    shows_readers: bool

    @classmethod
    def of(cls, request: Request, *, show: str, before: int) -> NoticesPage:
        words, grant = request.words, request.grant
        seen, home = visible(request.actor.person, grant), reverse("notices")
        wanted = seen.filter(SHOWN[show][1])
        page = wanted.filter(id__lt=before) if before else wanted
        found = list(page.select_related("person", "endpoint", "digest").order_by("-id")[: ON_A_PAGE + 1])
        may = can(request.actor, "notice", "replay")
        tabs = tuple(
            Tab(words(name), f"{home}?show={key}" if key else home, key == show, seen.filter(asked).count())
            for key, (name, asked) in SHOWN.items()
        )
        query: dict[str, str | int] = (
            {"show": show, "before": found[ON_A_PAGE - 1].id} if len(found) > ON_A_PAGE else {}
        )
        rows = tuple(_row(notice, words, may_resend=may) for notice in found[:ON_A_PAGE])
        return cls(rows, tabs, f"{home}?{urlencode(query)}" if query else "", bool(grant.is_any or grant.team_ids))


def visible(person: Person | None, grant: Grant) -> QuerySet[Notice]:
    """The notices that somebody may see: to themselves, and to members of the teams they manage."""
    if grant.is_any:
        return Notice.objects.all()
    members = Membership.objects.filter(team_id__in=grant.team_ids, until_on=None).values("person_id")
    return Notice.objects.filter(Q(person=person) | Q(person_id__in=members))


def _row(notice: Notice, words: Words, *, may_resend: bool) -> NoticeRow:
    state, tone = STATES[NoticeState(notice.state)]
    reasons = [reason_words(notice.reason, words)] if notice.reason else []
    if notice.trouble and notice.state != NoticeState.SENT:
        reasons.append(trouble_words(str(notice.trouble.get("code") or ""), words))
    is_single = notice.occasion != "digest" and notice.state in (NoticeState.SENT, NoticeState.FAILED)
    lead = f"{notice.src}:{notice.lead_id}" if notice.src and notice.lead_id else ""
    return NoticeRow(
        id=notice.id,
        at=notice.created_at,
        sent_at=notice.sent_at,
        kind=words(NAMES.get(notice.occasion, notice.occasion)),
        rule=notice.rule,
        agreement=notice.agreement,
        lead=lead,
        lead_href=reverse("lead", args=[notice.src, notice.lead_id]) if lead else "",
        reader=str(notice.person or notice.endpoint or notice.address or notice.payload.get("name") or "–"),
        channel=_channel(notice, words),
        state=words(state),
        tone=tone,
        reason="; ".join(reasons),
        is_possible_duplicate=notice.is_possible_duplicate,
        is_replay=bool(notice.payload.get("replay_of")),
        may_resend=may_resend and is_single,
    )


def _channel(notice: Notice, words: Words) -> str:
    return {"in_app": words("on the site"), "email": words("mail")}.get(notice.channel, notice.channel)
