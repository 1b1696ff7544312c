"""Who belongs to a team, in which role and from when until when."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from smarketing.records.access import Refused, check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Membership, Person, Team
from smarketing.records.models.teams import MemberRole
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_


def change_membership(
    *,
    person: Person,
    team: Team,
    role: str,
    from_on: date,
    by: Person,
    now: datetime,
    until_on: date | None = None,
    membership: Membership | None = None,
) -> Membership:
    """The membership in [from_on, until_on), new or changed.

    Raises UserError where it ends before it begins or meets another of this person in this team; Refused where a
    manager touches managers or themselves.
    """
    _check_may(by, team, {role, *([membership.role] if membership else [])}, person, now)
    if until_on is not None and until_on <= from_on:
        raise UserError(N_("A membership ends after it begins."), hint=N_("Choose a later last day."))
    with one_write(verb="change_membership", by=by, now=now) as write:
        others = Membership.objects.filter(person=person, team=team)
        others = others.filter(Q(until_on=None) | Q(until_on__gt=from_on))
        others = others.filter(from_on__lt=until_on) if until_on else others
        others = others.exclude(id=membership.id) if membership else others
        if others.exists():
            raise UserError(
                N_("{name} belongs to this team at that time already."),
                hint=N_("End the other membership first."),
                name=str(person),
            )
        saved = membership or Membership(person=person, team=team)
        saved.role, saved.from_on, saved.until_on = MemberRole(role), from_on, until_on
        saved.save()
        write.about(saved, person=person.email, team=team.slug, role=role, from_on=from_on, until_on=until_on)
    return saved


def _check_may(by: Person, team: Team, roles: set[str], person: Person, now: datetime) -> None:
    """Administrators may; a manager of the team may among its reps and viewers."""
    grant = check_person_can(by, "membership", "update", now)
    if grant.is_any:
        return
    if team.id not in grant.team_ids or by == person or MemberRole.MANAGER in roles:
        raise Refused(N_("You may not do this."))
