"""Clocks made again for dirty leads only are those of a full computation, byte for byte; so are one lead's alone."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from random import Random
from unittest import mock

import numpy as np
import polars as pl
from hypothesis import given
from tests.builders import instant
from tests.oracle.pasts import a_few, chances
from tests.oracle.test_replica_refresh import a_batch, files, small_buckets
from tests.unit.test_ledger_clock_store import VERSIONS

from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.ledger import clock_splice
from smarketing.ledger.clock_frames import clock_frame
from smarketing.ledger.clock_store import open_clocks
from smarketing.ledger.folder import Folder, create_folder
from smarketing.ledger.regrouped import chosen
from smarketing.ledger.replica import open_replica

__all__ = ["small_buckets"]

FAR = instant("2027-01-01")


def judged_whole(folder: Folder, root: Path) -> dict[str, bytes]:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder.path / "tables", root / "tables")
    shutil.copy(folder.path / "facts.json", root / "facts.json")
    return files(open_clocks(open_replica(Folder(root, folder.manifest)), VERSIONS).path)


@a_few
@given(chance=chances)
def test_clocks_of_dirty_leads_spliced_in_are_those_of_a_full_computation(chance: Random) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = create_folder(Path(name) / "facts")
        for number in range(4):
            folder.merge(a_batch(chance, number, n=20 if number == 0 else chance.randint(1, 4)))
            made = files(open_clocks(open_replica(folder), VERSIONS).path)
            whole = judged_whole(folder, Path(name) / "whole")
            assert sorted(made) == sorted(whole)
            assert [file for file in whole if made[file] != whole[file]] == []


@a_few
@given(chance=chances)
def test_each_lead_alone_has_its_stored_clocks(chance: Random) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = create_folder(Path(name) / "facts")
        for _ in range(3):
            folder.merge(a_batch(chance, 0, n=20))
        opened = open_replica(folder)
        stored = open_clocks(opened, VERSIONS)
        compiled = compile_terms(VERSIONS, opened.codebook, start=opened.first_at, end=FAR)
        for number in range(opened.n_leads):
            bucket, position = divmod(number, 8)
            alone = evaluate(chosen(opened.history(bucket), np.array([position])), compiled, now=FAR - 1)
            own = clock_frame(alone, 0, compiled).with_columns(
                lead=pl.lit(position, pl.Int32), number=pl.lit(number, pl.Int64)
            )
            assert own.equals(stored.of_lead(number))


def test_most_of_these_are_spliced(tmp_path: Path) -> None:
    chance, splices = Random(4), []
    real = clock_splice.splice_for

    def counted(*given: object) -> object:
        splices.append(real(*given))  # type: ignore[arg-type]
        return splices[-1]

    folder = create_folder(tmp_path / "facts")
    with mock.patch("smarketing.ledger.clock_store.splice_for", counted):
        for number in range(20):
            folder.merge(a_batch(chance, number % 9, n=20 if number == 0 else 2))
            open_clocks(open_replica(folder), VERSIONS)
    assert len([splice for splice in splices if splice]) > 10
