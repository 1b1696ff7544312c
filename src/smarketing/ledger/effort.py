"""How long it takes this process to bring up what it shows, which says how often it should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock

SHARE = 0.1  # of its time that a process spends on that


class Effort:
    """What it took here to bring up what was shown last: the mirror, and all that was made from it since.

    The more that is, the longer it is shown: a million leads take seconds, and events come all the time.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = Lock()

    @contextmanager
    def counted(self, *, is_first: bool = False) -> Iterator[None]:
        """Of what is done inside; `is_first` where it begins anew."""
        began = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self.seconds = (0.0 if is_first else self.seconds) + time.monotonic() - began

    @property
    def worth(self) -> timedelta:
        """For how long it should be shown."""
        return timedelta(seconds=self.seconds / SHARE)


EFFORT = Effort()
