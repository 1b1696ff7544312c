"""The worker's other half: empties the inbox in a thread of its own, while jobs take as long as they take."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, InterfaceError, connection

from smarketing.cli.instants import instant
from smarketing.ledger import drain_lease
from smarketing.ledger.drain_lease import DrainLost, Held
from smarketing.ledger.inbox_queue import is_anything_waiting
from smarketing.ledger.part_files import Damaged
from smarketing.terms.errors import UserError
from smarketing.workflows.drain_inbox import MOST_AT_ONCE, MOST_ROWS, Drained, drain_inbox
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.refresh_open_clocks import ask_if_stale

if TYPE_CHECKING:
    from smarketing.ledger.database import Ledger

log = logging.getLogger("smarketing.drain")
LOOK_EVERY_S, RENEW_EVERY_S = 0.1, 4.0
REST, MOST_REST_S = 2.0, 1.0  # after a small batch, as a multiple of its time: each costs the same besides its rows
QUICK_S, SLOW_S = 1.0, 2.0  # of a batch: the next may be twice as large, or is half as large
CLOCKS_EVERY_S, CLOCKS_AT_MOST_S = 2.0, 60.0  # the longer they stay stale, the less often they are asked for
AGAIN_S = 2.0  # after the database did not answer, or somebody else merges for long


class InboxDrain:
    """One process among several that may drain; `leaving` tells it to end after the batch in hand."""

    def __init__(self, name: str, leaving: threading.Event) -> None:
        self.name, self.leaving = name, leaving
        self.lease: Held | None = None
        self.ledger: Ledger | None = None
        self.renewed = self.asked = self.rest_s = 0.0
        self.most, self.patience = MOST_ROWS, CLOCKS_EVERY_S

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.run, name="drain", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        """Until told to leave. Nothing that goes wrong with one batch ends it."""
        while not self.leaving.is_set():
            is_more = self.step()
            self.leaving.wait(self.rest_s if is_more else LOOK_EVERY_S)
        with suppress(DatabaseError, InterfaceError):
            if self.lease:
                drain_lease.release(self.lease)
        connection.close()

    def run_until_empty(self) -> None:
        while self.step():
            pass
        self._ask_about_clocks(0.0)
        if self.lease:
            drain_lease.release(self.lease)

    def step(self) -> bool:
        """Whether there was something to do, and there may be more."""
        try:
            return self._step()
        except DrainLost:
            log.warning("Another process empties the inbox now.")
            self.lease = None
        except (DatabaseError, InterfaceError, OSError):
            log.exception("The inbox cannot be emptied now; trying again.")
            self._begin_anew()
        except UserError as error:
            self._bear(error)
        except Exception:
            log.exception("The drain broke; trying again.")
            self._begin_anew()
        return False

    def _step(self) -> bool:
        if not self._holds():
            return False
        self._ask_about_clocks(self.patience)
        now = instant()
        if self.lease is None or not is_anything_waiting(now, DEFAULT_DB_ALIAS):
            return False
        self.ledger = self.ledger or open_ledger()
        began = time.monotonic()
        found = drain_inbox(ledger=self.ledger, lease=self.lease, now=now, most=self.most)
        self.renewed = time.monotonic()
        is_backlog, took_s = found.n_rows >= self.most, self.renewed - began
        self.most = next_most(self.most, took_s) if is_backlog else MOST_ROWS
        self.rest_s = 0.0 if is_backlog else min(REST * took_s, MOST_REST_S)
        _note(found, took_s)
        return found.n_rows > 0

    def _holds(self) -> bool:
        """Whether this process is the one that drains; asked of the database every few seconds."""
        if time.monotonic() - self.renewed > RENEW_EVERY_S:
            self.renewed = time.monotonic()
            self.lease = drain_lease.take(self.name, instant())
        return self.lease is not None

    def _ask_about_clocks(self, every_s: float) -> None:
        if time.monotonic() - self.asked >= every_s:
            self.asked = time.monotonic()
            is_stale = ask_if_stale(now=instant())
            self.patience = min(self.patience * 2, CLOCKS_AT_MOST_S) if is_stale else CLOCKS_EVERY_S

    def _bear(self, error: UserError) -> None:
        """What the ledger refuses: a mirror that is damaged or does not fit is made again; all else is tried again."""
        log.warning("The inbox cannot be emptied now: %s", error)
        if (isinstance(error, Damaged) or isinstance(error.__cause__, IntegrityError)) and self.ledger:
            self.ledger.rebuild()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.ledger = None
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        self.leaving.wait(AGAIN_S)


def next_most(most: int, took_s: float) -> int:
    """A backlog goes in larger batches without a rest, as long as no event waits long for the end of one."""
    if took_s < QUICK_S:
        return min(most * 2, MOST_AT_ONCE)
    return max(most // 2, MOST_ROWS) if took_s > SLOW_S else most


def _note(found: Drained, took_s: float) -> None:
    counted = {"rows": found.n_rows, "dead": found.n_dead, "held": found.n_held}
    if found.n_rows:
        log.info("Drained", extra={**counted, "duration_ms": round(took_s * 1000)})
