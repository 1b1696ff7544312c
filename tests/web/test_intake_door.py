"""The short way in: shorter than that of pages, and nobody can tell from the answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from tests.web.senders import NOW, a_source, post, signed_headers, touched

from smarketing.config.logs import PatternsOnly
from smarketing.records.models import Source
from smarketing.web.refusals import Refusals, quick_to_refuse
from smarketing.web.seats import Seats
from smarketing.web.views import intake
from smarketing.workflows import receive_events

pytestmark = pytest.mark.django_db
CHANGING = {"X-Request-ID", "Server-Timing"}


def headers_of(response: HttpResponse) -> dict[str, Any]:
    return {name: told for name, told in response.headers.items() if name not in CHANGING}


@time_machine.travel(NOW)
def test_both_ways_in_put_the_same_headers_on_a_receipt() -> None:
    secret = a_source()[1]
    body = b'{"id": "one"}'
    short, long = (
        Client().post(address, body, content_type="application/json", headers=signed_headers(secret, body))
        for address in ("/in/crm", "/in/crm?long")
    )
    assert short.status_code == long.status_code == 202
    assert headers_of(short) == headers_of(long)
    assert "X-Request-ID" in short.headers and "Server-Timing" in short.headers


@time_machine.travel(NOW)
def test_g17_a_source_that_is_not_there_looks_like_any_address_that_is_not() -> None:
    found = [post(touched(), "whsec_bm8=", slug) for slug in ("nobody", "nobody/at/all")]
    assert {one.status_code for one in found} == {404} and len({one.content for one in found}) == 1
    assert headers_of(found[0]) == headers_of(found[1])


@time_machine.travel(NOW)
def test_the_line_of_a_refusal_names_the_way_and_no_key(caplog: pytest.LogCaptureFixture) -> None:
    a_source()
    with caplog.at_level("INFO", "django.request"):
        assert post(touched(), "whsec_bm8=").status_code == 401
    lines = [
        PatternsOnly().filter(line) and line.getMessage() for line in caplog.records if line.name == "django.request"
    ]
    assert len(lines) == 1 and "/in/<" in str(lines[0]) and "no such page" not in str(lines[0])


def test_a_host_that_is_not_ours_is_refused() -> None:
    response = Client(HTTP_HOST="elsewhere.example").post("/in/crm", b"{}", content_type="application/json")
    assert response.status_code == 400


@time_machine.travel(NOW)
def test_who_comes_when_all_seats_are_taken_is_sent_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    secret, seats = a_source()[1], Seats(1)
    monkeypatch.setattr(intake, "SEATS", seats)
    with seats.one() as is_free:
        assert is_free
        refused = post(touched(), secret)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert post(touched(), secret).status_code == 202 and seats.n_taken == 0


def test_a_source_that_was_turned_off_lets_nobody_in_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive_events, "KNOWN_FOR", timedelta(seconds=1))
    monkeypatch.setattr(receive_events, "KNOWN", {})
    with time_machine.travel(NOW, tick=False) as clock:
        secret = a_source()[1]
        assert post(touched(), secret).status_code == 202
        Source.objects.update(is_enabled=False)
        clock.shift(timedelta(seconds=1))
        assert post(touched(), secret).status_code == 404


def test_a_token_is_told_to_come_again_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr("smarketing.web.gate.token_of", away)
    response = Client().post("/in/crm", b"{}", content_type="application/json", headers={"authorization": "Bearer x"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


@time_machine.travel(NOW)
def test_while_nobody_can_be_let_in_the_doorkeeper_says_what_the_door_said(monkeypatch: pytest.MonkeyPatch) -> None:
    secret, seats, refusals = a_source()[1], Seats(1), Refusals()
    monkeypatch.setattr(intake, "SEATS", seats)
    for module in ("refusals", "intake_door"):
        monkeypatch.setattr(f"smarketing.web.{module}.REFUSALS", refusals)
    told: list[Any] = []
    reached: list[str] = []

    def application(environment: dict[str, Any], _: Any) -> list[bytes]:
        reached.append(environment["PATH_INFO"])
        return []

    def ask(path: str, **more: str) -> bytes:
        environment = {"REQUEST_METHOD": "POST", "PATH_INFO": path, **more}
        return b"".join(quick_to_refuse(application)(environment, lambda *said: told.append(said)))

    with seats.one():
        assert ask("/in/crm") == b"" and reached == ["/in/crm"]  # nothing was learned yet
        slow = post(touched(), secret)
        assert ask("/in/crm") == slow.content
        assert told == [("503 Service Unavailable", [*headers_of(slow).items()])]
        for path, more in (("/", {}), ("/in/crm", {"HTTP_ACCEPT_LANGUAGE": "it"}), ("/in/crm", {"HTTP_COOKIE": "a=b"})):
            assert ask(path, **more) == b""
    assert ask("/in/crm") == b"" and len(reached) == 5
