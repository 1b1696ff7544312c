"""What watchers ask, what the log says of a request, and what it never says."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from tests.cast import Cast

from smarketing.config.logs import JsonLines, PatternsOnly, TextLines
from smarketing.ledger.models import Import, Merge
from smarketing.records.models import Job, Worker
from smarketing.web.tracing import new_id

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def ready(client: Client, **headers: str) -> tuple[int, dict[str, Any]]:
    answer = client.get("/health/ready", headers=headers)
    return answer.status_code, json.loads(answer.content)


def alive() -> None:
    Worker.objects.create(name="one", started_at=NOW, seen_at=NOW)


def test_living_asks_nothing_of_the_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, b"live\n", "no-store")


def test_ready_with_a_worker_and_not_without(db: None, client: Client) -> None:  # noqa: ARG001
    assert ready(client)[1]["failing"] == ["worker"]
    alive()
    assert ready(client) == (200, ready(client)[1])
    Worker.objects.update(seen_at=NOW - timedelta(seconds=20))
    assert ready(client)[0] == 503


def test_jobs_that_nobody_does_are_told(db: None, client: Client) -> None:  # noqa: ARG001
    alive()
    long_ago = NOW - timedelta(minutes=6)
    Job.objects.create(kind="a", asked_at=long_ago, not_before_at=long_ago)
    assert ready(client)[1]["failing"] == ["jobs"]


def test_details_are_for_administrators_and_this_machine(cast: Cast) -> None:
    alive()
    assert "parts" in ready(Client(), host="localhost")[1]
    assert "parts" not in ready(Client(), host="localhost", x_forwarded_for="203.0.113.9")[1]
    assert "parts" not in ready(Client())[1]
    assert "parts" not in ready(cast.client_of(cast.maya))[1]
    assert "parts" in ready(cast.client_of(cast.olu))[1]


def test_a_database_that_is_away_is_an_answer_and_no_crash(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OperationalError("could not connect to password=hunter2")

    monkeypatch.setattr("smarketing.workflows.check_health._database", refuse)
    answer = client.get("/health/ready", headers={"host": "localhost"})
    assert answer.status_code == 503 and b"hunter2" not in answer.content
    assert json.loads(answer.content)["failing"] == ["database"]


def test_each_request_is_one_line_with_its_id_and_no_query(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "smarketing.request")
    answer = cast.client_of(cast.olu).get("/settings/jobs/?state=all&token=hunter2")
    (line,) = [record for record in caplog.records if record.name == "smarketing.request"]
    assert vars(line)["route"] == "jobs" and vars(line)["person"] == cast.olu.id and vars(line)["status"] == 200
    text = JsonLines().format(line)
    assert "hunter2" not in text and cast.olu.email not in text
    assert "\n" not in text and json.loads(text)["duration_ms"] > 0
    assert answer.headers["Server-Timing"].startswith("app;dur=")
    assert len(answer.headers["X-Request-ID"]) == 16


def test_nobody_forges_a_line_of_the_log() -> None:
    record = logging.makeLogRecord({"msg": "name %s", "args": ('x\n{"level": "info"}\u202e\x1b[2J',)})
    assert "\n" not in JsonLines().format(record) and "\u202e" not in JsonLines().format(record)
    shown = TextLines("{message}", style="{").format(record)
    assert "\n" not in shown and "\x1b" not in shown and "\\u000a" in shown


def test_paths_with_keys_are_told_by_their_pattern() -> None:
    class Asked:
        path = "/invitations/hunter2/"
        resolver_match = None

    record = logging.makeLogRecord({"msg": "%s: %s", "args": ("Not Found", Asked.path), "request": Asked()})
    assert PatternsOnly().filter(record)
    assert record.getMessage() == "Not Found: (no such page)"


def test_an_id_of_a_stranger_is_taken_only_when_it_looks_like_one() -> None:
    assert new_id("abcdef0123456789") == "abcdef0123456789"
    assert new_id("a\nb") != "a\nb" and len(new_id("")) == 16


def test_a_host_that_is_none_of_ours_is_a_mistake_of_the_asker(client: Client) -> None:
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 400


def test_facts_that_stay_behind_are_told(db: None, client: Client, tmp_path: Path, settings: Any) -> None:  # noqa: ARG001
    alive()
    settings.HOME = tmp_path
    Merge.objects.create(seq=1, stamp="a")
    Import.objects.create(id="a", seq=1, at=NOW - timedelta(minutes=1), profile="demo", source="demo", sequence=1)
    assert ready(client)[1]["failing"] == []
    Import.objects.update(at=NOW - timedelta(hours=1))
    assert ready(client)[1]["failing"] == ["mirror"]
