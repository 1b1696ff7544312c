"""Dead letters and conflicts of the inbox: which, why, and what can be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from smarketing.ledger.inbox_rows import rows_of
from smarketing.ledger.models import InboxRow, RowState
from smarketing.records.access import Actor, can
from smarketing.records.models import Source
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.replay_events import dead_letters
from smarketing.workflows.show_event import event_text

MOST = 100
STATES = {
    RowState.WAITING: (N_("waiting"), "open"),
    RowState.HELD: (N_("held back"), "open"),
    RowState.DONE: (N_("brought in"), "good"),
    RowState.DEAD: (N_("dead letter"), "bad"),
    RowState.CONFLICT: (N_("set aside"), "muted"),
}


@dataclass(frozen=True, slots=True)
class LetterRow:
    id: int
    src: str
    source: str
    key: str
    received_at: datetime
    occurred_at: datetime | None
    state: str
    tone: str
    reason: str
    place: str  # path in the event that is wrong, and what stands there
    n_tries: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Dead letters of one source with one reason."""

    src: str
    source: str
    code: str
    reason: str
    n: int
    href: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    rows: tuple[LetterRow, ...]
    reasons: tuple[ReasonRow, ...]
    n: int
    n_dead: int
    n_conflicts: int
    is_conflicts: bool
    src: str
    code: str
    may_act: bool
    all_href: str

    @classmethod
    def of(cls, actor: Actor, words: Words, *, src: str, code: str, is_conflicts: bool) -> InboxPage:
        dead, conflicts = dead_letters(), InboxRow.objects.filter(is_conflict=True)
        shown = (conflicts.filter(src=src) if src else conflicts) if is_conflicts else dead_letters(src=src, code=code)
        names = dict(Source.objects.values_list("slug", "name"))
        rows = tuple(letter_row(row, names, words) for row in shown.defer("body").order_by("-id")[:MOST])
        reasons = () if is_conflicts else _reasons(dead, names, words)
        may_act = can(actor, "event", "replay") and not is_conflicts
        n_dead, n_conflicts = dead.count(), conflicts.count()
        home = reverse("inbox")
        return cls(rows, reasons, shown.count(), n_dead, n_conflicts, is_conflicts, src, code, may_act, home)


@dataclass(frozen=True, slots=True)
class LetterPage:
    row: LetterRow
    body: str
    is_redacted: bool
    headers: tuple[tuple[str, str], ...]
    receipt: str
    others: tuple[LetterRow, ...]  # other versions of the same event
    may_act: bool

    @classmethod
    def of(cls, row: InboxRow, actor: Actor, words: Words) -> LetterPage:
        names, is_redacted = dict(Source.objects.values_list("slug", "name")), not actor.is_admin
        others = rows_of(row.src, [row.key]).exclude(id=row.id).defer("body")
        return cls(
            row=letter_row(row, names, words),
            body=event_text(row, is_redacted=is_redacted),
            is_redacted=is_redacted,
            headers=tuple((name, str(value)) for name, value in sorted(row.headers.items())),
            receipt=str(row.receipt),
            others=tuple(letter_row(other, names, words) for other in others),
            may_act=row.state == RowState.DEAD and can(actor, "event", "replay"),
        )


def letter_row(row: InboxRow, names: dict[str, str], words: Words) -> LetterRow:
    state, tone = STATES[RowState(row.state)]
    if row.state == RowState.DONE and row.seq is None:
        state, tone = N_("put away"), "muted"
    trouble = row.trouble or {}
    place = " = ".join(filter(None, (str(trouble.get("column") or ""), str(trouble.get("value") or ""))))
    return LetterRow(
        id=row.id,
        src=row.src,
        source=names.get(row.src, row.src),
        key=row.key[:12],
        received_at=row.received_at,
        occurred_at=row.occurred_at,
        state=words(state),
        tone=tone,
        reason=reason_of(trouble, words),
        place=place,
        n_tries=row.n_tries,
    )


def reason_of(trouble: dict[str, Any], words: Words) -> str:
    """The sentence in the reader's language; the code where it has none."""
    sentence = str(trouble.get("sentence") or "")
    if not sentence:
        return str(trouble.get("code") or "")
    try:
        return words(sentence, **(trouble.get("arguments") or {}))
    except (KeyError, IndexError, ValueError):
        return sentence


def _reasons(dead: QuerySet[InboxRow], names: dict[str, str], words: Words) -> tuple[ReasonRow, ...]:
    grouped = dead.order_by().values("src", "trouble__code", "trouble__sentence").annotate(n=Count("id")).order_by("-n")
    return tuple(_reason(dict(row), names, words) for row in grouped[:MOST])


def _reason(row: dict[str, Any], names: dict[str, str], words: Words) -> ReasonRow:
    src, code = row["src"], row["trouble__code"] or ""
    sentence = str(row["trouble__sentence"] or code)
    blanks = {name: "…" for _, name, _, _ in Formatter().parse(sentence) if name}
    said = words(sentence, **blanks)
    href = f"{reverse('inbox')}?{urlencode({'src': src, 'code': code})}"
    return ReasonRow(src, names.get(src, src), code, said, row["n"], href)
