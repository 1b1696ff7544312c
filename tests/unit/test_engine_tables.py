"""Tables at their edges: instants that never come, ranges that end, blocks, and mixed allowances."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_calendar, instant

from smarketing.engine import tables as tables_module
from smarketing.engine.business_time import Pauses, compile_tables, due_at, unit_code
from smarketing.engine.history import NEVER
from smarketing.engine.ladder import Ladder
from smarketing.engine.local import NO_DAY, LocalDays
from smarketing.engine.one_lead import one_calendar
from smarketing.engine.pauses import union
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.calendar import DayHours, Window
from smarketing.terms.errors import FactsError, TermsError
from smarketing.terms.offsets import US

HOUR = 3600 * US
OFFICE = a_calendar()
NIGHT = a_calendar("night", "mon-fri 22:00-06:00", zone="America/New_York")
DATES = a_calendar("dates", "mon", exceptions=(DayHours(on=date(2024, 6, 1), windows=(Window(opens=0, closes=60),)),))
START, END = instant("2024-01-01"), instant("2025-01-01")
FRIDAY = instant("Fri 7 Jun 16:30")


def column(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_what_never_comes_never_passes_and_is_never_due() -> None:
    tables = compile_tables([OFFICE], START, END)
    start, never = column(FRIDAY, NEVER, FRIDAY), column(NEVER, FRIDAY, FRIDAY + HOUR)
    assert tables.elapsed(0, start, never).tolist() == [NEVER, NEVER, HOUR // 2]
    assert tables.due(0, start, HOUR).tolist()[1] == NEVER
    assert tables.position(0, column(NEVER)).tolist() == [NEVER]
    assert tables.moment(0, column(NEVER)).tolist() == [NEVER]
    assert tables.next_open(0, column(NEVER)).tolist() == [NEVER]
    assert tables.business_day_end(0, column(NEVER, FRIDAY), 1).tolist()[0] == NEVER
    assert tables.rolled_days(0, column(NEVER, FRIDAY), 1).tolist()[0] == NEVER
    assert tables.reminder(0, column(FRIDAY), column(NEVER), HOUR).tolist() == [NEVER]


def test_an_instant_outside_the_tables_is_refused() -> None:
    tables = compile_tables([OFFICE], START, END)
    for outside in (tables.start - 1, tables.end, NEVER - 1):
        with pytest.raises(FactsError, match="lies outside"):
            tables.position(0, column(FRIDAY, outside))
        with pytest.raises(FactsError, match="lies outside"):
            tables.next_open(0, column(outside))
    with pytest.raises(FactsError, match="lies outside"):
        tables.segments(0, tables.start - 1, tables.end)


@pytest.mark.parametrize("at", ["1899-12-31", "2200-01-01"])
def test_facts_of_another_age_are_refused(at: str) -> None:
    with pytest.raises(FactsError, match="1900–2199"):
        compile_tables([OFFICE], instant(at), instant(at) + 1)
    with pytest.raises(FactsError, match="1900–2199"):
        one_calendar(OFFICE, instant(at), instant(at))


def test_a_calendar_that_does_not_exist_is_refused() -> None:
    tables = compile_tables([OFFICE], START, END)
    with pytest.raises(IndexError):
        tables.position(-1, column(FRIDAY))
    with pytest.raises(IndexError):
        tables.position(np.array([2]), column(tables.end - 1))


def test_a_due_instant_beyond_the_tables_is_still_found() -> None:
    tables = compile_tables([OFFICE, NIGHT], START, END)
    ten_years = 10 * 52 * 40 * HOUR
    due = tables.due(np.array([0, 1]), column(FRIDAY, FRIDAY), column(ten_years, HOUR))
    assert due[0] == one_calendar(OFFICE, FRIDAY, FRIDAY).due(FRIDAY, ten_years)
    assert due[1] == one_calendar(NIGHT, FRIDAY, FRIDAY).due(FRIDAY, HOUR)
    assert tables.business_day_end(0, column(FRIDAY), 3000)[0] > tables.end
    assert tables.rolled_days(0, column(FRIDAY), 3000)[0] > tables.end


def test_a_calendar_that_never_opens_is_refused_and_one_whose_dates_are_over_never_ends() -> None:
    with pytest.raises(TermsError, match="is never open"):
        compile_tables([a_calendar("closed", "mon")], START, END)
    tables = compile_tables([DATES], START, END)
    for question in (
        lambda: tables.due(0, column(FRIDAY), HOUR),
        lambda: tables.next_open(0, column(FRIDAY)),
        lambda: one_calendar(DATES, FRIDAY, FRIDAY).due(FRIDAY, HOUR),
    ):
        with pytest.raises(TermsError, match="never ends"):
            question()


def test_the_extra_calendar_is_always_open() -> None:
    tables = compile_tables([OFFICE], START, END)
    start = column(FRIDAY)
    assert tables.due(tables.always, start, 48 * HOUR).tolist() == [FRIDAY + 48 * HOUR]
    assert tables.next_open(tables.always, start).tolist() == [FRIDAY]
    assert tables.business_day_end(tables.always, start, 1).tolist() == [instant("2024-06-09")]
    assert tables.rolled_days(tables.always, start, 2).tolist() == [FRIDAY + 48 * HOUR]


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = compile_tables([OFFICE, NIGHT], START, END)
    start = START + np.arange(0, 300 * 24 * HOUR, 7 * HOUR, dtype=np.int64)
    which, amount = np.arange(len(start), dtype=np.uint8) % 3, np.arange(len(start)) * US
    whole = tables.due(which, start, amount), tables.elapsed(which, start, start + 50 * HOUR)
    monkeypatch.setattr(tables_module, "BLOCK", 16)
    cut = tables.due(which, start, amount), tables.elapsed(which, start, start + 50 * HOUR)
    assert all(np.array_equal(a, b) for a, b in zip(whole, cut, strict=True))


def test_no_rows() -> None:
    tables, nothing = compile_tables([OFFICE], START, END), column()
    assert len(tables.due(0, nothing, HOUR)) == len(tables.elapsed(0, nothing, nothing)) == 0
    assert len(tables.due_paused(0, nothing, HOUR, Pauses.of([]))) == 0
    assert len(due_at(tables, 0, nothing, np.array([], np.int8), 1)) == 0


def test_allowances_of_every_unit_in_one_call() -> None:
    tables = compile_tables([OFFICE], START, END)
    words = ["1 business hour", "1 business day", "48 clock hours", "3 rolled days"]
    allowances = [Allowance.model_validate(text) for text in words]
    start = np.full(4, FRIDAY)
    unit, amount = np.array([unit_code(a) for a in allowances]), column(*(a.amount for a in allowances))
    due = due_at(tables, np.zeros(4, np.int16), start, unit, amount)
    expected = ["Mon 10 Jun 09:30", "Mon 10 Jun 17:00", "Sun 9 Jun 16:30", "Mon 10 Jun 16:30"]
    assert due.tolist() == [instant(words) for words in expected]
    assert [due_at(tables, 0, start[:1], int(u), int(n))[0] for u, n in zip(unit, amount, strict=True)] == due.tolist()
    assert len(set(unit.tolist())) == len(Unit)
    with pytest.raises(ValueError, match="no unit"):
        due_at(tables, 0, start, 7, 1)


def test_a_pause_moves_days_by_the_open_time_it_covers() -> None:
    tables = compile_tables([OFFICE], START, END)
    pauses = Pauses.of([[(instant("Mon 10 Jun 10:00"), instant("Mon 10 Jun 12:00"))]] * 4)
    amount = column(3600, 1, 72 * 3600, 3)
    due = due_at(tables, 0, np.full(4, FRIDAY), np.arange(4), amount, pauses)
    expected = ["Mon 10 Jun 09:30", "Tue 11 Jun 11:00", "Mon 10 Jun 18:30", "Tue 11 Jun 09:00"]
    assert due.tolist() == [instant(words) for words in expected]


def test_a_pause_without_end_is_never_due_unless_the_time_was_used_up_before() -> None:
    tables = compile_tables([OFFICE], START, END)
    pauses = Pauses.of([[(instant("Mon 10 Jun 09:30"), NEVER)]] * 3)
    amount = column(2 * HOUR, HOUR, 0)
    assert tables.due_paused(0, np.full(3, FRIDAY), amount, pauses).tolist() == [
        NEVER,
        instant("Mon 10 Jun 09:30"),
        FRIDAY,
    ]
    passed = tables.elapsed_paused(0, column(FRIDAY), column(instant("Tue 11 Jun 12:00")), pauses.take(np.array([0])))
    assert passed.tolist() == [HOUR]


intervals = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(0, 40)), max_size=12)


@given(intervals)
def test_a_union_covers_what_its_intervals_cover(rows: list[tuple[int, int, int]]) -> None:
    flat = np.array(rows, np.int64).reshape(-1, 3)
    found = union(flat[:, 0].astype(np.intp), flat[:, 1], flat[:, 2])
    covered = {(row, at) for row, begin, end in rows for at in range(begin, end)}
    assert {
        (row, at)
        for row, begin, end in zip(found.row, found.starts, found.ends, strict=True)
        for at in range(begin, end)
    } == covered
    assert found.totals(4).tolist() == [sum(row == wanted for row, _ in covered) for wanted in range(4)]
    assert len(found.row) == len({(row, at) for row, at in covered if (row, at - 1) not in covered})


@given(st.lists(st.lists(st.integers(0, 10**13), max_size=30), min_size=1, max_size=4), st.data())
def test_a_ladder_finds_what_binary_search_finds(rows: list[list[int]], data: st.DataObject) -> None:
    keys = [np.array(sorted([0, *row]), np.int64) for row in rows]
    ladder = Ladder(keys, 0, 10**13 + 1)
    numbers = np.array(data.draw(st.lists(st.integers(0, 10**13), min_size=1, max_size=20)), np.int64)
    for row, mine in enumerate(keys):
        expected = np.searchsorted(mine, numbers, "right") - 1
        assert np.array_equal(ladder.find(row, numbers) - ladder.first[row], expected)


def test_local_days_outside_their_range_are_refused() -> None:
    days = LocalDays("Europe/Madrid", START, END)
    assert days.day_of(column(NEVER, START)).tolist() == [NO_DAY, START // (24 * HOUR)]
    with pytest.raises(FactsError, match="outside the range"):
        days.day_of(column(END))
    start, end = days.bounds(date(2024, 3, 31))
    assert end - start == 23 * HOUR


def test_one_lead_outside_its_years_is_refused() -> None:
    with pytest.raises(FactsError, match="lies outside"):
        one_calendar(OFFICE, START, END).position(instant("1990-01-01"))
    assert one_calendar(OFFICE, START, END).elapsed(FRIDAY, FRIDAY - 1) == 0
