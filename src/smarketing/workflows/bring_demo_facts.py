"""Bring the demo company's facts into an installation that has none of its own yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Job, Person
from smarketing.records.queue import enqueue
from smarketing.sources.demo import write_demo
from smarketing.terms.language import Words
from smarketing.workflows.import_in_background import import_in_background

TASK = "bring_demo_facts"
N_DEMO_LEADS = 3_000


def ask_for_demo_facts(*, by: Person, now: datetime, after: str = "") -> Job:
    """The job that does it; the same one when asked twice. `after` is the path where its page leads at the end."""
    check_person_can(by, "import", "create", now)
    with one_write(verb="ask_for_demo_facts", by=by, now=now) as write:
        job = enqueue(TASK, {"after": after}, by=by, now=now, key=TASK)
        write.about(job)
    return job


def bring_demo_facts(
    *,
    home: Path,
    by: Person | None,
    now: datetime,
    words: Words,
    tell: Callable[[float, str], None],
    is_cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Export the demo's CRM up to yesterday and import it like any other.

    Returns  the receipt as JSON
    """
    tell(0.0, words("Writing the exports of the demo company's CRM"))
    until_on = (now - timedelta(days=1)).date()
    exports = write_demo(home / "demo", n_leads=N_DEMO_LEADS, until_on=until_on, language=words.language)
    return import_in_background(
        files=[str(path) for path in exports.files.values()],
        profile=str(exports.profile),
        by=by,
        now=now,
        words=words,
        tell=tell,
        is_cancelled=is_cancelled,
    )
