"""Hold a version's text against the past: at once where the facts are few, else as a job."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from smarketing.ledger.replica import open_replica
from smarketing.plan.answer import backtest_answer
from smarketing.records.agreements import terms_of
from smarketing.records.models import Job, Person, Revision
from smarketing.records.models.jobs import JobStatus
from smarketing.records.queue import OPEN, enqueue
from smarketing.terms.language import Words
from smarketing.workflows.backtest_draft import backtest_draft
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.preview_alerts import OF_DAYS, preview_alerts, preview_answer
from smarketing.workflows.read_directory import read_directory

# Leads; beyond them a reader would wait for more than a second or two. Some rules look at each day of a month.
AT_ONCE, AT_ONCE_BY_DAY = 30_000, 3_000
KIND, HOLDS = "backtest_version", timedelta(minutes=10)


def backtest_version(*, revision: Revision, by: Person, now: datetime, words: Words) -> dict[str, Any] | Job:
    """What the promises of a saved text would have come to in the latest months, or the job that finds it out.

    Raises FactsError where there is nothing to judge
    """
    facts = open_facts(None)
    arguments = {"revision_id": revision.id, "sequence": facts.sequence, "day": now.date().isoformat()}
    key = f"{KIND}:{revision.id}:{facts.sequence}:{arguments['day']}:{words.language}"
    same_day = f":{arguments['day']}:{words.language}"
    jobs = Job.objects.filter(kind=KIND, key__startswith=f"{KIND}:{revision.id}:", key__endswith=same_day)
    # While events come the facts move on before it is done: an answer holds for some minutes all the same.
    asked = jobs.filter(Q(key=key) | Q(status__in=OPEN) | Q(ended_at__gt=now - HOLDS)).order_by("-id").first()
    if asked is not None:
        return asked if asked.result is None or asked.status != JobStatus.DONE else dict(asked.result)
    is_by_day = any(rule.on in OF_DAYS for rule in terms_of(revision).alerts)
    if open_replica(facts).n_leads <= (AT_ONCE_BY_DAY if is_by_day else AT_ONCE):
        return _answer(revision, now, words)
    return enqueue(KIND, {"revision_id": revision.id}, by=by, now=now, key=key)


def backtest_revision(*, revision_id: int, now: datetime, words: Words) -> dict[str, Any]:
    """The same for a job."""
    return _answer(Revision.objects.get(id=revision_id), now, words)


def _answer(revision: Revision, now: datetime, words: Words) -> dict[str, Any]:
    text, facts = terms_of(revision), open_facts(None)
    past = backtest_answer(backtest_draft([text], facts, now=now, say=words), words)
    found = preview_alerts(text, facts, directory=read_directory(now), now=now)
    return past | {"alerts": preview_answer(found, text, words)}
