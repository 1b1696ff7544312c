"""Requests that arrive together are committed together: one trip to the disk for all of them, then all are answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, get_ident

from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connections

from smarketing.ledger.inbox import Delivery, Receipt, take_in_all

WAIT_S = 0.005  # for requests that are being read while we could already write
MOST_ROWS = 1_000  # in one transaction, and at least one delivery
MOST_WAITING = 20_000  # events of this process; beyond it nobody is let in
PATIENCE_S = 20.0  # a sender would give up and try again


class Full(Exception):
    """So much is waiting that nobody can be let in now."""


class Slow(Exception):
    """The database did not answer in time: the events may or may not be kept, and are not acknowledged."""


@dataclass(slots=True, eq=False)
class Waiting:
    delivery: Delivery
    answer: Receipt | BaseException | None = None


@dataclass(eq=False)
class GroupCommit:
    """The first request that finds nobody writing writes for everybody; there is no thread of its own.

    While it is on its way to the disk the others queue up, and one of them takes the whole queue next. It waits up to
    WAIT_S only if somebody is known to be coming (see `coming`).
    """

    write: Callable[[Sequence[Delivery]], list[Receipt]] = take_in_all
    using: str = DEFAULT_DB_ALIAS
    _state: Condition = field(default_factory=Condition)
    _queue: list[Waiting] = field(default_factory=list)
    _is_writing: bool = False
    _coming: set[int] = field(default_factory=set)  # threads that read and check a request

    @contextmanager
    def coming(self) -> Iterator[None]:
        """A request is being read and checked, and will commit within the block, or not at all."""
        with self._state:
            self._coming.add(get_ident())
        try:
            yield
        finally:
            with self._state:
                self._coming.discard(get_ident())
                self._state.notify_all()

    def commit(self, delivery: Delivery) -> Receipt:
        """Its receipt, once it is on the disk.

        Raises Full at once, Slow after PATIENCE_S, and whatever the database says; then nothing is acknowledged.
        """
        mine = Waiting(delivery)
        with self._state:
            self._coming.discard(get_ident())
            if sum(len(one.delivery.events) for one in self._queue) + len(delivery.events) > MOST_WAITING:
                raise Full
            self._queue.append(mine)
            self._state.notify_all()
        until = time.monotonic() + PATIENCE_S
        while (answer := mine.answer) is None:
            if group := self._next_group(mine, until):
                self._write(group)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _next_group(self, mine: Waiting, until: float) -> list[Waiting]:
        """What this thread is to write; nothing where another one is writing, or has just written `mine`."""
        with self._state:
            while self._is_writing and mine.answer is None:
                if not self._state.wait(max(until - time.monotonic(), 0)):
                    if mine in self._queue:
                        self._queue.remove(mine)
                    raise Slow
            if mine.answer is not None:
                return []
            self._is_writing = True
            self._state.wait_for(self._is_everybody_here, WAIT_S)
            return self._taken()

    def _is_everybody_here(self) -> bool:
        return not self._coming or sum(len(one.delivery.events) for one in self._queue) >= MOST_ROWS

    def _taken(self) -> list[Waiting]:
        taken: list[Waiting] = []
        n = 0
        while self._queue and (not taken or n + len(self._queue[0].delivery.events) <= MOST_ROWS):
            taken.append(self._queue.pop(0))
            n += len(taken[-1].delivery.events)
        return taken

    def _write(self, group: Sequence[Waiting]) -> None:
        answers: Sequence[Receipt | BaseException] = [Slow()] * len(group)
        try:
            answers = self._answers(group)
        finally:
            with self._state:
                for one, answer in zip(group, answers, strict=True):
                    one.answer = answer
                self._is_writing = False
                self._state.notify_all()

    def _answers(self, group: Sequence[Waiting]) -> list[Receipt | BaseException]:
        """One answer for each. What the database will not take of one delivery is no fault of the others."""
        try:
            return list(self.write([one.delivery for one in group]))
        except OperationalError as error:
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
