"""Read the first rows of uploaded files without keeping anything: what they become, in plain words."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from smarketing.sources.export import Export
from smarketing.sources.files.rows import Rows
from smarketing.sources.headers import Matched
from smarketing.sources.read_export import FileCount, read_export_file
from smarketing.sources.rejection import REASONS, shown_value
from smarketing.sources.rejects import RejectsFile
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_, Words

FIRST_ROWS = 1_000
SHOWN_FACTS = 10
HEADS = {
    "lead": N_("Lead {lead_id}"),
    "deal": N_("Deal {deal_id}"),
    "touch": N_("Touch: {kind}"),
    "spend": N_("Money spent on {day}"),
    "owner": N_("Owner {owner_id}"),
    "stage_change": N_("Change of {entity} {entity_id}"),
    "delivery": N_("Delivered: {deliverable}"),
    "identity": N_("{from_id} continues as {to_id}"),
    "deal_lead": N_("Lead {lead_id} had a part in deal {deal_id}"),
}
PARTS = {
    "lead": (
        ("created_at", N_("made at {value}")),
        ("channel", N_("from {value}")),
        ("campaign", N_("campaign {value}")),
        ("owner_id", N_("owner {value}")),
        ("status", N_("status {value}")),
        ("lifecycle", N_("stage {value}")),
        ("reason", N_("reason {value}")),
    ),
    "deal": (
        ("created_at", N_("opened at {value}")),
        ("status", N_("status {value}")),
        ("stage", N_("stage {value}")),
        ("amount", N_("worth {value}")),
        ("owner_id", N_("owner {value}")),
        ("closed_at", N_("closed at {value}")),
        ("lead_id", N_("of lead {value}")),
        ("person_key", N_("with {value}")),
    ),
    "touch": (
        ("occurred_at", N_("at {value}")),
        ("direction", N_("direction {value}")),
        ("owner_id", N_("by {value}")),
        ("outcome", N_("outcome {value}")),
        ("duration_s", N_("lasted {value}")),
        ("lead_id", N_("with lead {value}")),
        ("person_key", N_("with {value}")),
    ),
    "spend": (("amount", N_("{value}")), ("channel", N_("on {value}")), ("campaign", N_("campaign {value}"))),
    "owner": (("name", N_("called {value}")), ("email", N_("e-mail {value}")), ("team", N_("team {value}"))),
    "stage_change": (
        ("field", N_("its {value}")),
        ("to_value", N_("became {value}")),
        ("changed_at", N_("at {value}")),
    ),
    "delivery": (("delivered_at", N_("at {value}")), ("quantity", N_("amount {value}"))),
}


@dataclass(frozen=True, slots=True)
class FilePreview:
    """`n_rows` = `n_readable` + `n_rejected`, of the first rows; `reasons` and `examples` as receipts have them."""

    title: str
    n_rows: int = 0
    n_rejected: int = 0
    is_whole: bool = True
    reasons: tuple[tuple[str, int], ...] = ()
    examples: tuple[tuple[int, str, str, str], ...] = ()
    facts: tuple[str, ...] = ()
    problem: str = ""

    @property
    def n_readable(self) -> int:
        return self.n_rows - self.n_rejected


def preview_upload(export: Export, *, now: datetime, zone: str, words: Words) -> tuple[FilePreview, ...]:
    """A dry run over the first rows of every file that the profile reads.

    Takes    zone  in which instants are shown
    """
    return tuple(_previewed(found, export, now=now, zone=zone, words=words) for found in export.matched)


def _previewed(found: Matched, export: Export, *, now: datetime, zone: str, words: Words) -> FilePreview:
    frames: dict[str, pl.DataFrame] = {}

    def keep(table: str, facts: pl.DataFrame) -> None:
        frames.setdefault(table, facts.head(SHOWN_FACTS))

    whole, cut = found.file.read, _FirstRows(found)
    try:
        with tempfile.TemporaryDirectory() as place:
            decimal = found.rules.decimal or export.profile.decimal
            rejects = RejectsFile(Path(place) / "rejects.csv", found.file.headers, decimal, words)
            found.file.read = cut
            count = read_export_file(found, export, now=now, rejects=rejects, keep=keep, tell=lambda *_: None)
    except UserError as error:
        error.translate(words)
        return FilePreview(found.file.title, problem=f"{error.what} {error.hint}".strip())
    finally:
        found.file.read = whole
    return _counted(found, count, is_whole=not cut.is_cut, facts=_told(frames, export, zone, words), words=words)


class _FirstRows:
    """Reads the beginning of a file in place of all of it."""

    def __init__(self, found: Matched) -> None:
        self.file, self.whole, self.is_cut = found.file, found.file.read, False

    def __call__(self) -> Iterator[Rows]:
        rows = self.file.first() if self.file.first else next(self.whole(), None)
        if rows is None:
            return
        self.is_cut = rows.cells.height > FIRST_ROWS or rows.share < 1
        if rows.cells.height <= FIRST_ROWS:
            yield rows
            return
        final = int(rows.numbers[FIRST_ROWS - 1])
        yield replace(
            rows,
            cells=rows.cells.head(FIRST_ROWS),
            numbers=rows.numbers.head(FIRST_ROWS),
            typed={name: flags.head(FIRST_ROWS) for name, flags in rows.typed.items()},
            torn=tuple(each for each in rows.torn if each.row <= final),
        )


def _counted(found: Matched, count: FileCount, *, is_whole: bool, facts: tuple[str, ...], words: Words) -> FilePreview:
    return FilePreview(
        title=found.file.title,
        n_rows=count.n_rows,
        n_rejected=count.n_rejected,
        is_whole=is_whole,
        reasons=tuple((words(REASONS[reason]), n) for reason, n in count.reasons.most_common()),
        examples=tuple(
            (row, column, value, words(REASONS[reason])) for row, column, value, reason in count.examples[:5]
        ),
        facts=facts,
    )


def _told(frames: dict[str, pl.DataFrame], export: Export, zone: str, words: Words) -> tuple[str, ...]:
    order = [name for name in HEADS if name in frames and name != "stage_change"]
    tables = order[:2] or list(frames)[:1]
    share = SHOWN_FACTS // max(len(tables), 1)
    return tuple(
        fact_sentence(table, row, zone=zone, currency=export.profile.currency, words=words)
        for table in tables
        for row in frames[table].head(share).iter_rows(named=True)
    )


def fact_sentence(table: str, row: dict[str, Any], *, zone: str, currency: str, words: Words) -> str:
    """`Lead 42: made at Mon 2 Jun 2025, 10:00:00, from google, owner Rita.`"""

    def said(name: str) -> str:
        value = row.get(name)
        if isinstance(value, datetime):
            return words.instant(value, zone)
        if isinstance(value, date):
            return words.day(value)
        if name == "amount" and value is not None:
            code = row.get("currency") or currency
            return words.money(value, code) if code else words.number(value, 2)
        return words.duration(value) if name == "duration_s" else shown_value(str(value))

    head = words(HEADS[table], **{name: said(name) for name in row if name in HEADS[table]})
    parts = [words(part, value=said(name)) for name, part in PARTS.get(table, ()) if row.get(name) is not None]
    return f"{head}: {', '.join(parts)}" if parts else head
