"""What a waiver of some hours would change, in a sentence for each promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smarketing.terms.language import Words
from smarketing.workflows.open_window import OpenedWindow
from smarketing.workflows.waive_window import WouldChange


@dataclass(frozen=True, slots=True)
class WaiverPage:
    """`sentences` say what would change; empty before hours were named."""

    slug: str
    agreements: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...] = ()
    n: int = 0


def waiver_page(opened: OpenedWindow, found: Sequence[WouldChange], words: Words) -> WaiverPage:
    titles = dict(opened.promises)
    said = tuple(_sentence(each, titles[each.commitment], words) for each in found)
    return WaiverPage(opened.slug, opened.agreements, said, sum(each.n for each in found))


def _sentence(each: WouldChange, title: str, words: Words) -> str:
    """`37 clocks of First call would be waived: 12 breached, 25 met`."""
    if not each.n:
        return words("No clock of {title} would be waived.", title=title)
    parts = [
        words.plural("{n} breached", "{n} breached", each.n_breached),
        words.plural("{n} met", "{n} met", each.n_met),
        words.plural("{n} running", "{n} running", each.n_running),
    ]
    counts = ", ".join(part for part, n in zip(parts, (each.n_breached, each.n_met, each.n_running), strict=True) if n)
    return words.plural(
        "{n} clock of {title} would be waived: {counts}.",
        "{n} clocks of {title} would be waived: {counts}.",
        each.n,
        title=title,
        counts=counts,
    )
