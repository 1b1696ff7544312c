"""Lines taken apart all at once give what one by one gives, whatever stands in them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarketing.sources.files import lines
from smarketing.sources.files.csv_rows import open_csv
from smarketing.sources.files.plain_lines import Easy
from smarketing.sources.files.rows import Torn

PIECES = st.sampled_from(
    ["a", "Id", " b ", "", "\xa0", '"', '""', ",", "\t", "ñ", "\ufeff", "\x07", "#NOT CALCULATED!", "x" * 9]
)
CELLS = st.lists(PIECES, max_size=3).map("".join)
LINES = st.lists(st.lists(CELLS, min_size=2, max_size=4).map(",".join), max_size=12)


def read(path: Path) -> tuple[list[tuple[object, ...]], list[int], list[Torn], int, int]:
    parts = list(open_csv(path, delimiter=",", encoding="utf-8").read())
    return (
        [row for part in parts for row in part.cells.rows()],
        [number for part in parts for number in part.numbers],
        [torn for part in parts for torn in part.torn],
        sum(part.n_blank for part in parts),
        sum(part.n_repeated_headers for part in parts),
    )


@given(found=LINES, block=st.integers(1, 40))
def test_both_ways_read_the_same(found: list[str], block: int) -> None:
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        path = Path(place) / "file.csv"
        path.write_text("\n".join(["Id,Name,Other", *found]), encoding="utf-8")
        patch.setattr(lines, "BLOCK_CHARACTERS", block)
        easy = read(path)
        patch.setattr(Easy, "takes", lambda *_: False)
        assert easy == read(path)


def test_chunks_stay_as_long_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    pl.DataFrame({"id": range(120_000), "name": "x"}).write_csv(path)
    parts = list(open_csv(path).read())
    assert [part.cells.height for part in parts] == [50_000, 50_000, 20_000]
    assert [part.numbers[0] for part in parts] == [2, 50_002, 100_002]
    assert parts[-1].share == 1.0
