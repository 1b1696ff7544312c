"""Open the facts that somebody named: a folder, or this installation's ledger."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from smarketing.ledger.folder import folder_to_fill, open_folder
from smarketing.ledger.store import Facts
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

if TYPE_CHECKING:
    from smarketing.ledger.database import Ledger


def open_facts(path: Path | None, *, shown_at: datetime | None = None) -> Facts:
    """The facts in the folder `path`; the ledger's where it is None.

    Takes    shown_at  they are only shown, at this instant: what events told in the last seconds may be missing
    Raises   FactsError when there are none or they cannot be read.
    """
    if path is not None:
        return open_folder(path)
    ledger = open_ledger(shown_at=shown_at)
    if not ledger.sequence:
        raise FactsError(
            N_("There are no facts here."),
            where=str(ledger.home),
            hint=N_("Bring some in: smarketing import FILE --profile PROFILE."),
        )
    return ledger


def facts_if_any() -> Facts | None:
    """The ledger's, for somebody who can do without: no installation is begun for the question."""
    set_up_django()
    from django.db import connection

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return None
    ledger = open_ledger()
    return ledger if ledger.sequence else None


def facts_to_fill(path: Path | None) -> Facts:
    """The same for somebody who brings facts: there may be none yet."""
    return open_ledger() if path is None else folder_to_fill(path)


def open_ledger(*, by: int | None = None, is_to_write: bool = False, shown_at: datetime | None = None) -> Ledger:
    """The ledger of this installation; imports into it remember `by`, a person's id.

    Takes    is_to_write  it is opened for a few rows, and may never be read
             shown_at     as in open_facts
    Raises FactsError when its database cannot be reached or is not of this version.
    """
    set_up_django()
    from django.conf import settings

    from smarketing.ledger.database import the_ledger
    from smarketing.ledger.lag import Lag

    _make_ready()
    lag = Lag(shown_at, timedelta(seconds=settings.LIST_LAG_S)) if shown_at else None
    return the_ledger(settings.HOME, by=by, is_to_write=is_to_write, lag=lag)


@cache
def _make_ready() -> None:
    """Once in each process: an embedded database is brought up to date, a server's only looked at."""
    from django.db import connection

    from smarketing.workflows.ready_database import check_database, ready_database

    if connection.vendor == "sqlite":
        ready_database()
    else:
        check_database()


def set_up_django() -> None:
    """Whatever reads the database from a command needs this once; the site has done it already."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.config.settings")
        django.setup()
