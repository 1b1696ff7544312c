"""Who signs has shown within five minutes who they are: by password, factor or passkey, or at their provider."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from smarketing.records.models import Person
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in

View = Callable[..., HttpResponse]


def proof_required(view: View) -> View:
    """A view for which allauth asks again, and for people without a password or key their identity provider."""
    asked_by_allauth: View = reauthentication_required(view)

    @wraps(view)
    def asked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        person = signed_in(request)
        if get_adapter().get_reauthentication_methods(person):
            return asked_by_allauth(request, *args, **kwargs)
        if came_from_provider(request, person):
            return view(request, *args, **kwargs)
        return to_provider(request, person)

    return asked


def came_from_provider(request: Request, person: Person) -> bool:
    """Did they sign in there within the last five minutes?"""
    at = [one["at"] for one in get_authentication_records(request, person) if one.get("method") == "socialaccount"]
    return bool(at) and 0 <= time.time() - max(at) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def to_provider(request: Request, person: Person) -> HttpResponse:
    """To the provider, which is asked to ask again; then back to this page."""
    account = SocialAccount.objects.filter(user=person).order_by("-last_login").first()
    if account is None:
        return redirect("account_set_password")
    query = {"process": "login", "next": request.path, "auth_params": "prompt=login"}
    return redirect(f"{reverse('openid_connect_login', args=[account.provider])}?{urlencode(query)}")
