"""Random leads of the benchmark's company, with its forty calendars, agree with the slow twin."""

from __future__ import annotations

from dataclasses import fields, replace
from random import Random
from typing import Any

from bench.company import BEGIN, NOW, company, histories
from tests.oracle.pasts import EXAMPLES, told
from tests.oracle.twin import Row, Rows, twin

from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import CONNECTED, DONE, HUMAN, INBOUND, NEVER, OUT, Codebook, Columns, History
from smarketing.facts.schema import DEAL_STATUS, TOUCH_KINDS

WORDS = {"owner": "owners", "grade": "grades", "source": "sources", "stage": "stages", "currency": "currencies"}


def test_leads_of_a_large_company_agree_with_the_slow_twin() -> None:
    made = company()
    history = next(histories(20_000))
    compiled = compile_terms([made.agreement], made.codebook, start=BEGIN, end=NOW)
    found = told(evaluate(history, compiled, now=NOW), compiled, [str(n) for n in range(len(history.leads))])
    sample = sorted(Random(EXAMPLES).sample(range(len(history.leads)), EXAMPLES // 3))
    expected = twin(rows_of(history, made.codebook, sample), [made.agreement], NOW)
    asked = {str(lead) for lead in sample}
    assert {name: [row for row in rows if row.lead in asked] for name, rows in found.items()} == expected


def rows_of(history: History, book: Codebook, sample: list[int]) -> Rows:
    """The facts of some leads with names instead of codes."""
    owners = {
        name: {"calendar": calendar, "team": book.teams[team]}
        for name, calendar, team in zip(book.owners, book.owner_calendars, book.team_of, strict=True)
    }
    tables = {
        name: [row for lead in sample for row in _rows(getattr(history, name), book, lead)]
        for name in ("touches", "stages", "assignments", "deals")
    }
    leads = [{"lead": str(lead)} | _row(history.leads, book, lead) for lead in sample]
    return replace(Rows(owners=owners), leads=leads, **tables)


def _rows(table: Any, book: Codebook, lead: int) -> list[Row]:
    return [_row(table, book, row) for row in range(*table.lead.searchsorted([lead, lead + 1]))]


def _row(table: Columns, book: Codebook, row: int) -> Row:
    values = {f.name: getattr(table, f.name)[row].item() for f in fields(table)}
    named = {name: _name(name, value, book) for name, value in values.items()}
    if "flags" in values:
        named |= {"how": _how(values["flags"]), "kind": TOUCH_KINDS[values["kind"]]}
    if "amount" in values:
        named |= {"amount": values["amount"] / 10_000, "status": DEAL_STATUS[values["status"]]}
    return named


def _name(name: str, value: Any, book: Codebook) -> Any:
    if name in WORDS:
        return getattr(book, WORDS[name])[value] if value >= 0 else None
    if name == "void":
        return book.reasons[value - 1] if value else None
    missing = value == NEVER or value != value or (name == "duration_s" and value < 0)
    return None if missing else str(value) if name == "lead" else value


def _how(flags: int) -> str:
    direction = "out" if flags & OUT else "in" if flags & INBOUND else "internal"
    marks = (("automated", not flags & HUMAN), ("planned", not flags & DONE), ("connected", flags & CONNECTED))
    return " ".join([direction, *(word for word, is_so in marks if is_so)])
