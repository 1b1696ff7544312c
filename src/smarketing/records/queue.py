"""Jobs as rows: asked for in the caller's transaction, leased by one worker at a time, fenced against the dead.

A job runs at least once, so its task must bear being run again. `fence` grows with every lease, and whatever a worker
writes about a job names the fence it holds: one that slept through its lease writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q

from smarketing.records.models import Job, Person
from smarketing.records.models.jobs import JobStatus
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

LEASE = timedelta(seconds=9)
FURTHEST = 2 * LEASE  # nobody takes a job for longer: a clock went back since
BEAT = timedelta(seconds=2.5)  # a lease is more than three beats long
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
OPEN = (JobStatus.WAITING, JobStatus.RUNNING)
GAVE_UP = N_("The process that did this work was stopped {n} times; it is not tried again.")


class Cancelled(UserError):
    """Somebody asked for the job to stop."""


class LeaseLost(Exception):
    """Another worker has the job now: whatever this one would still write is void."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's right to one job until it is renewed or lost."""

    job_id: int
    fence: int
    kind: str
    n_tries: int
    max_tries: int
    arguments: dict[str, Any] = field(default_factory=dict)
    asked_by: Person | None = None


def enqueue(
    kind: str,
    arguments: dict[str, Any] | None = None,
    *,
    by: Person | None,
    now: datetime,
    key: str = "",
    not_before_at: datetime | None = None,
    max_tries: int = 5,
) -> Job:
    """Ask for a job within the caller's transaction: rolled back, it was never asked for.

    Takes    kind  a name in smarketing.tasks.TASKS
             key   at most one waiting or running job has it; the one that is there is returned
    """
    asked = Job(
        kind=kind,
        arguments=arguments or {},
        key=key,
        asked_by=by,
        asked_at=now,
        not_before_at=not_before_at or now,
        max_tries=max_tries,
    )
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError:
        return Job.objects.get(key=key, status__in=OPEN)
    return asked


def database_now(now: datetime) -> datetime:
    """The database's clock where several machines share one; else the caller's `now`."""
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found.astimezone(UTC)


def is_any_due(now: datetime) -> bool:
    """Asked before `lease`, because looking takes no lock where writing does."""
    waits, is_free = (
        Q(status=JobStatus.WAITING, not_before_at__lte=now),
        Q(status=JobStatus.RUNNING) & (Q(leased_until__lt=now) | Q(leased_until__gt=now + FURTHEST)),
    )
    return Job.objects.filter(waits | is_free, n_tries__lt=F("max_tries")).exists()


