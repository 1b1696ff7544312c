"""The numbers of a scorecard as a table for other programs: one row for each promise, then for each of its groups."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from smarketing.reports.leads_table import harmless
from smarketing.scorecard.card import Group, Line, Scorecard

COLUMNS = (
    "agreement", "version", "period", "as_of",
    "party", "commitment", "kind", "axis", "group",
    "actual", "target", "unit", "word", "is_target_met", "attainment",
    "n_met", "n_breached", "n_running", "n_at_risk", "n_void",
    "mean_s", "median_s", "p90_s", "only",
)  # fmt: skip
WAIVED = ("n_waived", "actual_before_waivers", "attainment_before_waivers")  # only where something was waived


def scorecard_csv(card: Scorecard) -> bytes:
    """UTF-8 with the byte order mark that spreadsheets ask for; texts that look like formulas are made harmless."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *WAIVED) if _has_waivers(card) else COLUMNS)
    writer.writerows([_cell(value) for value in row] for row in rows(card))
    return ("\ufeff" + text.getvalue()).encode()


def rows(card: Scorecard) -> Iterator[tuple[object, ...]]:
    head = (card.agreement.id, card.agreement.version, card.period.label, card.now.isoformat())
    only = ", ".join(f"{axis.value}={name}" for axis, name in card.only.items())
    for line in card.lines:
        yield (*head, *_whole(line), only, *(_before(line) if _has_waivers(card) else ()))
        for axis, groups in line.groups.items():
            yield from ((*head, *_group(line, axis.value, group), only) for group in groups)


def _has_waivers(card: Scorecard) -> bool:
    return any(line.waived for line in card.lines)


def _before(line: Line) -> tuple[object, ...]:
    if line.waived is None:
        return (0, line.actual, line.attainment)
    return (line.waived.n, line.waived.before.actual, line.waived.before.attainment)


def _whole(line: Line) -> tuple[object, ...]:
    times = (line.speed.mean_s, line.speed.median_s, line.speed.p90_s) if line.speed else (None, None, None)
    counts = (line.n_met, line.n_breached, line.n_running, line.n_at_risk, line.n_void)
    said = (line.actual, line.target_value, line.actual_unit, line.word.value, line.is_target_met, line.attainment)
    return (line.party, line.id, line.kind, "", "", *said, *counts, *times)


def _group(line: Line, axis: str, group: Group) -> tuple[object, ...]:
    counts = (group.n_met, group.n_breached, group.n_running, group.n_at_risk, group.n_void)
    said = (group.actual, group.target, line.actual_unit, "", group.is_target_met, group.attainment)
    times = (group.mean_s, group.median_s, group.p90_s)
    return (line.party, line.id, line.kind, axis, group.name or group.id, *said, *counts, *times)


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else value
