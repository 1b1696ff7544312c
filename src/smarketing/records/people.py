"""What must hold of the people of an installation."""

from __future__ import annotations

from smarketing.records.models import Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_


def is_last_admin(person: Person) -> bool:
    """Would nobody be left who runs the installation? Asked within the transaction that is about to change it."""
    admins = Person.objects.select_for_update().filter(is_admin=True, is_active=True)
    return [one.id for one in admins] == [person.id]


def check_not_last_admin(person: Person) -> None:
    """Raises UserError when this is the only administrator."""
    if is_last_admin(person):
        raise UserError(N_("This is the only administrator."), hint=N_("Make somebody else an administrator first."))
