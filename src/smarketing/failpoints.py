"""Named instants at which a test may have this process killed; in production each is one look into an empty set.

A name says where and on which side of it: `agreement.sign.before_commit`. SMARKETING_FAILPOINT names those at which
the process is to die, separated by commas; `import.row_batch.after@2` is the second time it comes by. Without
SMARKETING_TESTING=1 beside it nothing is armed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping

ARMED_BY, ALLOWED_BY = "SMARKETING_FAILPOINT", "SMARKETING_TESTING"
DIES = "failpoint reached: "


def armed(environment: Mapping[str, str]) -> dict[str, int]:
    """The points at which to die, and the how-manieth time."""
    wanted = [word.strip() for word in environment.get(ARMED_BY, "").split(",") if word.strip()]
    if wanted and environment.get(ALLOWED_BY) != "1":
        print(f"{ARMED_BY} is set without {ALLOWED_BY}=1 and means nothing.", file=sys.stderr)
        return {}
    return {name: int(turn or 1) for name, _, turn in (word.partition("@") for word in wanted)}


_TURNS = armed(os.environ)
_ARMED = frozenset(_TURNS)
_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Die here if a test wants it: at once, with nothing flushed, closed or rolled back."""
    if name in _ARMED:
        _come_by(name)


def is_armed(name: str) -> bool:
    """Whether a test wants this process to die there, at whatever turn."""
    return name in _ARMED


def _come_by(name: str) -> None:
    _reached[name] += 1
    if _reached[name] == _TURNS[name]:
        os.write(2, f"{DIES}{name}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)
