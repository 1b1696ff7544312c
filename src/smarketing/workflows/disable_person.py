"""Close somebody's account: browsers and tokens stop at once, what they did stays."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import ApiToken, Invitation, Person
from smarketing.records.people import check_not_last_admin
from smarketing.records.sessions import forget_sessions


def disable_person(*, person: Person, by: Person, now: datetime) -> Person:
    """Raises UserError for the only administrator."""
    check_person_can(by, "person", "delete", now)
    with one_write(verb="disable_person", by=by, now=now) as write:
        check_not_last_admin(person)
        Person.objects.filter(id=person.id).update(is_active=False)
        n_sessions = forget_sessions(person)
        n_tokens = ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
        Invitation.objects.filter(invited_by=person, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
        write.about(person, email=person.email, n_sessions=n_sessions, n_tokens=n_tokens)
    person.refresh_from_db()
    return person
