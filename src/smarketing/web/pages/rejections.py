"""Why sales said no: reasons by where the leads came from, each count the leads behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from smarketing.terms.code_names import CHANNELS, REASONS, said
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.period import read_period
from smarketing.workflows.count_rejections import SPLITS, Rejections
from smarketing.workflows.lead_matches import NONE

ANSWERS = {"disqualified": N_("Disqualified"), "recycled": N_("Sent back")}
NAMES = {"source": N_("Source"), "campaign": N_("Campaign"), "tier": N_("Tier"), "month": N_("Month")}


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    href: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """`share` in quarters of the greatest count of the table: how dark it is."""

    count: str
    href: str
    share: int


@dataclass(frozen=True, slots=True)
class Line:
    reason: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class RejectionsPage:
    sentence: str
    answers: tuple[Choice, ...]
    splits: tuple[Choice, ...]
    agreements: tuple[tuple[str, str, bool], ...]
    month: str
    answer: str
    split: str
    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    totals: tuple[Cell, ...]
    more: str


@dataclass(frozen=True, slots=True)
class AskedRejections:
    answer: str
    split: str
    month: str
    agreement: str

    @classmethod
    def read(cls, query: Mapping[str, str]) -> AskedRejections:
        """What an address asks for; what makes no sense is left out."""
        answer, split, month = (query.get(name, "") for name in ("answer", "by", "month"))
        return cls(
            answer if answer in ANSWERS else next(iter(ANSWERS)),
            split if split in SPLITS else SPLITS[0],
            month if len(month) == 7 and month[4] == "-" and month.replace("-", "").isdecimal() else "",
            query.get("agreement", "")[:60],
        )

    def address(self, path: str, **changes: str) -> str:
        parts = {"answer": self.answer, "by": self.split, "month": self.month, "agreement": self.agreement} | changes
        return f"{path}?{urlencode({name: value for name, value in parts.items() if value})}"


def rejections_page(
    found: Rejections,
    asked: AskedRejections,
    agreements: tuple[tuple[str, str], ...],
    *,
    path: str,
    leads: str,
    words: Words,
) -> RejectionsPage:
    """The table in the reader's words; `leads` is the address of the list that counts lead to."""
    most = max(found.counts.values(), default=0)

    def cell(n: int, reason: str = "", column: str = "", *, is_shaded: bool = False) -> Cell:
        parts = {"agreement": asked.agreement, "given_back": asked.answer, "reason": reason, "period": asked.month}
        if column:
            parts["period" if asked.split == "month" else asked.split] = column
        href = f"{leads}?{urlencode({name: value for name, value in parts.items() if value})}" if n else ""
        return Cell(words.number(n) if n else "", href, -(-4 * n // most) if is_shaded and most else 0)

    lines = tuple(
        Line(
            _reason(reason, words),
            tuple(cell(found.counts.get((reason, each), 0), reason, each, is_shaded=True) for each in found.columns),
            cell(found.by_reason[reason], reason),
        )
        for reason in found.reasons
    )
    return RejectionsPage(
        sentence=_sentence(found, asked, words),
        answers=tuple(
            Choice(words(name), asked.address(path, answer=a), a == asked.answer) for a, name in ANSWERS.items()
        ),
        splits=tuple(Choice(words(NAMES[s]), asked.address(path, by=s), s == asked.split) for s in SPLITS),
        agreements=tuple((slug, title, slug == asked.agreement) for slug, title in agreements),
        month=asked.month,
        answer=asked.answer,
        split=asked.split,
        heading=words(NAMES[asked.split]),
        columns=tuple(_column(each, asked.split, words) for each in found.columns),
        lines=lines,
        totals=(*(cell(found.by_column[each], "", each) for each in found.columns), cell(found.n)),
        more=words.plural("{n} more is in the totals only.", "{n} more are in the totals only.", found.n_more)
        if found.n_more
        else "",
    )


def _reason(reason: str, words: Words) -> str:
    return words("no reason given") if reason == NONE else said(reason, REASONS, words)


def _column(value: str, split: str, words: Words) -> str:
    if value == NONE:
        return words("none")
    if split == "source":
        return said(value, CHANNELS, words)
    return words.month(read_period(value).from_on) if split == "month" else value


def _sentence(found: Rejections, asked: AskedRejections, words: Words) -> str:
    if not found.n:
        return words("Sales gave none of {n} leads back this way.", n=words.number(found.n_leads))
    share = words.percent(found.n / found.n_leads if found.n_leads else None)
    top = next(iter(found.by_reason))
    template = (
        words("Of {all} leads sales disqualified {n}, {share}. The most frequent reason: {reason}, {k} times.")
        if asked.answer == "disqualified"
        else words("Of {all} leads sales sent {n} back, {share}. The most frequent reason: {reason}, {k} times.")
    )
    return template.format(
        all=words.number(found.n_leads),
        n=words.number(found.n),
        share=share,
        reason=_reason(top, words),
        k=words.number(found.by_reason[top]),
    )
