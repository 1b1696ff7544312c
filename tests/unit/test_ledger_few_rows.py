"""What few rows go through in Python comes out as what many rows go through in columns."""

from __future__ import annotations

import polars as pl
import pytest

from smarketing.facts.schema import TABLES
from smarketing.ledger import lead_numbers, look_up
from smarketing.ledger.lead_numbers import BY_LEAD, BY_PERSON, numbered
from smarketing.ledger.row_ways import Way

NAMES = (BY_LEAD, BY_PERSON)
LEADS = pl.DataFrame(
    {
        "src": ["crm", "crm", "web", "web"],
        "lead_id": ["1", "2", "1", "3"],
        "person_key": ["ana", "ana", "bea", None],
        "number": pl.Series([0, 1, 2, 3], dtype=pl.Int32),
    }
)
FACTS = pl.DataFrame(
    {
        "src": ["crm", "web", "mail", "mail", "mail", "crm", "crm"],
        "lead_id": ["1", "1", "1", "3", None, "9", None],
        "person_key": [None, None, "bea", None, "ana", "ana", None],
        "at": [10, 11, 12, 13, 14, 15, 16],
    }
)


def test_few_facts_find_the_leads_that_many_find() -> None:
    many = numbered(FACTS, [lead_numbers.Way.through(name, LEADS.select("src", name, "number")) for name in NAMES])
    assert many.select("at", "number").sort("at", "number").rows() == few(FACTS)
    assert few(FACTS) == [(10, 0), (11, 2), (12, 2), (13, 3), (14, 0), (14, 1), (15, 0), (15, 1)]


def few(facts: pl.DataFrame) -> list[tuple[int, int]]:
    lead, person = (
        Way.through(LEADS.select("src", name, "number").iter_rows(), is_shared=name == BY_PERSON) for name in NAMES
    )
    told = facts.select("src", *NAMES, "at").iter_rows()
    return [(at, number) for src, one, key, at in told for number in lead.find(src, one) or person.find(src, key)]


def test_rows_are_the_same_facts_read_by_row_and_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    table = TABLES["touch"]
    told = {"src": "crm", "touch_id": "t", "occurred_at": 1_700_000_000_000_000, "duration_s": 5}
    stored = [tuple((told | {"automated": flag}).get(name) for name in table.names) for flag in (0, 1, None, True)]
    by_row = look_up.as_rows(table, stored)
    monkeypatch.setattr(look_up, "BY_ROW", 0)
    assert look_up.as_rows(table, stored).equals(by_row)
    assert by_row.schema == table.schema
    assert by_row["automated"].to_list() == [False, True, None, True]
