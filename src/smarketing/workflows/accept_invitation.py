"""Accept an invitation: the person comes into being, with the team and the rights that were offered."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Invitation, Membership, Person
from smarketing.records.secrets import digest
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_


def open_invitation(secret: str, now: datetime) -> Invitation | None:
    """The invitation of this link while it may be accepted: not used, withdrawn, expired or overtaken."""
    invitation = Invitation.objects.filter(
        digest=digest(secret),
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
        invited_by__is_active=True,
    ).first()
    if invitation is None or Person.objects.filter(email=invitation.email).exists():
        return None
    return invitation


def accept_invitation(
    *, secret: str, name: str, password: str, now: datetime, language: str = "", zone: str = ""
) -> Person:
    """The new person; the address is the invited one, whatever else was sent.

    Raises UserError when the link does not hold any more.
    """
    with one_write(verb="accept_invitation", by=None, now=now) as write:
        invitation = open_invitation(secret, now)
        used = Invitation.objects.filter(id=invitation.id, accepted_at=None) if invitation else None
        if invitation is None or used is None or not used.update(accepted_at=now):
            raise UserError(N_("This invitation does not hold any more."), hint=N_("Ask for a new one."))
        person = Person.objects.create_user(
            invitation.email, password, name=name, language=language, zone=zone, is_admin=invitation.is_admin
        )
        if invitation.team is not None:
            Membership.objects.create(person=person, team=invitation.team, role=invitation.role, from_on=now.date())
        write.by = person
        write.about(person, email=person.email, invitation=invitation.id)
    return person
