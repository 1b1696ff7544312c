"""Where a reader may go from here."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from smarketing.records.access import can
from smarketing.terms.marked import N_
from smarketing.web.request import Request


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    href: str
    icon: str
    is_here: bool
    key: str  # what follows "g" on the keyboard; empty for none
    is_aside: bool  # not part of the day's work: on a wide screen a drawing at the end of the bar


# title, url name, icon, object, action, first part of the paths that belong to it, key
PLACES = (
    (N_("Scorecard"), "scorecard", "chart-bar-square", "scorecard", "read", "/scorecards/", "s"),
    (N_("My leads"), "desk", "inbox", "deed", "read", "/desk/", "m"),
    (N_("At risk"), "at_risk", "clock", "clock", "read", "/at-risk/", "r"),
    (N_("Leads"), "leads", "users", "clock", "read", "/leads/", "l"),
    (N_("Agreements"), "agreements", "document-check", "agreement", "read", "/agreements/", "a"),
    (N_("Pulse"), "pulses", "sun", "scorecard", "read", "/pulse/", "u"),
    (N_("Plan"), "plan", "calculator", "plan", "read", "/plan/", "p"),
    (N_("Data"), "imports", "circle-stack", "import", "read", "/data/", "d"),
    (N_("Settings"), "settings", "cog-6-tooth", "credentials", "read", "/settings/", ""),
    (N_("Help"), "help", "question-mark-circle", "help", "read", "/help/", "h"),
)
ASIDE = ("settings", "help")


def nav_of(request: Request) -> tuple[Place, ...]:
    """The places this person may open, in their order; none for nobody."""
    if request.actor.person is None:
        return ()
    return tuple(
        Place(request.words(title), _path(name), icon, _is_here(request.path, start), key, name in ASIDE)
        for title, name, icon, thing, action, start, key in PLACES
        if can(request.actor, thing, action) and _path(name)
    )


def links_of(request: Request) -> dict[str, str]:
    """Addresses in the menu of a person who is signed in; empty where there is no such page."""
    names = {"profile": "profile", "shortcuts": "keys", "sign_out": "account_logout"}
    return {what: _path(name) for what, name in names.items()} if request.actor.person else {}


def _path(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _is_here(path: str, start: str) -> bool:
    return path.startswith(start) or (start == "/scorecards/" and path == "/")
