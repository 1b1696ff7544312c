"""The queue of jobs: one holder at a time, nothing lost, nothing written by a holder that lost its lease."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from smarketing.records import queue
from smarketing.records.models import Job
from smarketing.records.queue import LeaseLost, enqueue, lease
from smarketing.records.schedules import ask_for_due

NOW = datetime(2026, 10, 21, 15, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def test_a_job_is_held_by_one_worker_and_then_done() -> None:
    job = enqueue("import_export", {"files": ["a.csv"]}, by=None, now=NOW)
    held = lease("one", NOW)
    assert held is not None and (held.job_id, held.arguments, held.fence) == (job.id, {"files": ["a.csv"]}, 1)
    assert lease("two", NOW) is None
    queue.tell(held, share=0.5, sentence="Half")
    queue.finish(held, result={"n": 3}, now=NOW + SECOND)
    job.refresh_from_db()
    assert (job.status, job.result, job.share_done, job.leased_by) == ("done", {"n": 3}, 1.0, "")


def test_rolled_back_it_was_never_asked_for() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("import_export", by=None, now=NOW)
        raise RuntimeError
    assert lease("one", NOW) is None


def test_a_key_has_one_open_job_and_is_free_again_afterwards() -> None:
    first = enqueue("refresh", by=None, now=NOW, key="refresh")
    assert enqueue("refresh", by=None, now=NOW, key="refresh").id == first.id
    held = lease("one", NOW)
    assert held is not None
    assert enqueue("refresh", by=None, now=NOW, key="refresh").id == first.id
    queue.finish(held, result=None, now=NOW)
    assert enqueue("refresh", by=None, now=NOW, key="refresh").id != first.id


def test_a_job_waits_for_its_instant_and_the_earliest_goes_first() -> None:
    later = enqueue("a", by=None, now=NOW, not_before_at=NOW + 2 * SECOND)
    sooner = enqueue("b", by=None, now=NOW, not_before_at=NOW + SECOND)
    assert lease("one", NOW) is None
    taken = [held.job_id for held in (lease("one", NOW + 5 * SECOND), lease("one", NOW + 5 * SECOND)) if held]
    assert taken == [sooner.id, later.id]


def test_a_silent_holder_loses_the_job_and_can_write_nothing_more() -> None:
    enqueue("a", by=None, now=NOW)
    zombie = lease("one", NOW)
    assert zombie is not None
    after = NOW + queue.LEASE + SECOND
    held = lease("two", after)
    assert held is not None and (held.fence, held.n_tries) == (2, 2)
    with pytest.raises(LeaseLost):
        queue.tell(zombie, share=1, sentence="late")
    with pytest.raises(LeaseLost):
        queue.finish(zombie, result={"who": "zombie"}, now=after)
    with pytest.raises(LeaseLost), transaction.atomic():
        queue.check_is_held(zombie)
    with transaction.atomic():
        queue.check_is_held(held)
    queue.finish(held, result={"who": "two"}, now=after)
    assert Job.objects.get().result == {"who": "two"}


def test_a_clock_that_goes_back_keeps_no_job_from_the_living() -> None:
    enqueue("a", by=None, now=NOW)
    ahead = lease("dead", NOW + timedelta(hours=1))
    assert ahead is not None and queue.is_any_due(NOW)
    held = lease("two", NOW)
    assert held is not None and held.fence == ahead.fence + 1
    with pytest.raises(LeaseLost):
        queue.finish(ahead, result=None, now=NOW)
    assert lease("three", NOW - SECOND) is None and not queue.is_any_due(NOW - SECOND)


def test_a_job_longer_than_its_lease_stays_with_whoever_renews_it() -> None:
    enqueue("a", by=None, now=NOW)
    held = lease("one", NOW)
    assert held is not None
    for n in range(1, 20):
        assert not queue.renew(held, NOW + n * queue.BEAT)
        assert lease("two", NOW + n * queue.BEAT) is None


def test_it_is_tried_again_after_growing_pauses_until_it_fails() -> None:
    enqueue("a", by=None, now=NOW, max_tries=3)
    at, pauses = NOW, []
    for _ in range(2):
        held = lease("one", at)
        assert held is not None
        queue.retry_later(held, problem="no disk", now=at)
        pauses.append(Job.objects.get().not_before_at - at)
        assert lease("one", at) is None
        at = Job.objects.get().not_before_at
    assert pauses == [5 * SECOND, 10 * SECOND]
    held = lease("one", at)
    assert held is not None and held.n_tries == held.max_tries
    queue.fail(held, problem="no disk", now=at)
    assert lease("one", at + timedelta(days=1)) is None


def test_a_job_that_kills_its_worker_each_time_is_given_up() -> None:
    enqueue("a", by=None, now=NOW, max_tries=2)
    at = NOW
    for _ in range(2):
        assert lease("doomed", at)
        at += queue.LEASE + SECOND
    assert lease("one", at) is None
    assert queue.give_up(at) == 1
    job = Job.objects.get()
    assert job.status == "failed" and "stopped 2 times" in job.problem


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_told() -> None:
    waiting = enqueue("a", by=None, now=NOW)
    queue.ask_to_cancel(waiting, now=NOW)
    waiting.refresh_from_db()
    assert waiting.status == "cancelled"
    running = enqueue("b", by=None, now=NOW)
    held = lease("one", NOW)
    assert held is not None
    queue.ask_to_cancel(running, now=NOW)
    assert queue.renew(held, NOW + SECOND)
    queue.stop(held, now=NOW + SECOND)
    running.refresh_from_db()
    assert running.status == "cancelled"


def test_a_worker_that_leaves_hands_its_job_back_uncounted() -> None:
    enqueue("a", by=None, now=NOW)
    held = lease("one", NOW)
    assert held is not None
    queue.hand_back(held, NOW)
    again = lease("two", NOW)
    assert again is not None and again.n_tries == 1


def test_a_failed_job_may_be_asked_for_again() -> None:
    job = enqueue("a", by=None, now=NOW, key="k")
    held = lease("one", NOW)
    assert held is not None
    assert not queue.ask_again(job, now=NOW)
    queue.fail(held, problem="no", now=NOW)
    assert queue.ask_again(job, now=NOW)
    assert lease("one", NOW)


def test_what_is_due_is_asked_for_once_whoever_looks_and_however_late() -> None:
    every = {"turn": timedelta(hours=1)}
    assert ask_for_due(every, NOW) == ["turn"]
    assert ask_for_due(every, NOW + timedelta(minutes=20)) == []
    held = lease("one", NOW)
    assert held is not None
    queue.finish(held, result=None, now=NOW)
    assert ask_for_due(every, NOW + timedelta(minutes=31)) == ["turn"]
    assert Job.objects.count() == 2
    held = lease("one", NOW + timedelta(hours=1))
    assert held is not None
    queue.finish(held, result=None, now=NOW)
    assert ask_for_due(every, NOW + timedelta(days=9)) == ["turn"]
    assert Job.objects.filter(status="waiting").count() == 1
