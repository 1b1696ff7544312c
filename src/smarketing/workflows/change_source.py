"""Rename a source, move it to another zone, or say what its fields mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person, Source
from smarketing.terms.zones import check_zone
from smarketing.workflows.check_mapping import check_mapping


def change_source(
    *, source: Source, name: str, zone: str, currency: str, mapping: Mapping[str, str], by: Person, now: datetime
) -> Source:
    """The source; what waits in the inbox is read the new way.

    Raises UserError for a zone or a field that there is not
    """
    check_person_can(by, "source", "update", now)
    check_zone(zone)
    check_mapping(source.kind, mapping)
    with one_write(verb="change_source", by=by, now=now) as write:
        said = {
            "name": name.strip() or source.slug,
            "zone": zone,
            "currency": currency.upper(),
            "mapping": dict(mapping),
        }
        Source.objects.filter(id=source.id).update(**said)
        write.about(source, **said)
    source.refresh_from_db()
    return source
