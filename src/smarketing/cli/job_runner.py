"""Does leased jobs one after the other, and tells the database while it does that it is alive."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from smarketing.cli.alert_raiser import AlertRaiser
from smarketing.cli.inbox_drain import InboxDrain
from smarketing.cli.instants import instant
from smarketing.cli.log_mover import LogMover
from smarketing.cli.notice_sender import NoticeSender
from smarketing.records import queue
from smarketing.records.models import Worker
from smarketing.records.queue import Lease, LeaseLost
from smarketing.records.schedules import ask_for_due
from smarketing.tasks import Task, Work
from smarketing.terms.errors import UserError
from smarketing.terms.language import LANGUAGES, N_, Words, words

log = logging.getLogger("smarketing.worker")
LOOK_EVERY_S, SCHEDULES_EVERY_S, TELL_EVERY_S = 0.5, 5.0, 0.3
GRACE_S = 5.0  # a job that ends this soon after we were told to leave is finished; others are handed back
OUR_MISTAKE = N_("Something broke here, and it is our mistake: {id}. It has been written down in the log.")


class Leaving(Exception):
    """This worker was told to end, and its job goes back to the queue."""


class Runner:
    """One worker. `leave` may be called from a signal handler."""

    def __init__(self, tasks: Mapping[str, Task], every: Mapping[str, timedelta]) -> None:
        self.tasks, self.every = tasks, every
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self.leaving = threading.Event()
        self.leaving_since = 0.0
        self.current: Running | None = None

    def leave(self, *_: Any) -> None:
        self.leaving_since = self.leaving_since or time.monotonic()
        self.leaving.set()

    def run(self, *, until_idle: bool = False) -> None:
        """Until told to leave, or until nothing is due."""
        beat = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        beat.start()
        drain = InboxDrain(self.name, self.leaving)
        if until_idle:
            drain.run_until_empty()
        threads = [] if until_idle else [drain.start(), LogMover(self.leaving).start(), *self._alerts()]
        looked = 0.0
        while not self.leaving.is_set():
            try:
                if time.monotonic() - looked > SCHEDULES_EVERY_S:
                    looked = time.monotonic()
                    self._look_around()
                if not self._do_next():
                    if until_idle:
                        break
                    self.leaving.wait(LOOK_EVERY_S)
            except (DatabaseError, InterfaceError):
                log.exception("The database does not answer; trying again.")
                _forget_connection()
                self.leaving.wait(2)
        if until_idle:
            AlertRaiser(self.leaving).step()
            NoticeSender(self.name, self.leaving).run_until_sent()
        self.leave()
        for thread in threads:
            thread.join(timeout=GRACE_S)
        beat.join(timeout=5)

    def _alerts(self) -> list[threading.Thread]:
        return [AlertRaiser(self.leaving).start(), NoticeSender(self.name, self.leaving).start()]

    def _look_around(self) -> None:
        now = instant()
        for kind in ask_for_due(self.every, now):
            log.info("Due: %s", kind)
        if n := queue.give_up(now):
            log.error("Given up: %s jobs that took their worker down each time", n)

    def _do_next(self) -> bool:
        now = instant()
        if not queue.is_any_due(now):
            return False
        held = queue.lease(self.name, now)
        if held is None:
            return False
        self.current = Running(held, self)
        try:
            self.current.do(self.tasks.get(held.kind))
        finally:
            self.current = None
        return True

    def _beat(self) -> None:
        """Every few seconds, on a connection of this thread: I live, and I still hold my job."""
        started = instant()
        while True:
            with suppress(DatabaseError, InterfaceError):
                seen = {"started_at": started, "seen_at": instant()}
                Worker.objects.update_or_create(name=self.name, defaults=seen)
                if running := self.current:
                    running.renew()
            _forget_connection()
            if self.leaving.is_set() and self.current is None:
                break
            if self.leaving.wait(queue.BEAT.total_seconds()):
                time.sleep(0.2)
        with suppress(DatabaseError, InterfaceError):
            Worker.objects.filter(name=self.name).delete()
        connection.close()


class Running:
    """One job while it is done."""

    def __init__(self, held: Lease, runner: Runner) -> None:
        self.held, self.runner = held, runner
        self.is_lost = self.is_cancel_asked = False
        self.told_at = 0.0
        self.words = words_for(held)

    def renew(self) -> None:
        try:
            self.is_cancel_asked = queue.renew(self.held, instant()) or self.is_cancel_asked
        except LeaseLost:
            self.is_lost = True

    def do(self, task: Task | None) -> None:
        """Run the task, and write down how it ended; a job that was lost is somebody else's to write about."""
        began = time.monotonic()
        try:
            how = self._ended(task)
        except LeaseLost:
            how = "lost"
        details = {"job": self.held.job_id, "kind": self.held.kind, "fence": self.held.fence, "ended": how}
        log.info("Job %s", how, extra={**details, "duration_ms": round((time.monotonic() - began) * 1000)})

    def _ended(self, task: Task | None) -> str:
        try:
            if task is None:
                raise UserError(N_("This program does not know how to do this."), where=self.held.kind)
            result = task(self._work())
        except LeaseLost:
            raise
        except Leaving:
            queue.hand_back(self.held, instant())
            return "handed back"
        except UserError as error:
            return self._refused(error)
        except Exception:
            return self._broken()
        queue.finish(self.held, result=result, now=instant())
        return "done"

    def _refused(self, error: UserError) -> str:
        if self.is_cancel_asked:
            queue.stop(self.held, now=instant())
            return "cancelled"
        error.translate(self.words)
        queue.fail(self.held, problem=str(error), now=instant())
        return "refused"

    def _broken(self) -> str:
        mistake = secrets.token_hex(4)
        log.exception("Job broke", extra={"job": self.held.job_id, "kind": self.held.kind, "mistake": mistake})
        if connection.connection is not None and not connection.is_usable():
            _forget_connection()
        end = queue.fail if self.held.n_tries >= self.held.max_tries else queue.retry_later
        end(self.held, problem=self.words(OUR_MISTAKE, id=mistake), now=instant())
        return "broken"

    def _work(self) -> Work:
        return Work(
            arguments=self.held.arguments,
            by=self.held.asked_by,
            now=instant(),
            words=self.words,
            tell=self.tell,
            is_cancelled=self.is_cancelled,
            check_is_held=self.check_is_held,
        )

    def tell(self, share: float, sentence: str) -> None:
        self._check_may_go_on()
        if time.monotonic() - self.told_at > TELL_EVERY_S:
            self.told_at = time.monotonic()
            queue.tell(self.held, share=share, sentence=sentence)

    def is_cancelled(self) -> bool:
        self._check_may_go_on()
        return self.is_cancel_asked

    def check_is_held(self) -> None:
        self._check_may_go_on()
        queue.check_is_held(self.held)

    def _check_may_go_on(self) -> None:
        if self.is_lost:
            raise LeaseLost
        since = self.runner.leaving_since
        if since and time.monotonic() - since > GRACE_S:
            raise Leaving


def words_for(held: Lease) -> Words:
    language = held.asked_by.language if held.asked_by else ""
    return words(language if language in LANGUAGES else "en")


def _forget_connection() -> None:
    """A connection that broke is opened anew by the next question; one inside a transaction is left alone."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
