"""Make somebody an administrator, or no longer one."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import Refused, check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.records.people import check_not_last_admin
from smarketing.records.sessions import forget_sessions
from smarketing.terms.marked import N_


def appoint_admin(*, person: Person, is_admin: bool, by: Person, now: datetime) -> Person:
    """Whoever's rights change signs in anew.

    Raises Refused when somebody appoints themselves, UserError when no administrator would be left.
    """
    check_person_can(by, "person", "create", now)
    if is_admin and by == person:
        raise Refused(N_("Nobody gives themselves rights."))
    with one_write(verb="appoint_admin", by=by, now=now) as write:
        if not is_admin:
            check_not_last_admin(person)
        Person.objects.filter(id=person.id).update(is_admin=is_admin)
        forget_sessions(person)
        write.about(person, email=person.email, is_admin=is_admin)
    person.refresh_from_db()
    return person
