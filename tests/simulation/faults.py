"""What goes wrong: processes that die or freeze at named points, and a database that is busy or loses its voice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any
from unittest import mock

from django.db import OperationalError, connections

from smarketing import failpoints

if TYPE_CHECKING:
    from collections.abc import Iterator

FREEZES = ("batch.plan.before", "batch.plan.after", "moments.raise.before", "claim.after", "receiver.took")
BUSY, GONE, UNKNOWN = "database is locked", "disk I/O error", "the answer to COMMIT was lost"


class SimCrash(BaseException):
    """The process is dead from here on; nothing of it runs again."""


@dataclass
class Faults:
    """How likely each fault is; a world has some of them, and none at the end."""

    chance: Random
    crash: float = 0.0
    freeze: float = 0.0
    busy: float = 0.0
    gone: float = 0.0
    unknown: float = 0.0
    reached: Callable[[str], None] = field(default=lambda _: None)

    @classmethod
    def drawn(cls, chance: Random) -> Faults:
        def perhaps(most: float) -> float:
            return chance.random() * most if chance.random() < 0.5 else 0.0

        return cls(
            chance,
            crash=perhaps(0.06),
            freeze=perhaps(0.3),
            busy=perhaps(0.06),
            gone=perhaps(0.004),
            unknown=perhaps(0.08),
        )

    def stop(self) -> None:
        self.crash = self.freeze = self.busy = self.gone = self.unknown = 0.0

    def comes(self, likelihood: float) -> bool:
        return likelihood > 0 and self.chance.random() < likelihood


class Points(frozenset[str]):
    """In the place of the armed failpoints: whoever looks a name up has come by it."""

    faults: Faults

    def __contains__(self, name: object) -> bool:
        self.faults.reached(str(name))
        return False


@contextmanager
def at_failpoints(faults: Faults) -> Iterator[None]:
    points = Points()
    points.faults = faults
    with mock.patch.object(failpoints, "_ARMED", points):
        yield


@contextmanager
def a_moody_database(faults: Faults, tell: Callable[[str], None]) -> Iterator[None]:
    """The default database refuses to begin, breaks off, or commits and says that it did not."""
    connection = connections["default"]

    def execute(real: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("BEGIN") and faults.comes(faults.busy):
            tell("busy")
            raise OperationalError(BUSY)
        if connection.in_atomic_block and faults.comes(faults.gone):
            tell("gone")
            raise OperationalError(GONE)
        return real(sql, params, many, context)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(execute))
        stack.enter_context(mock.patch.object(connection, "_commit", _commit(connection, faults, tell)))
        yield


def _commit(connection: Any, faults: Faults, tell: Callable[[str], None]) -> Callable[[], None]:
    real = connection._commit

    def commit() -> None:
        real()
        if faults.comes(faults.unknown):
            tell("commit_unknown")
            raise OperationalError(UNKNOWN)

    return commit
