"""Leads that were sent back with a day to try again: kept with the answer, back on their owner's list on that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from smarketing.ledger.models import FACTS
from smarketing.records.models import NextTry, Person
from smarketing.terms.zones import zone
from smarketing.workflows.desk_lead import LeadKey
from smarketing.workflows.sent_back import touches_until

LEADS: Any = FACTS["lead"]
ASKED = 200


@dataclass(frozen=True, slots=True)
class Returning:
    """A lead to try again. `n_touches` before, the latest at `touched_at`; `facts` its row of the lead table."""

    next_try: NextTry
    facts: Mapping[str, Any]
    n_touches: int
    touched_at: datetime | None

    @property
    def lead(self) -> LeadKey:
        return self.next_try.src, self.next_try.lead_id


def next_tries(
    person: Person, owners: Iterable[tuple[str, str]], now: datetime
) -> tuple[list[Returning], list[Returning]]:
    """Leads of these owners (src, owner_id) that are worth another try: from today on, and later; the earliest first.

    Whom somebody has reached out to since that day, and who is no longer sent back, needs no reminding.
    """
    mine, here = frozenset(owners), zone(person.zone or "UTC")
    today = now.astimezone(here).date()
    due, later = list[Returning](), list[Returning]()
    for next_try, facts in _of_owners(mine):
        since = datetime.combine(next_try.on, time(), tzinfo=here).astimezone(UTC)
        touches = touches_until(now, src=next_try.src, lead_id=next_try.lead_id)
        if next_try.on > today:
            later.append(_returning(next_try, facts, touches))
        elif not touches.filter(occurred_at__gte=since).exists():
            due.append(_returning(next_try, facts, touches))
    return due, later


def _returning(next_try: NextTry, facts: Mapping[str, Any], touches: Any) -> Returning:
    return Returning(next_try, facts, touches.count(), touches.values_list("occurred_at", flat=True).first())


def _of_owners(owners: frozenset[tuple[str, str]]) -> Iterable[tuple[NextTry, Mapping[str, Any]]]:
    for src in sorted({src for src, _ in owners}):
        waiting = {each.lead_id: each for each in NextTry.objects.filter(src=src, done_at=None).order_by("on", "id")}
        ids, facts = list(waiting), dict[str, Mapping[str, Any]]()
        for start in range(0, len(ids), ASKED):
            rows = LEADS.objects.filter(src=src, lead_id__in=ids[start : start + ASKED], deleted_at=None)
            facts |= {row["lead_id"]: row for row in rows.values()}
        for lead_id, next_try in waiting.items():
            row = facts.get(lead_id)
            if row and (src, row["owner_id"]) in owners and row[next_try.field] == next_try.value:
                yield next_try, row
