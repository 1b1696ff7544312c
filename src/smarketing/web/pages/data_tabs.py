"""The parts of the Data pages that somebody may open."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from smarketing.records.access import can
from smarketing.terms.marked import N_
from smarketing.web.request import Request

# title, url name, object, action
PARTS = (
    (N_("Imports"), "imports", "import", "read"),
    (N_("Readiness"), "readiness", "import", "read"),
    (N_("Calendars"), "calendars", "calendar", "read"),
    (N_("Teams and reps"), "data_people", "membership", "create"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    href: str
    is_here: bool
    count: int | None = None


def data_tabs(request: Request, here: str) -> tuple[Tab, ...]:
    return tuple(
        Tab(request.words(title), reverse(name), name == here)
        for title, name, thing, action in PARTS
        if can(request.actor, thing, action)
    )
