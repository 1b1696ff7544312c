"""Background work on the site: whose it is, how far it is, cancelling it, trying it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cast import Cast

from smarketing.records import queue
from smarketing.records.models import Job
from smarketing.terms.language import words
from smarketing.web.pages.jobs import job_page

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def job(cast: Cast) -> Job:
    return queue.enqueue("import_export", {"after": "/data/"}, by=cast.maya, now=NOW)


def test_it_shows_how_far_it_is_and_asks_again(cast: Cast, job: Job) -> None:
    held = queue.lease("one", NOW)
    assert held is not None
    queue.tell(held, share=0.42, sentence="leads.csv: 420 rows")
    page = cast.client_of(cast.maya).get(f"/jobs/{job.id}/").content.decode()
    assert "42" in page and "leads.csv: 420 rows" in page
    assert 'hx-trigger="load delay:' in page and f'href="/jobs/{job.id}/"' in page


def test_htmx_gets_the_part_that_moves(cast: Cast, job: Job) -> None:
    headers = {"HX-Request": "true", "HX-Target": "job-progress"}
    part = cast.client_of(cast.maya).get(f"/jobs/{job.id}/", headers=headers).content.decode()
    assert part.lstrip().startswith("<section") and "<html" not in part


def test_done_it_no_longer_asks_and_leads_to_its_result(cast: Cast, job: Job) -> None:
    held = queue.lease("one", NOW)
    assert held is not None
    queue.finish(held, result={"path": "/data/imports/7/"}, now=NOW)
    page = cast.client_of(cast.maya).get(f"/jobs/{job.id}/").content.decode().partition("<main")[2]
    assert "hx-trigger" not in page and 'href="/data/imports/7/"' in page


def test_whoever_watches_it_end_is_led_on(cast: Cast, job: Job) -> None:
    held = queue.lease("one", NOW)
    assert held is not None
    queue.finish(held, result={"path": "/data/imports/7/"}, now=NOW)
    headers = {"HX-Request": "true", "HX-Target": "job-progress"}
    answer = cast.client_of(cast.maya).get(f"/jobs/{job.id}/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/data/imports/7/")


def test_a_result_elsewhere_is_no_link(job: Job) -> None:
    job.status, job.result = "done", {"path": "//evil.example/"}
    assert job_page(job, now=NOW, words=words("en")).after == ""


def test_whoever_asked_for_it_may_cancel_it(cast: Cast, job: Job) -> None:
    answer = cast.client_of(cast.maya).post(f"/jobs/{job.id}/cancellation")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/jobs/{job.id}/")
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_to_others_it_does_not_exist(cast: Cast, job: Job) -> None:
    for person in (cast.sam, cast.zed):
        client = cast.client_of(person)
        assert client.get(f"/jobs/{job.id}/").status_code == 404
        assert client.post(f"/jobs/{job.id}/cancellation").status_code == 404
        assert client.get("/settings/jobs/").status_code == 404
    assert cast.client_of(None).get(f"/jobs/{job.id}/").status_code == 302
    assert cast.client_of(cast.olu).get(f"/jobs/{job.id}/").status_code == 200


def test_an_administrator_tries_failed_work_again(cast: Cast, job: Job) -> None:
    held = queue.lease("one", NOW)
    assert held is not None
    queue.fail(held, problem="The file is gone.", now=NOW)
    olu = cast.client_of(cast.olu)
    page = olu.get("/settings/jobs/?state=failed").content.decode()
    assert "The file is gone." in page and f"/jobs/{job.id}/tries" in page
    assert cast.client_of(cast.maya).post(f"/jobs/{job.id}/tries").status_code == 404
    assert olu.post(f"/jobs/{job.id}/tries").status_code == 302
    job.refresh_from_db()
    assert job.status == "waiting"


def test_a_list_without_work_says_so(cast: Cast) -> None:
    assert "Nothing is waiting." in cast.client_of(cast.olu).get("/settings/jobs/").content.decode()


def test_it_asks_less_often_the_longer_it_takes(job: Job) -> None:
    paces = [
        job_page(job, now=NOW + timedelta(seconds=age), words=words("en")).ask_again_s for age in (1, 60, 300, 3600)
    ]
    assert paces == [1, 2, 5, 15]
