"""An import on the terminal: what became of every row, why some were rejected, and what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from smarketing.cli.console import say, terminal

if TYPE_CHECKING:
    from smarketing.ledger.receipts import FileReceipt, Receipt
    from smarketing.sources.proposal import Proposal

STATUS = {
    "imported": say("imported"),
    "repeated": say("read before"),
    "linking": say("looked into"),
    "unknown": say("not in the profile"),
    "unreadable": say("unreadable"),
}
ASIDE = ("linking", "unknown")  # files that give no rows
SHOWN_REASONS = 5


def show_receipt(receipt: Receipt, folder: Path) -> None:
    out = terminal()
    out.print(_files(receipt))
    out.print(_facts(receipt))
    for file in receipt.files:
        _show_file(file, folder)
    for status in ASIDE:
        names = ", ".join(file.file for file in receipt.files if file.status == status)
        if names:
            out.print(Text(f"{STATUS[status]}: {names}", style="dim"), soft_wrap=True)
    out.print(_sum(receipt), soft_wrap=True)
    if receipt.is_dry_run:
        out.print(say("This was a dry run: nothing was written."), style="yellow", soft_wrap=True)


def _files(receipt: Receipt) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(say("File"), overflow="fold")
    table.add_column(say("Read as"))
    for name in (say("Rows"), say("Accepted"), say("Rejected"), say("Duplicates")):
        table.add_column(name, justify="right")
    for file in (file for file in receipt.files if file.status not in ASIDE):
        title = f"{file.file} [{file.sheet}]" if file.sheet else file.file
        as_what = file.read_as if file.status == "imported" else STATUS[file.status]
        counts = (file.n_rows, file.n_accepted, file.n_rejected, file.n_duplicates)
        is_read = file.status in ("imported", "repeated")
        cells = [say.number(n) if is_read else "" for n in counts]
        style = "red" if file.status == "unreadable" else ""
        # Names of files are other people's text: never markup.
        table.add_row(Text(title), Text(as_what), *cells, style=style)
    return table


def _facts(receipt: Receipt) -> Text:
    parts = [
        say(
            "{table}: {n_new} new, {n_updated} changed",
            table=name,
            n_new=say.number(count.n_new),
            n_updated=say.number(count.n_updated),
        )
        for name, count in receipt.tables.items()
        if count.n_accepted
    ]
    return Text(" · ".join(parts), style="dim") if parts else Text(say("No fact changed."), style="dim")


def _show_file(file: FileReceipt, folder: Path) -> None:
    out = terminal()
    if file.problem:
        out.print(Text(file.problem, style="red"), soft_wrap=True)
    if file.form and not file.form.startswith("utf-8"):
        out.print(Text(say("{file}: read as {form}.", file=file.file, form=file.form), style="dim"), soft_wrap=True)
    for note in file.notes:
        out.print(Text(f"{file.file}: {note}", style="dim"), soft_wrap=True)
    if file.n_blank and file.status == "imported":
        out.print(
            Text(
                say("{file}: {n} blank rows or repeated headers.", file=file.file, n=say.number(file.n_blank)),
                style="dim",
            )
        )
    if file.n_unused:
        told = say(
            "{file}: {n} rows are no facts by the profile's conditions.", file=file.file, n=say.number(file.n_unused)
        )
        out.print(Text(told, style="dim"), soft_wrap=True)
    if file.n_twice:
        told = say(
            "{file}: {n} times came twice when clocks were put back.", file=file.file, n=say.number(file.n_twice)
        )
        out.print(Text(told, style="yellow"), soft_wrap=True)
    if file.n_emptied:
        told = say("{file}: {n} unreadable cells were left empty.", file=file.file, n=say.number(file.n_emptied))
        out.print(Text(told, style="yellow"), soft_wrap=True)
    if file.lost_ids:
        told = say(
            "{file}: a spreadsheet lost the last digits of ids such as {id}; what they link may not be found.",
            file=file.file,
            id=file.lost_ids[0],
        )
        out.print(Text(told, style="yellow"), soft_wrap=True)
    if file.n_rejected and file.status == "imported":
        _show_rejects(file, folder)


def _show_rejects(file: FileReceipt, folder: Path) -> None:
    from smarketing.sources.rejection import REASONS

    out = terminal()
    for reason, n in list(file.reasons.items())[:SHOWN_REASONS]:
        example = next((cell for cell in file.examples if cell.reason == reason), None)
        told = say("{file}: {n} × {because}", file=file.file, n=say.number(n), because=say(REASONS[reason]))
        if example:
            told += " " + say(
                'For example row {row}, column "{column}": {value}',
                row=example.row,
                column=example.column,
                value=example.value,
            )
        out.print(Text(told, style="yellow"), soft_wrap=True)
    if file.rejects_file:
        told = say("Correct the rejected rows in {path} and import that file.", path=folder / file.rejects_file)
        out.print(Text(told), soft_wrap=True)


def _sum(receipt: Receipt) -> Text:
    told = say(
        "{n_rows} rows = {n_accepted} accepted + {n_rejected} rejected + {n_duplicates} duplicates",
        n_rows=say.number(receipt.n_rows),
        n_accepted=say.number(receipt.n_accepted),
        n_rejected=say.number(receipt.n_rejected),
        n_duplicates=say.number(receipt.n_duplicates),
    )
    return Text(told, style="bold")


def show_proposal(proposal: Proposal, path: Path, files: list[Path]) -> None:
    out = terminal()
    for title in dict.fromkeys(line.file for line in proposal.lines):
        table = Table(box=None, header_style="bold", pad_edge=False, title=Text(title), title_justify="left")
        for name in (say("Column"), say("Becomes"), say("For example")):
            table.add_column(name, overflow="fold")
        for line in (line for line in proposal.lines if line.file == title):
            style = "" if line.becomes else "dim"
            table.add_row(Text(line.header), Text(line.becomes), Text(line.example), style=style)
        out.print(table)
        out.print()
    for doubt in proposal.doubts:
        out.print(Text(doubt.told(say), style="yellow"), soft_wrap=True)
    names = " ".join(file.name for file in files)
    told = say(
        "Correct {path}, then: smarketing import {names} --profile {path} --facts DIR --dry-run", path=path, names=names
    )
    out.print(Text(told), soft_wrap=True)
