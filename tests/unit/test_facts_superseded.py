"""What a snapshot noticed gives way to the history that tells the same step exactly."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from smarketing.facts.superseded import superseded, without_superseded


def changes(*rows: tuple[str, int, str, str]) -> pl.LazyFrame:
    """Rows of (change_id, day of January, to_value, origin) of one lead's status."""
    return pl.LazyFrame(
        {
            "src": "crm",
            "change_id": [row[0] for row in rows],
            "entity": "lead",
            "entity_id": "ana",
            "field": "status",
            "to_value": [row[2] for row in rows],
            "changed_at": [datetime(2025, 1, row[1], tzinfo=UTC) for row in rows],
            "origin": [row[3] for row in rows],
        }
    )


def gone(*rows: tuple[str, int, str, str]) -> list[str]:
    return sorted(superseded(changes(*rows)).collect()["change_id"].to_list())


def test_an_exact_row_replaces_what_the_snapshot_saw_later() -> None:
    assert gone(("seen", 4, "open", "snapshot_diff"), ("told", 2, "open", "history")) == ["seen"]


def test_the_rest_is_kept() -> None:
    rows = changes(("seen", 4, "open", "snapshot_diff"), ("told", 2, "open", "history"))
    assert without_superseded(rows).collect()["change_id"].to_list() == ["told"]


def test_a_snapshot_nobody_confirmed_stays() -> None:
    assert gone(("seen", 4, "open", "snapshot_diff"), ("told", 2, "new", "history")) == []


def test_coming_back_to_a_value_is_a_step_of_its_own() -> None:
    rows = [
        ("told", 1, "open", "history"),
        ("away", 3, "waiting", "snapshot_diff"),
        ("back", 5, "open", "snapshot_diff"),
    ]
    assert gone(*rows) == []


def test_the_same_value_seen_by_two_snapshots_after_the_exact_row_goes_twice() -> None:
    rows = [("told", 1, "open", "history"), ("a", 3, "open", "snapshot_diff"), ("b", 5, "open", "snapshot_diff")]
    assert gone(*rows) == ["a", "b"]


def test_a_snapshot_before_the_exact_row_stays() -> None:
    assert gone(("seen", 2, "open", "snapshot_diff"), ("told", 4, "open", "history")) == []


def test_rows_that_do_not_say_how_they_are_known_are_exact() -> None:
    rows = changes(("seen", 4, "open", "snapshot_diff"), ("told", 2, "open", "history"))
    silent = rows.with_columns(pl.when(pl.col("origin") == "history").then(None).otherwise("origin").alias("origin"))
    assert superseded(silent).collect()["change_id"].to_list() == ["seen"]
