"""What the ledger notes beside a fact never takes the name of what the fact says."""

from __future__ import annotations

import pytest

from smarketing.facts.schema import TABLES, Table
from smarketing.ledger.models import FACTS
from smarketing.ledger.models.facts import MARKS


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_marks_are_columns_of_no_fact(table: Table) -> None:
    assert not {*MARKS, "pk"} & set(table.names)
    columns = [field.column for field in FACTS[table.name]._meta.concrete_fields if field.column]
    assert sorted(columns) == sorted([*table.names, *MARKS])
