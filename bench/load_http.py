"""A client of HTTP/1.1 that costs next to nothing: it measures on the machine that serves."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

MOST_CONNECTIONS = 400
BROKEN = 0  # the status of a request that nobody answered


@dataclass(frozen=True, slots=True)
class Answer:
    """`retry_after_s` is what the server asked for, 0 where it did not."""

    status: int
    body: bytes
    retry_after_s: float


Done = Callable[[Answer], None]


class Client:
    """Sends each request on a connection that is idle, on a new one, or once one is free."""

    def __init__(self, host: str, port: int, most: int = MOST_CONNECTIONS) -> None:
        self.host, self.port, self.most = host, port, most
        self.idle: list[_Connection] = []
        self.waiting: deque[tuple[bytes, Done]] = deque()
        self.n_open = 0

    def send(self, request: bytes, done: Done) -> None:
        if self.idle:
            self.idle.pop().send(request, done)
        elif self.n_open < self.most:
            self.n_open += 1
            task = asyncio.get_running_loop().create_task(self._open(request, done))
            task.add_done_callback(lambda _: None)
        else:
            self.waiting.append((request, done))

    async def _open(self, request: bytes, done: Done) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, connection = await loop.create_connection(lambda: _Connection(self), self.host, self.port)
        except OSError:
            self.n_open -= 1
            done(Answer(BROKEN, b"", 0))
            return
        connection.send(request, done)

    def free(self, connection: _Connection) -> None:
        if self.waiting:
            connection.send(*self.waiting.popleft())
        else:
            self.idle.append(connection)

    def lost(self, connection: _Connection) -> None:
        self.n_open -= 1
        if connection in self.idle:
            self.idle.remove(connection)
        if self.waiting:
            self.send(*self.waiting.popleft())

    def close(self) -> None:
        for connection in self.idle:
            connection.transport.close()
        self.idle.clear()


class _Connection(asyncio.Protocol):
    def __init__(self, client: Client) -> None:
        self.client, self.got, self.done = client, b"", None

    transport: asyncio.Transport
    done: Done | None
    got: bytes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self, request: bytes, done: Done) -> None:
        self.got, self.done = b"", done
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.got += data
        found = answer_in(self.got)
        if found is None or self.done is None:
            return
        done, self.done = self.done, None
        self.client.free(self)
        done(found)

    def connection_lost(self, _: Exception | None) -> None:
        self.client.lost(self)
        if self.done is not None:
            done, self.done = self.done, None
            done(Answer(BROKEN, b"", 0))


def answer_in(got: bytes) -> Answer | None:
    """The whole answer, once it is there."""
    head, mark, body = got.partition(b"\r\n\r\n")
    if not mark:
        return None
    lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
    headers = {name.lower(): value.strip() for name, _, value in lines}
    if headers.get(b"transfer-encoding") == b"chunked":
        if not body.endswith(b"0\r\n\r\n"):
            return None
    elif len(body) < int(headers.get(b"content-length", b"0")):
        return None
    return Answer(int(head[9:12]), body, float(headers.get(b"retry-after", b"0")))


def request_bytes(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body
