"""A piece of background work as a reader sees it: how far it is, how it ended, and where to go then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from smarketing.records.models import Job
from smarketing.records.models.jobs import JobStatus
from smarketing.terms.language import Words
from smarketing.terms.marked import N_

TITLES = {
    "import_export": N_("Import of an export"),
    "bring_demo_facts": N_("Import of the demo company"),
    "raise_summaries": N_("Looking for mornings and weeks to tell of"),
    "refresh_scorecards": N_("Refreshing the scorecards"),
    "turn_versions": N_("Turning agreements over"),
    "watch_promises": N_("Looking for what is behind"),
    "sweep": N_("Sweeping out"),
}
STATUSES = {
    JobStatus.WAITING: (N_("waiting"), "open"),
    JobStatus.RUNNING: (N_("running"), "open"),
    JobStatus.DONE: (N_("done"), "good"),
    JobStatus.FAILED: (N_("failed"), "bad"),
    JobStatus.CANCELLED: (N_("cancelled"), "muted"),
}
# A page that is looked at asks again this soon: the longer the work runs, the less it hurries.
PACES = ((timedelta(seconds=15), 1), (timedelta(minutes=2), 2), (timedelta(minutes=10), 5))
SLOWEST_S = 15


@dataclass(frozen=True, slots=True)
class JobPage:
    job: Job
    title: str
    status: str
    tone: str
    is_open: bool
    is_cancelling: bool
    ask_again_s: int
    href: str
    after: str  # where its result is; empty where it has no page
    n_tries: int
    asked_by: str


def job_page(job: Job, *, now: datetime, words: Words) -> JobPage:
    said, tone = STATUSES[JobStatus(job.status)]
    is_open = job.status in (JobStatus.WAITING, JobStatus.RUNNING)
    return JobPage(
        job=job,
        title=words(TITLES[job.kind]) if job.kind in TITLES else job.kind,
        status=words(said),
        tone=tone,
        is_open=is_open,
        is_cancelling=is_open and job.is_cancel_asked,
        ask_again_s=_pace(now - job.asked_at),
        href=reverse("job", args=[job.id]),
        after=_after(job) if job.status == JobStatus.DONE else "",
        n_tries=job.n_tries,
        asked_by=str(job.asked_by or ""),
    )


def job_pages(jobs: Sequence[Job], *, now: datetime, words: Words) -> tuple[JobPage, ...]:
    return tuple(job_page(job, now=now, words=words) for job in jobs)


def _pace(age: timedelta) -> int:
    return next((seconds for limit, seconds in PACES if age < limit), SLOWEST_S)


def _after(job: Job) -> str:
    """A path of this site that the task or whoever asked named."""
    result = job.result or {}
    if job.kind == "import_export" and "id" in result:
        return reverse("import", args=[result["id"]])
    path = str(result.get("path") or job.arguments.get("after") or "")
    return path if path.startswith("/") and not path.startswith("//") else ""
