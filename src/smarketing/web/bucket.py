"""How fast one source may post: a bucket in each process that fills steadily and empties with every request."""

from __future__ import annotations

from threading import Lock

RATE = 2_000.0  # requests a second of one source in one process: ten times what we promise to keep up with
DEPTH = 4_000.0  # saved up while it was quiet


class Buckets:
    """Protects everybody else from a sender that runs wild; processes do not share their buckets."""

    def __init__(self, rate: float = RATE, depth: float = DEPTH) -> None:
        self.rate, self.depth = rate, depth
        self._lock = Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def wait_s(self, key: str, at_s: float) -> float:
        """Takes one out; how long until there is one again, 0 where there was."""
        with self._lock:
            left, since_s = self._left.get(key, (self.depth, at_s))
            left = min(self.depth, left + max(at_s - since_s, 0) * self.rate)
            is_enough = left >= 1
            self._left[key] = (left - 1 if is_enough else left, at_s)
        return 0.0 if is_enough else (1 - left) / self.rate
