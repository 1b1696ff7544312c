"""The life of a moment in any order of events: it speaks once for each deadline, and only while its clock runs."""

from __future__ import annotations

import polars as pl
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from smarketing.alerts.arming import RAISED, ROW, STOOD_DOWN, WAITING, changes
from smarketing.ledger.clock_moments import SCHEMA
from smarketing.ledger.running_clocks import KEY

CLOCK = {"src": "crm", "lead_id": "1", "agreement": "sla", "commitment": "speed", "episode": 0}
HOUR = 3_600_000_000
DAY = 24 * HOUR


class Life(RuleBasedStateMachine):
    """One clock with one rule; the rows are kept as the database does: one an arming, raised ones never change."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100 * DAY
        self.due: int | None = None
        self.is_known = False
        self.rows: dict[int, dict[str, object]] = {}
        self.spoken: list[tuple[int, int]] = []  # (arming, deadline)
        self.n_held = 0

    def made(self) -> pl.DataFrame:
        rows = [] if self.due is None else [CLOCK | SAID | {"at": self.due, "due_at": self.due}]
        return pl.DataFrame(rows, schema=SCHEMA)

    def keep(self) -> None:
        known = pl.DataFrame([CLOCK] if self.is_known else [], schema={name: SCHEMA[name] for name in KEY})
        stored = pl.DataFrame(list(self.rows.values()), schema=ROW)
        found = changes(self.made(), stored, known, now=self.now, oldest=self.now - DAY)
        for row in found.rows.iter_rows(named=True):
            arming = row["arming"]
            if arming not in self.rows or self.rows[arming]["state"] != RAISED:
                self.rows[arming] = row
        self.n_held += found.n_held["n"].sum()
        self.is_known = self.due is not None

    @rule(after=st.integers(-3 * 24, 72))
    @precondition(lambda self: self.due is None)
    def open(self, after: int) -> None:
        self.due = self.now + after * HOUR
        self.keep()

    @rule()
    def answer(self) -> None:
        self.due = None
        self.keep()

    @rule(by=st.integers(-50, 50))
    @precondition(lambda self: self.due is not None)
    def move(self, by: int) -> None:
        assert self.due is not None
        self.due += by * HOUR
        self.keep()

    @rule()
    def look_again(self) -> None:
        before = {arming: dict(row) for arming, row in self.rows.items()}
        n_held = self.n_held
        self.keep()
        assert self.rows == before
        assert self.n_held == n_held

    @rule(hours=st.integers(0, 30))
    def wait(self, hours: int) -> None:
        self.now += hours * HOUR

    @rule()
    def ask(self) -> None:
        """What raising does: every waiting moment that has come is said."""
        for arming, row in self.rows.items():
            if row["state"] == WAITING and int(str(row["at"])) < self.now:
                row["state"] = RAISED
                self.spoken.append((arming, int(str(row["at"]))))

    @invariant()
    def speaks_once_an_arming_and_never_twice_for_a_deadline(self) -> None:
        armings = [arming for arming, _ in self.spoken]
        deadlines = [deadline for _, deadline in self.spoken]
        assert len(set(armings)) == len(armings)
        assert deadlines == sorted(set(deadlines))

    @invariant()
    def at_most_one_arming_waits(self) -> None:
        waiting = [arming for arming, row in self.rows.items() if row["state"] == WAITING]
        assert len(waiting) <= 1
        assert not waiting or waiting == [max(self.rows)]

    @invariant()
    def what_is_answered_waits_no_more(self) -> None:
        if self.due is None:
            assert all(row["state"] in (RAISED, STOOD_DOWN) for row in self.rows.values())

    @invariant()
    def what_is_ahead_will_be_said_unless_it_was(self) -> None:
        if self.due is not None and self.due > self.now:
            is_waiting = any(row["state"] == WAITING and row["at"] == self.due for row in self.rows.values())
            was_said = any(deadline >= self.due for _, deadline in self.spoken)
            assert is_waiting or was_said


SAID = {"version": 1, "rule": "late", "occasion": "breach"}
TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
