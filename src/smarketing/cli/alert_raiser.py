"""The worker's third part: asks every second what is due to be said, and every minute whether all of it was."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from smarketing.cli.instants import instant
from smarketing.workflows.audit_alerts import audit_alerts
from smarketing.workflows.beat_heart import beat_heart
from smarketing.workflows.raise_alerts import raise_alerts

log = logging.getLogger("smarketing.alerts")
LOOK_EVERY_S, AUDIT_EVERY_S, AGAIN_S = 1.0, 60.0, 2.0


class AlertRaiser:
    """One of several processes may do this at once: whatever two find, one of them writes."""

    def __init__(self, leaving: threading.Event) -> None:
        self.leaving = leaving
        self.audited = time.monotonic()

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.run, name="alerts", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        """Until told to leave. Nothing that goes wrong with one look ends it."""
        while not self.leaving.is_set():
            try:
                self.step()
                self.leaving.wait(LOOK_EVERY_S)
            except (DatabaseError, InterfaceError):
                log.exception("What is due cannot be told now; trying again.")
                self._begin_anew()
            except Exception:
                log.exception("Raising broke; trying again.")
                self._begin_anew()
        connection.close()

    def step(self) -> None:
        began = time.monotonic()
        found = raise_alerts(now=instant())
        if found.n_moments:
            counted = {"moments": found.n_moments, "notices": found.n_notices, "over": found.n_stood_down}
            log.info("Raised", extra={**counted, "duration_ms": round((time.monotonic() - began) * 1000)})
        if time.monotonic() - self.audited >= AUDIT_EVERY_S:
            self.audited = time.monotonic()
            self._audit()

    def _audit(self) -> None:
        now = instant()
        found = audit_alerts(now=now)
        if not found.is_well:
            log.error("Alerts are late", extra={"unrecorded": found.n_unrecorded, "unsent": found.n_unsent})
        if settings.HEARTBEAT_URL:
            beat_heart(url=settings.HEARTBEAT_URL, now=now)

    def _begin_anew(self) -> None:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        self.leaving.wait(AGAIN_S)
