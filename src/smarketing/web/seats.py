"""How many requests of one kind a process works on at once: whoever comes after that is sent away at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

# Of each process, set by `smarketing web` for what it starts.
THREADS, CONNECTIONS = "SMARKETING_THREADS", "SMARKETING_CONNECTIONS"
USUAL_THREADS = 16
SHARE = 0.75  # of the threads; the rest is left to people


class Seats:
    """A queue that nobody sees grows in the server; this one is short, so that a refusal is quick."""

    def __init__(self, most: int = 0) -> None:
        self.most = most or max(int(SHARE * int(os.environ.get(THREADS, USUAL_THREADS))), 1)
        self.n_taken = 0
        self._lock = Lock()

    @property
    def are_taken(self) -> bool:
        return self.n_taken >= self.most

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Whether there was a seat; it is given back at the end of the block."""
        with self._lock:
            is_free = self.n_taken < self.most
            self.n_taken += is_free
        try:
            yield is_free
        finally:
            with self._lock:
                self.n_taken -= is_free
