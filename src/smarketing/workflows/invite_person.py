"""Invite somebody: a link that works once, for seven days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Invitation, Person, Team
from smarketing.records.models.teams import MemberRole
from smarketing.records.secrets import digest, new_secret
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """`secret` is the end of the link; it is shown and mailed now, and kept nowhere."""

    invitation: Invitation
    secret: str


def invite_person(
    *,
    email: str,
    by: Person,
    now: datetime,
    name: str = "",
    language: str = "",
    team: Team | None = None,
    role: str = MemberRole.REP,
    is_admin: bool = False,
) -> NewInvitation:
    """An open invitation to this address; an earlier one stops working.

    Raises UserError when somebody has this address already.
    """
    check_person_can(by, "invitation", "create", now)
    address, secret = email.strip().lower(), new_secret()
    if Person.objects.filter(email=address).exists():
        raise UserError(N_("Somebody with this address is here already."), hint=N_("Look for them under People."))
    with one_write(verb="invite_person", by=by, now=now) as write:
        Invitation.objects.filter(email=address, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            email=address,
            name=name,
            language=language,
            is_admin=is_admin,
            team=team,
            role=MemberRole(role),
            digest=digest(secret),
            invited_by=by,
            invited_at=now,
            expires_at=now + LIFE,
        )
        write.about(invitation, email=address, team=team.slug if team else "", role=str(role), is_admin=is_admin)
    return NewInvitation(invitation, secret)
