"""Scorecards that were counted a moment ago, and those being counted: each once, however many readers ask."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

Card = TypeVar("Card")
MOST = 32
FRESH = timedelta(minutes=1)


class CardShelf(Generic[Card]):
    """Counts in two threads of its own, made when the first card is asked for: never before a process forks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._cards: OrderedDict[tuple[Hashable, datetime], Future[Card]] = OrderedDict()
        self._latest: dict[Hashable, datetime] = {}
        self._threads: ThreadPoolExecutor | None = None

    def moment(self, key: Hashable, now: datetime) -> datetime:
        """The instant of the card that answers now: the latest one's for a minute, else this second."""
        with self._lock:
            latest = self._latest.get(key)
            if latest is None or not timedelta() <= now - latest < FRESH:
                latest = self._latest[key] = now.replace(microsecond=0)
            return latest

    def card(self, key: Hashable, at: datetime, count: Callable[[], Card], *, wait_s: float) -> Card | None:
        """The card of one instant; None when it is not ready after `wait_s`. What `count` raises is raised here."""
        promised = self._promised(key, at, count)
        try:
            return promised.result(wait_s)
        except TimeoutError:
            return None
        except Exception:
            self._forget(key, at)
            raise

    def _promised(self, key: Hashable, at: datetime, count: Callable[[], Card]) -> Future[Card]:
        with self._lock:
            self._threads = self._threads or ThreadPoolExecutor(2, thread_name_prefix="scorecard")
            known = self._cards.pop((key, at), None) or self._threads.submit(count)
            self._cards[key, at] = known
            while len(self._cards) > MOST:
                self._cards.popitem(last=False)
            return known

    def _forget(self, key: Hashable, at: datetime) -> None:
        with self._lock:
            self._cards.pop((key, at), None)
            self._latest.pop(key, None)
