"""Requests that arrive together are committed together: one trip to the disk for all of them, then all are answered."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from smarketing.ledger.inbox import Delivery, Receipt, take_in_all

APART_S = 0.01  # between the beginnings of two commits: who comes alone waits for nobody, a crowd gathers
CROWD_S = 0.2  # for so long after somebody had to wait
IDLE_S = 30.0  # after which the shared connection is looked at before it is used again
MOST_ROWS = 1_000  # in one transaction, and at least one delivery
MOST_WAITING = 20_000  # events of this process; beyond it nobody is let in
PATIENCE_S = 20.0  # a sender would give up and try again
log = logging.getLogger("smarketing.intake")


class Full(Exception):
    """So much is waiting that nobody can be let in now."""


class Slow(Exception):
    """The database did not answer in time: the events may or may not be kept, and are not acknowledged."""


class Waiting:
    """`turn` is a closed lock, opened once: when there is an answer, or when it is this one who writes for the others.

    A bare lock wakes its thread in a fraction of the time that an Event takes.
    """

    __slots__ = ("answer", "delivery", "is_writer", "n_rows", "turn")

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.n_rows = delivery, len(delivery.events)
        self.answer: Receipt | BaseException | None = None
        self.is_writer = False
        self.turn = Lock()
        self.turn.acquire()


@dataclass(eq=False)
class GroupCommit:
    """The first request that finds nobody writing writes for everybody; there is no thread of its own.

    While it is on its way to the disk the others queue up, and the first of them takes the whole queue next. Each is
    woken once, alone: by its answer, or to write.
    """

    write: Callable[[Sequence[Delivery]], list[Receipt]] = take_in_all
    using: str = DEFAULT_DB_ALIAS
    shares: bool = False  # whoever writes does so on one connection, not each thread on one of its own
    _shared: BaseDatabaseWrapper | None = None
    _state: Lock = field(default_factory=Lock)
    _queue: deque[Waiting] = field(default_factory=deque)
    _n_rows: int = 0  # in the queue
    _is_writing: bool = False
    _began_s: float = 0.0
    _ended_s: float = 0.0
    _crowd_until_s: float = 0.0
    _enough: Event = field(default_factory=Event)

    def commit(self, delivery: Delivery) -> Receipt:
        """Its receipt, once it is on the disk.

        Raises Full at once, Slow after PATIENCE_S, and whatever the database says; then nothing is acknowledged.
        """
        mine = Waiting(delivery)
        with self._state:
            if self._n_rows + mine.n_rows > MOST_WAITING:
                raise Full
            self._queue.append(mine)
            self._n_rows += mine.n_rows
            if self._n_rows >= MOST_ROWS:
                self._enough.set()
            if self._is_writing:
                self._crowd_until_s = time.monotonic() + CROWD_S
            mine.is_writer, self._is_writing = not self._is_writing, True
        if not mine.is_writer and not mine.turn.acquire(timeout=PATIENCE_S):
            self._give_up(mine)
        if mine.is_writer:
            self._write_for_all()
        assert mine.answer is not None
        if isinstance(mine.answer, BaseException):
            raise mine.answer
        return mine.answer

    def _give_up(self, mine: Waiting) -> None:
        """Raises Slow, unless everybody waits for this one since a moment ago."""
        with self._state:
            if not mine.is_writer and mine.answer is None:
                if mine in self._queue:
                    self._queue.remove(mine)
                    self._n_rows -= mine.n_rows
                raise Slow

    def _write_for_all(self) -> None:
        if self._crowd_until_s > time.monotonic():
            self._enough.wait(max(self._began_s + APART_S - time.monotonic(), 0))
        with self._state:
            group = self._taken()
        self._began_s = time.monotonic()
        answers: Sequence[Receipt | BaseException] = [Slow()] * len(group)
        try:
            with self._connected():
                answers = self._answers(group)
        finally:
            self._hand_on()
            for one, answer in zip(group, answers, strict=True):
                one.answer = answer
                if not one.is_writer:
                    one.turn.release()
        took_ms = round((time.monotonic() - self._began_s) * 1000, 1)
        n_rows = sum(one.n_rows for one in group)
        log.info("Committed together", extra={"n_together": n_rows, "n_requests": len(group), "duration_ms": took_ms})

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """A hundred threads that each write now and then need one connection, not a hundred."""
        own = connections[self.using]
        if not self.shares or own.in_atomic_block:
            yield
            return
        if self._shared is None:
            self._shared = connections.create_connection(self.using)
            self._shared.inc_thread_sharing()
        elif time.monotonic() - self._ended_s > IDLE_S:
            self._shared.close_if_unusable_or_obsolete()
        connections[self.using] = self._shared
        try:
            yield
        finally:
            connections[self.using] = own
            self._ended_s = time.monotonic()

    def _hand_on(self) -> None:
        with self._state:
            if self._queue:
                self._queue[0].is_writer = True
                self._queue[0].turn.release()
            else:
                self._is_writing = False

    def _taken(self) -> list[Waiting]:
        taken = [self._queue.popleft()]
        n_rows = taken[0].n_rows
        while self._queue and n_rows + self._queue[0].n_rows <= MOST_ROWS:
            taken.append(self._queue.popleft())
            n_rows += taken[-1].n_rows
        self._n_rows -= n_rows
        if self._n_rows < MOST_ROWS:
            self._enough.clear()
        return taken

    def _answers(self, group: Sequence[Waiting]) -> list[Receipt | BaseException]:
        """One answer for each. What the database will not take of one delivery is no fault of the others."""
        try:
            return list(self.write([one.delivery for one in group]))
        except (OperationalError, InterfaceError) as error:
            self._begin_afresh()
            return [error] * len(group)
        except (DatabaseError, ValueError) as error:
            if len(group) == 1:
                return [error]
            return [answer for one in group for answer in self._answers([one])]

    def _begin_afresh(self) -> None:
        """The database went away or the disk is full: the next attempt is made on a new connection."""
        connection = connections[self.using]
        if not connection.in_atomic_block:
            connection.close()
