"""Say which person an owner of the facts is: that makes the owner's leads theirs."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import OwnerLink, Person


def link_owner(*, src: str, owner_id: str, person: Person | None, by: Person, now: datetime) -> None:
    """None for the person takes the link away."""
    check_person_can(by, "membership", "create", now)
    with one_write(verb="link_owner", by=by, now=now) as write:
        OwnerLink.objects.filter(src=src, owner_id=owner_id).delete()
        if person is not None:
            OwnerLink.objects.create(src=src, owner_id=owner_id, person=person)
        write.about("owner", f"{src}:{owner_id}", person=person.email if person else None)
