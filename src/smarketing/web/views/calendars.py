"""Working calendars: the list, one with its year, and the form that makes and changes them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.records.access import can
from smarketing.records.models import OwnCalendar
from smarketing.terms.errors import UserError
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.read_yaml import read_calendar_text
from smarketing.web.forms.calendars import calendar_text, empty_form, form_of, form_said
from smarketing.web.pages.calendars import calendar_form_page, calendar_page, calendar_rows
from smarketing.web.pages.data_tabs import data_tabs
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.save_calendar import retire_calendar, save_calendar


def browse(request: Request) -> HttpResponse:
    return render_page(
        request,
        "data/calendars.html",
        rows=calendar_rows(request.words),
        may_create=can(request.actor, "calendar", "create"),
        tabs=data_tabs(request, "calendars"),
    )


def show(request: Request, slug: str) -> HttpResponse:
    """One calendar and a year of it, as the address says: `?year=2027`."""
    found = get_object_or_404(OwnCalendar, slug=slug, retired_at=None)
    page = calendar_page(found, year=_year(request), actor=request.actor, words=request.words)
    return render_page(request, "data/calendar.html", page=page, tabs=data_tabs(request, "calendars"))


def new(request: Request) -> HttpResponse:
    return _form(request, None, empty_form(request.zone))


def change(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(OwnCalendar, slug=slug, retired_at=None)
    try:
        said = form_of(read_calendar_text(found.text, name=slug))
    except UserError:
        said = empty_form(request.zone) | {"id": slug, "name": found.name}
    return _form(request, found, said)


@require_POST
def retire(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(OwnCalendar, slug=slug, retired_at=None)
    retire_calendar(calendar=found, by=signed_in(request), now=timezone.now())
    messages.success(request, request.words("The calendar {name} is retired.", name=found.name))
    return redirect("calendars")


def _form(request: Request, found: OwnCalendar | None, said: dict[str, Any]) -> HttpResponse:
    """GET shows the form; POST looks at what it says, and saves it when its button was pressed."""
    faults: tuple[str, ...] = ()
    text, words = found.text if found else "", request.words
    if request.method == "POST":
        said = form_said(request.POST) | ({"id": found.slug} if found else {})
        try:
            text = _text(request, found)
            said = form_of(read_calendar_text(text, name=said["id"], words=words))
            if "save" in request.POST:
                saved = save_calendar(text=text, by=signed_in(request), now=timezone.now(), calendar=found, words=words)
                messages.success(request, words("Saved."))
                return redirect("calendar", slug=saved.slug)
        except UnreadableTerms as error:
            faults = tuple(f"{fault.what} {fault.hint}".strip() for fault in error.faults)
        except UserError as error:
            error.translate(words)
            faults = (f"{error.what} {error.hint}".strip(),)
    page = calendar_form_page(
        found, said, text, faults, year=_year(request), words=words, add=request.POST.get("add", "")
    )
    status = 422 if faults and not request.htmx else 200
    return render_page(
        request,
        "data/calendar_form.html",
        page=page,
        tabs=data_tabs(request, "calendars"),
        fragments={"calendar_form"},
        status=status,
    )


def _text(request: Request, found: OwnCalendar | None) -> str:
    if "by_text" in request.POST:
        return request.POST.get("text", "")[:200_000]
    posted = request.POST.copy()
    if found is not None:
        posted["id"] = found.slug
    return calendar_text(posted, request.FILES.get("feed"), request.words)


def _year(request: Request) -> int:
    asked = request.GET.get("year", "") or request.POST.get("year", "")
    year = int(asked) if asked.isdigit() else timezone.now().year
    return min(max(year, 2000), 2050)
