"""Every URL, by everybody: allowed, or as if it did not exist; nothing in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from tests.cast import Cast
from tests.web.samples import POSTED, SAMPLES, SEEN_BY

from smarketing.records.access import actor_of
from smarketing.records.models import Person
from smarketing.records.permissions import PUBLIC, methods, needed, table

API = "api"


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the site but the API's, which has a walk of its own."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield one
        elif one.namespace != API:
            yield from patterns(one)


def names() -> list[str]:
    return sorted({one.name or f"unnamed: {one.pattern}" for one in patterns()})


def guarded(method: str) -> list[str]:
    return [name for name in names() if method in methods(name)]


def address(name: str, cast: Cast) -> str:
    if name in SAMPLES:
        return reverse(name, kwargs=dict(SAMPLES[name](cast)))
    try:
        return reverse(name)
    except NoReverseMatch:
        pytest.fail(f"Say in tests/web/samples.py which arguments the URL {name!r} is walked with.")


def everybody(cast: Cast) -> dict[str, Person | None]:
    return {"anonymous": None, **cast.people}


def may(name: str, method: str, who: str, person: Person | None, on: date) -> bool:
    need = needed(name, method)
    assert need is not None
    if who in SEEN_BY.get(f"{method} {name}", SEEN_BY.get(name, (who,))):
        return bool(actor_of(person, on).grant(need.thing, need.action))
    return False


def test_every_url_is_in_the_table_and_every_row_is_a_url() -> None:
    routes = {name for name in table()["routes"] if not name.startswith(f"{API}:")}
    assert set(names()) == routes


@pytest.mark.parametrize("name", guarded("GET"))
def test_reading(name: str, cast: Cast, today: date) -> None:
    path = address(name, cast)
    for who, person in everybody(cast).items():
        response = cast.client_of(person).get(path)
        is_known = person is not None and person.is_active
        wrong = judged(response, may(name, "GET", who, person, today), is_known=is_known)
        assert not wrong, f"{who} reading {path}: {wrong}"


@pytest.mark.parametrize("name", guarded("POST"))
def test_writing(name: str, cast: Cast, today: date) -> None:
    path = address(name, cast)
    for who, person in everybody(cast).items():
        client = cast.client_of(person)
        with transaction.atomic():
            response = client.post(path, dict(POSTED.get(name, {})))
            transaction.set_rollback(True)
        wrong = judged(
            response, may(name, "POST", who, person, today), is_known=person is not None and person.is_active
        )
        assert not wrong, f"{who} writing to {path}: {wrong}"


@pytest.mark.parametrize("name", guarded("POST"))
def test_writing_without_the_form_of_our_page_is_refused(name: str, cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.olu, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(address(name, cast)).status_code == 403


@pytest.mark.parametrize("name", [name for name in names() if table()["routes"].get(name) == PUBLIC])
def test_public_pages_answer_everybody(name: str, cast: Cast) -> None:
    path = address(name, cast)
    for person in (None, cast.rita, cast.dora):
        status = cast.client_of(person).get(path).status_code
        assert status < 500 or (name, status) == ("health-ready", 503)


@pytest.mark.parametrize("name", names())
def test_methods_that_are_not_in_the_table_are_refused(name: str, cast: Cast) -> None:
    if table()["routes"][name] == PUBLIC:
        return
    allowed = methods(name)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(allowed):
        assert cast.client_of(cast.olu).generic(method, address(name, cast)).status_code == 405


def judged(response: HttpResponse, is_allowed: bool, *, is_known: bool) -> str:
    """What is wrong with an answer; empty when nothing is."""
    status, target = response.status_code, response.headers.get("Location", "")
    if status >= 500 or status == 403:
        return f"answered {status}"
    if not is_known:
        return "" if status == 302 and target.startswith(reverse("account_login")) else f"{status} for nobody"
    if is_allowed:
        is_sent_away = status == 302 and "next=" in target and target.startswith(reverse("account_login"))
        return "" if status != 404 and not is_sent_away else f"allowed, but {status} {target}"
    if status == 302 and target.startswith(reverse("account_reauthenticate")):
        return ""  # asked of everybody before it is known whether the thing exists
    return "" if status == 404 else f"denied, but {status} {target}"


def test_the_sentence_for_a_url_without_a_sample(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(SAMPLES, "token")
    with pytest.raises(pytest.fail.Exception, match=r"tests/web/samples.py"):
        address("token", cast)
