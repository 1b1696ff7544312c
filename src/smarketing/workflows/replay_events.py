"""Try dead letters again, or put them away for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import F, QuerySet

from smarketing.ledger.inbox_queue import not_done
from smarketing.ledger.models import InboxRow, InboxTally, RowState
from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

STEP = 500  # rows of one statement


def dead_letters(*, src: str = "", code: str = "", ids: Collection[int] = ()) -> QuerySet[InboxRow]:
    """Those of a source, of a reason, of these numbers; all that is left out is not asked for."""
    found = not_done([RowState.DEAD])
    found = found.filter(src=src) if src else found
    found = found.filter(trouble__code=code) if code else found
    return found.filter(id__in=ids) if ids else found


def replay_events(*, found: QuerySet[InboxRow], by: Person, now: datetime) -> int:
    """How many of these dead letters wait again, as if they had just arrived."""
    check_person_can(by, "event", "replay", now)
    with one_write(verb="replay_events", by=by, now=now) as write:
        ids = list(found.values_list("id", flat=True))
        _count_no_more(ids)
        n = _moved(ids, state=RowState.WAITING, n_tries=0, trouble=None, drained_at=None)
        write.about("event", ids[0] if n == 1 else "", n=n, ids=ids[:100])
    return n


def discard_events(*, found: QuerySet[InboxRow], reason: str, by: Person, now: datetime) -> int:
    """How many of these dead letters nobody is shown any more; they and the reason are kept.

    Raises UserError without a reason
    """
    check_person_can(by, "event", "delete", now)
    if not reason.strip():
        raise UserError(N_("Say why these events are put away."))
    with one_write(verb="discard_events", by=by, now=now) as write:
        ids = list(found.values_list("id", flat=True))
        n = _moved(ids, state=RowState.DONE, drained_at=now)
        write.about("event", ids[0] if n == 1 else "", n=n, reason=reason.strip()[:300], ids=ids[:100])
    return n


def _count_no_more(ids: list[int]) -> None:
    """Take them out of the dead of the hours in which they came; what was refused at the door was not among these."""
    for at in range(0, len(ids), STEP):
        rows = InboxRow.objects.select_for_update().filter(state=RowState.DEAD, id__in=ids[at : at + STEP])
        counted = rows.exclude(drained_at=None).values_list("src", "received_at")
        hours = Counter((src, came.replace(minute=0, second=0, microsecond=0)) for src, came in counted)
        for (src, hour), n in hours.items():
            InboxTally.objects.filter(src=src, hour_at=hour).update(n_dead=F("n_dead") - n)


def _moved(ids: list[int], **to: object) -> int:
    return sum(
        InboxRow.objects.filter(state=RowState.DEAD, id__in=ids[at : at + STEP]).update(**to)
        for at in range(0, len(ids), STEP)
    )
