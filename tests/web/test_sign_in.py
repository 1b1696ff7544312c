"""Coming in: the right password, too many wrong ones, forged forms, strange addresses to go to after."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.cast import PASSWORD, Cast

from smarketing.web.client_address import client_address

LOGIN = "/sign-in/"


def enter(client: Client, login: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    address = more.pop("address", "203.0.113.7")
    return client.post(LOGIN, {"login": login, "password": password, **more}, REMOTE_ADDR=address)


@pytest.mark.usefixtures("cast")
def test_the_right_password_opens() -> None:
    client = Client()
    response = enter(client, "RITA@example.com")
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/settings/").status_code == 200


@pytest.mark.usefixtures("cast")
def test_a_session_gets_a_new_key_when_somebody_enters() -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    enter(client, "rita@example.com")
    assert client.cookies["sessionid"].value != session.session_key


@pytest.mark.usefixtures("cast")
def test_strangers_and_wrong_passwords_get_the_same_answer() -> None:
    said = [enter(Client(), who, "wrong").content.decode() for who in ("rita@example.com", "nobody@example.com")]
    errors = [text[text.index('class="form-errors"') :][:200] for text in said]
    assert errors[0] == errors[1]


@pytest.mark.usefixtures("cast")
def test_a_closed_account_does_not_open() -> None:
    client = Client()
    enter(client, "dora@example.com")
    assert client.get("/settings/").status_code == 302


@pytest.mark.usefixtures("cast")
def test_too_many_wrong_passwords_lock_the_door_even_for_the_right_one() -> None:
    codes = [enter(Client(), "rita@example.com", "wrong").status_code for _ in range(8)]
    locked = enter(Client(), "Rita@Example.com")
    assert codes[-1] == locked.status_code == 429
    assert "Retry-After" in locked.headers and "Too many attempts" in locked.content.decode()
    assert enter(Client(), "rita@example.com", address="198.51.100.9").status_code == 302  # elsewhere she still enters
    assert enter(Client(), "sam@example.com").status_code == 302  # and others from there


@pytest.mark.usefixtures("cast")
def test_a_forged_proxy_header_buys_no_tries() -> None:
    for number in range(8):
        client = Client(headers={"X-Forwarded-For": f"192.0.2.{number}"})
        response = enter(client, "rita@example.com", "wrong")
    assert response.status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [(0, "1.2.3.4", "9.9.9.9"), (1, "1.2.3.4, 5.6.7.8", "5.6.7.8"), (2, "1.2.3.4, 5.6.7.8", "1.2.3.4"),
     (2, "5.6.7.8", "9.9.9.9"), (1, "nonsense", "0.0.0.0"), (1, "", "0.0.0.0")],
)  # fmt: skip
def test_the_address_is_what_our_proxies_saw(rf, settings, proxies: int, forwarded: str, address: str) -> None:  # type: ignore[no-untyped-def]
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"proxies": proxies})
    assert client_address(rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="9.9.9.9")) == address


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
@pytest.mark.usefixtures("cast")
def test_nobody_is_sent_elsewhere_after(target: str) -> None:
    response = enter(Client(), "rita@example.com", next=target)
    assert response.headers["Location"] == "/"


@pytest.mark.usefixtures("cast")
def test_the_page_one_wanted_follows() -> None:
    assert enter(Client(), "rita@example.com", next="/settings/tokens/").headers["Location"] == "/settings/tokens/"


@pytest.mark.usefixtures("cast")
def test_signing_in_needs_our_own_form() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": "rita@example.com", "password": PASSWORD}).status_code == 403


def test_nobody_signs_out_by_a_picture(cast: Cast) -> None:
    client = cast.client_of(cast.rita)
    client.get("/sign-out/")
    assert client.get("/settings/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/settings/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/signup/", "/accounts/signup/", "/sign-up/", "/admin/", "/email/", "/accounts/email/"]
)
@pytest.mark.usefixtures("cast")
def test_there_is_no_other_door(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.usefixtures("cast")
def test_a_lost_password_is_chosen_anew_by_mail() -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "rita@example.com"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/" in word)
    path = link[link.index("/password/") :]
    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "another long sentence", "password2": "another long sentence"})
    assert client.get("/settings/").status_code == 302  # a new password alone signs nobody in
    assert enter(Client(), "rita@example.com", "another long sentence").status_code == 302
    assert enter(Client(), "rita@example.com").status_code == 200


@pytest.mark.usefixtures("cast")
def test_strangers_get_no_mail() -> None:
    response = Client().post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert (response.status_code, mail.outbox) == (302, [])


def test_signing_out_everywhere_closes_every_browser(cast: Cast) -> None:
    here, there = cast.client_of(cast.rita), cast.client_of(cast.rita)
    assert there.get("/settings/").status_code == 200
    assert "this one" in here.get("/settings/security/").content.decode()
    here.post(reverse("sessions"))
    assert [client.get("/settings/").status_code for client in (here, there)] == [302, 302]


def test_a_token_in_an_address_is_refused(cast: Cast) -> None:
    assert cast.client_of(cast.rita).get("/settings/?token=smk_abc").status_code == 400
