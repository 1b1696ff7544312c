"""Receivers on the web that lead astray (F7): wrong certificates, names of nobody, redirects that end inside."""

from __future__ import annotations

import logging
import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from tests.receivers import CONNECT, Listener, http_listener, open_this_machine
from tests.unit.test_send_notices import HOUR, an_endpoint, listener, posted, state, sweep

from smarketing.alerts.channels import egress, webhook
from smarketing.alerts.message import Message, Outcome, Retry, Sent
from smarketing.config.environment import environment
from smarketing.records.models import Endpoint
from smarketing.records.outbox import Lane

__all__ = ["listener"]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE, SOMEWHERE_ELSE = "127.0.0.1", "127.0.0.9"
DAY = timedelta(days=1)
PRIVATE = "10.0.0.7"


def certified(place: Path, address: str = HERE, *, valid_for: timedelta = DAY) -> tuple[ssl.SSLContext, Path]:
    """What a server of this address shows, signed by itself, and the file for whoever trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=a receiver")
    now = datetime.now(UTC)  # noqa: TID251 — a certificate holds for a while around now
    number = x509.random_serial_number()
    made = x509.CertificateBuilder(name, name, key.public_key(), number, now - 2 * DAY, now + valid_for)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    public = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    shown, trusted = place / "both.pem", place / "trusted.pem"
    shown.write_bytes(public + key.private_bytes(*kinds))
    trusted.write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown)
    return context, trusted


def trust(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """Whoever signed this is an authority."""
    monkeypatch.setattr(egress, "_trust", lambda: ssl.create_default_context(cafile=str(file)))


def sent_to(url: str, *hosts: str) -> Outcome:
    message = Message("1", "breach", "A lead waits", "en", NOW, ("It waits for you.",))
    return webhook.send(message, url, [], hosts=hosts, now=NOW)


def of(listener: Listener) -> str:
    return f"{HERE}:{listener.port}"


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that a socket was asked to connect to; only this machine is let through."""
    found: list[str] = []

    def connect(self: socket.socket, address: Any) -> None:
        found.append(f"{address[0]}:{address[1]}")
        if address[0] != HERE:
            raise ConnectionRefusedError(address)
        CONNECT(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return found


def test_f7_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path, connected: list[str]) -> None:
    shown, _ = certified(tmp_path)
    with http_listener(shown) as found:
        assert sent_to(found.url(), of(found)) == Retry("certificate")
        assert found.posts == [] and connected == [of(found)]


@pytest.mark.parametrize(
    ("address", "valid_for", "outcome"),
    [(HERE, DAY, Sent()), (SOMEWHERE_ELSE, DAY, Retry("certificate")), (HERE, -DAY, Retry("certificate"))],
    ids=["of this server", "of another one", "that is over"],
)
def test_f7_a_certificate_counts_for_its_server_and_its_time(
    tmp_path: Path,
    connected: list[str],
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    valid_for: timedelta,
    outcome: Outcome,
) -> None:
    """Its signer is known each time, so that nothing but the name or the day tells them apart."""
    shown, file = certified(tmp_path, address, valid_for=valid_for)
    trust(monkeypatch, file)
    with http_listener(shown) as found:
        assert sent_to(found.url(), of(found)) == outcome
        assert len(found.posts) == (outcome == Sent()) and connected == [of(found)]


def test_f7_a_server_that_speaks_no_tls_gets_nothing(connected: list[str]) -> None:
    with http_listener() as plain:
        outcome = sent_to(plain.url().replace("http:", "https:"), of(plain))
        assert isinstance(outcome, Retry) and outcome.code == "no_connection" and not outcome.is_ambiguous
        assert plain.posts == [] and connected == [of(plain)]


@pytest.mark.parametrize("why", [socket.EAI_NONAME, socket.EAI_AGAIN], ids=["nobody's", "not told now"])
def test_f7_a_name_that_does_not_resolve_is_asked_again(
    connected: list[str], monkeypatch: pytest.MonkeyPatch, why: int
) -> None:
    asked: list[str] = []

    def nowhere(host: str, *_: object, **__: object) -> Any:
        asked.append(host)
        raise socket.gaierror(why, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert sent_to("https://hooks.example.com/room") == Retry("unknown_host")
    assert asked == ["hooks.example.com"] and connected == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("is_over_tls", [False, True], ids=["http", "https"])
def test_f7_a_chain_of_redirects_is_not_followed_inside(
    tmp_path: Path, connected: list[str], monkeypatch: pytest.MonkeyPatch, status: int, is_over_tls: bool
) -> None:
    """Two steps on the same server, then one to a private address, or to a service of this machine."""
    shown, file = certified(tmp_path)
    trust(monkeypatch, file)
    with http_listener(shown if is_over_tls else None) as found, http_listener() as inside:
        found.script = {
            "/hook": [f"{status} Location=/second"],
            "/second": [f"{status} Location={found.url('/third')}"],
            "/third": [f"{status} Location=http://{PRIVATE}/admin"],
            "/near": [f"{status} Location={inside.url('/admin')}"],
        }
        for path in found.script:
            assert sent_to(found.url(path), of(found)) == Retry("redirected")
        assert [post.path for post in found.posts] == list(found.script) and inside.posts == []
        assert set(connected) == {of(found)}


def test_f7_the_end_of_the_chain_is_no_address_for_us_either(connected: list[str]) -> None:
    """Whoever writes it into the settings reaches it no more than a redirect does."""
    with http_listener() as inside:
        for url in (f"https://{PRIVATE}/admin", inside.url("/admin"), f"https://{HERE}/"):
            assert sent_to(url) == Retry("blocked")
        assert connected == [] and inside.posts == []


# by way of the sender


@pytest.mark.django_db
def test_f7_a_notice_waits_until_the_certificate_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    open_this_machine(monkeypatch)
    shown, file = certified(tmp_path)
    with http_listener(shown) as found, caplog.at_level(logging.WARNING):
        settings.ENVIRONMENT = environment().model_copy(update={"egress_hosts": of(found)})
        endpoint = an_endpoint(found)
        notice, lane = posted(endpoint), Lane("", endpoint.id)
        assert sweep(lane).rest
        assert state(notice)[0] == "waiting" and not notice.is_possible_duplicate and found.posts == []
        assert failing(endpoint) == (1, "certificate")
        trust(monkeypatch, file)
        sweep(lane, NOW + HOUR)
        assert state(notice)[0] == "sent" and len(found.posts) == 1 and failing(endpoint) == (0, "")
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.django_db
def test_f7_a_notice_waits_until_its_address_leads_nowhere_else(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    """The spy of the fixture fails the test at any connection that leaves this machine."""
    endpoint = an_endpoint(listener)
    listener.script = {"/hook": ["307 Location=/second", "200"], "/second": [f"307 Location=https://{PRIVATE}/"]}
    notice, lane = posted(endpoint), Lane("", endpoint.id)
    with caplog.at_level(logging.WARNING):
        sweep(lane)
    assert state(notice)[0] == "waiting" and failing(endpoint) == (1, "redirected")
    sweep(lane, NOW + HOUR)
    assert state(notice)[0] == "sent" and [post.path for post in listener.posts] == ["/hook", "/hook"]
    assert not [record for record in caplog.records if record.exc_info]


def failing(endpoint: Endpoint) -> tuple[int, str]:
    endpoint.refresh_from_db()
    return endpoint.n_failures, (endpoint.trouble or {}).get("code", "")
