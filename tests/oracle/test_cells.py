"""Every cell of the scorecard equals the slow twin's, however the clocks arrive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle.scorecard_twin import Cell, Row, cells, clocks_of, days_of

from smarketing.engine.clocks import Tallies
from smarketing.engine.history import NEVER
from smarketing.scorecard import cells as scorecard_cells
from smarketing.scorecard import quantiles
from smarketing.scorecard.cells import Cells, ClockCells, Cube
from smarketing.scorecard.divisions import ALL, Division, Window
from smarketing.scorecard.totals import TallyCells

NOW, N_OWNERS, N_TIERS = 1000, 5, 3
TEAMS = np.array([0, 1, 0, -1, 1])
WINDOW = Window(100, 40)
FLOATS = ("median", "p90", "longest")
EDGES = np.array([0, 3, 10, 11, 25, 40])

instants = st.one_of(st.integers(0, 1200), st.just(NOW), st.just(NEVER))
lengths = st.one_of(st.integers(0, 50), st.integers(0, 10 * 366 * 86_400_000_000))


@st.composite
def rows(draw: st.DrawFn) -> Row:
    stop = draw(instants)
    return Row(
        day=draw(st.integers(95, 145)),
        owner=draw(st.integers(-1, N_OWNERS - 1)),
        tier=draw(st.integers(-1, N_TIERS - 1)),
        source=draw(st.integers(-1, 1)),
        risk_at=draw(instants),
        due_at=draw(instants),
        stop_at=stop,
        connected_at=draw(instants),
        elapsed_us=NEVER if stop == NEVER else draw(lengths),
        count=draw(st.integers(0, 12)),
        void=draw(st.sampled_from([0, 0, 0, 0, 1, 3])),
    )


def gathered(parts: list[list[Row]], threads: int = 1, **options: bool) -> ClockCells:
    divisions = {"rep": Division.of_codes("owner", N_OWNERS), "tier": Division.of_codes("tier", N_TIERS)}
    found = ClockCells(WINDOW, divisions, has_depth=True, **options)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: found.add(clocks_of(part), days_of(part), NOW), parts))
    return found


def span_of(day: int) -> int | None:
    inside = day - WINDOW.first
    return int(np.searchsorted(EDGES, inside, "right")) - 1 if 0 <= inside < WINDOW.n else None


def assert_equal(found: Cells, expected: dict[tuple[int, int], Cell], n_groups: int) -> None:
    for span in range(len(EDGES) - 1):
        for group in range(n_groups):
            cell = expected.get((span, group), Cell())
            at = span, group
            assert tuple(found.outcomes[at]) == cell.outcomes
            assert found.n_unconnected[at] == len(cell.touches)
            numbers = found.mean[at], found.median[at], found.p90[at], found.longest[at], found.depth[at]
            assert np.array_equal(
                numbers,
                (cell.mean, cell.quantile(50), cell.quantile(90), cell.quantile(100), cell.depth),
                equal_nan=True,
            )


def group(code: int, n: int) -> int:
    return n if code < 0 else code


@given(st.lists(st.lists(rows(), max_size=40), max_size=4), st.integers(1, 2))
def test_they_agree(parts: list[list[Row]], threads: int) -> None:
    everything = [row for part in parts for row in part]
    found = gathered(parts, threads)
    team = Division.merged("owner", TEAMS, 2)
    assert_equal(
        found.over(EDGES, "rep", threads=threads),
        cells(everything, NOW, span_of, lambda row: group(row.owner, N_OWNERS)),
        N_OWNERS + 1,
    )
    assert_equal(
        found.over(EDGES, "tier"), cells(everything, NOW, span_of, lambda row: group(row.tier, N_TIERS)), N_TIERS + 1
    )
    assert_equal(
        found.over(EDGES, "rep", team),
        cells(everything, NOW, span_of, lambda row: group(TEAMS[row.owner] if row.owner >= 0 else -1, 2)),
        3,
    )
    assert_equal(found.over(EDGES, ALL), cells(everything, NOW, span_of, lambda _: 0), 1)


@given(st.lists(rows(), max_size=60), st.randoms())
@settings(max_examples=30)
def test_neither_order_nor_partition_nor_batch_shows(everything: list[Row], chance: object) -> None:
    whole = gathered([everything]).over(EDGES, "rep")
    mixed = list(everything)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    sizes = scorecard_cells.BLOCK, quantiles.BATCH
    try:
        scorecard_cells.BLOCK, quantiles.BATCH = 7, 5
        apart = gathered([[row] for row in mixed], threads=2).over(EDGES, "rep", threads=2)
    finally:
        scorecard_cells.BLOCK, quantiles.BATCH = sizes
    for name in (f.name for f in fields(Cells)):
        assert np.array_equal(
            getattr(whole, name), getattr(apart, name), equal_nan=name in ("median", "p90", "longest")
        )


@given(st.lists(rows(), max_size=60))
def test_many_cubes_at_once_are_the_same_as_one_by_one(everything: list[Row]) -> None:
    found = gathered([everything[:20], everything[20:]])
    team = Division.merged("owner", TEAMS, 2)
    days, weeks, inner = np.arange(WINDOW.n + 1), np.array([0, 7, 14, 40]), np.array([3, 7, 14, 39])
    wanted = [
        Cube(edges, axis, division)
        for edges in (days, weeks, EDGES, inner, days[3:40])
        for axis, division in (("rep", None), ("rep", team), ("tier", None), (ALL, None))
    ]
    for cube, cells_of_cube in zip(wanted, found.cubes(wanted, threads=2), strict=True):
        alone = found.over(cube.edges, cube.axis, cube.division)
        for name in (f.name for f in fields(Cells)):
            assert np.array_equal(getattr(alone, name), getattr(cells_of_cube, name), equal_nan=name in FLOATS)


def test_cells_too_many_for_short_keys_are_still_exact() -> None:
    n, n_groups = 1000, 1 << 24
    group_of_row = np.arange(n) * 7919 % n_groups
    part = quantiles.piece(np.zeros(n, np.int64), np.arange(n) * 10**9, {"owner": group_of_row}, 1)
    counts = np.bincount(group_of_row, minlength=n_groups)[None, :]
    question = quantiles.Question(np.array([0, 1]), counts, "owner", np.arange(n_groups + 1))
    found = quantiles.quantiles_of([part], [question])[0]
    assert found[0, 0, group_of_row].tolist() == (np.arange(n) * 1e9).tolist()


@given(st.lists(lengths, min_size=1, max_size=300))
def test_times_too_long_to_pack_are_still_exact(elapsed: list[int]) -> None:
    group_of_row = np.arange(len(elapsed)) % 50_000
    part = quantiles.piece(np.zeros(len(elapsed), np.int64), np.array(elapsed), {"owner": group_of_row}, 1)
    counts = np.bincount(group_of_row, minlength=1 << 17)[None, :]
    question = quantiles.Question(np.array([0, 1]), counts, "owner", np.arange(50_001))
    found = quantiles.quantiles_of([part], [question])[0]
    assert found[0, 0, : len(elapsed)].tolist() == [float(us) for us in elapsed]
    assert np.isnan(found[:, 0, len(elapsed) :]).all()


def test_the_sum_of_very_long_waits_does_not_overflow() -> None:
    ten_years = 10 * 366 * 86_400_000_000
    days = [[Row(100 + day, 0, 0, 0, 1, 1, 1, NEVER, ten_years, 0, 0)] * 1000 for day in range(WINDOW.n)]
    found = gathered(days).over(np.array([0, WINDOW.n]))
    assert found.mean[0, 0] == ten_years


class Gain(NamedTuple):
    day: int
    owner: int
    amount: int
    void: int


gains = st.builds(
    Gain, st.integers(95, 145), st.integers(-1, N_OWNERS - 1), st.integers(-(10**9), 10**12), st.sampled_from([0, 0, 2])
)


@given(st.lists(st.lists(gains, max_size=30), max_size=3))
def test_totals_agree(parts: list[list[Gain]]) -> None:
    found = TallyCells(WINDOW, {"rep": Division.of_codes("owner", N_OWNERS)})
    expected = np.zeros((3, len(EDGES) - 1, N_OWNERS + 1), np.int64)
    for part in parts:
        found.add(tallies_of(part), np.array([gain.day for gain in part], np.int32))
        for gain in part:
            span = span_of(gain.day)
            if span is not None:
                at = span, group(gain.owner, N_OWNERS)
                expected[(0, *at)] += not gain.void
                expected[(1, *at)] += 0 if gain.void else gain.amount
                expected[(2, *at)] += gain.void > 0
    totals, together = found.over(EDGES, "rep"), found.over(EDGES)
    assert np.array_equal([totals.n, totals.amount, totals.n_void], expected)
    assert np.array_equal([together.n, together.amount, together.n_void], expected.sum(axis=2, keepdims=True))


def tallies_of(part: list[Gain]) -> Tallies:
    none = np.full(len(part), -1, np.int16)
    return Tallies(
        lead=np.arange(len(part), dtype=np.int32),
        owner=np.array([gain.owner for gain in part], np.int16),
        tier=none,
        source=none,
        at=np.zeros(len(part), np.int64),
        amount=np.array([gain.amount for gain in part], np.int64),
        void=np.array([gain.void for gain in part], np.uint8),
    )
