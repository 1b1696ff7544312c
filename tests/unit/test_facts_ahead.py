"""What is worked on ahead comes in order, and a failure at its turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from smarketing.facts.ahead import ahead


def drawn(n: int, seen: list[int]) -> Iterator[int]:
    for number in range(n):
        seen.append(number)
        yield number


@pytest.mark.parametrize("n_threads", [1, 2])
def test_everything_comes_in_order_and_no_more_is_drawn_than_said(n_threads: int) -> None:
    seen: list[int] = []
    for number, made in ahead(lambda number: number * number, drawn(20, seen), n_threads=n_threads):
        assert made == number * number
        assert len(seen) <= number + n_threads + 1
    assert seen == list(range(20))
    assert list(ahead(str, [], n_threads=n_threads)) == []


def test_a_failure_comes_at_its_turn() -> None:
    found = ahead(lambda number: 1 // (3 - number), range(9), n_threads=2)
    assert [next(found)[0] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_left_halfway_no_thread_is_left() -> None:
    before = threading.active_count()
    for _ in ahead(str, range(9), n_threads=2):
        break
    assert threading.active_count() == before
