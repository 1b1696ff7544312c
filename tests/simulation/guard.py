"""While a world runs, nobody asks the real clock, the real dice or the network: whoever tries is told so."""

from __future__ import annotations

import random
import secrets
import socket
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID

from django.utils import timezone

OURS = "smarketing."


class Outside(AssertionError):
    """Something in the program reached for the world outside the simulator."""


def refuse(*_: Any, **__: Any) -> Any:
    raise Outside("The wall clock, dice, sleep and sockets are out of bounds in the simulator.")


class _Meta(type):
    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, datetime)


class Guarded(datetime, metaclass=_Meta):
    """datetime without the instants that nobody gave."""

    def __new__(cls, *given: Any, **more: Any) -> Any:
        return datetime(*given, **more)

    now = utcnow = today = classmethod(refuse)


@contextmanager
def guarded(chance: Random, monotonic: Callable[[], float]) -> Iterator[None]:
    """Ids come from `chance`, stop watches from `monotonic`; everything else of the kind is refused."""
    fakes = {
        id(datetime): Guarded,
        id(uuid.uuid4): lambda: UUID(int=chance.getrandbits(128), version=4),
        id(time): SimpleNamespace(monotonic=monotonic, perf_counter=monotonic, time=refuse, sleep=refuse),
        id(random): SimpleNamespace(random=refuse, randint=refuse, choice=refuse, uniform=refuse, Random=Random),
        id(secrets): SimpleNamespace(token_bytes=chance.randbytes, token_hex=lambda n: chance.randbytes(n).hex()),
        id(time.time): refuse,  # noqa: TID251
        id(time.sleep): refuse,
    }
    with ExitStack() as stack:
        for module in [found for name, found in sorted(sys.modules.items()) if name.startswith(OURS)]:
            for name, fake in _replaced(module, fakes):
                stack.enter_context(mock.patch.object(module, name, fake))
        stack.enter_context(mock.patch.object(timezone, "now", refuse))
        stack.enter_context(mock.patch.object(socket.socket, "connect", refuse))
        yield


def _replaced(module: ModuleType, fakes: dict[int, Any]) -> list[tuple[str, Any]]:
    return [(name, fakes[id(value)]) for name, value in vars(module).items() if id(value) in fakes]
