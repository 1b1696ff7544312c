"""Mornings of teams and weeks of agreements: what the mail says, with every number open."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from smarketing.records.access import lead_scope
from smarketing.records.parties import Roster
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import UserError
from smarketing.terms.period import Grain, Period, period_of, read_period
from smarketing.terms.zones import zone
from smarketing.web.pages.lead_links import LeadLinks
from smarketing.web.pages.pulse import pulse_page
from smarketing.web.pages.scorecard_charts import Studio
from smarketing.web.pages.scorecard_head import Way
from smarketing.web.pages.week import week_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views.asked_scorecard import choices, drawings
from smarketing.workflows.compose_pulse import compose_pulse
from smarketing.workflows.compose_week import compose_week
from smarketing.workflows.find_pulses import find_pulses
from smarketing.workflows.open_terms import versions_of

WEEK = timedelta(days=7)


def pulses(request: Request) -> HttpResponse:
    """Straight to the reader's own team."""
    found = find_pulses(request.actor, now=timezone.now(), words=request.words)
    if found:
        return redirect("pulse", slug=found[0].team.slug)
    return render_page(request, "pulse/none.html")


def pulse(request: Request, slug: str) -> HttpResponse:
    now, words, roster = timezone.now(), request.words, Roster.today()
    seen = find_pulses(request.actor, now=now, words=words)
    mine = next((each for each in seen if each.team.slug == slug), None)
    if mine is None:
        raise Http404
    scope = lead_scope(request.actor, "clock")
    composed = (
        compose_pulse(mine.team, versions, roster=roster, scope=scope, now=now, words=words)
        for versions in mine.agreements
    )
    ways = tuple(Way(each.team.name, reverse("pulse", args=[each.team.slug]), each is mine) for each in seen)
    page = pulse_page(
        tuple(each for each in composed if each is not None),
        team=mine.team.name,
        teams=ways if len(ways) > 1 else (),
        hrefs=lambda agreement: reverse("scorecard_of", args=[agreement]),
        leads=reverse("leads"),
        href_of=_lead,
        studio_of=lambda links: _studio(request, links),
        words=words,
    )
    return render_page(request, "pulse/show.html", page=page)


def weeks(request: Request, slug: str) -> HttpResponse:
    """The latest week that is over."""
    agreement = _versions(request, slug)[-1]
    return redirect("week", slug=slug, label=_latest(agreement).label)


def week(request: Request, slug: str, label: str) -> HttpResponse:
    versions, now = _versions(request, slug), timezone.now()
    period, agreement = _week(label), versions[-1]
    composed = compose_week(
        versions, week=period, scope=lead_scope(request.actor, "clock"), now=now, words=request.words
    )
    latest = _latest(agreement).label
    page = week_page(
        composed,
        is_over=period.until_on <= _today(agreement),
        latest=Way(request.words("The latest whole week"), reverse("week", args=[slug, latest]), label == latest),
        hrefs=lambda other: reverse("week", args=[slug, other]),
        scorecard=reverse("scorecard_of", args=[slug]),
        leads=reverse("leads"),
        href_of=_lead,
        studio_of=lambda links: _studio(request, links),
        words=request.words,
    )
    return render_page(request, "weeks/show.html", page=page)


def _versions(request: Request, slug: str) -> tuple[Agreement, ...]:
    if slug not in {each.slug for each in choices(request)}:
        raise Http404
    return versions_of(slug, words=request.words)


def _week(label: str) -> Period:
    try:
        period = read_period(label)
    except UserError as error:
        raise Http404 from error
    if period.grain is not Grain.WEEK or ".." in label:
        raise Http404
    return period


def _latest(agreement: Agreement) -> Period:
    return period_of(Grain.WEEK, _today(agreement) - WEEK, week_starts_on=agreement.week_starts_on)


def _today(agreement: Agreement) -> date:
    return timezone.now().astimezone(zone(agreement.zone)).date()


def _lead(src: str, lead_id: str) -> str:
    return reverse("lead", args=(src, lead_id))


def _studio(request: Request, links: LeadLinks) -> Studio:
    """Charts that stand still: the scorecard has those that can be touched."""
    return Studio(links, request.words, drawings(settings.HOME), lambda _: "")
