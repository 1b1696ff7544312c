"""Frames of one table: empty, completed, and of the right columns in the right order."""

from __future__ import annotations

import polars as pl

from smarketing.facts.checks import issues, sentence_of
from smarketing.facts.schema import TABLES, Table
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_


def table_named(name: str) -> Table:
    """The Table called `name`.

    Raises FactsError when there is none.
    """
    if name not in TABLES:
        what, hint = N_('There is no table "{name}".'), N_("Choose one of {choices}.")
        raise FactsError(what, hint=hint, name=name, choices=", ".join(TABLES))
    return TABLES[name]


def empty(table: Table) -> pl.DataFrame:
    return EMPTY[table.name] if TABLES.get(table.name) is table else pl.DataFrame(schema=table.schema)


EMPTY = {name: pl.DataFrame(schema=table.schema) for name, table in TABLES.items()}


def completed(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """`frame` with the columns of `table` in their order; a column it lacks is null."""
    if frame.columns == table.names:
        return frame
    lacking = [pl.lit(None, dtype).alias(name) for name, dtype in table.schema.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(table.names)


def conforming(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """`frame` completed, once it is known to keep the table's rules.

    Raises FactsError that names the first broken rule and counts the rest.
    """
    found = issues(frame, table)
    if found.is_empty():
        return completed(frame, table)
    issue = found.row(0, named=True)
    row = "" if issue["row"] is None else f", row {issue['row'] + 1}"
    what, values = sentence_of(issue, table)
    raise FactsError(
        what,
        where=f"{table.name}.{issue['column']}{row}",
        hint=N_("Mend the mapping profile, or leave the row out. Such issues in this table: {n}."),
        n=found.height,
        **values,
    )
