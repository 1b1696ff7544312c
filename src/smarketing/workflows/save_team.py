"""Make a team, or change its name, role and names in the facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.text import slugify

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person, Team
from smarketing.records.models.teams import TeamRole
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_


def save_team(
    *,
    name: str,
    role: str,
    by: Person,
    now: datetime,
    team: Team | None = None,
    fact_names: Sequence[str] = (),
    reports_to: Team | None = None,
) -> Team:
    """The team; a new one where none is given. Its slug never changes: agreements may name it.

    Raises UserError when another team has this name, or teams would report in a circle.
    """
    check_person_can(by, "membership", "create", now)
    slug = team.slug if team else slugify(name)[:60] or "team"
    others = Team.objects.exclude(id=team.id) if team else Team.objects.all()
    if others.filter(name__iexact=name).exists() or others.filter(slug=slug).exists():
        raise UserError(N_('There is a team "{name}" already.'), name=name)
    if team is not None and _is_above(team, reports_to):
        raise UserError(N_("A team cannot report to itself."), hint=N_("Choose a team that is not below this one."))
    with one_write(verb="save_team", by=by, now=now) as write:
        saved = team or Team(slug=slug)
        saved.name, saved.role, saved.reports_to = name, TeamRole(role), reports_to
        saved.fact_names = list(dict.fromkeys(fact_names))
        saved.save()
        write.about(saved, name=name, role=role, fact_names=saved.fact_names)
    return saved


def _is_above(team: Team, other: Team | None) -> bool:
    seen: set[int] = set()
    while other is not None and other.id not in seen:
        if other.id == team.id:
            return True
        seen.add(other.id)
        other = other.reports_to
    return False
