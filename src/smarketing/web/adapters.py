"""What allauth asks us: who may sign up, where to go after, whose address single sign-on may claim."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from smarketing.records.models import Person
from smarketing.web.client_address import client_address


def to_security(*_: Any) -> str:
    """Where people go on after they changed how they sign in."""
    return reverse("security")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 — allauth passes it
        """Nobody signs up: people are invited."""
        return False

    get_client_ip = staticmethod(client_address)
    get_password_change_redirect_url = staticmethod(to_security)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """People come in by single sign-on only under the verified address of somebody who is here already."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Tie what the provider says to the invited person whose address it has verified.

        Raises ImmediateHttpResponse that leads to the reason, where nobody may come in.
        """
        if sociallogin.is_existing:
            return
        verified = {one.email.lower() for one in sociallogin.email_addresses if one.verified}
        person = Person.objects.filter(email__in=verified, is_active=True).first()
        if person is None:
            raise ImmediateHttpResponse(redirect("socialaccount_login_error"))
        sociallogin.connect(request, person)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    get_connect_redirect_url = staticmethod(to_security)
