"""Lines that hold nothing odd, taken apart all at once: most blocks of most files are made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from smarketing.sources.files.gathering import NOT_CALCULATED
from smarketing.sources.files.lines import Block
from smarketing.sources.files.rows import CHUNK_ROWS, MAX_CELL, Rows

ODD = rf'["\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|^\x{{FEFF}}|{NOT_CALCULATED}'


class Easy:
    """Rows on their way into chunks whose cells need no second look."""

    def __init__(self) -> None:
        self._cells: list[pl.DataFrame] = []
        self._numbers: list[pl.Series] = []

    @property
    def is_empty(self) -> bool:
        return not self._cells

    def takes(self, block: Block | None, delimiter: str, headers: tuple[str, ...]) -> bool:
        """Whether every line of the block is easy; if so, its rows are kept until they are asked for."""
        cells = plain_cells(block.lines, delimiter, headers) if block and block.lines else None
        if block is None or cells is None:
            return False
        self._cells.append(cells)
        self._numbers.append(pl.int_range(block.first, block.first + cells.height, eager=True))
        return True

    def full(self, share: float) -> Iterator[Rows]:
        """Every chunk that is full."""
        if sum(cells.height for cells in self._cells) < CHUNK_ROWS:
            return
        cells, numbers = pl.concat(self._cells), pl.concat(self._numbers)
        n_full = cells.height // CHUNK_ROWS * CHUNK_ROWS
        for start in range(0, n_full, CHUNK_ROWS):
            yield Rows(cells.slice(start, CHUNK_ROWS), numbers.slice(start, CHUNK_ROWS), share=share)
        is_left = n_full < cells.height
        self._cells, self._numbers = ([cells[n_full:]], [numbers[n_full:]]) if is_left else ([], [])

    def rest(self, share: float) -> Iterator[Rows]:
        if self._cells:
            yield Rows(pl.concat(self._cells), pl.concat(self._numbers), share=share)
            self._cells, self._numbers = [], []


def plain_cells(lines: Sequence[str], delimiter: str, headers: tuple[str, ...]) -> pl.DataFrame | None:
    """The cells of `lines` as Gathering would keep them; None when a single line asks to be judged by itself."""
    try:
        texts = pl.Series(lines, dtype=pl.String)
    except UnicodeEncodeError:  # a byte that could not be decoded
        return None
    if texts.str.contains(ODD).any() or (texts.str.len_bytes() > MAX_CELL).any():
        return None
    if (texts.str.count_matches(delimiter, literal=True) != len(headers) - 1).any():
        return None
    parts = texts.str.split_exact(delimiter, len(headers) - 1).struct.unnest()
    parts.columns = list(headers)
    stripped = parts.select(pl.all().str.strip_chars())
    cells = stripped.select(pl.when(pl.all() != "").then(pl.all()))
    is_odd = pl.all_horizontal(pl.all().is_null()) | (pl.nth(0) == headers[0])
    return None if cells.select(is_odd.any()).item() else cells
