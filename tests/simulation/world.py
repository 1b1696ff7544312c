"""One thread, one clock, one die: whoever may act next is drawn, acts until its next wait, and may not survive it."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from unittest import mock

from django.db import connections
from tests.simulation.faults import FREEZES, Faults, SimCrash, a_moody_database, at_failpoints
from tests.simulation.guard import guarded
from tests.simulation.receivers import Receivers
from tests.simulation.stories import Size, a_story

from smarketing.cli import alert_raiser, inbox_drain, job_runner, notice_sender
from smarketing.ledger import group_commit, merge_turns
from smarketing.ledger.models import InboxRow
from smarketing.records.models import Version
from smarketing.terms.errors import FactsError
from smarketing.workflows import open_facts
from smarketing.workflows.open_terms import SIGNED

if TYPE_CHECKING:
    from tests.simulation.actors import Actor

MINUTE = timedelta(minutes=1)
TOGETHER = timedelta(seconds=30)  # who may act within so long of one another act in any order
MOST_STEPS = 3_000
AMBIGUOUS = ("busy", "gone", "commit_unknown", "crash", "freeze")
LOST = ("database is locked", "disk I/O error", "the answer to COMMIT was lost", "busy")


class Violation(AssertionError):
    """The world is not as it must be."""


class Stopped(Exception):
    """Somebody wanted to see the world at this step."""


class World:
    """`now` is the true time; every process has its own idea of it."""

    def __init__(self, seed: int, size: Size, home: Path, alias: str, until_step: int = 0) -> None:
        self.seed, self.size, self.home, self.alias, self.until_step = seed, size, home, alias, until_step
        self.dice = {name: Random(f"{seed} {name}") for name in ("story", "faults", "order", "ids", "actors")}
        self.story = a_story(self.dice["story"], size)
        self.faults = Faults.drawn(self.dice["faults"])
        self.faults.reached = self.reached
        self.now, self.steps, self.saw = self.story.begins_at, 0, Counter[str]()
        self.trace, self.lines = hashlib.blake2b(digest_size=16), list[str]()
        self.actors: list[Actor] = []
        self.actor: Actor | None = None
        self.locks: dict[str, Actor] = {}
        self.acked: dict[tuple[str, str, str], bytes] = {}
        self.is_nested = self.is_calm = False
        self.receivers = Receivers.drawn(self)
        self.known: list[tuple[datetime, list[tuple[str, bytes]], int]] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """The program inside this world."""
        with ExitStack() as stack:
            stack.enter_context(guarded(self.dice["ids"], lambda: self.now.timestamp()))
            for module in (inbox_drain, job_runner, alert_raiser, notice_sender):
                stack.enter_context(mock.patch.object(module, "instant", self.instant))
            stack.enter_context(mock.patch.object(merge_turns, "sole_writer", self.sole_writer))
            stack.enter_context(mock.patch.object(group_commit, "APART_S", 0.0, create=True))
            stack.enter_context(mock.patch.object(open_facts, "_make_ready", lambda: None))
            stack.enter_context(at_failpoints(self.faults))
            stack.enter_context(a_moody_database(self.faults, self.tell))
            stack.enter_context(self.receivers.listening())
            stack.enter_context(self._listening())
            yield

    def instant(self) -> datetime:
        return self.now + (self.actor.skew if self.actor else timedelta(0))

    def tell(self, what: str) -> None:
        """Something happened that a world is meant to see now and then; it is part of the trace."""
        self.saw[what] += 1
        self.note("saw", what)
        if what in AMBIGUOUS:
            self.receivers.excuse()

    def note(self, *what: Any) -> None:
        line = json.dumps([self.steps, self.now.isoformat(), *what], default=str)
        self.trace.update(line.encode())
        self.lines.append(line)

    def acked_as(self, src: str, key: str, body: bytes) -> None:
        self.acked[src, key, hashlib.sha256(body).hexdigest()] = body

    def wake(self) -> None:
        """Somebody looks at the inbox soon after something came."""
        dice = self.dice["actors"]
        for actor in self.actors:
            if actor.wakes_for_others and not actor.is_frozen and dice.random() < 0.4:
                actor.next_at = min(actor.next_at, self.now + dice.choice((1, 20, 600)) * timedelta(seconds=1))

    # Who acts

    def live(self, until: datetime) -> None:
        while (at := min(actor.next_at for actor in self._able())) <= until:
            self.step(at)
        self.now = max(self.now, until)

    def _able(self) -> list[Actor]:
        return [actor for actor in self.actors if not actor.is_frozen and not actor.is_called]

    def step(self, at: datetime) -> None:
        self.steps += 1
        if self.until_step and self.steps > self.until_step:
            raise Stopped
        if self.steps > MOST_STEPS:
            raise Violation(f"I13: {MOST_STEPS} steps and no end")
        ready = [actor for actor in self._able() if actor.next_at <= at + TOGETHER]
        actor = self.dice["order"].choice(ready)
        self.now = max(self.now, actor.next_at)
        with self.acting(actor):
            self.note(actor.name, actor.act())
        self._remember()

    def _remember(self) -> None:
        """What was known from now on, for whoever asks later what could have been said."""
        done = InboxRow.objects.filter(state="done").order_by("id").values_list("src", "body")
        n_done, n_versions = done.count(), Version.objects.filter(status__in=SIGNED).count()
        if not self.known or (n_done, n_versions) != (len(self.known[-1][1]), self.known[-1][2]):
            self.known.append((self.now, [(src, bytes(body)) for src, body in done], n_versions))

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[None]:
        """Whatever is done inside is done by this process, which may die of it."""
        before, self.actor = self.actor, actor
        try:
            yield
        except SimCrash as crash:
            self.tell("crash")
            self.note(actor.name, "died at", str(crash))
            connections["default"].close()
            actor.die()
        finally:
            self.actor = before

    # What goes wrong

    def reached(self, name: str) -> None:
        actor = self.actor
        if actor is None:
            return
        actor.check_at(name)
        if name == "sent.mark.after":
            self.receivers.unmarked = ""
        if self.faults.comes(self.faults.crash):
            raise SimCrash(name)
        is_free = not connections["default"].in_atomic_block and not self.is_nested
        if name in FREEZES and is_free and self.faults.comes(self.faults.freeze):
            self._freeze(actor, name)

    def _freeze(self, actor: Actor, name: str) -> None:
        """The process sleeps while the others go on, and may have lost what it held when it wakes up."""
        dice = self.dice["faults"]
        until = self.now + dice.choice((5, 40, 200, 3_600)) * timedelta(seconds=1)
        actor.is_frozen, self.is_nested = True, True
        actor.has_lost_lock = dice.random() < 0.8
        self.note(actor.name, "freezes at", name, until)
        self.tell("freeze")
        before, self.actor = self.actor, None
        try:
            for other in self.actors:
                if not other.is_frozen and other.wakes_for_others:
                    other.next_at = min(other.next_at, self.now + dice.choice((1, 30)) * timedelta(seconds=1))
            self.live(until)
        finally:
            actor.is_frozen, self.is_nested, self.actor = False, False, before
            self.note(actor.name, "wakes")

    @contextmanager
    def sole_writer(self, _folder: Path, name: str = "writer.lock", *, wait_s: float = 0.0) -> Iterator[None]:  # noqa: ARG002
        """The lock that the system lets go of when its holder dies, and a shared disk when its holder sleeps."""
        holder, actor = self.locks.get(name), self.actor
        if holder is not None and not holder.has_lost_lock:
            raise FactsError(LOST[-1])
        if actor is not None:
            self.locks[name] = actor
        try:
            yield
        finally:
            if self.locks.get(name) is actor:
                self.locks.pop(name, None)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """What the program complains of besides the faults that were put into it is a violation."""
        handler = _Complaints(self)
        logger = logging.getLogger("smarketing")
        before, passes = logger.level, logger.propagate
        logger.addHandler(handler)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(before)
            logger.propagate = passes


class _Complaints(logging.Handler):
    def __init__(self, world: World) -> None:
        super().__init__(logging.WARNING)
        self.world, self.found = world, list[str]()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if "Another process" in record.getMessage():
            self.world.tell("zombie_fenced")
        if error is None or any(word in str(error) for word in LOST):
            return
        raise Violation(f"the program complains: {record.getMessage()} {error!r}") from error


Check = Callable[[World], None]
