"""How templates are read: Jinja2, escaped, strict about names, with the report's pieces at hand."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from heroicons import jinja as drawings
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from smarketing.charts.viewer import edition
from smarketing.web.nav import links_of, nav_of
from smarketing.web.pages.messages import unread_count
from smarketing.web.reader import scheme_of
from smarketing.web.request import Request
from smarketing.web.settings_nav import settings_tabs, single_sign_on


def environment(**options: Any) -> Environment:
    """Django's Jinja2 backend calls this once."""
    options["undefined"] = StrictUndefined
    options["loader"] = ChoiceLoader(
        [
            FileSystemLoader(settings.PACKAGE / "web" / "templates"),
            PrefixLoader({"reports": PackageLoader("smarketing.reports")}),
        ]
    )
    found = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    found.globals |= {"settings_tabs": settings_tabs, "single_sign_on": single_sign_on}
    found.globals |= {"unread_count": unread_count}
    found.globals |= {"static": static, "url": reverse, "icon": icon, "vega_edition": edition}
    return found


@cache
def icon(name: str, style: str = "outline", size: int = 20) -> Markup:
    """A drawing from heroicons, hidden from screen readers: a text stands beside it."""
    draw = drawings.heroicon_solid if style == "solid" else drawings.heroicon_outline
    return Markup(draw(name, size=size, **{"class": "icon"}))


def of_request(request: Request) -> dict[str, Any]:
    """What every template may use: the reader's words, who is signed in, where they may go, what was just done."""
    return {
        "words": request.words,
        "person": request.actor.person,
        "actor": request.actor,
        "nav": nav_of(request),
        "zone": request.zone,
        "links": links_of(request),
        "scheme": scheme_of(request),
        "messages": get_messages(request),
        "path": request.get_full_path(),
    }
