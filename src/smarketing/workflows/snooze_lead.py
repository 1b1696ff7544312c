"""Put a lead off for a while: it goes to the end of one's list and reminds nobody until then."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from smarketing.records.events import one_write
from smarketing.records.models import Person, Snooze
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone
from smarketing.workflows.desk_lead import desk_lead

LONGEST = timedelta(days=60)
MORNING = time(9)
LENGTHS = {"30min": timedelta(minutes=30), "1h": timedelta(hours=1)}


def snoozed_until(choice: str, on: date | None, *, zone_name: str, now: datetime) -> datetime:
    """The instant that a choice means: 30min, 1h, tomorrow (its morning), or the morning of the day `on`.

    Raises UserError for none of these
    """
    if choice in LENGTHS:
        return now + LENGTHS[choice]
    here = zone(zone_name)
    if choice == "tomorrow":
        on = now.astimezone(here).date() + timedelta(days=1)
    if on is None:
        raise UserError(N_("Say until when."), where="until", hint=N_("Choose a length of time or a day."))
    return datetime.combine(on, MORNING, tzinfo=here)


def snooze_lead(*, src: str, lead_id: str, until: datetime | None, by: Person, now: datetime) -> None:
    """Put a lead off until an instant; None takes it up again.

    Raises UserError for an instant that has passed or is too far; Refused
    """
    if until is not None and not now < until <= now + LONGEST:
        raise UserError(
            N_("A lead can be put off until a later moment, at most {n} days ahead."), where="until", n=LONGEST.days
        )
    with one_write(verb="snooze_lead", by=by, now=now) as write:
        lead = desk_lead(src, lead_id, by=by, now=now)
        own = Snooze.objects.filter(person=by, src=src, lead_id=lead_id)
        was = own.values_list("until_at", flat=True).first()
        write.about("lead", f"{src}:{lead_id}", src=src, lead_id=lead_id, name=lead.name)
        write.detail |= {"until_at": until, "was": was}
        own.delete()
        if until is not None:
            Snooze.objects.create(person=by, src=src, lead_id=lead_id, until_at=until, at=now)
