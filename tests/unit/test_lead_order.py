"""A page of a list is what sorting all of it would give; of the clocks of a lead the one due first is found."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from smarketing.workflows.lead_order import (
    in_lead_order,
    in_order,
    is_among,
    most_urgent,
    n_leads,
    of_leads,
    page_of,
    with_ranks,
)


def clocks(n: int = 900, seed: int = 1) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    number = np.sort(draw.integers(0, 400, n))
    some = [None if value < 30 else int(value) for value in draw.integers(0, 90, n)]
    columns = {"number": number, "due_at": draw.integers(0, 60, n), "some": some, "none": [None] * n}
    return pl.DataFrame(columns, schema_overrides={"none": pl.Int64()})


@pytest.mark.parametrize("is_down", [True, False])
@pytest.mark.parametrize("key", ["number", "due_at", "some", "none"])
def test_a_page_is_a_slice_of_the_whole_order(key: str, *, is_down: bool) -> None:
    rows = clocks().with_row_index("row")
    whole = rows.sort(key, "row", descending=[is_down, False], nulls_last=True)
    assert in_order(rows, key, is_down=is_down).equals(whole)
    for first in (0, 50, 150, 400, 880, 900):
        assert page_of(rows, key, first, 50, is_down=is_down).equals(whole.slice(first, 50)), first


def test_an_empty_list_has_an_empty_page() -> None:
    assert page_of(clocks().clear(), "due_at", 0, 50, is_down=True).is_empty()
    assert n_leads(clocks().clear()["number"]) == 0


def test_the_clock_due_first_stands_for_its_lead() -> None:
    rows = clocks().with_row_index("row")
    first = rows.sort("number", "due_at", "row").unique("number", keep="first", maintain_order=True)
    assert most_urgent(rows).equals(first)
    assert n_leads(rows["number"]) == first.height
    assert most_urgent(rows.clear()).is_empty()


def test_rows_find_their_leads() -> None:
    rows = clocks()
    leads = pl.DataFrame({"number": range(0, 400, 3)}).with_columns(name=pl.col("number").cast(pl.String))
    expected = rows.join(leads, on="number", how="inner", maintain_order="left")
    assert of_leads(rows, leads, 400).equals(expected)
    assert is_among(rows["number"], leads["number"], 400).sum() == expected.height


def test_rows_of_any_order_come_by_lead_and_episode() -> None:
    rows = clocks().with_columns(episode=pl.int_range(pl.len()).over("number"))
    assert in_lead_order(rows) is rows
    shuffled = rows.sample(fraction=1, shuffle=True, seed=3)
    assert in_lead_order(shuffled).equals(rows)


def test_names_are_ordered_as_their_places_are() -> None:
    names = pl.DataFrame({"number": range(6), "owner_name": ["Zoe", None, "Ána", "ana", "Zoe", "Bo"]})
    ranked = with_ranks(names, "owner_name")
    assert ranked["owner_name"].null_count() == 1
    assert ranked.sort("owner_name", "number")["number"].equals(names.sort("owner_name", "number")["number"])
    assert with_ranks(names, "number") is names
