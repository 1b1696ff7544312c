"""Rejected rows as a CSV that can be corrected and imported again: the file's own columns, then the reason."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from smarketing.sources.files.rows import Rows
from smarketing.sources.headers import REJECT_COLUMNS, without_reject_columns
from smarketing.sources.rejection import REASONS, shown_value
from smarketing.terms.language import LANGUAGES, Words
from smarketing.terms.language import words as language_words

# A spreadsheet runs what begins like this as a formula; an apostrophe in front keeps it text.
FORMULA = r"^'*(?:[=@\t\r]|[+-](?:[^0-9., ]|.*[A-Za-z(]))"
ESCAPED = r"^'('*(?:[=@\t\r]|[+-](?:[^0-9., ]|.*[A-Za-z(])))"


class RejectsFile:
    """Gathers the rejected rows of one file. Nothing is written until there is one."""

    def __init__(self, path: Path, headers: tuple[str, ...], decimal: str, words: Words) -> None:
        self.path, self.headers, self.decimal, self.words = path, without_reject_columns(headers), decimal, words
        self.n_rows = 0

    def add(self, rows: Rows, rejects: pl.DataFrame) -> list[tuple[int, str, str, str]]:
        """Write the rejected and torn rows of a chunk.

        Takes    rejects  row, column, value, reason: one row per rejected row
        Returns  the same as it may be shown: row, column, shortened value, key of REASONS
        """
        shown = [
            (row, column or "", shown_value(value), reason)
            for row, column, value, reason in rejects.select("row", "column", "value", "reason").iter_rows()
        ]
        torn = [(each.row, "", shown_value(each.text), each.reason) for each in rows.torn]
        if not shown and not torn:
            return []
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if not self.n_rows:
                writer.writerow([*self.headers, *REJECT_COLUMNS])
            for cells, (row, column, value, reason) in zip(self._original(rows, rejects), shown, strict=True):
                writer.writerow([*cells, row, column, value, self.words(REASONS[reason])])
            for each in rows.torn:
                cells = [_asleep_text(cell) for cell in each.cells] or [""] * len(self.headers)
                # A row without cells stands whole where its value would: that is all there is to correct it by.
                told = shown_value(each.text) if each.cells else each.text
                writer.writerow([*cells, each.row, "", told, self.words(REASONS[each.reason])])
        self.n_rows += len(shown) + len(torn)
        return sorted(shown + torn)

    def _original(self, rows: Rows, rejects: pl.DataFrame) -> list[list[str]]:
        """The cells of rejected rows as they were, numbers with the decimal sign of the profile."""
        order = pl.DataFrame({"row": rejects["row"]})
        frame = rows.cells.select(self.headers).with_columns(rows.numbers.alias("\x00row"))
        for name, flags in rows.typed.items():
            if name in self.headers and self.decimal == ",":
                written = pl.col(name).str.replace(".", ",", literal=True)
                frame = frame.with_columns(pl.when(flags).then(written).otherwise(pl.col(name)).alias(name))
        found = order.join(frame, left_on="row", right_on="\x00row", how="left", maintain_order="left").drop("row")
        safe = found.select(_asleep(pl.col(name)).fill_null("").alias(name) for name in self.headers)
        return [list(row) for row in safe.rows()]


def _asleep(cell: pl.Expr) -> pl.Expr:
    return pl.when(cell.str.contains(FORMULA)).then(pl.concat_str(pl.lit("'"), cell)).otherwise(cell)


def _asleep_text(cell: str) -> str:
    return f"'{cell}" if re.search(FORMULA, cell) else cell


def unescaped(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells of a corrected rejects file without the apostrophes that kept formulas asleep."""
    return cells.select(pl.all().str.replace(ESCAPED, "$1"))


def told_again(lines: Iterable[str], words: Words) -> Iterator[str]:
    """The lines of a rejects file with each row's reason, its last cell, in another language.

    Lines are left as they are where they end in none of our sentences: a cell may go on in the next.
    """
    sentences = _cells_of_reasons(words)
    for line in lines:
        text = line.rstrip("\r\n")
        start = text.rfind(',"' if text.endswith('"') else ",") + 1
        reason = sentences.get(text[start:])
        yield line if not start or reason is None else text[:start] + reason + line[len(text) :]


def _cells_of_reasons(words: Words) -> dict[str, str]:
    """Cells that hold a reason in any language, and the same in this one; as CSV writes them."""
    spoken = [language_words(language) for language in LANGUAGES]
    return {_cell(each(sentence)): _cell(words(sentence)) for sentence in REASONS.values() for each in spoken}


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search(r'[,"\r\n]', text) else text
