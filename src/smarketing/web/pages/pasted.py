"""Pasted leads before they are brought in: what each row will become, and which rows stay out and why."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.terms.code_names import CHANNELS, said
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.workflows.read_pasted import NAMES, Pasted, PastedReject, PastedRow

HEADINGS = {
    "person": N_("Contact"),
    "source": N_("Source"),
    "campaign": N_("Campaign"),
    "content": N_("Content"),
    "landing_page": N_("Page of the request"),
    "grade": N_("Grade"),
    "score": N_("Score"),
    "created_at": N_("Made"),
    "owner": N_("Owner"),
}


@dataclass(frozen=True, slots=True)
class PastedPage:
    text: str
    told: str
    columns: tuple[tuple[str, str], ...]  # what a heading may be called, by what it means
    count: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rejects: tuple[tuple[str, ...], ...]
    unused: str
    can_bring: bool


def pasted_page(pasted: Pasted | None, *, text: str, told: str, zone: str, words: Words) -> PastedPage:
    rows = pasted.rows if pasted else ()
    used = [name for name in HEADINGS if any(getattr(row.lead, name) for row in rows)]
    return PastedPage(
        text=text,
        told=told,
        columns=tuple((words(HEADINGS[name]), ", ".join(names[:4])) for name, names in NAMES.items()),
        count=_count(pasted, words),
        headers=(words("Row"), *(words(HEADINGS[name]) for name in used)),
        rows=tuple((words.number(row.number), *(_cell(row, name, zone, words) for name in used)) for row in rows),
        rejects=tuple(_reject(each, words) for each in pasted.rejects) if pasted else (),
        unused=words("Not used: {names}", names=", ".join(pasted.unused)) if pasted and pasted.unused else "",
        can_bring=bool(rows),
    )


def _count(pasted: Pasted | None, words: Words) -> str:
    if pasted is None:
        return ""
    return words(
        "{n} rows: {good} can be kept, {bad} cannot, {same} are there twice.",
        n=words.number(pasted.n),
        good=words.number(len(pasted.rows)),
        bad=words.number(len(pasted.rejects)),
        same=words.number(pasted.n_repeated),
    )


def _cell(row: PastedRow, name: str, zone: str, words: Words) -> str:
    lead = row.lead
    if name == "created_at":
        return words.instant(lead.created_at, zone) if lead.created_at else ""
    if name == "source":
        return said(lead.source, CHANNELS, words)
    if name == "score":
        return words.number(lead.score, 1) if lead.score is not None else ""
    value = getattr(lead, name)
    return str(value) if value else ""


def _reject(each: PastedReject, words: Words) -> tuple[str, ...]:
    return (words.number(each.number), words(HEADINGS[each.column]), each.value, each.reason)
