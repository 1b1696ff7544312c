"""Take away somebody's second factors and browsers, when they lost them; they set up new ones."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.records.sessions import forget_sessions


def reset_credentials(*, person: Person, by: Person, now: datetime) -> None:
    check_person_can(by, "credentials", "reset", now)
    with one_write(verb="reset_credentials", by=by, now=now) as write:
        n_factors, _ = Authenticator.objects.filter(user=person).delete()
        write.about(person, email=person.email, n_factors=n_factors, n_sessions=forget_sessions(person))
