"""Hold back whatever would be sent to people, or let it go out again."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Installation, Person
from smarketing.records.outbound import installation


def hold_sending(*, is_held: bool, by: Person | None, now: datetime) -> Installation:
    """`by` is None from the command line: whoever may run that owns the installation."""
    with one_write(verb="hold_sending" if is_held else "release_sending", by=by, now=now) as write:
        found = installation(now)
        found.is_sending_held = is_held
        found.save(update_fields=["is_sending_held"])
        write.about("installation", found.identity, is_sending_held=is_held)
    return found
