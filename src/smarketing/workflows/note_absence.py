"""Say that somebody is away and who stands in for them, or that they are not after all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Absence, Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

LONGEST = timedelta(days=400)


def note_absence(
    *, of: Person, first_on: date, last_on: date, substitute: Person | None, reason: str, by: Person, now: datetime
) -> Absence:
    """Both days included.

    Raises UserError for days that make no sense or a substitute who is the same person or gone
    """
    check_person_can(by, "preference", "update", now)
    if last_on < first_on or last_on - first_on > LONGEST:
        raise UserError(N_("The last day comes before the first, or is more than a year after it."))
    if substitute is not None and (substitute == of or not substitute.is_active):
        raise UserError(N_("Somebody else must stand in, who has an account here."))
    with one_write(verb="note_absence", by=by, now=now) as write:
        absence = Absence.objects.create(
            person=of,
            substitute=substitute,
            from_on=first_on,
            until_on=last_on + timedelta(days=1),
            reason=reason.strip()[:120],
        )
        write.about(of, from_on=first_on.isoformat(), until_on=last_on.isoformat(), person=str(substitute or ""))
    return absence


def cancel_absence(*, absence: Absence, by: Person, now: datetime) -> None:
    check_person_can(by, "preference", "update", now)
    with one_write(verb="cancel_absence", by=by, now=now) as write:
        write.about(absence.person, from_on=absence.from_on.isoformat(), until_on=absence.until_on.isoformat())
        Absence.objects.filter(id=absence.id).delete()
