"""Nobody reaches a view that the permission table does not let them reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from smarketing.records.access import Actor, Grant, actor_of
from smarketing.records.models import ApiToken, Person
from smarketing.records.permissions import methods, needed
from smarketing.records.tokens import MARK, token_of
from smarketing.terms.marked import N_
from smarketing.web.api.problems import is_api, later, not_allowed, problem
from smarketing.web.request import Request

NOT_YOURS = N_("The address may be wrong, or what it names is not yours to see.")


class GateMiddleware:
    """Puts `actor` and `grant` on every request; anonymous people go to sign in, others get 404."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        try:
            request.token = token_in(request) if is_api(request) else None
        except DatabaseError:
            return later(503, request.words("The database does not answer."), 5)
        request.actor = actor_with(request.token) if is_api(request) else actor_at(request)
        request.grant = Grant()
        if MARK in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A token stands in the address, where logs keep it; send it as a header.")
        return self.get_response(request)

    def process_view(self, request: Request, *_: Any) -> HttpResponse | None:
        match = request.resolver_match
        route = match.view_name if match else ""
        try:
            need = needed(route, request.method or "GET")
        except KeyError:
            if methods(route) and is_api(request):
                return not_allowed(request.words("This address has no such method."), methods(route))
            if methods(route):
                return HttpResponseNotAllowed(methods(route))
            raise LookupError(f"The URL {route!r} is not in records/permissions.yaml.") from None
        if need is None:
            return None
        request.grant = request.actor.grant(need.thing, need.action)
        if request.grant:
            return None
        if request.actor.person is None:
            return needs_token(request) if is_api(request) else to_sign_in(request)
        if is_api(request):
            return problem(404, request.words("There is nothing here."), request.words(NOT_YOURS))
        raise Http404


def token_in(request: Request) -> ApiToken | None:
    """The token that came in the header; a session opens no API, so no other site can use it."""
    scheme, _, raw = request.headers.get("Authorization", "").partition(" ")
    return token_of(raw.strip(), timezone.now()) if scheme.lower() == "bearer" else None


def actor_with(token: ApiToken | None) -> Actor:
    return actor_of(token.person, timezone.now().date(), token=token) if token else Actor()


def needs_token(request: Request) -> HttpResponse:
    hint = request.words("Send a token: Authorization: Bearer smk_…. You make one in the settings.")
    title, challenge = request.words("Nobody is signed in."), "Bearer"
    if "Authorization" in request.headers:
        title, challenge = request.words("This token opens nothing here."), 'Bearer error="invalid_token"'
        hint = request.words("It may be unknown, expired or revoked. You make a new one in the settings.")
    response = problem(401, title, hint)
    response.headers["WWW-Authenticate"] = challenge
    return response


def actor_at(request: Request) -> Actor:
    person = request.user if isinstance(request.user, Person) else None
    return actor_of(person, timezone.now().date())


def to_sign_in(request: Request) -> HttpResponse:
    """To the sign-in page and back again; a fragment tells htmx to take the whole page there."""
    query = {"next": request.get_full_path()} if request.method == "GET" else {}
    target = f"{reverse('account_login')}?{urlencode(query)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)
