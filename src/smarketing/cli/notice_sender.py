"""The worker's postman: sends what is due, each way out in a thread of its own, so that none waits for another."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import DatabaseError, InterfaceError, connection

from smarketing.cli.instants import instant
from smarketing.records.outbox import Lane
from smarketing.workflows.send_notices import Swept, lanes_due, send_notices

log = logging.getLogger("smarketing.send")
LOOK_EVERY_S, AGAIN_S = 0.5, 2.0
MOST_WAYS = 16  # at once; whichever hangs is over within seconds, and rests longer each time


class NoticeSender:
    """One process among several that may send; `leaving` tells it to end after the messages in hand."""

    def __init__(self, name: str, leaving: threading.Event) -> None:
        self.name, self.leaving = name, leaving
        self.busy: dict[Lane, Future[None]] = {}
        self.resting: dict[Lane, float] = {}

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.run, name="send", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        """Until told to leave. Nothing that goes wrong in one lane ends it, or another."""
        with ThreadPoolExecutor(MOST_WAYS, thread_name_prefix="send") as threads:
            while not self.leaving.is_set():
                self._look(threads)
                self.leaving.wait(LOOK_EVERY_S)
        connection.close()

    def run_until_sent(self) -> None:
        """One lane after the other, in this thread, until nothing is due that can be sent now."""
        while lanes := [lane for lane in lanes_due(instant()) if lane not in self.resting]:
            for lane in lanes:
                found = send_notices(lane, self.name, instant)
                if found.rest is not None or not (found.n_sent or found.n_suppressed):
                    self.resting[lane] = time.monotonic()

    def _look(self, threads: ThreadPoolExecutor) -> None:
        self.busy = {lane: doing for lane, doing in self.busy.items() if not doing.done()}
        try:
            lanes = lanes_due(instant())
        except (DatabaseError, InterfaceError):
            log.exception("The outbox cannot be read now; trying again.")
            _forget_connection()
            self.leaving.wait(AGAIN_S)
            return
        for lane in lanes:
            if lane not in self.busy and self.resting.get(lane, 0.0) <= time.monotonic():
                self.busy[lane] = threads.submit(self._sweep, lane)

    def _sweep(self, lane: Lane) -> None:
        began = time.monotonic()
        try:
            self._note(lane, send_notices(lane, self.name, instant), time.monotonic() - began)
        except Exception:
            log.exception("Sending broke; trying again.", extra={"channel": lane.channel, "endpoint": lane.endpoint_id})
            self.resting[lane] = time.monotonic() + AGAIN_S
        finally:
            connection.close()

    def _note(self, lane: Lane, found: Swept, took_s: float) -> None:
        if found.rest is not None:
            self.resting[lane] = time.monotonic() + found.rest.total_seconds()
        if found.n_sent or found.n_suppressed:
            said = {"channel": lane.channel, "sent": found.n_sent, "suppressed": found.n_suppressed}
            log.info("Sent", extra={**said, "endpoint": lane.endpoint_id, "duration_ms": round(took_s * 1000)})


def _forget_connection() -> None:
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
