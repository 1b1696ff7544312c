"""Disputes as a list with its filters, and how many there were for each reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from smarketing.records.disputes import titles_of
from smarketing.records.models import Dispute, DisputeReason, DisputeState, Subject
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.spoken import VERDICTS

STATES = {
    "open": N_("open"),
    "accepted": N_("accepted"),
    "rejected": N_("rejected"),
    "withdrawn": N_("withdrawn"),
}
TONES = {"open": "open", "accepted": "good", "rejected": "bad", "withdrawn": "muted"}
MOST = 500


@dataclass(frozen=True, slots=True)
class DisputeRow:
    id: int
    about: str
    promise: str
    reason: str
    state: str
    tone: str
    raised_at: datetime
    by: str
    due_at: datetime | None
    is_overdue: bool
    agreement: str
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class ReasonRow:
    name: str
    n: int
    n_open: int
    n_accepted: int
    n_rejected: int
    n_withdrawn: int


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class DisputesPage:
    rows: tuple[DisputeRow, ...]
    reasons: tuple[ReasonRow, ...]
    agreements: tuple[Choice, ...]
    states: tuple[Choice, ...]
    why: tuple[Choice, ...]
    n: int
    n_shown: int
    waiver_href: str
    is_filtered: bool


def disputes_page(
    found: Iterable[Dispute], query: Mapping[str, str], *, now: datetime, words: Words, waiver_href: str
) -> DisputesPage:
    """The disputes that somebody may see, as the address narrows them; statistics are of all of an agreement."""
    seen = list(found)
    slugs = {each.agreement.slug: each.agreement.title for each in seen}
    agreement, state, reason = (query.get(name, "") for name in ("agreement", "state", "reason"))
    mine = [each for each in seen if agreement in ("", each.agreement.slug)]
    shown = [each for each in mine if state in ("", each.state) and reason in ("", each.reason)]
    titles = titles_of(shown[:MOST])
    return DisputesPage(
        rows=tuple(dispute_row(each, titles[each.id], now=now, words=words) for each in shown[:MOST]),
        reasons=tuple(_reasons(mine, words)),
        agreements=tuple(Choice(slug, title, slug == agreement) for slug, title in sorted(slugs.items())),
        states=tuple(Choice(each.value, words(str(each.label)), each.value == state) for each in DisputeState),
        why=tuple(Choice(each.value, words(str(each.label)), each.value == reason) for each in DisputeReason),
        n=len(shown),
        n_shown=min(len(shown), MOST),
        waiver_href=waiver_href,
        is_filtered=bool(agreement or state or reason),
    )


def dispute_row(dispute: Dispute, promise: str, *, now: datetime, words: Words) -> DisputeRow:
    waiver = getattr(dispute, "waiver", None)
    return DisputeRow(
        id=dispute.id,
        about=about(dispute, words),
        promise=promise,
        reason=words(str(DisputeReason(dispute.reason).label)),
        state=words(STATES[dispute.state]),
        tone=TONES[dispute.state],
        raised_at=dispute.raised_at,
        by=dispute.raised_by.name,
        due_at=dispute.due_at if dispute.is_open else None,
        is_overdue=is_overdue(dispute, now),
        agreement=dispute.agreement.title,
        is_revoked=waiver is not None and hasattr(waiver, "revocation"),
    )


def about(dispute: Dispute, words: Words) -> str:
    """The lead and its verdict, or the hours."""
    if dispute.subject == Subject.WINDOW:
        assert dispute.from_at and dispute.until_at
        return words("Hours of an outage")
    if dispute.subject == Subject.COUNT:
        if dispute.was == "void":
            return words("Lead {id}: left out", id=dispute.lead_id)
        return words("Lead {id}: counted", id=dispute.lead_id)
    return words("Lead {id}: {verdict}", id=dispute.lead_id, verdict=words(VERDICTS[dispute.was]))


def is_overdue(dispute: Dispute, now: datetime) -> bool:
    return dispute.is_open and dispute.due_at is not None and dispute.due_at < now


def _reasons(found: list[Dispute], words: Words) -> Iterable[ReasonRow]:
    """The commonest first."""
    counts = Counter((each.reason, each.state) for each in found)
    totals = Counter(each.reason for each in found)
    for reason, n in totals.most_common():
        states = (counts[reason, state] for state in ("open", "accepted", "rejected", "withdrawn"))
        yield ReasonRow(words(str(DisputeReason(reason).label)), n, *states)
