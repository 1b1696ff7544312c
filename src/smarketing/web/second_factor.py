"""Whoever must have a second factor is led to set one up before anything else."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponse

from smarketing.records.access import Actor
from smarketing.records.permissions import Principal, needed
from smarketing.web.render import render_page
from smarketing.web.request import Request

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorMiddleware:
    """Pages about one's own credentials stay open: there a second factor is set up."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, *_: object) -> HttpResponse | None:
        match = request.resolver_match
        route = match.view_name if match else ""
        if route.startswith("api:") or not is_lacking(request):
            return None
        need = needed(route, "GET" if request.method == "HEAD" else request.method or "GET")
        if need is None or need.thing == "credentials":
            return None
        return render_page(request, "account/second_factor.html", status=403)


def must_have(actor: Actor) -> bool:
    """Everybody where the setting says so; in production always who runs the installation or signs for a party."""
    if actor.person is None:
        return False
    is_weighty = actor.is_admin or bool(actor.teams.get(Principal.SIGNER))
    return bool(settings.ENVIRONMENT.require_mfa or (settings.IS_PRODUCTION and is_weighty))


def is_lacking(request: Request) -> bool:
    """Must they have one, and have none? Single sign-on counts: the provider asks for its own."""
    if not must_have(request.actor) or request.actor.person is None:
        return False
    methods = {one.get("method") for one in get_authentication_records(request, request.actor.person)}
    if "socialaccount" in methods:
        return False
    return not Authenticator.objects.filter(user=request.actor.person, type__in=FACTORS).exists()
