"""How one person is told, and when they are away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from smarketing.records.models import Absence, Bounce, Person, Preference

ONE_DAY = timedelta(days=1)
NAMES = ("is_email_wanted", "has_quiet_hours", "is_digest_wanted", "digest_at", "most_per_day", "muted")


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    id: int
    first_on: date
    last_on: date
    substitute: str
    reason: str


@dataclass(frozen=True, slots=True)
class PreferencesPage:
    absences: tuple[AbsenceRow, ...]
    is_bounced: bool

    @classmethod
    def of(cls, person: Person, today: date) -> PreferencesPage:
        rows = Absence.objects.filter(person=person, until_on__gt=today).select_related("substitute")
        away = tuple(map(_row, rows))
        bounces = Bounce.objects.filter(address=person.email.lower(), cleared_at=None)
        return cls(away, bounces.exists())


def _row(one: Absence) -> AbsenceRow:
    return AbsenceRow(one.id, one.from_on, one.until_on - ONE_DAY, str(one.substitute or ""), one.reason)


def wishes_of(person: Person) -> dict[str, object]:
    """What the form begins with: what is kept, else the defaults."""
    kept = Preference.objects.filter(person=person).first() or Preference(person=person)
    return {name: getattr(kept, name) for name in NAMES}
