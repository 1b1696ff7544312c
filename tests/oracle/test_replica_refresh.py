"""However facts arrive, a refreshed replica is the one that a whole build makes, byte for byte."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from unittest import mock

import polars as pl
import pytest
from hypothesis import given
from tests.fact_rows import rows
from tests.oracle.pasts import a_few, chances

from smarketing.ledger import replica, replica_build, replica_refresh, spill
from smarketing.ledger.folder import Folder, create_folder
from smarketing.ledger.replica import open_replica

LEADS = [f"L{number}" for number in range(24)]
PERSONS = [f"p{number}" for number in range(10)]
DEALS = [f"d{number}" for number in range(8)]
REPS = ["ana", "rita", "sam", "queue"]
SOURCES = ["crm", "shop", "web"]


@pytest.fixture(autouse=True, scope="module")
def small_buckets() -> Iterator[None]:
    with (
        mock.patch.object(replica, "BUCKET_LEADS", 8),
        mock.patch.object(replica_build, "BUCKET_LEADS", 8),
        mock.patch.object(replica_refresh, "BUCKET_LEADS", 8),
        mock.patch.object(spill, "BUCKET_LEADS", 8),
    ):
        yield


def a_batch(chance: Random, number: int, *, n: int) -> dict[str, pl.DataFrame]:
    """News of some leads: new rows, changed rows, rows that move to another lead, merges and conversions."""

    def at(first: int = 1, latest: int = 28) -> str:
        return f"2025-06-{chance.randint(first, latest):02}T{chance.randint(0, 5):02}:00:00Z"

    def some(*values: object, null: float = 0.3) -> object:
        return None if chance.random() < null else chance.choice(values)

    def many(table: str, key: str, names: list[str], **values: object) -> pl.DataFrame:
        given = [
            {key: name, "src": chance.choice(SOURCES[: 1 + number % 3])}
            | {column: make() for column, make in values.items()}  # type: ignore[operator]
            for name in chance.sample(names, min(n, len(names)))
        ]
        seen = f"2025-07-{1 + number:02}T00:00:00Z"
        changes = "updated_at" in rows(table).columns
        return rows(table, *[row | {"seen_at": seen} | ({"updated_at": seen} if changes else {}) for row in given])

    tables = {
        "lead": many(
            "lead",
            "lead_id",
            LEADS,
            created_at=at,
            person_key=lambda: some(*PERSONS),
            owner_id=lambda: some(*REPS),
            grade=lambda: some("A", "B", "C", f"new-{number}"),
            channel=lambda: some("organic", "paid"),
            reason=lambda: some("no_budget", "spam", "moved", null=0.7),
            converted_at=lambda: some(at(), null=0.7),
            merged_into=lambda: some(*LEADS, null=0.85),
            is_test=lambda: some(True, null=0.9),
        ),
        "touch": many(
            "touch",
            "touch_id",
            [f"t{k}" for k in range(60)],
            lead_id=lambda: some(*LEADS, "nobody"),
            person_key=lambda: some(*PERSONS),
            deal_id=lambda: some(*DEALS, null=0.6),
            owner_id=lambda: some(*REPS),
            occurred_at=at,
            outcome=lambda: some("connected", "no_answer", "scheduled"),
        ),
        "stage_change": many(
            "stage_change",
            "change_id",
            [f"c{k}" for k in range(40)],
            entity_id=lambda: chance.choice(LEADS),
            field=lambda: chance.choice(["lifecycle", "status", "owner"]),
            from_value=lambda: some(*REPS),
            to_value=lambda: some("mql", "sal", *REPS),
            reason=lambda: some("late", "other", null=0.6),
            origin=lambda: some("snapshot_diff", "history"),
            changed_at=at,
        ),
        "deal": many(
            "deal",
            "deal_id",
            DEALS,
            lead_id=lambda: some(*LEADS, null=0.6),
            person_key=lambda: some(*PERSONS),
            owner_id=lambda: some(*REPS),
            amount=lambda: chance.randint(1, 9),
            currency=lambda: some("EUR", "USD"),
            created_at=at,
            merged_into=lambda: some(*DEALS, null=0.9),
        ),
        "deal_lead": many(
            "deal_lead",
            "deal_id",
            DEALS,
            lead_id=lambda: chance.choice(LEADS),
            is_primary=lambda: some(True, False),
        ),
        "identity": many(
            "identity",
            "from_id",
            LEADS,
            to_id=lambda: chance.choice([*LEADS, "contact-1", "contact-2"]),
            reason=lambda: chance.choice(["merge", "convert", "dedupe"]),
        ),
        "owner": many(
            "owner",
            "owner_id",
            REPS,
            kind=lambda: "person" if chance.random() < 0.97 else "queue",
            team=lambda: some("North", "South"),
        ),
        "delivery": many("delivery", "delivery_id", ["1", "2"], deliverable=lambda: chance.choice(["paper", "ink"])),
    }
    chosen = chance.sample(sorted(tables), chance.randint(1, 3))
    return {name: tables[name] for name in chosen}


def files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def built_whole(folder: Folder, root: Path) -> tuple[dict[str, bytes], tuple[int, int, int]]:
    """What a replica is that has no past."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder.path / "tables", root / "tables")
    shutil.copy(folder.path / "facts.json", root / "facts.json")
    opened = open_replica(Folder(root, folder.manifest))
    return files(opened.path), (opened.n_leads, opened.first_at, opened.latest_at)


@a_few
@given(chance=chances)
def test_a_refreshed_replica_is_the_one_built_whole(chance: Random) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = create_folder(Path(name) / "facts")
        for number in range(5):
            for _ in range(chance.randint(1, 2)):
                folder.merge(a_batch(chance, number, n=20 if number == 0 else chance.randint(1, 4)))
            opened = open_replica(folder)
            whole, extent = built_whole(folder, Path(name) / "whole")
            made = files(opened.path)
            assert sorted(made) == sorted(whole)
            assert [file for file in whole if made[file] != whole[file]] == []
            assert (opened.n_leads, opened.first_at, opened.latest_at) == extent


def test_most_of_these_are_refreshed_and_not_built_whole(tmp_path: Path) -> None:
    chance, refreshed = Random(4), []
    real = replica_refresh.refresh

    def counted(*given: object) -> object:
        refreshed.append(real(*given))  # type: ignore[arg-type]
        return refreshed[-1]

    folder = create_folder(tmp_path / "facts")
    with mock.patch.object(replica, "refresh", counted):
        for number in range(20):
            folder.merge(a_batch(chance, number % 9, n=20 if number == 0 else 2))
            open_replica(folder)
    assert len([one for one in refreshed if one]) > 12
