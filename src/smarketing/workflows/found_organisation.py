"""The first person of an installation, who runs it; then the door closes for ever."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import hold_chain, one_write
from smarketing.records.models import Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_


def is_founded() -> bool:
    """Whether there has ever been somebody here."""
    return Person.objects.exists()


def found_organisation(
    *, name: str, email: str, password: str, language: str = "", zone: str = "", now: datetime
) -> Person:
    """The administrator.

    Of two requests at the same moment one wins: writers take turns before they look whether anybody is here.
    Raises UserError when somebody is.
    """
    with one_write(verb="found_organisation", by=None, now=now) as write:
        hold_chain()
        if is_founded():
            raise UserError(
                N_("This installation has an administrator already."), hint=N_("Sign in, or ask to be invited.")
            )
        write.by = Person.objects.create_user(email, password, name=name, language=language, zone=zone, is_admin=True)
        write.about(write.by, email=write.by.email)
    return write.by
