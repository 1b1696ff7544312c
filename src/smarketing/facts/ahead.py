"""Work on what comes next, in threads, while what came before is being used."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def ahead(work: Callable[[Given], Made], items: Iterable[Given], *, n_threads: int) -> Iterator[tuple[Given, Made]]:
    """Every item with what `work` makes of it, in the order of `items`, which are drawn in the caller's thread.

    No more than `n_threads` items are drawn that are not used yet. What `work` raises is raised at its item's turn;
    an iterator that is left halfway finishes only what has begun.
    """
    pool, waiting = ThreadPoolExecutor(n_threads), deque[tuple[Given, Future[Made]]]()
    try:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) > n_threads:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def _next(waiting: deque[tuple[Given, Future[Made]]]) -> tuple[Given, Made]:
    item, made = waiting.popleft()
    return item, made.result()
