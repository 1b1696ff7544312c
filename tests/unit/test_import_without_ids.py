"""Plain files with our column names may leave the id column out: every row still is one fact, told once or twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.small_import import NOW, bring

from smarketing.sources.read_profile import read_profile

FILES = {
    "stage_change": ("stage_changes.csv", "entity_id,to_value,changed_at", "ana,mql,2024-09-18T10:00:00Z"),
    "touch": ("touches.csv", "lead_id,kind,direction,occurred_at", "ana,call,out,2024-09-18T10:00:00Z"),
    "delivery": ("deliveries.csv", "deliverable,delivered_at", "report,2024-09-18T10:00:00Z"),
    "spend": ("spend.csv", "day,channel,amount,currency", "2024-09-18,paid_search,10.50,EUR"),
}


@pytest.mark.parametrize("table", FILES)
def test_rows_of_a_plain_file_need_no_ids_and_count_once(tmp_path: Path, table: str) -> None:
    name, header, row = FILES[table]
    generic = read_profile("generic")
    first = bring(tmp_path, f"{header}\n{row}\n", name=name, by=generic)
    assert first.counts == (1, 1, 0, 0)
    again = bring(tmp_path, f"{header}\n{row}\n", name=f"{table}-again.csv", by=generic, now=NOW + timedelta(days=1))
    assert again.counts == (1, 0, 0, 1)
    assert again.frame(table).height == 1


def test_a_lead_without_an_id_is_set_aside(tmp_path: Path) -> None:
    found = bring(tmp_path, "lead_id,created_at\n,2024-09-18T10:00:00Z\n", by=read_profile("generic"))
    assert found.counts == (1, 0, 1, 0)
