"""Since when somebody had to speak of a clock, after all that was known of it."""

from __future__ import annotations

import pytest
from tests.simulation.notices import OLD_US, Due, Key, States

from smarketing.engine.history import NEVER

KEY: Key = ("shop:s0", "speed", 0, "soon")
DUE, NOW = 40, 2 * OLD_US


def states(*stops: tuple[int, int | None], is_breach: bool = False) -> States:
    """(known at, when the clock stopped); None where the clock was not known."""
    return States([(at, {} if stop is None else {KEY: Due(DUE, stop, is_breach)}) for at, stop in stops])


@pytest.mark.parametrize(
    ("known", "since"),
    [
        (states((10, NEVER)), 10),
        (states((10, None), (20, NEVER), (30, NEVER)), 20),
        (states((10, NEVER), (20, 15), (90, NEVER)), 90),  # answered, and the answer taken back
        (states((10, 50), (90, NEVER)), 90),  # stopped by itself before it was taken back
        (states((10, NEVER), (20, 15)), NOW),
        (states((10, NEVER), (20, 35), (90, NEVER), is_breach=True), 90),
        (states((10, NEVER), (20, 45), (90, NEVER), is_breach=True), 10),  # a late answer leaves the breach
        (states((10, NEVER), (20, 45), (DUE + OLD_US, NEVER), is_breach=True), DUE + OLD_US),  # for a day
    ],
)
def test_what_is_owed_is_owed_since_nothing_answered_it(known: States, since: int) -> None:
    assert known.owed_since(KEY, NOW) == since
