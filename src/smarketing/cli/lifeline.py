"""A child that ends when its parent does, even when the parent was killed and could say nothing."""

from __future__ import annotations

import os
import signal
import threading
import time

VARIABLE = "SMARKETING_LIFELINE"  # the id of the process on whose life the children of `serve` and of theirs depend
LOOK_EVERY_S, LINGER_S = 0.5, 5


def let_children_hold() -> dict[str, str]:
    """What the environment of a child says, so that it ends with this process."""
    return {VARIABLE: str(os.getpid())}


def hold_lifeline() -> None:
    """End this process soon after its parent is gone, which it may be already; nothing where nobody asked for that."""
    if parent := os.environ.get(VARIABLE, ""):
        threading.Thread(target=_watch, args=(int(parent),), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    _end()


def _end() -> None:
    """Gracefully, once: a second signal blocks the server's own handling of the first, and every thread behind it.

    Who has not ended soon is stuck, perhaps with the lock on the database: the kernel ends it, for which it needs none
    of our threads.
    """
    if hasattr(signal, "alarm"):
        signal.alarm(LINGER_S)  # nobody here handles it otherwise
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LINGER_S)
    os._exit(1)
