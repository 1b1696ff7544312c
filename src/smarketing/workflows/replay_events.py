"""Try dead letters again, or put them away for good."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from smarketing.ledger.inbox_queue import not_done
from smarketing.ledger.models import InboxRow, RowState
from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_


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
        n = _moved(ids, state=RowState.WAITING, n_tries=0, trouble=None)
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


def _moved(ids: list[int], **to: object) -> int:
    step = 500
    return sum(
        InboxRow.objects.filter(state=RowState.DEAD, id__in=ids[at : at + step]).update(**to)
        for at in range(0, len(ids), step)
    )
