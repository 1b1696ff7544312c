"""Nothing leaves for an internal network: G-13 to G-16, asserted by a spy on the socket and not by the answer."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from smarketing.alerts.channels import egress
from smarketing.alerts.channels.addresses import is_public
from smarketing.alerts.channels.egress import Unreached, post
from smarketing.alerts.channels.targets import Blocked, target_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FILES = Path(__file__).parents[1] / "hostile"
PUBLIC = "93.184.215.14"
# G-13: spellings of addresses
LITERALS = (FILES / "internal_hosts.txt").read_text(encoding="utf-8").split()
# G-15: what is no address at all for us
FORMS = [
    *(FILES / "no_addresses.txt").read_text(encoding="utf-8").split(),
    "https://example.com/a b",
    "https://example.com/\r\nHost: x",
    "https://exa\tmple.com/",
    " https://example.com/",
    "",
]
SOFT = ["127。0。0。1", "①②⑦.⓪.⓪.①", "１２７.0.0.1", "localhost", "LOCALHOST", "localhost.", "ⓛocalhost", "127.0.0.1."]


@pytest.fixture
def spied(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that a socket was asked to connect to; none is let through."""
    found: list[Any] = []

    def note(_: socket.socket, address: Any) -> None:
        found.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", note)
    return found


def answers(monkeypatch: pytest.MonkeyPatch, *turns: list[str]) -> list[str]:
    """Names resolve to these, one list after the other; returns which were asked for."""
    asked, rest = list[str](), list(turns)

    def answer(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        is_literal = host.replace(".", "").isdecimal()
        found = [host] if is_literal else rest.pop(0) if len(rest) > 1 else rest[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(egress.socket, "getaddrinfo", answer)
    return asked


def send(url: str, hosts: frozenset[str] = frozenset()) -> None:
    post(url, b"{}", {}, hosts=hosts, now=NOW)


def test_the_corpus_is_large() -> None:
    assert len(LITERALS) + len(FORMS) + len(SOFT) >= 120


@pytest.mark.parametrize("host", [*LITERALS, *SOFT])
def test_g13_g14_no_spelling_of_an_internal_address_is_connected_to(host: str, spied: list[Any]) -> None:
    with pytest.raises((Blocked, Unreached)):
        send(f"https://{host}/")
    assert spied == []


@pytest.mark.parametrize("url", FORMS)
def test_g15_what_is_no_plain_https_address_is_refused_before_any_look_up(
    url: str, spied: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answers(monkeypatch, [PUBLIC])
    with pytest.raises(Blocked):
        send(url)
    assert spied == asked == []


@pytest.mark.parametrize(
    "address",
    ["100.64.1.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "fec0::1", "::ffff:8.8.8.8", "fe80::1%lo", "x"],
)
def test_g14_what_the_standard_library_calls_global_or_not_private_is_denied(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4003::200e"])
def test_the_internet_is_let_through(address: str) -> None:
    assert is_public(address)


def test_g15_the_address_that_was_checked_is_the_one_connected_to(
    spied: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answers(monkeypatch, [PUBLIC], ["127.0.0.1"])
    with pytest.raises(Unreached):
        send("https://rebound.example.com/")
    assert [address[0] for address in spied] == [PUBLIC]
    assert asked[0] == "rebound.example.com" and set(asked[1:]) <= {PUBLIC}


def test_g15_one_internal_address_among_several_is_enough(spied: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, [PUBLIC, "10.0.0.5"])
    with pytest.raises(Blocked):
        send("https://two.example.com/")
    assert spied == []


def test_g15_the_environment_names_no_proxy(spied: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    answers(monkeypatch, [PUBLIC])
    with pytest.raises(Unreached):
        send("https://hooks.example.com/")
    assert [address[0] for address in spied] == [PUBLIC]


def test_g16_only_the_hosts_that_the_operator_named_may_be_internal(spied: list[Any]) -> None:
    hosts = frozenset({"127.0.0.1:9000", "intra.example.com"})
    with pytest.raises(Unreached):
        send("http://127.0.0.1:9000/hook", hosts)
    assert [address[:2] for address in spied] == [("127.0.0.1", 9000)]
    for url in ("http://127.0.0.1:9001/", "http://127.0.0.2:9000/", "http://intra.example.com:9000/"):
        with pytest.raises(Blocked):
            send(url, hosts)
    assert len(spied) == 1
    assert target_of("http://intra.example.com/x", hosts).is_trusted


def test_paths_and_names_are_written_as_the_wire_wants_them() -> None:
    assert target_of("https://Bücher.example/ü?q=ñ", ()).url == "https://xn--bcher-kva.example:443/%C3%BC?q=%C3%B1"


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        (b"3600", timedelta(hours=1)),
        (b"Mon, 02 Mar 2026 09:02:00 GMT", timedelta(minutes=2)),
        (b"Mon, 02 Mar 2020 09:02:00 GMT", timedelta(0)),
        (b"99999999999999", timedelta(days=1)),
        (b"soon", None),
        (b"", None),
    ],
)
def test_a_receiver_may_ask_for_patience(said: bytes, wait: timedelta | None) -> None:
    assert egress._wait(said, NOW) == wait
