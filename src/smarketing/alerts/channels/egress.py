"""The only door to the web: addresses are checked where the connection is made, and what comes back is never shown."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore

from smarketing.alerts.channels.addresses import is_public
from smarketing.alerts.channels.targets import ASK, Blocked, Target, target_of
from smarketing.failpoints import reach
from smarketing.terms.marked import N_

CONNECT_S, ANSWER_S, IN_ALL_S = 5.0, 5.0, 10.0
LONGEST_WAIT = timedelta(days=1)
AGENT = "smarketing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be known of an answer: never its text."""

    status: int
    retry_after: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


class Unreached(Exception):
    """No answer came. `is_sent`: all of it had left, so that it may have been taken nevertheless."""

    def __init__(self, code: str, *, is_sent: bool) -> None:
        super().__init__(code)
        self.code, self.is_sent = code, is_sent


def post(url: str, body: bytes, headers: Mapping[str, str], *, hosts: Collection[str], now: datetime) -> Answer:
    """Send the body, once.

    Takes    hosts  what the operator lets through although it may be internal
    Raises   Blocked when nothing may be sent there, Unreached when nobody answered
    """
    return _asked("POST", url, body, headers, hosts, now)


def ping(url: str, *, hosts: Collection[str], now: datetime) -> Answer:
    """Say that we live.

    Raises Blocked, Unreached
    """
    return _asked("GET", url, b"", {}, hosts, now)


def _asked(
    method: str, url: str, body: bytes, headers: Mapping[str, str], hosts: Collection[str], now: datetime
) -> Answer:
    target = target_of(url, hosts)
    wire = _Wire(target, time.monotonic() + IN_ALL_S)
    said = [("user-agent", AGENT), ("accept", "*/*"), ("content-length", str(len(body))), *headers.items()]
    lines = [(name.encode("ascii"), value.encode("ascii")) for name, value in said]
    limits = {"connect": CONNECT_S, "read": ANSWER_S, "write": ANSWER_S, "pool": CONNECT_S}
    try:
        with (
            httpcore.ConnectionPool(network_backend=wire, ssl_context=_trust(), max_keepalive_connections=0) as pool,
            pool.stream(method, target.url, headers=lines, content=body, extensions={"timeout": limits}) as response,
        ):
            return Answer(response.status, _wait(_header(response, b"retry-after"), now))
    except Blocked:
        raise
    except (httpcore.TimeoutException, TimeoutError):
        raise Unreached("timeout", is_sent=wire.n_written > len(body)) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise Unreached(_code(error), is_sent=wire.n_written > len(body)) from None


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _code(error: Exception) -> str:
    cause = error.__cause__ or error.__context__ or error
    if isinstance(cause, ssl.SSLCertVerificationError) or isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(cause, socket.gaierror) or isinstance(error, socket.gaierror):
        return "unknown_host"
    return "no_protocol" if isinstance(error, httpcore.ProtocolError) else "no_connection"


def _header(response: httpcore.Response, name: bytes) -> bytes:
    return next((value for said, value in response.headers if said.lower() == name), b"")


def _wait(said: bytes, now: datetime) -> timedelta | None:
    """Retry-After, as seconds or as a date; never longer than a day."""
    text = said.decode("ascii", "replace").strip()
    if text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text) - now
    except (TypeError, ValueError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


class _Wire(httpcore.NetworkBackend):
    """Connects to an address that it has checked itself, so that no second look-up can lead elsewhere."""

    def __init__(self, target: Target, deadline_s: float) -> None:
        self.target, self.deadline_s = target, deadline_s
        self.plain = httpcore.SyncBackend()
        self.n_written = 0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("nowhere")
        for address in self._addresses(host.strip("[]"), port)[:3]:
            try:
                stream = self.plain.connect_tcp(address, port, self.left_s(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        """All that the name stands for.

        Raises Blocked when any of them is not public, ConnectError when there is none
        """
        try:
            found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if not self.target.is_trusted and not all(is_public(address) for address in found):
            raise Blocked(N_("This address leads to an internal network."), hint=ASK)
        return list(dict.fromkeys(found))

    def left_s(self, wanted: float | None) -> float:
        """How long an act may still take.

        Raises ReadTimeout when all the time is used up
        """
        left = self.deadline_s - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("in all")
        return left if wanted is None else min(left, wanted)


class _Stream(httpcore.NetworkStream):
    def __init__(self, plain: httpcore.NetworkStream, wire: _Wire) -> None:
        self.plain, self.wire = plain, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self.wire.n_written:
            reach("http.sent")
        return self.plain.read(max_bytes, self.wire.left_s(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.plain.write(buffer, self.wire.left_s(timeout))
        self.wire.n_written += len(buffer)

    def close(self) -> None:
        self.plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self.plain.start_tls(ssl_context, server_hostname, self.wire.left_s(timeout)), self.wire)

    def get_extra_info(self, info: str) -> Any:
        return self.plain.get_extra_info(info)
