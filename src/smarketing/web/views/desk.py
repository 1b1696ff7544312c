"""My leads: what one person has to do about which lead now, and the deeds done from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from smarketing.records.models import Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.web.pages.desk import desk_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.web.views.posted import whole_number
from smarketing.web.views.renewed import tag_of, tagged, unchanged
from smarketing.workflows.clocks_key import desk_key
from smarketing.workflows.desk_lead import LeadKey
from smarketing.workflows.dispose_lead import dispose_lead
from smarketing.workflows.hand_over_lead import hand_over_lead
from smarketing.workflows.list_desk import list_desk
from smarketing.workflows.log_touch import log_touch
from smarketing.workflows.snooze_lead import snooze_lead, snoozed_until
from smarketing.workflows.take_back_deed import latest_deed, take_back_deed


def show(request: Request, told: str = "") -> HttpResponse:
    """The list; asked again by itself with what it showed, it answers that nothing has changed, or anew."""
    now = timezone.now()
    latest = latest_deed(signed_in(request), now)
    etag = tag_of(request, desk_key(request.actor, now=now), reverse("desk"), latest)
    if same := unchanged(request, etag):
        return same
    page = desk_page(
        list_desk(request.actor, now=now),
        request.actor,
        now=now,
        zone=request.zone,
        words=request.words,
        href_of=lambda src, lead_id: reverse("lead", args=(src, lead_id)),
        latest=latest,
        told=told,
        etag=etag,
    )
    return tagged(render_page(request, "desk/show.html", page=page, fragments={"desk"}), etag)


@require_POST
def touches(request: Request) -> HttpResponse:
    """Note that somebody tried to reach a lead."""
    with told_if_refused(request):
        src, lead_id = lead_of(request)
        kind, _, outcome = str(request.POST.get("what", "")).partition(":")
        log_touch(
            src=src,
            lead_id=lead_id,
            kind=kind,
            outcome=outcome,
            at=instant_of(request, "at"),
            by=signed_in(request),
            now=timezone.now(),
            key=key_of(request),
        )
    return back(request)


@require_POST
def dispositions(request: Request) -> HttpResponse:
    """Accept a lead, disqualify it or send it back."""
    with told_if_refused(request):
        src, lead_id = lead_of(request)
        dispose_lead(
            src=src,
            lead_id=lead_id,
            answer=str(request.POST.get("answer", "")),
            reason=str(request.POST.get("reason", "")),
            back_on=day_of(request, "back_on"),
            by=signed_in(request),
            now=timezone.now(),
            key=key_of(request),
        )
    return back(request)


@require_POST
def snoozes(request: Request) -> HttpResponse:
    """Put a lead off, or take it up again."""
    with told_if_refused(request):
        (src, lead_id), now = lead_of(request), timezone.now()
        choice, on = str(request.POST.get("until", "")), day_of(request, "on")
        until = None if choice == "now" else snoozed_until(choice, on, zone_name=request.zone, now=now)
        snooze_lead(src=src, lead_id=lead_id, until=until, by=signed_in(request), now=now)
    return back(request)


@require_POST
def handovers(request: Request) -> HttpResponse:
    """Give one lead or several to a colleague."""
    with told_if_refused(request):
        to = Person.objects.filter(id=whole_number(request, "to")).first()
        if to is None:
            raise UserError(N_("Choose a colleague."), where="to")
        leads = leads_of(request)
        hand_over_lead(leads=leads, to=to, by=signed_in(request), now=timezone.now(), key=key_of(request))
    return back(request)


@require_POST
def undoings(request: Request) -> HttpResponse:
    """Take back what one just did."""
    with told_if_refused(request):
        take_back_deed(seq=whole_number(request, "seq"), by=signed_in(request), now=timezone.now())
    return back(request)


def leads_of(request: Request) -> list[LeadKey]:
    """The leads that a form names: source and id, joined by a colon."""
    parted = (str(each).partition(":") for each in request.POST.getlist("lead"))
    return [(src, lead_id) for src, _, lead_id in parted if lead_id]


def lead_of(request: Request) -> LeadKey:
    return next(iter(leads_of(request)), ("", ""))


def key_of(request: Request) -> str:
    """What tells this showing of the form from any other; nothing where it is none of ours."""
    key = str(request.POST.get("key", ""))
    return key if len(key) == 32 and key.isalnum() and key.isascii() else ""


def instant_of(request: Request, name: str) -> datetime | None:
    """A reading of the reader's clock, as fields for dates and times send it.

    Raises UserError for what is none
    """
    said = str(request.POST.get(name, "")).strip()
    try:
        local = datetime.fromisoformat(said) if said else None
    except ValueError:
        raise UserError(N_('"{said}" is no date and time.'), where=name, said=said[:40]) from None
    return local if local is None or local.tzinfo else local.replace(tzinfo=ZoneInfo(request.zone))


def day_of(request: Request, name: str) -> date | None:
    """Raises UserError for what is no day"""
    said = str(request.POST.get(name, "")).strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise UserError(N_('"{said}" is no day.'), where=name, said=said[:40]) from None


@contextmanager
def told_if_refused(request: Request) -> Iterator[None]:
    """What a workflow refuses is said where the reader is; `request.told` keeps it for a page without a redirect."""
    try:
        yield
    except UserError as error:
        error.translate(request.words)
        messages.error(request, f"{error.what} {error.hint}".strip())


def back(request: Request) -> HttpResponse:
    """The list anew for htmx, else the page that the form stood on."""
    if request.htmx and request.htmx.target == "desk":
        told = " ".join(str(each) for each in messages.get_messages(request))
        return show(request, told)
    to = str(request.POST.get("back", ""))
    is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith("/")
    return HttpResponseRedirect(to if is_ours else reverse("desk"))
