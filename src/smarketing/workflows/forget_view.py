"""Forget a kept view of a table."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Person, SavedView


def forget_view(*, view: SavedView, by: Person, now: datetime) -> None:
    with one_write(verb="forget_view", by=by, now=now) as write:
        write.about(view, name=view.name, page=view.page)
        view.delete()
