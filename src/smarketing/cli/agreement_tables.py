"""An agreement and the difference of two on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from smarketing.cli.console import say, terminal
from smarketing.terms.agreement import Agreement
from smarketing.terms.difference import STRONGER, WEAKER, Difference
from smarketing.terms.document import Section, document
from smarketing.terms.fingerprint import fingerprint

LONGEST_CELL = 64
STYLES = {WEAKER: "yellow", STRONGER: "green"}


def show_document(agreement: Agreement) -> None:
    out = terminal()
    out.print(Text(agreement.title, style="bold underline"))
    for section in document(agreement, say):
        out.print()
        out.print(Text(section.title, style="bold"))
        for sentence in section.text:
            out.print(Padding(Text(sentence), (0, 0, 0, 2)))
        if section.rows:
            out.print(_entries(section) if _is_wide(section, out.width) else _table(section))
    out.print()
    out.print(Text(fingerprint(agreement), style="dim"), soft_wrap=True)


def _is_wide(section: Section, width: int) -> bool:
    """Whether a table of these rows would have to break its cells."""
    columns = zip(section.header, *section.rows, strict=True)
    widest = (max(len(line) for cell in column for line in cell.split("\n")) for column in columns)
    return sum(n + 3 for n in widest) > width


def _entries(section: Section) -> Padding:
    """Rows with long texts as entries: the name, the short columns with their titles, then the texts."""
    columns = list(zip(*(row[1:] for row in section.rows), strict=True))
    is_short = [all(len(cell) <= LONGEST_CELL and "\n" not in cell for cell in column) for column in columns]
    lines = []
    for name, *cells in section.rows:
        title, *rest = name.split("\n")
        fitted = list(zip(section.header[1:], cells, is_short, strict=True))
        short = " · ".join(f"{head}: {cell}" for head, cell, fits in fitted if cell and fits)
        lines.append(Text(title, style="bold cyan"))
        lines += [Text(text) for text in (*rest, *(cell for _, cell, fits in fitted if cell and not fits))]
        lines += [Text(short, style="dim")] if short else []
    return Padding(Group(*lines), (0, 0, 0, 2))


def _table(section: Section) -> Table:
    """The rows of a section; columns without any text are left out."""
    table = Table(box=SIMPLE_HEAD, header_style="dim", padding=(0, 1), show_lines=False)
    filled = [position for position in range(len(section.header)) if any(row[position] for row in section.rows)]
    for position in filled:
        table.add_column(section.header[position], overflow="fold")
    for row in section.rows:
        table.add_row(*(Text(row[position]) for position in filled))
    return table


def show_differences(found: Sequence[Difference]) -> None:
    out = terminal()
    if not found:
        out.print(say("The two say the same."))
    for difference in found:
        out.print(Text(difference.sentence, style=STYLES.get(difference.effect, "")))
