"""The worker's broom: moves what was written from SQLite's log into its file, which else a sender's commit would do."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, InterfaceError, connection

log = logging.getLogger("smarketing.worker")
EVERY_S = 0.5


class LogMover:
    """Stands in nobody's way: what is being read or written just then is moved the next time."""

    def __init__(self, leaving: threading.Event) -> None:
        self.leaving = leaving

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self.run, name="log", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        """Until told to leave; other databases look after themselves."""
        while connection.vendor == "sqlite" and not self.leaving.wait(EVERY_S):
            try:
                self.step()
            except (DatabaseError, InterfaceError):
                log.exception("The log of the database cannot be moved now; trying again.")
                if not connection.in_atomic_block:
                    connection.close_if_unusable_or_obsolete()
        connection.close()

    def step(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
