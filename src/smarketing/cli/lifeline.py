"""A child that ends when its parent does, even when the parent was killed and could say nothing."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

VARIABLE = "SMARKETING_LIFELINE"  # set for the children of `serve` and what they start
LOOK_EVERY_S = 0.5
PR_SET_PDEATHSIG = 1


def hold_lifeline() -> None:
    """End this process soon after its parent is gone; nothing where nobody asked for that."""
    if os.environ.get(VARIABLE):
        parent = os.getppid()
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)  # who has not ended by then is stuck
    os._exit(1)
