"""Whom single sign-on lets in, and how they prove once more who they are."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from tests.cast import Cast

from smarketing.config.single_sign_on import providers_setting
from smarketing.records.access import actor_of
from smarketing.records.models import Person
from smarketing.web.adapters import SingleSignOnAdapter
from smarketing.web.proof import proof_required

PROVIDER = {
    "id": "company",
    "name": "Company",
    "client_id": "c",
    "secret": "s",
    "server_url": "https://id.company.example",
}


@pytest.fixture(autouse=True)
def provider(settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers_setting([PROVIDER])


def arrived(rf: RequestFactory, email: str, *, verified: bool, uid: str = "1") -> SocialLogin:
    """What a provider says of somebody it has just signed in."""
    login = SocialLogin(
        user=Person(email=email),
        account=SocialAccount(provider="company", uid=uid),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )
    request = rf.get("/")
    request.session = {}  # type: ignore[assignment]
    with request_context(request):
        SingleSignOnAdapter().pre_social_login(request, login)
    return login


def test_a_verified_address_opens_the_account_of_whoever_was_invited(cast: Cast, rf: RequestFactory) -> None:
    assert arrived(rf, "Rita@Example.com", verified=True).user == cast.rita
    assert SocialAccount.objects.get(provider="company", uid="1").user == cast.rita


@pytest.mark.parametrize(
    ("email", "verified"),
    [("olu@example.com", False), ("stranger@example.com", True), ("dora@example.com", True), ("", False)],
    ids=["unverified address of an administrator", "stranger", "closed account", "no address"],
)
@pytest.mark.usefixtures("cast")
def test_nobody_else_comes_in(rf: RequestFactory, email: str, verified: bool) -> None:
    with pytest.raises(ImmediateHttpResponse) as led:
        arrived(rf, email, verified=verified)
    assert led.value.response.headers["Location"] == reverse("socialaccount_login_error")
    assert not SocialAccount.objects.exists()


def asked_to_sign(rf: RequestFactory, person: Person, session: dict[str, object]) -> HttpResponse:
    request = rf.get("/agreements/acme/versions/1/signatures/")
    request.user, request.session, request.actor = person, session, actor_of(person, person.joined_at.date())  # type: ignore[attr-defined, assignment]
    return proof_required(lambda _: HttpResponse("the page"))(request)


def test_without_a_password_the_provider_is_asked_again(cast: Cast, rf: RequestFactory) -> None:
    cast.sam.set_unusable_password()
    SocialAccount.objects.create(user=cast.sam, provider="company", uid="9")
    old = {"method": "socialaccount", "at": time.time() - 301}  # noqa: TID251 — allauth reads the clock
    session: dict[str, object] = {
        AUTHENTICATION_METHODS_SESSION_KEY: [old],
        "account_authentication_methods_user": str(cast.sam.pk),
    }
    answer = asked_to_sign(rf, cast.sam, session)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/oidc/company/login/?process=login&next=%2Fagreements")
    assert "prompt%3Dlogin" in answer.headers["Location"]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [old, {**old, "at": time.time() - 60}]  # noqa: TID251
    assert asked_to_sign(rf, cast.sam, session).content == b"the page"


@pytest.mark.usefixtures("cast")
def test_the_sign_in_page_offers_the_provider(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    assert "Sign in with Company" in page and 'action="/sign-in/oidc/company/login/"' in page