def lease(worker: str, now: datetime) -> Lease | None:
    """The next job that is due and that nobody holds; None when there is none.

    One statement finds and takes it. A job whose holder went silent is free again when its lease is over.
    """
    table = connection.ops.quote_name(Job._meta.db_table)
    skip = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    instants = (now, now + LEASE, now + FURTHEST)
    at, until, furthest = (connection.ops.adapt_datetimefield_value(each) for each in instants)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {table} SET status = 'running', leased_by = %s, leased_until = %s, fence = fence + 1,
                       n_tries = n_tries + 1, started_at = COALESCE(started_at, %s)
                WHERE id = (SELECT id FROM {table}
                            WHERE ((status = 'waiting' AND not_before_at <= %s)
                                   OR (status = 'running' AND (leased_until < %s OR leased_until > %s)))
                                  AND n_tries < max_tries
                            ORDER BY not_before_at, id LIMIT 1 {skip})
                RETURNING id""",
            [worker, until, at, at, at, furthest],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    job = Job.objects.select_related("asked_by").get(id=row[0])
    return Lease(job.id, job.fence, job.kind, job.n_tries, job.max_tries, job.arguments, job.asked_by)


def renew(held: Lease, now: datetime) -> bool:
    """Hold the job a little longer; returns whether somebody asked to cancel it.

    Raises LeaseLost when another worker has taken it, or it ended.
    """
    _write(held, leased_until=now + LEASE)
    return Job.objects.filter(id=held.job_id, is_cancel_asked=True).exists()


def tell(held: Lease, *, share: float, sentence: str) -> None:
    """Raises LeaseLost."""
    _write(held, share_done=min(max(share, 0.0), 1.0), progress=sentence[:300])


def check_is_held(held: Lease) -> None:
    """Asked inside the transaction that must not happen twice; the row stays locked until its end.

    Raises LeaseLost.
    """
    rows = Job.objects.filter(id=held.job_id, fence=held.fence, status=JobStatus.RUNNING)
    if not rows.select_for_update().exists():
        raise LeaseLost


def finish(held: Lease, *, result: dict[str, Any] | None, now: datetime) -> None:
    """Raises LeaseLost."""
    _write(held, status=JobStatus.DONE, result=result, share_done=1.0, **OVER, ended_at=now, **RELEASED)


def fail(held: Lease, *, problem: str, now: datetime) -> None:
    """The job is over and did not succeed. Raises LeaseLost."""
    _write(held, status=JobStatus.FAILED, problem=problem, ended_at=now, **RELEASED)


def stop(held: Lease, *, now: datetime) -> None:
    """The task has heeded the wish to cancel. Raises LeaseLost."""
    _write(held, status=JobStatus.CANCELLED, ended_at=now, **RELEASED)


def retry_later(held: Lease, *, problem: str, now: datetime) -> None:
    """Wait twice as long as the last time, then try again. Raises LeaseLost."""
    pause = min(FIRST_PAUSE * 2 ** (held.n_tries - 1), LONGEST_PAUSE)
    _write(held, status=JobStatus.WAITING, problem=problem, not_before_at=now + pause, **RELEASED)


def hand_back(held: Lease, now: datetime) -> None:
    """A worker that is told to leave gives the job back untouched: this try did not count. Raises LeaseLost."""
    _write(held, status=JobStatus.WAITING, not_before_at=now, n_tries=F("n_tries") - 1, **RELEASED)


def give_up(now: datetime) -> int:
    """Jobs that took their worker down on every try are failed, so that they do not for ever; returns how many."""
    rows = Job.objects.filter(n_tries__gte=F("max_tries")).filter(
        Q(status=JobStatus.RUNNING, leased_until__lt=now) | Q(status=JobStatus.WAITING)
    )
    n = 0
    for job in rows:
        said = GAVE_UP.format(n=job.n_tries)
        n += rows.filter(id=job.id).update(status=JobStatus.FAILED, problem=said, ended_at=now, **RELEASED)
    return n


def ask_to_cancel(job: Job, *, now: datetime) -> None:
    """A job that waits is cancelled at once; one that runs is told, and heeds it at its next step."""
    waits = Job.objects.filter(id=job.id, status=JobStatus.WAITING)
    if not waits.update(status=JobStatus.CANCELLED, ended_at=now):
        Job.objects.filter(id=job.id, status=JobStatus.RUNNING).update(is_cancel_asked=True)


def ask_again(job: Job, *, now: datetime) -> bool:
    """Try a failed job afresh; returns whether it was one."""
    rows = Job.objects.filter(id=job.id, status=JobStatus.FAILED)
    fresh = {"n_tries": 0, "problem": "", "share_done": 0, "progress": "", "ended_at": None, "is_cancel_asked": False}
    try:
        with transaction.atomic():
            return bool(rows.update(status=JobStatus.WAITING, not_before_at=now, **fresh))
    except IntegrityError:  # the same work was asked for again already
        return False


OVER: dict[str, Any] = {"progress": "", "problem": ""}  # what was said on the way is no summary
RELEASED: dict[str, Any] = {"leased_by": "", "leased_until": None}


def _write(held: Lease, **changes: Any) -> None:
    rows = Job.objects.filter(id=held.job_id, fence=held.fence, status=JobStatus.RUNNING)
    if not rows.update(**changes):
        raise LeaseLost
