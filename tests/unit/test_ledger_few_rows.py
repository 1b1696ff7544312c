"""What few rows go through in Python comes out as what many rows go through in columns."""

from __future__ import annotations

import polars as pl
import pytest

from smarketing.facts.schema import TABLES
from smarketing.ledger import lead_numbers, look_up
from smarketing.ledger.lead_numbers import BY_LEAD, BY_PERSON, Way, numbered

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


def test_few_facts_find_the_leads_that_many_find(monkeypatch: pytest.MonkeyPatch) -> None:
    few = _numbered(FACTS)
    monkeypatch.setattr(lead_numbers, "FEW", -1)
    assert few.rows() == _numbered(FACTS).rows()
    assert few.select("at", "number").rows() == [(10, 0), (11, 2), (12, 2), (13, 3), (14, 0), (14, 1), (15, 0), (15, 1)]
    assert few.schema == {"src": pl.String, "at": pl.Int64, "number": pl.Int32}


def test_no_facts_find_no_leads() -> None:
    assert _numbered(FACTS.clear()).schema == _numbered(FACTS).schema


def test_rows_are_the_same_facts_read_by_row_and_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    table = TABLES["touch"]
    told = {"src": "crm", "touch_id": "t", "occurred_at": 1_700_000_000_000_000, "duration_s": 5}
    stored = [tuple((told | {"automated": flag}).get(name) for name in table.names) for flag in (0, 1, None, True)]
    by_row = look_up.as_rows(table, stored)
    monkeypatch.setattr(look_up, "BY_ROW", 0)
    assert look_up.as_rows(table, stored).equals(by_row)
    assert by_row.schema == table.schema
    assert by_row["automated"].to_list() == [False, True, None, True]


def _numbered(facts: pl.DataFrame) -> pl.DataFrame:
    ways = [Way.through(name, LEADS.select("src", name, "number")) for name in (BY_LEAD, BY_PERSON)]
    return numbered(facts, ways).sort("at", "number")
