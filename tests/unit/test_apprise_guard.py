"""What Apprise opens is checked where it is opened, whatever the library makes of the refusal."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import UTC, datetime
from threading import Thread
from types import ModuleType
from typing import Any

import pytest

from smarketing.alerts.channels import apprise
from smarketing.alerts.channels.guarded import guarded
from smarketing.alerts.message import Message, Retry, Sent
from smarketing.terms.errors import UserError

MESSAGE = Message(
    key="k", occasion="breach", subject="Late", language="en", created_at=datetime(2026, 3, 2, tzinfo=UTC)
)
URL = "discord://1234567890/abcdefgh"


@pytest.fixture(autouse=True)
def no_network() -> None:
    """In place of the wall of all tests: these connect to this machine itself."""


@pytest.fixture
def inside() -> Iterator[socket.socket]:
    """A server of the internal network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def stands_in(monkeypatch: pytest.MonkeyPatch, reach: Callable[[], Any]) -> None:
    """A library that swallows whatever goes wrong, as Apprise does."""

    class Way:
        def add(self, _: str) -> bool:
            return True

        def notify(self, **_: Any) -> bool:
            try:
                reach()
            except Exception:
                return False
            return True

    module = ModuleType("apprise")
    module.Apprise = Way  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "apprise", module)
    monkeypatch.setattr(apprise, "is_here", lambda: True)


def heard(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


def test_nothing_reaches_the_internal_network(monkeypatch: pytest.MonkeyPatch, inside: socket.socket) -> None:
    stands_in(monkeypatch, lambda: socket.create_connection(inside.getsockname()).close())
    assert apprise.send(MESSAGE, URL) == Retry("blocked")
    assert not heard(inside)


def test_what_the_operator_names_is_reached(monkeypatch: pytest.MonkeyPatch, inside: socket.socket) -> None:
    stands_in(monkeypatch, lambda: socket.create_connection(inside.getsockname()).close())
    assert apprise.send(MESSAGE, URL, hosts=[f"127.0.0.1:{inside.getsockname()[1]}"]) == Sent()
    assert heard(inside)
    assert apprise.send(MESSAGE, URL, hosts=["127.0.0.1:1"]) == Retry("blocked")


def test_a_failure_of_the_service_may_have_been_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    stands_in(monkeypatch, lambda: 1 / 0)
    assert apprise.send(MESSAGE, URL) == Retry("apprise", is_ambiguous=True)


def test_the_guard_holds_for_datagrams_files_and_threads(inside: socket.socket) -> None:
    with guarded([]):
        for family, address in ((socket.AF_INET, ("localhost", 9)), (socket.AF_UNIX, "/run/nothing")):
            with socket.socket(family, socket.SOCK_DGRAM) as one, pytest.raises(PermissionError):
                one.sendto(b"x", address)
        thread = Thread(target=copy_context().run, args=(_quietly, inside))
        thread.start()
        thread.join()
    assert not heard(inside)


def test_the_guard_ends_and_holds_nobody_else(inside: socket.socket) -> None:
    with guarded([]) as guard:
        thread = Thread(target=_quietly, args=(inside,))
        thread.start()
        thread.join()
        assert heard(inside)
    _quietly(inside)
    assert heard(inside)
    assert not guard.is_blocked


def _quietly(server: socket.socket) -> None:
    try:
        socket.create_connection(server.getsockname()).close()
    except PermissionError:
        return


@pytest.mark.parametrize("url", ["file:///etc/passwd", "json://10.0.0.1", "signalwire://x", "none", f"{URL}?Verify=no"])
def test_addresses_that_are_not_taken(url: str) -> None:
    with pytest.raises(UserError):
        apprise.check_address(url)
