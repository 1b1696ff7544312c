"""Leave a step of the first run for later, or for never."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Event, Person

VERB = "skip_first_step"


def skip_first_step(*, step: str, by: Person, now: datetime) -> None:
    """Written once; the step can still be taken at any time."""
    check_person_can(by, "operations", "run", now)
    if step not in skipped_steps():
        with one_write(verb=VERB, by=by, now=now) as write:
            write.about("first_step", step)


def skipped_steps() -> frozenset[str]:
    return frozenset(Event.objects.filter(verb=VERB).values_list("object_id", flat=True))
