"""What waivers changed in a number, beside the number as it would stand without them."""

from __future__ import annotations

from smarketing.charts.numbers import bare
from smarketing.scorecard.card import Line, Shape
from smarketing.terms.code_names import REASONS, said
from smarketing.terms.language import Words


def waived_words(line: Line, words: Words) -> str:
    """`92.0 % before 3 were waived (CRM outage 2, duplicate 1)`; empty where nothing was."""
    found = line.waived
    if found is None:
        return ""
    parts = []
    if found.n:
        was = bare(found.before.actual, line.actual_unit, words)
        changed = words.plural("{was} before {n} was waived", "{was} before {n} were waived", found.n, was=was)
        reasons = ", ".join(f"{said(each.id, REASONS, words)} {words.number(each.n)}" for each in found.reasons)
        parts.append(f"{changed} ({reasons})")
    if found.n_moot and line.shape is Shape.TOTAL:
        parts.append(
            words.plural(
                "{n} waiver without effect: it counts anyway",
                "{n} waivers without effect: they count anyway",
                found.n_moot,
            )
        )
    elif found.n_moot:
        parts.append(
            words.plural(
                "{n} waiver without effect: the promise was kept",
                "{n} waivers without effect: the promise was kept",
                found.n_moot,
            )
        )
    return " · ".join(parts)
