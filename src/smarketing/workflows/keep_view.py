"""Keep how somebody looks at a table, under a name of their own."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Person, SavedView
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

MOST_VIEWS = 30
LONGEST = 2_000


def keep_view(*, page: str, name: str, query: str, by: Person, now: datetime) -> SavedView:
    """The view; one of the same name is replaced.

    Raises UserError without a name, or when somebody keeps too many
    """
    name = name.strip()[:80]
    if not name:
        raise UserError(N_("A view needs a name."), where="name", hint=N_("Write one: breached this month."))
    if SavedView.objects.filter(person=by, page=page).exclude(name=name).count() >= MOST_VIEWS:
        hint = N_("Remove one that you no longer use.")
        raise UserError(N_("You keep {n} views already."), where="name", hint=hint, n=MOST_VIEWS)
    with one_write(verb="keep_view", by=by, now=now) as write:
        view, _ = SavedView.objects.update_or_create(
            person=by, page=page, name=name, defaults={"query": query[:LONGEST], "at": now}
        )
        write.about(view, name=name, page=page)
    return view
