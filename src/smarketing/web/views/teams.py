"""Teams, who belongs to them, and which owner of the CRM is which person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.records.models import Membership, Person, Team
from smarketing.web.forms.teams import MembershipForm, OwnerForm, TeamForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.teams import OwnersPage, TeamPage, TeamsPage, teams_seen_by
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.change_membership import change_membership
from smarketing.workflows.link_owner import link_owner
from smarketing.workflows.list_owners import list_owners
from smarketing.workflows.retire_team import retire_team
from smarketing.workflows.save_team import save_team


def browse(request: Request) -> HttpResponse:
    """GET lists the teams; POST makes one."""
    form = TeamForm(request.POST or None, words=request.words)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            team = save_team(by=signed_in(request), now=timezone.now(), **form.cleaned_data)
            return redirect("team", slug=team.slug)
    page = TeamsPage.of(request.actor, timezone.now().date())
    return render_page(request, "settings/teams.html", page=page, form=form)


def show(request: Request, slug: str) -> HttpResponse:
    """GET shows a team, POST changes its name, role and names in the facts."""
    team = _seen(request, slug)
    form = TeamForm(request.POST or None, words=request.words, initial=_said(team))
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            save_team(team=team, by=signed_in(request), now=timezone.now(), **form.cleaned_data)
            messages.success(request, request.words("Saved."))
            return redirect("team", slug=slug)
    return _page(request, team, form=form)


def _page(request: Request, team: Team, **context: Any) -> HttpResponse:
    page = TeamPage.of(team, request.actor, timezone.now().date())
    joining = MembershipForm(
        words=request.words, may_appoint=request.actor.is_admin, initial={"from_on": timezone.now().date()}
    )
    said: dict[str, Any] = {"page": page, "joining": joining, **context}
    return render_page(request, "settings/team.html", **said)


@require_POST
def retirement(request: Request, slug: str) -> HttpResponse:
    team = _seen(request, slug)
    retire_team(team=team, by=signed_in(request), now=timezone.now())
    messages.success(request, request.words("The team {name} is retired.", name=team.name))
    return redirect("teams")


@require_POST
def members(request: Request, slug: str) -> HttpResponse:
    """Somebody joins."""
    team = _seen(request, slug)
    form = MembershipForm(request.POST, words=request.words, may_appoint=request.actor.is_admin)
    if form.is_valid():
        with as_form_error(form, request.words):
            change_membership(team=team, by=signed_in(request), now=timezone.now(), **form.cleaned_data)
            messages.success(request, request.words("Saved."))
            return redirect("team", slug=slug)
    return _page(request, team, form=TeamForm(words=request.words, initial=_said(team)), joining=form)


def membership(request: Request, membership_id: int) -> HttpResponse:
    """GET shows one membership, POST changes its role and days."""
    grant = request.grant
    found = Membership.objects.all() if grant.is_any else Membership.objects.filter(team_id__in=grant.team_ids)
    one = get_object_or_404(found.select_related("team", "person"), id=membership_id)
    said = {"person": one.person_id, "role": one.role, "from_on": one.from_on, "until_on": one.until_on}
    posted = request.POST.copy() if request.method == "POST" else None
    if posted is not None:
        posted["person"] = str(one.person_id)
    form = MembershipForm(posted, words=request.words, may_appoint=request.actor.is_admin, initial=said)
    form.fields["person"].queryset = Person.objects.filter(id=one.person_id)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            change_membership(
                membership=one, team=one.team, by=signed_in(request), now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, request.words("Saved."))
            return redirect("team", slug=one.team.slug)
    return render_page(request, "settings/membership.html", membership=one, form=form)


def owners(request: Request) -> HttpResponse:
    """GET lists the owners of the facts beside people; POST links one."""
    known = list_owners()
    form = OwnerForm(request.POST or None, words=request.words, known=known)
    if request.method == "POST" and form.is_valid():
        src, _, owner_id = form.cleaned_data["owner"].partition(" ")
        person = form.cleaned_data["person"]
        link_owner(src=src, owner_id=owner_id, person=person, by=signed_in(request), now=timezone.now())
        messages.success(request, request.words("Saved."))
        return redirect("owners")
    return render_page(request, "settings/owners.html", page=OwnersPage.of(known))


def _seen(request: Request, slug: str) -> Team:
    return get_object_or_404(teams_seen_by(request.grant), slug=slug)


def _said(team: Team) -> dict[str, object]:
    names = "\n".join(team.fact_names)
    return {"name": team.name, "role": team.role, "fact_names": names, "reports_to": team.reports_to_id}
