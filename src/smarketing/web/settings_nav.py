"""The parts of the settings that somebody may open, and the providers on the sign-in page."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from smarketing.records.access import can
from smarketing.terms.marked import N_
from smarketing.web.request import Request

# title, url name, object, action
PARTS = (
    (N_("Profile"), "settings", "credentials", "read"),
    (N_("Messages"), "preferences", "preference", "read"),
    (N_("Security"), "security", "credentials", "read"),
    (N_("API tokens"), "tokens", "token", "read"),
    (N_("People"), "people", "membership", "update"),
    (N_("Teams"), "teams", "membership", "read"),
    (N_("Sources"), "sources", "source", "read"),
    (N_("Endpoints"), "endpoints", "endpoint", "read"),
    (N_("What was sent"), "notices", "notice", "read"),
    (N_("What happened"), "audit", "audit", "read"),
    (N_("Jobs"), "jobs", "operations", "read"),
)


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    href: str
    is_here: bool


def settings_tabs(request: Request) -> tuple[Part, ...]:
    """A tab for each part; the longest address that the path begins with is where we are."""
    open_ones = [(title, reverse(name)) for title, name, thing, action in PARTS if can(request.actor, thing, action)]
    around = [href for _, href in open_ones if request.path.startswith(href)]
    here = max(around, key=len, default="")
    return tuple(Part(request.words(title), href, href == here) for title, href in open_ones)


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    href: str


def single_sign_on(_: Request) -> tuple[Provider, ...]:
    """The identity providers of this installation."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return tuple(Provider(app["name"], reverse("openid_connect_login", args=[app["provider_id"]])) for app in apps)
