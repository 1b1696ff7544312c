"""How often one token may ask: counted per minute, in the cache that all processes share."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from threading import Lock

from django.core.cache import cache

MOST = 600  # requests of one token in a minute
STEP = 20  # a process tells the others after so many, so that reading seldom writes
MINUTE_S = 60


class Meter:
    """Near enough, never far off: each process may let through up to a step more than the shared count knows."""

    def __init__(self, most: int = MOST, step: int = STEP) -> None:
        self.most, self.step = most, step
        self._lock, self._minute = Lock(), 0
        self._untold: Counter[str] = Counter()
        self._told: dict[str, int] = {}

    def wait_s(self, key: str, now: datetime) -> int:
        """Counts one request; how long to wait before the next, 0 while there is room in this minute."""
        minute, second = divmod(int(now.timestamp()), MINUTE_S)
        with self._lock:
            if minute != self._minute:
                self._minute, self._untold, self._told = minute, Counter(), {}
            self._untold[key] += 1
            if self._untold[key] >= self.step:
                self._told[key] = self._tell(f"api-pace-{minute}-{key}", self._untold.pop(key))
            n = self._told.get(key, 0) + self._untold[key]
        return MINUTE_S - second if n > self.most else 0

    @staticmethod
    def _tell(name: str, n: int) -> int:
        told = int(cache.get(name, 0)) + n
        cache.set(name, told, 2 * MINUTE_S)
        return told
