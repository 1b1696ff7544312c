"""The day from which a lead that was sent back is worth another try, in the write of the answer that names it."""

from __future__ import annotations

from datetime import date, datetime

from smarketing.records.models import NextTry, Person


def note_next_try(lead: tuple[str, str], on: date | None, *, by: Person, now: datetime, **said: str) -> None:
    """What an answer says of the next try: it ends the one before, and may name a day.

    Takes said  reason, key, field and value of the model
    """
    src, lead_id = lead
    NextTry.objects.filter(src=src, lead_id=lead_id, done_at=None).update(done_at=now)
    if on is not None:
        NextTry.objects.create(src=src, lead_id=lead_id, on=on, by=by, at=now, **said)


def forget_next_try(lead: tuple[str, str], *, key: str, answered_at: datetime) -> None:
    """The answer was taken back: the day that it named is gone, the one before holds again."""
    src, lead_id = lead
    NextTry.objects.filter(src=src, lead_id=lead_id, key=key).delete()
    NextTry.objects.filter(src=src, lead_id=lead_id, done_at=answered_at).update(done_at=None)
