"""Mail servers that behave badly at one step of the dialogue: the mail waits, leaves once later, and blocks nobody."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from tests.receivers import mail_server, open_this_machine

from smarketing.alerts.channels import email
from smarketing.alerts.message import Message, Retry, Sent
from smarketing.records import outbound

pytestmark = pytest.mark.django_db
STEPS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "end")
WELL = {"greeting": "220 hi", "DATA": "354 go on"}  # any other step: 250
PATIENCE_S = 0.6
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BUSY = [("greeting", "421 busy"), ("greeting", "554 go away"), ("MAIL", "421 busy")]


class Server:
    """Speaks well until `step`, then behaves as told: drip, silent, close, or says this."""

    def __init__(self, step: str, manner: str, tls: ssl.SSLContext | None = None) -> None:
        self.step, self.manner, self.tls = step, manner, tls
        self.over, self.n_taken, self.n_guests = threading.Event(), 0, 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                guest, _ = self.door.accept()
                self.n_guests += 1
                threading.Thread(target=self._talk, args=(guest,), daemon=True).start()

    def _talk(self, guest: socket.socket) -> None:
        with suppress(OSError), guest:
            wire = self.tls.wrap_socket(guest, server_side=True) if self.tls else guest
            heard = wire.makefile("rb")
            if not self._says(wire, "greeting"):
                return
            for line in heard:
                verb = line[:4].decode().upper()
                if verb == "QUIT":
                    return
                if not self._says(wire, verb):
                    return
                if verb == "DATA":
                    while heard.readline() not in (b".\r\n", b""):
                        pass
                    self.n_taken += 1
                    if not self._says(wire, "end"):
                        return

    def _says(self, wire: socket.socket, step: str) -> bool:
        if step != self.step:
            wire.sendall(f"{WELL.get(step, '250 ok')}\r\n".encode())
            return True
        if self.manner == "drip":
            while not self.over.is_set():
                wire.sendall(b"2")
                time.sleep(0.05)
        elif self.manner == "silent":
            self.over.wait(30)
        elif self.manner != "close":
            wire.sendall(f"{self.manner}\r\n".encode())
            return True
        return False


@contextmanager
def served(step: str, manner: str, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(step, manner, tls)
    try:
        yield server
    finally:
        server.over.set()
        server.door.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    open_this_machine(monkeypatch)
    monkeypatch.setattr(outbound, "DIALOGUE_S", PATIENCE_S)
    settings.EMAIL_BACKEND = "smarketing.records.outbound.HeldBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5


def send() -> Any:
    message = Message("1", "breach", "A lead waits", "en", NOW, ("It waits for you.",))
    return email.send(message, "Rita", "rita@example.com", message_id="<1@here>", sender="us@example.com")


@pytest.mark.parametrize("manner", ["drip", "silent", "close"])
@pytest.mark.parametrize("step", STEPS)
def test_f6_no_step_of_the_dialogue_lasts_for_ever(settings: Any, step: str, manner: str) -> None:
    """A letter a moment keeps every single wait alive: the whole has an end. Only after the dot it may have arrived."""
    began = time.monotonic()
    with served(step, manner) as server:
        settings.EMAIL_PORT = server.port
        outcome = send()
    assert isinstance(outcome, Retry) and outcome.is_way_broken, outcome
    assert outcome.is_ambiguous == (step == "end") == bool(server.n_taken)
    assert time.monotonic() - began < 10 * PATIENCE_S


@pytest.mark.parametrize(("step", "said"), BUSY)
def test_f6_a_server_that_is_busy_from_the_first_word_is_asked_again(settings: Any, step: str, said: str) -> None:
    with served(step, said) as server:
        settings.EMAIL_PORT = server.port
        outcome = send()
    assert isinstance(outcome, Retry) and not outcome.is_ambiguous and server.n_taken == 0


def test_f6_a_certificate_of_somebody_else_is_not_trusted(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_USE_SSL = True
    with served("", "", _tls(tmp_path)) as server:
        settings.EMAIL_PORT = server.port
        outcome = send()
    assert outcome == Retry("certificate") and server.n_taken == 0


def test_f6_a_name_that_leads_nowhere_waits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    settings.EMAIL_HOST = "mail.example.invalid"
    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert send() == Retry("unknown_host")


def test_f6_a_dialogue_that_ends_well_leaves_no_deadline_behind(settings: Any) -> None:
    before = timers()
    with mail_server() as box:
        settings.EMAIL_PORT = box.port
        assert isinstance(send(), Sent)
    assert timers() <= before, "those that other tests left end by themselves"


def timers() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if isinstance(each, threading.Timer)}


def _tls(place: Path) -> ssl.SSLContext:
    """Of a server whose certificate nobody vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=somebody else")
    day, now = timedelta(days=1), datetime.now(UTC)  # noqa: TID251 — a certificate holds for a while around now
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - day, now + day)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    both = place / "both.pem"
    both.write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context
