"""The door before Django: what it takes is answered as if Django had, and whatever it does not take goes there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from tests.web.senders import NOW, a_source, signed_headers, touched

from smarketing.ledger.models import InboxRow
from smarketing.records.models import Source
from smarketing.web import quick_to_take as door
from smarketing.web.bucket import Buckets
from smarketing.web.seats import Seats
from smarketing.web.views import intake

pytestmark = pytest.mark.django_db
CHANGING = {"X-Request-ID", "Server-Timing"}
Environ = dict[str, Any]


class Site:
    """The application as a server calls it; `entered` counts how often Django was."""

    def __init__(self) -> None:
        self.entered, self.pages = 0, WSGIHandler()
        self.application = door.quick_to_take(self._django)

    def _django(self, environ: Environ, start_response: Callable[..., Any]) -> Any:
        self.entered += 1
        return self.pages(environ, start_response)

    def ask(self, environ: Environ) -> tuple[str, dict[str, str], bytes]:
        said: list[Any] = []
        answer = self.application(environ, lambda *told: said.append(told))
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        return said[0][0], {name: told for name, told in said[0][1] if name not in CHANGING}, body


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    receipts = door.Receipts()
    for module in ("quick_to_take", "intake_door"):
        monkeypatch.setattr(f"smarketing.web.{module}.RECEIPTS", receipts)
    with time_machine.travel(NOW, tick=True):
        yield Site()


@pytest.fixture
def secret(site: Site) -> str:
    """Of a source from which one event has come, so that the door knows what a receipt looks like."""
    own = a_source()[1]
    assert site.ask(posted(own, 0))[0] == "202 Accepted"
    site.entered = 0
    return own


def posted(secret: str, n: int = 1, body: bytes = b"", **more: str) -> Environ:
    body = body or json.dumps(touched(n)).encode()
    signed = signed_headers(secret, body, f"msg-{n}").items()
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/in/crm",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "HTTP_HOST": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json; charset=utf-8",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        **{f"HTTP_{name.upper().replace('-', '_')}": told for name, told in signed},
        **more,
    }


def test_an_ordinary_event_is_taken_without_django_and_answered_as_by_it(site: Site, secret: str) -> None:
    quick = site.ask(posted(secret))
    assert site.entered == 0 and InboxRow.objects.count() == 2
    again = site.ask(posted(secret, QUERY_STRING="long"))
    assert site.entered == 1 and again == quick and quick[0] == "202 Accepted"
    assert json.loads(quick[2])["stored"] == 1
    assert InboxRow.objects.count() == 2


EXTRAORDINARY = {
    "a page": {"PATH_INFO": "/"},
    "nowhere": {"PATH_INFO": "/in/crm/a/b"},
    "a method": {"REQUEST_METHOD": "PUT"},
    "a query": {"QUERY_STRING": "a=b"},
    "a token": {"HTTP_AUTHORIZATION": "Bearer smk_x"},
    "a cookie": {"HTTP_COOKIE": "django_language=it"},
    "a language": {"HTTP_ACCEPT_LANGUAGE": "it"},
    "another host": {"HTTP_HOST": "elsewhere.example"},
    "a form that nobody reads": {"CONTENT_TYPE": "text/html"},
    "a packing that nobody opens": {"HTTP_CONTENT_ENCODING": "br"},
    "no length": {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"},
}


@pytest.mark.parametrize("name", EXTRAORDINARY)
def test_whatever_is_not_ordinary_goes_to_django(name: str, site: Site, secret: str) -> None:
    site.ask(posted(secret) | EXTRAORDINARY[name])
    assert site.entered == 1


def refused(site: Site, environ: Environ) -> None:
    """The quick door let Django say why, and Django says the same when it is asked alone."""
    body = environ["wsgi.input"].getvalue()
    site.entered = 0
    answer, n = site.ask(environ), InboxRow.objects.count()
    assert site.entered == 1 and answer[0][0] == "4", answer
    alone = {key: told for key, told in environ.items() if not key.startswith("smarketing.")}
    direct: list[Any] = []
    said = b"".join(site.pages({**alone, "wsgi.input": BytesIO(body)}, lambda *told: direct.append(told)))  # type: ignore[arg-type]
    headers = {name: told for name, told in direct[0][1] if name not in CHANGING}
    assert answer == (direct[0][0], headers, said) and InboxRow.objects.count() == n


def test_a_refusal_is_djangos_own(site: Site, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(site, posted("whsec_bm8="))
    refused(site, posted(secret, body=b"{"))
    refused(site, posted(secret, body=b'{"a": "' + b"x" * 2**18 + b'"}'))
    refused(site, posted(secret, CONTENT_LENGTH=str(2**40)))
    refused(site, posted(secret, PATH_INFO="/in/nobody"))
    monkeypatch.setattr(intake, "BUCKETS", Buckets(rate=0.001, depth=0))
    refused(site, posted(secret))


def test_a_source_that_is_turned_off_is_not_there(site: Site, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarketing.workflows.receive_events.KNOWN", {})
    Source.objects.update(is_enabled=False)
    refused(site, posted(secret))


def test_who_finds_no_seat_is_sent_away_by_django(site: Site, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seats = Seats(1)
    monkeypatch.setattr(intake, "SEATS", seats)
    with seats.one():
        status, headers, _ = site.ask(posted(secret))
    assert (status[:3], headers["Retry-After"], site.entered, seats.n_taken) == ("503", "1", 1, 0)


def test_a_body_of_more_than_its_length_is_not_read(site: Site, secret: str) -> None:
    body = json.dumps(touched(1)).encode()
    environ = posted(secret, body=body)
    environ["wsgi.input"] = BytesIO(body + b" and more")
    assert site.ask(environ)[0] == "202 Accepted" and site.entered == 0


def test_by_tls_where_it_is_asked_for(site: Site, secret: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    site.pages = WSGIHandler()  # which reads such settings when it is made
    assert site.ask(posted(secret))[0][:3] == "301" and site.entered == 1
    for _ in range(2):
        assert site.ask(posted(secret, HTTP_X_FORWARDED_PROTO="https"))[0] == "202 Accepted"
    assert site.entered == 2  # the first one taught the door what stands on such a receipt


def test_the_instant_after_an_answer_can_be_reached(site: Site, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[str] = []
    monkeypatch.setattr(door, "is_armed", lambda _: True)
    monkeypatch.setattr(intake, "reach", reached.append)
    assert site.ask(posted(secret))[0] == "202 Accepted"
    assert reached == ["ack.after"] and site.entered == 0
