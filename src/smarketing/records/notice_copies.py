"""The copies of one message: what several people were told of one thing, and who of them takes care of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from smarketing.records.models import Notice, Person

OWN = frozenset({"digest", "pulse", "weekly_summary", "test"})  # made for one reader: nobody has a copy
COLUMNS = ("occasion", "agreement", "rule", "commitment", "src", "lead_id", "episode")
SAID = ("arming", "level", "subject", "dispute", "step", "since")  # of the payload: which time the rule spoke

Tie = tuple[object, ...]


def tie_of(notice: Notice) -> Tie:
    """The same for all copies of what was told once, whoever reads them by whichever way, and if sent again."""
    if notice.occasion in OWN:
        return (notice.key,)
    columns = (getattr(notice, name) for name in COLUMNS)
    return (*columns, *(str(notice.payload.get(name, "")) for name in SAID))


def copies_of(notice: Notice, person: Person) -> list[int]:
    """The ids of what this person was told of the same."""
    tie = tie_of(notice)
    return [each.id for each in _near([notice]).filter(person=person) if tie_of(each) == tie]


def taken_care_of(notices: Sequence[Notice]) -> dict[Tie, dict[int, Notice]]:
    """By the tie of each of these, who of those that are still here takes care of it: their copy by their id."""
    wanted, found = {tie_of(each) for each in notices}, defaultdict[Tie, dict[int, Notice]](dict)
    for each in _acknowledged(_near(notices)) if wanted else ():
        if each.person_id is not None and tie_of(each) in wanted:
            found[tie_of(each)].setdefault(each.person_id, each)
    return found


def _acknowledged(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    marked = notices.filter(person__is_active=True).exclude(acknowledged_at=None)
    return marked.select_related("person").order_by("acknowledged_at", "id")


def _near(notices: Iterable[Notice]) -> QuerySet[Notice]:
    """Among what is about the same leads; what is about none was written at one instant for everybody."""
    leads = [(each.src, each.lead_id) for each in notices if each.src and each.lead_id]
    instants = {each.created_at for each in notices if not (each.src and each.lead_id)}
    about = Q(src__in={src for src, _ in leads}, lead_id__in={lead for _, lead in leads})
    return Notice.objects.filter(about | Q(created_at__in=instants))
