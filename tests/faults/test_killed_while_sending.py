"""A sender killed at every named point: each message arrives, twice only where it may have, under the same id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.drained import NOW, a_database
from tests.drained import instead_of_default as instead
from tests.receivers import Listener, Mailbox, http_listener, mail_server

from smarketing.records.models import Endpoint, Installation, Notice, Person
from smarketing.records.outbound import installation
from smarketing.records.outbox import Lane
from smarketing.records.sealed import seal

CHILD = """
import sys
from datetime import datetime
import django
django.setup()
from smarketing.records.outbox import Lane
from smarketing.workflows.send_notices import send_notices
send_notices(Lane(sys.argv[2], int(sys.argv[3]) or None), sys.argv[4], lambda: datetime.fromisoformat(sys.argv[1]))
"""
N, KEY = 4, "of these tests"
SAFE = ("claim.before", "claim.after", "sent.mark.after")  # where a message cannot have left without being marked


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    with (
        django_db_blocker.unblock(),
        a_database(request.param, tmp_path, request) as (alias, said),
        instead(alias),
    ):
        yield {
            **said,
            "SMARKETING_SECRET_KEY": "of these tests",
            "DJANGO_SETTINGS_MODULE": "smarketing.config.settings",
        }


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as found:
        yield found


@pytest.fixture
def listener() -> Iterator[Listener]:
    with http_listener() as found:
        yield found


def send(environment: dict[str, str], lane: Lane, now: datetime, point: str = "") -> int:
    armed = {"SMARKETING_FAILPOINT": point, "SMARKETING_TESTING": "1"} if point else {}
    command = [sys.executable, "-c", CHILD, now.isoformat(), lane.channel, str(lane.endpoint_id or 0), point or "next"]
    told = {**os.environ, **environment, **armed}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=told)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def notices(**said: Any) -> None:
    installation(NOW)
    usual = {"occasion": "celebration", "created_at": NOW, "not_before_at": NOW}
    for number in range(N):
        Notice.objects.create(key=f"{number:064d}", **usual, **said)


def check_all_arrived(ids: list[str], point: str) -> None:
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert len(set(ids)) == N
    assert len(ids) == (N if point.startswith(SAFE) else N + 1)
    assert Installation.objects.count() == 1


@pytest.mark.parametrize(
    "point", ["claim.before", "claim.after", "smtp.after_dot", "sent.mark.before", "sent.mark.after"]
)
def test_mail(environment: dict[str, str], box: Mailbox, point: str) -> None:
    environment["SMARKETING_EMAIL_URL"] = f"smtp://127.0.0.1:{box.port}"
    rita = Person.objects.create_user("rita@example.com", language="en")
    notices(person=rita, channel="email")
    assert send(environment, Lane("email"), NOW, f"{point}@2") == -signal.SIGKILL
    assert send(environment, Lane("email"), NOW + timedelta(minutes=10)) == 0
    check_all_arrived(box.ids, point)


@pytest.mark.parametrize("point", [*SAFE, "http.sent", "sent.mark.before"])
def test_webhook(environment: dict[str, str], listener: Listener, point: str, settings: Any) -> None:
    settings.SECRET_KEY = KEY
    environment["SMARKETING_EGRESS_HOSTS"] = f"127.0.0.1:{listener.port}"
    said = {"slug": "room", "name": "Room", "kind": "webhook", "address": seal(listener.url()), "created_at": NOW}
    endpoint = Endpoint.objects.create(**said)
    notices(endpoint=endpoint, channel="room")
    lane = Lane("", endpoint.id)
    assert send(environment, lane, NOW, f"{point}@2") == -signal.SIGKILL
    assert send(environment, lane, NOW + timedelta(minutes=10)) == 0
    check_all_arrived([post.headers["webhook-id"] for post in listener.posts], point)
