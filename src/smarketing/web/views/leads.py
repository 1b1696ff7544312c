"""Leads: the list behind every number, kept views of it, its export, and one lead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from smarketing.records.models import SavedView
from smarketing.terms.errors import FactsError, UserError
from smarketing.web.media_types import WORKBOOK
from smarketing.web.pages.carers import Carer, carers_of_lead
from smarketing.web.pages.lead import lead_page
from smarketing.web.pages.lead_desk import LeadDesk, lead_desk
from smarketing.web.pages.leads import leads_page
from smarketing.web.pages.leads_filters import Asked
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.web.views.asked_scorecard import drawings
from smarketing.web.views.contests import contested_of, contesting
from smarketing.workflows.export_leads import export_csv, export_xlsx
from smarketing.workflows.forget_view import forget_view
from smarketing.workflows.keep_view import keep_view
from smarketing.workflows.lead_filter import LeadFilter, lead_filter
from smarketing.workflows.list_desk import desk_row
from smarketing.workflows.list_leads import Neighbours, list_leads, neighbours
from smarketing.workflows.open_leads import OpenedLeads, open_leads
from smarketing.workflows.show_lead import ShownLead, show_lead
from smarketing.workflows.take_back_deed import latest_deed


def index(request: Request) -> HttpResponse:
    asked, now = Asked(request.path, _query(request)), timezone.now()
    wanted, opened, found, problem = LeadFilter(), None, None, ""
    try:
        wanted = lead_filter(asked.query, request.words)
        opened = open_leads(request.actor, asked.query.get("agreement", ""), request.words, shown_at=now)
        said: dict[str, Any] = {"scope": opened.scope, "now": now, "words": request.words}
        said["waivers"] = opened.waivers(wanted.moment(now))
        found = list_leads(opened.facts, opened.versions, wanted, **said)
    except FactsError:
        pass  # the page's empty state says what to do
    except UserError as error:
        error.translate(request.words)
        problem = f"{error.what} {error.hint}"
    page = leads_page(
        asked,
        wanted,
        found,
        versions=opened.versions if opened else (),
        slug=opened.slug if opened else "",
        agreements=opened.agreements if opened else (),
        views=SavedView.objects.filter(person=request.actor.person, page="leads").values_list("id", "name", "query"),
        href_of=_href_of,
        now=now,
        zone=request.zone,
        words=request.words,
        problem=problem,
        contesting=contesting(request, opened, now),
    )
    return render_page(request, "leads/index.html", page=page, fragments={"leads"}, status=400 if problem else 200)


def show(request: Request, src: str, lead_id: str) -> HttpResponse:
    now = timezone.now()
    opened = _opened(request, now, about=(src, lead_id))
    shown = show_lead(opened, src, lead_id, now=now, words=request.words)
    if shown is None:
        raise Http404
    page = lead_page(
        shown,
        words=request.words,
        zone=request.zone,
        draw=drawings(settings.HOME),
        around=_around(request, opened, shown),
        query=request.GET.urlencode(),
        href_of=_href_of,
        contested=contested_of(request, opened, shown),
    )
    return render_page(
        request, "leads/show.html", page=page, desk=_desk(request, src, lead_id), cared=_cared(request, src, lead_id)
    )


def _cared(request: Request, src: str, lead_id: str) -> tuple[Carer, ...]:
    grant = request.actor.grant("notice", "read")
    return carers_of_lead(src, lead_id, signed_in(request), grant, timezone.now())


def _desk(request: Request, src: str, lead_id: str) -> LeadDesk | None:
    now, person = timezone.now(), signed_in(request)
    return lead_desk(
        src,
        lead_id,
        desk_row(src, lead_id, person=person, now=now),
        request.actor,
        latest_deed(person, now),
        back=request.get_full_path(),
        now=now,
        zone=request.zone,
        words=request.words,
    )


def _around(request: Request, opened: OpenedLeads, shown: ShownLead) -> Neighbours | None:
    """The leads beside this one in the list that it was opened from."""
    if not request.GET:
        return None
    try:
        wanted = lead_filter(_query(request), request.words)
        now = timezone.now()
        said: dict[str, Any] = {"scope": opened.scope, "now": now, "words": request.words}
        said["waivers"] = opened.waivers(wanted.moment(now))
        return neighbours(opened.facts, opened.versions, wanted, shown.row.number, **said)
    except UserError:
        return None


def _href_of(src: str, lead_id: str) -> str:
    return reverse("lead", args=(src, lead_id))


def export(request: Request, form: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    if form not in ("csv", "xlsx"):
        raise Http404
    now, person = timezone.now(), request.actor.person
    opened = _opened(request, now)
    assert person is not None  # the gate lets nobody else through
    said: dict[str, Any] = {"zone": request.zone, "by": person, "now": now, "words": request.words}
    name = f"leads-{now:%Y-%m-%d}.{form}"
    try:
        wanted = lead_filter(_query(request), request.words)
        if form == "xlsx":
            file = export_xlsx(opened, wanted, **said)
            return FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK)
        parts = export_csv(opened, wanted, **said)
    except UserError as error:
        error.translate(request.words)
        messages.error(request, f"{error.what} {error.hint}")
        return HttpResponseRedirect(reverse("leads"))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8", headers=headers)


def views(request: Request) -> HttpResponse:
    """Keep the present filters under a name."""
    person = request.actor.person
    assert person is not None
    query = request.POST.get("query", "")
    try:
        keep_view(page="leads", name=request.POST.get("name", ""), query=query, by=person, now=timezone.now())
        messages.success(request, request.words("Kept. It is among the tabs above the list."))
    except UserError as error:
        error.translate(request.words)
        messages.error(request, f"{error.what} {error.hint}")
    return HttpResponseRedirect(f"{reverse('leads')}?{query}" if query else reverse("leads"))


def view(request: Request, view_id: int) -> HttpResponse:
    """Forget a kept view."""
    person = request.actor.person
    assert person is not None
    kept = get_object_or_404(SavedView, id=view_id, person=person)
    forget_view(view=kept, by=person, now=timezone.now())
    messages.success(request, request.words("The view “{name}” is gone.", name=kept.name))
    return HttpResponseRedirect(reverse("leads"))


def _query(request: Request) -> dict[str, str]:
    """The address's parts; several `columns`, as their checkboxes send them, are one."""
    parts = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    if columns := request.GET.getlist("columns"):
        parts["columns"] = ",".join(columns)
    return parts


def _opened(request: Request, now: datetime, about: tuple[str, str] | None = None) -> OpenedLeads:
    slug = request.GET.get("agreement", "")
    try:
        return open_leads(request.actor, slug, request.words, shown_at=now, about=about)
    except FactsError:
        raise Http404 from None
