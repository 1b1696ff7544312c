"""Who the owners of leads are here, and which team is which."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.records.models import Person, Team
from smarketing.terms.errors import UserError
from smarketing.web.pages.data_people import data_people_page, known_owners
from smarketing.web.pages.data_tabs import data_tabs
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.link_owner import link_owner
from smarketing.workflows.save_team import save_team


def show(request: Request) -> HttpResponse:
    """GET lists owners and team names; POST says which person an owner is."""
    if request.method == "POST":
        src, _, owner_id = request.POST.get("owner", "").partition(" ")
        if not any((one.src, one.owner_id) == (src, owner_id) for one in known_owners()):
            return redirect("data_people")
        chosen = request.POST.get("person", "")
        person = get_object_or_404(Person, pk=chosen, is_active=True) if chosen.isdigit() else None
        link_owner(src=src, owner_id=owner_id, person=person, by=signed_in(request), now=timezone.now())
        messages.success(request, request.words("Saved."))
        return redirect("data_people")
    page = data_people_page()
    return render_page(request, "data/people.html", page=page, tabs=data_tabs(request, "data_people"))


@require_POST
def teams(request: Request) -> HttpResponse:
    """Says which team here a name in the facts means."""
    name, chosen = request.POST.get("name", "").strip(), request.POST.get("team", "")
    if not name or name not in {one.team for one in known_owners()}:
        return redirect("data_people")
    if not chosen.isdigit():
        raise Http404
    team = get_object_or_404(Team, pk=chosen, retired_at=None)
    try:
        _spell(request, name, team)
    except UserError as error:
        error.translate(request.words)
        messages.error(request, f"{error.what} {error.hint}".strip())
    else:
        messages.success(request, request.words("{name} is {team} from now on.", name=name, team=team.name))
    return redirect("data_people")


def _spell(request: Request, name: str, team: Team) -> None:
    """The name becomes one of the team's, and no other team's."""
    by, now = signed_in(request), timezone.now()
    for other in Team.objects.filter(retired_at=None).exclude(pk=team.pk):
        if name in other.fact_names:
            names = [each for each in other.fact_names if each != name]
            _save(other, names, by, now)
    _save(team, [*team.fact_names, name], by, now)


def _save(team: Team, names: list[str], by: Person, now: datetime) -> None:
    save_team(team=team, name=team.name, role=team.role, reports_to=team.reports_to, fact_names=names, by=by, now=now)
