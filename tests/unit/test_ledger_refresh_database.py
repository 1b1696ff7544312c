"""Through the database too, merges and undos refresh the replica to what a whole build makes."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from tests.databases import Database
from tests.oracle.test_clock_refresh import judged_whole
from tests.oracle.test_replica_refresh import a_batch, built_whole, files
from tests.unit.test_ledger_clock_store import VERSIONS

from smarketing.ledger import change, file_ties, mirror_past, replica, replica_build, replica_refresh, spill
from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.database import the_ledger
from smarketing.ledger.folder import Folder, open_folder
from smarketing.ledger.replica import open_replica


@pytest.fixture(autouse=True)
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (replica, replica_build, replica_refresh, spill):
        monkeypatch.setattr(module, "BUCKET_LEADS", 8)
    yield


@pytest.mark.parametrize("few_names", [file_ties.FEW_NAMES, 0])
def test_merges_and_undos_of_the_ledger_are_refreshed(
    each_database: Database, few_names: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_ties, "FEW_NAMES", few_names)
    chance, whole = Random(11), each_database.home / "whole"
    ledger = the_ledger(each_database.home, using=each_database.alias)
    for number in range(9):
        ledger.merge(a_batch(chance, number, n=20 if number == 0 else 3))
        if number in (3, 5, 7):
            ledger.take_back(ledger.sequence)
        opened = open_replica(ledger)
        clocks = files(open_clocks(opened, VERSIONS).path)
        assert files(opened.path) == built_whole(ledger, whole)[0]
        assert clocks == judged_whole(ledger, whole)


def test_a_mirror_that_catches_up_writes_only_tables_with_news(
    each_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, written = Random(3), list[str]()
    ledger = the_ledger(each_database.home, using=each_database.alias)
    ledger.merge(a_batch(chance, 0, n=20))
    assert ledger.manifest.sequence == 1
    real = change.write_durably
    monkeypatch.setattr(
        change, "write_durably", lambda path, write: (written.append(path.name.partition("-")[0]), real(path, write))[1]
    )
    ledger.merge({"lead": a_batch(chance, 1, n=3)["lead"]})
    assert ledger.manifest.sequence == 2
    assert set(written) == {"lead"}


def test_whoever_reads_an_earlier_generation_of_the_mirror_goes_on(each_database: Database) -> None:
    chance, folder = Random(5), each_database.home / "facts"
    ledger = the_ledger(each_database.home, using=each_database.alias)
    opened: list[tuple[Folder, int]] = []
    for number in range(2 * mirror_past.MOST):
        ledger.merge(a_batch(chance, number, n=3))
        earlier = open_folder(ledger.path)
        opened.append((earlier, earlier.scan("lead").collect().height))
    for earlier, n_leads in opened[-mirror_past.MOST :]:
        assert earlier.scan("lead").collect().height == n_leads
    named = {file for earlier, _ in opened[-mirror_past.MOST - 1 :] for file in earlier.manifest.files}
    assert {file.relative_to(folder).as_posix() for file in (folder / "tables").iterdir()} <= named
