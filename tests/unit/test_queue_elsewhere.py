"""What went wrong with the job queues of other products, asked of ours: D-16 and D-18 of docs/reference/faults.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smarketing.records import queue
from smarketing.records.models import Job
from smarketing.records.queue import LeaseLost, enqueue, lease

NOW = datetime(2026, 10, 21, 15, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def test_d16_a_worker_that_starts_again_under_its_name_rescues_the_job_of_the_dead_one() -> None:
    enqueue("a", by=None, now=NOW)
    dead = lease("worker", NOW)
    assert dead is not None
    assert lease("worker", NOW + SECOND) is None
    again = lease("worker", NOW + queue.LEASE + SECOND)
    assert again is not None and (again.job_id, again.fence) == (dead.job_id, dead.fence + 1)
    with pytest.raises(LeaseLost):
        queue.finish(dead, result={"who": "dead"}, now=NOW + queue.LEASE + SECOND)
    queue.finish(again, result={"who": "again"}, now=NOW + queue.LEASE + SECOND)
    assert Job.objects.get().result == {"who": "again"}


def test_d18_a_job_for_next_month_is_taken_once_and_not_before() -> None:
    """No lease runs while a job waits, so no length of waiting makes it two."""
    due = NOW + timedelta(days=30)
    enqueue("a", by=None, now=NOW, not_before_at=due)
    passes = (NOW + n * queue.LEASE for n in range(1, 50))
    assert not any(lease("one", at) for at in (*passes, due - SECOND))
    held = lease("one", due)
    assert held is not None and held.n_tries == 1
    assert lease("two", due) is None
