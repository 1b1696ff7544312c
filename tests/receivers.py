"""Receivers on this machine that behave as told, and badly where told: a mail server and a listener of webhooks."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

CONNECT = socket.socket.connect


def open_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test connect to 127.0.0.1, and to nothing else."""

    def connect(self: socket.socket, address: Any) -> None:
        assert address[0] == "127.0.0.1", f"A test tried to connect to {address}."
        CONNECT(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@dataclass
class Mailbox:
    """What a mail server took. `script` says how it answers, turn by turn, then it is well again.

    mail_4xx, mail_5xx, rcpt_4xx, rcpt_5xx, rcpt_nobody, rcpt_greylist, data_4xx, data_5xx, drop_before, drop_after_dot
    """

    port: int = 0
    script: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    readers: list[list[str]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)

    def turn(self, *stages: str) -> str:
        """The next thing of the script, if it belongs to one of these stages."""
        return self.script.pop(0) if self.script and self.script[0].startswith(stages) else ""

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.taken]

    async def handle_MAIL(  # noqa: N802 — aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        if wanted := self.turn("mail_"):
            return {"mail_4xx": "451 4.3.0 later", "mail_5xx": "550 5.7.1 not from you"}[wanted]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        answers = {
            "rcpt_4xx": "450 4.2.1 mailbox busy",
            "rcpt_5xx": "550 5.7.1 policy",
            "rcpt_nobody": "550 5.1.1 no such user",
            "rcpt_greylist": "451 4.7.1 greylisted, try again",
        }
        if wanted := self.turn("rcpt_"):
            return answers[wanted]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        wanted = self.turn("data_", "drop_")
        if wanted in ("data_4xx", "data_5xx"):
            return {"data_4xx": "452 4.3.1 disk full", "data_5xx": "554 5.7.1 looks like spam"}[wanted]
        if wanted == "drop_before":
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        self.taken.append(message_from_bytes(envelope.content or b"", policy=policy.default))  # type: ignore[arg-type]
        self.readers.append(list(envelope.rcpt_tos))
        self.senders.append(str(envelope.mail_from))
        if wanted == "drop_after_dot":
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A real server on a free port."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Mailbox]:
    """The mail server of whoever uses it; what a site sends goes there."""
    open_this_machine(monkeypatch)
    with mail_server() as found:
        settings.EMAIL_BACKEND = "smarketing.records.outbound.HeldBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = ""
        yield found


@dataclass
class Post:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class Listener:
    """What arrived over HTTP. `script` says how it answers by path: a status, or a word for bad manners."""

    port: int = 0
    posts: list[Post] = field(default_factory=list)
    script: dict[str, list[str]] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)
    scheme: str = "http"

    def url(self, path: str = "/hook") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def of(self, path: str) -> list[Post]:
        return [post for post in self.posts if post.path == path]


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            found = {name.lower(): value for name, value in self.headers.items()}
            listener.posts.append(Post(self.path, found, body))
            turns = listener.script.get(self.path) or ["200"]
            wanted = turns.pop(0) if len(turns) > 1 else turns[0]
            self.close_connection = True
            _answer(self, wanted, listener)

        def do_GET(self) -> None:
            """Who only says that they live: a post without a body."""
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            """Nothing on the terminal of a test."""

    return Handler


def _answer(handler: BaseHTTPRequestHandler, wanted: str, listener: Listener) -> None:
    status, _, rest = wanted.partition(" ")
    if status.isdecimal():
        name, _, value = rest.partition("=")
        handler.send_response(int(status))
        if name:
            handler.send_header(name, value)
        handler.send_header("content-length", "0")
        handler.end_headers()
    elif wanted == "hang":
        listener.done.wait(120)
    elif wanted == "drip":
        _drip(handler, listener)
    elif wanted == "close":
        handler.connection.shutdown(socket.SHUT_RDWR)
    elif wanted == "nonsense":
        handler.wfile.write(b"\x00\x01 this is not HTTP\r\n\r\n")
    elif wanted == "large":
        handler.send_response(200)
        handler.send_header("content-length", str(100 * 2**20))
        handler.end_headers()
        _pour(handler, listener)
    elif wanted == "bomb":
        handler.send_response(200)
        handler.send_header("content-encoding", "gzip")
        handler.send_header("content-length", "1024")
        handler.end_headers()
        handler.wfile.write(b"\x1f\x8b" + b"\0" * 1022)


def _drip(handler: BaseHTTPRequestHandler, listener: Listener) -> None:
    """A byte every moment, for ever."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        while not listener.done.is_set():
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def _pour(handler: BaseHTTPRequestHandler, listener: Listener) -> None:
    try:
        for _ in range(100):
            if listener.done.is_set():
                return
            handler.wfile.write(b"x" * 2**20)
    except OSError:
        return


@contextmanager
def http_listener(tls: ssl.SSLContext | None = None) -> Iterator[Listener]:
    """A real server on a free port; over TLS with what it shows there."""
    listener = Listener(scheme="https" if tls else "http")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(listener))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    listener.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        listener.done.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
