"""A profile proposed from headers and sample values, written with its reasons so that a person can correct it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from smarketing.facts.schema import TABLES, DType
from smarketing.sources.files.first_rows import first_rows
from smarketing.sources.files.open_file import Layout, Open, open_file
from smarketing.sources.files.rows import Note, RowFile
from smarketing.sources.guess_columns import columns_of, filled_cells, share_read, table_of, time_formats
from smarketing.sources.guess_document import document_of
from smarketing.sources.headers import without_reject_columns
from smarketing.sources.profile import Decimals
from smarketing.sources.proposal import Choices, Line, Proposal, Seen
from smarketing.sources.read_numbers import amounts
from smarketing.sources.rejection import shown_value
from smarketing.sources.yaml_text import yaml_text
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_


def guessed_profile(
    paths: Sequence[Path], *, name: str, zone: str = "", choices: Choices | None = None, opened: Open = open_file
) -> Proposal:
    """A profile for these files. It loads as it is written, and names by FILL IN what it could not find.

    Takes    choices  what a person has said already; the files are then also known by their columns
             opened   opens a file: sampled_file where first rows are kept
    Raises UserError when a file cannot be opened.
    """
    proposal = Proposal()
    seen = [each for path in paths for each in _sheets(opened(path, Layout()))]
    for each in seen:
        _settle(each, choices)
        _read_samples(each, proposal)
    _explain(seen, proposal)
    for each in [each for each in seen if not each.columns]:
        proposal.doubts.append(
            Note(N_("{file}: nothing in it looks like a fact; it is left out."), {"file": each.file.title})
        )
    seen = [each for each in seen if each.columns]
    if not seen:
        names = ", ".join(path.name for path in paths)
        raise UserError(
            N_("No column of {names} says what it is."),
            where="--guess",
            hint=N_("Copy the profile generic and write one by hand."),
            names=names,
        )
    if not zone:
        proposal.doubts.append(Note(N_("Times without an offset need a zone: fill in `zone:` or say --zone.")))
    ident = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    document = document_of(seen, ident if re.match("[a-z]", ident) else f"p_{ident}", zone, proposal)
    if choices is not None:
        document = _chosen(document, seen, choices)
    head = "# Proposed from headers and sample values. Read every line: a wrong column gives wrong numbers.\n"
    proposal.text = head + yaml_text(document)
    return proposal


def _settle(seen: Seen, choices: Choices | None) -> None:
    """The table and columns of a file: those that somebody chose, else the likeliest."""
    chosen = choices.files.get(seen.file.title) if choices else None
    seen.table = chosen.table if chosen else table_of(seen)
    if not seen.table:
        seen.columns = {}
    elif chosen and chosen.columns:
        known = set(seen.cells.columns)
        names = TABLES[seen.table].names
        seen.columns = {name: header for name, header in chosen.columns.items() if header in known and name in names}
    else:
        seen.columns = columns_of(seen)
    if chosen:
        seen.meanings = chosen.meanings


def _chosen(document: dict[str, Any], seen: Sequence[Seen], choices: Choices) -> dict[str, Any]:
    """The document with what a person said of all files, and each file known by its columns as well."""
    said = {"source": choices.source, "currency": choices.currency, "decimal": choices.decimal}
    head = {key: value for key, value in document.items() if key != "files"}
    head |= {key: value for key, value in said.items() if value}
    files = {
        name: {"files": rules["files"], "headers": _telling(each)}
        | {key: value for key, value in rules.items() if key != "files"}
        | ({"format": list(choices.formats)} if choices.formats else {})
        for (name, rules), each in zip(document["files"].items(), seen, strict=True)
    }
    return head | {"files": files}


def _telling(seen: Seen) -> list[str]:
    return list(dict.fromkeys(seen.columns.values()))


def _sheets(tables: list[RowFile]) -> list[Seen]:
    """The visible tables of a file; the first when all are hidden."""
    shown = [table for table in tables if not table.is_hidden] or tables[:1]
    found = [_sampled(table, is_named=len(shown) > 1 or table.is_hidden) for table in shown]
    return [*found[:1], *(replace(each, is_first=False) for each in found[1:])]


def _sampled(file: RowFile, *, is_named: bool) -> Seen:
    rows = first_rows(file)
    if rows is None:
        return Seen(
            file, pl.DataFrame(schema=dict.fromkeys(without_reject_columns(file.headers), pl.String)), {}, is_named
        )
    names = without_reject_columns(file.headers)
    return Seen(file, rows.cells.select(names), dict(rows.typed), is_named)


def _read_samples(seen: Seen, proposal: Proposal) -> None:
    """Formats, decimal sign and currencies, from the cells of the columns that need them."""
    for name, header in seen.columns.items():
        column = TABLES[seen.table].column(name)
        texts = filled_cells(seen, header)
        if texts.is_empty():
            continue
        if column.dtype in (DType.INSTANT, DType.DAY):
            _, formats, is_doubtful = time_formats(texts)
            seen.formats += [written for written in formats if written not in seen.formats]
            if is_doubtful:
                message = N_(
                    '{file}: day and month of "{header}" may be the other way round; the sample does not tell.'
                )
                proposal.doubts.append(Note(message, {"file": seen.file.title, "header": header}))
        elif column.dtype is DType.MONEY and not (header in seen.typed and seen.typed[header].all()):
            shares: dict[Decimals, float] = {
                sign: share_read(texts, seen, header, sign) for sign in (".", ",", "either")
            }
            seen.decimals.add(max(shares, key=lambda sign: shares[sign]))
            named = amounts(texts, None, "either")[1].drop_nulls()
            seen.currencies |= set(named.filter(named.str.contains("^[A-Z]{3}$")).to_list())


def _explain(seen: list[Seen], proposal: Proposal) -> None:
    for each in seen:
        becomes: dict[str, list[str]] = {}
        for name, header in each.columns.items():
            becomes.setdefault(header, []).append(f"{each.table}.{name}")
        for header in each.cells.columns:
            sample = shown_value(next(iter(each.values(header)), ""))
            proposal.lines.append(Line(each.file.title, header, ", ".join(becomes.get(header, [])), sample))
