"""Pages for when something is not right: they look like the site and give nothing away."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from tests.cast import Cast

from smarketing.web.views import errors


def test_what_is_not_there_and_what_is_not_yours_look_the_same(cast: Cast) -> None:
    zed = cast.client_of(cast.zed)
    absent, foreign = zed.get("/nowhere/"), zed.get("/first-run/teams/")
    assert absent.status_code == foreign.status_code == 404
    one, other = (page.content.decode().replace(page.wsgi_request.path, "") for page in (absent, foreign))
    assert "There is nothing here." in one
    assert _without_tokens(one) == _without_tokens(other)


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_form_of_another_site_is_refused_in_words(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.rita, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/reader/", {"language": "es"})
    assert answer.status_code == 403
    assert "This form has expired." in answer.content.decode()


def test_a_lock_out_says_how_long(cast: Cast) -> None:
    client = cast.client_of(None)
    request = client.get("/sign-in/").wsgi_request
    answer = errors.locked_out(request)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")


def test_a_mistake_of_ours_needs_nothing_to_be_told() -> None:
    answer = errors.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something broke here." in answer.content.decode()


@pytest.mark.django_db
def test_the_policy_lets_nothing_in_from_elsewhere(cast: Cast) -> None:
    answer = cast.client_of(cast.olu).get("/help/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "://" not in answer.content.decode().replace("http://www.w3.org/2000/svg", "")
