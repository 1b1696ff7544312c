"""Holds a library that opens its own connections to public addresses: each is checked as the system is asked for it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from smarketing.alerts.channels.addresses import is_public

REACHING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})  # with the socket and the address


@dataclass(slots=True)
class Guard:
    """`is_blocked` stays true however the library took the refusal."""

    hosts: frozenset[str]
    is_blocked: bool = False


_guard: ContextVar[Guard | None] = ContextVar("guard", default=None)


@contextmanager
def guarded(hosts: Collection[str]) -> Iterator[Guard]:
    """Whatever is run here, and in threads that take over the context, reaches no internal address.

    Takes    hosts  addresses, alone or with a port, that the operator lets through
    """
    _listen()
    guard = Guard(frozenset(hosts))
    token = _guard.set(guard)
    try:
        yield guard
    finally:
        _guard.reset(token)


@cache
def _listen() -> None:
    """Once in a process: such a hook cannot be taken out again, and costs nothing to speak of outside of a guard."""
    sys.addaudithook(_check)


def _check(event: str, arguments: tuple[Any, ...]) -> None:
    """Raises PermissionError, as a firewall would, out of what was about to reach an internal address."""
    if event not in REACHING:
        return
    guard = _guard.get()
    if guard is None or _may_reach(arguments[1], guard.hosts):
        return
    guard.is_blocked = True
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _may_reach(address: object, hosts: Collection[str]) -> bool:
    """A name was resolved before; what comes as one here is refused like all that is no address."""
    if address is None:
        return True  # of a socket that is connected already
    if not isinstance(address, tuple) or len(address) < 2:
        return False
    host, port = str(address[0]), address[1]
    return is_public(host) or host in hosts or f"{host}:{port}" in hosts
