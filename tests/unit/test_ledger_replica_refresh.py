"""A refresh keeps what did not change, and falls back on the facts when the earlier generation is of no help."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests.builders import an_agreement
from tests.fact_rows import rows

from smarketing.ledger import clock_store, replica, replica_build, replica_refresh, spill
from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.folder import Folder, create_folder
from smarketing.ledger.replica import Replica, open_replica

TERMS = (an_agreement(),)


@pytest.fixture(autouse=True)
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (replica, replica_build, replica_refresh, spill):
        monkeypatch.setattr(module, "BUCKET_LEADS", 4)
    yield


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Ten leads of ten days in three buckets."""
    made = create_folder(tmp_path / "facts")
    leads = [{"lead_id": f"L{day}", "created_at": f"2025-06-{day + 10}T08:00:00Z"} for day in range(10)]
    calls = [{"touch_id": f"t{day}", "lead_id": f"L{day}", "owner_id": "rita"} for day in range(10)]
    made.merge({"lead": rows("lead", *leads), "touch": rows("touch", *calls)})
    return made


def touched(folder: Folder, lead: str, **more: Any) -> None:
    folder.merge({"touch": rows("touch", {"touch_id": "new", "lead_id": lead, "owner_id": "rita", **more})})


def refreshed(folder: Folder) -> tuple[Replica, bool]:
    """The replica, and whether it came from the one before."""
    with mock.patch.object(replica, "build", side_effect=replica_build.build) as build:
        opened = open_replica(folder)
    return opened, not build.called


def is_same_file(before: Path, after: Path, name: str) -> bool:
    return (before / name).stat().st_ino == (after / name).stat().st_ino


def test_only_the_bucket_of_a_dirty_lead_is_written(folder: Folder) -> None:
    before = open_replica(folder)
    clocks_before = open_clocks(before, TERMS)
    touched(folder, "L5")
    after, from_before = refreshed(folder)
    assert from_before
    same = [is_same_file(before.path, after.path, f"touches_{bucket:04}.parquet") for bucket in range(3)]
    assert same == [True, False, True]
    clocks = open_clocks(after, TERMS)
    assert [is_same_file(clocks_before.path, clocks.path, f"clocks_{bucket:04}.parquet") for bucket in range(3)] == same
    assert len(after.history(1).touches) == 5


def test_a_new_latest_lead_leaves_earlier_buckets_alone(folder: Folder) -> None:
    before = open_replica(folder)
    folder.merge({"lead": rows("lead", {"lead_id": "new", "created_at": "2025-06-29T08:00:00Z"})})
    after, from_before = refreshed(folder)
    assert from_before
    assert [is_same_file(before.path, after.path, f"leads_{bucket:04}.parquet") for bucket in range(3)] == [
        True,
        True,
        False,
    ]
    assert after.find("new") == 10


def test_a_lead_that_comes_late_moves_those_after_it(folder: Folder) -> None:
    before = open_replica(folder)
    folder.merge({"lead": rows("lead", {"lead_id": "late", "created_at": "2025-06-15T09:00:00Z"})})
    after, from_before = refreshed(folder)
    assert from_before
    assert is_same_file(before.path, after.path, "leads_0000.parquet")
    assert [after.lead_id(number) for number in range(11)] == [
        *(f"L{day}" for day in range(6)),
        "late",
        *(f"L{day}" for day in range(6, 10)),
    ]


def test_a_touch_that_moves_to_another_lead_leaves_the_first(folder: Folder) -> None:
    open_replica(folder)
    moved = {"touch_id": "t0", "lead_id": "L9", "owner_id": "rita", "updated_at": "2025-07-02T00:00:00Z"}
    folder.merge({"touch": rows("touch", moved)})
    after, from_before = refreshed(folder)
    assert from_before
    assert after.history(0).touches.lead.tolist() == [1, 2, 3]
    assert after.history(2).touches.lead.tolist() == [0, 1, 1]


def test_a_person_who_turns_out_to_be_a_queue_has_all_built_again(folder: Folder) -> None:
    open_replica(folder)
    folder.merge({"owner": rows("owner", {"owner_id": "rita", "kind": "queue"})})
    assert not refreshed(folder)[1]


def test_without_the_files_of_then_all_is_built_again(folder: Folder) -> None:
    open_replica(folder)
    for file in (folder.path / "replica_facts").iterdir():
        file.unlink()
    touched(folder, "L5")
    assert not refreshed(folder)[1]
    touched(folder, "L6", occurred_at="2025-06-20T09:00:00Z", updated_at="2025-07-03T00:00:00Z")
    assert refreshed(folder)[1]


def test_where_links_cannot_be_made_replicas_still_are(folder: Folder) -> None:
    with mock.patch.object(os, "link", side_effect=OSError("no links here")):
        open_replica(folder)
        touched(folder, "L5")
        opened, from_before = refreshed(folder)
    assert not from_before
    assert len(opened.history(1).touches) == 5


def test_a_damaged_bucket_that_must_be_read_only_costs_time(folder: Folder) -> None:
    (open_replica(folder).path / "touches_0001.parquet").write_bytes(b"\x00" * 50)
    touched(folder, "L5")
    opened, from_before = refreshed(folder)
    assert not from_before
    assert len(opened.history(1).touches) == 5


def test_an_owner_who_changes_teams_has_all_clocks_made_again(folder: Folder) -> None:
    open_clocks(open_replica(folder), TERMS)
    folder.merge({"owner": rows("owner", {"owner_id": "rita", "team": "North"})})
    opened, from_before = refreshed(folder)
    assert from_before
    with mock.patch.object(clock_store, "evaluate", side_effect=clock_store.evaluate) as evaluate:
        open_clocks(opened, TERMS)
    assert evaluate.call_count == 3


@pytest.mark.parametrize(
    "text", ["", "[]", '{"before": "x", "gone": [], "made": [1], "n_before": 1, "n_after": 1, "size": 4}']
)
def test_a_damaged_note_of_what_moved_only_costs_time(folder: Folder, text: str) -> None:
    open_clocks(open_replica(folder), TERMS)
    touched(folder, "L5")
    opened = open_replica(folder)
    (note,) = (folder.path / "replica").glob("*.succession.json")
    note.write_text(text, encoding="utf-8")
    stored = open_clocks(opened, TERMS).scan().collect()
    assert stored.height == 10
