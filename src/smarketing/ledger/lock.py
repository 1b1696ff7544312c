"""One writer at a time: a lock that the system lets go of when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

LOCK = "writer.lock"
PAUSE_S = 0.02


@contextmanager
def sole_writer(folder: Path, name: str = LOCK, *, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the lock of `folder` inside the block.

    Raises FactsError that names the process holding it after `wait_s` still. A lock left by a killed process is
    simply taken.
    """
    with (folder / name).open("a+b") as file:
        for _ in range(int(wait_s / PAUSE_S)):
            if _lock(file.fileno(), wait=False):
                break
            time.sleep(PAUSE_S)
        else:
            if not _lock(file.fileno(), wait=False):
                raise _is_being_written(folder, file.fileno())
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield


@contextmanager
def in_turn(folder: Path, name: str = LOCK) -> Iterator[None]:
    """Wait for the lock of `folder`, then hold it inside the block."""
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(handle, wait=True)
        yield
    finally:
        os.close(handle)


def _is_being_written(folder: Path, handle: int) -> FactsError:
    os.lseek(handle, 0, os.SEEK_SET)
    pid = os.read(handle, 20).decode("ascii", "replace") or "?"
    return FactsError(
        N_("Process {pid} is writing to these facts."),
        where=str(folder),
        hint=N_("Wait until it has ended, then run the command again; nothing was changed."),
        pid=pid,
    )


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, wait: bool) -> bool:
        os.lseek(handle, 4096, os.SEEK_SET)  # far from the pid, so that others can read it
        try:
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            return False
        return True
