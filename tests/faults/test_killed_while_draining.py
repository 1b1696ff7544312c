"""The drain killed at every named point: the next one goes on, nothing is lost and nothing is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from tests.drained import NOW, Site, agreed, event, site
from tests.unit.test_drain_clocks import SLA

from smarketing.ledger.drain_lease import LEASE
from smarketing.ledger.models import FACTS, InboxRow, Merge, OpenClockState

__all__ = ["site"]

CHILD = """
import sys
from datetime import datetime
import django
from django.conf import settings
django.setup()
from tests.unit.test_drain_clocks import SLA
from smarketing.ledger.database import the_ledger
from smarketing.ledger.drain_lease import take
from smarketing.workflows import refresh_open_clocks
from smarketing.workflows.drain_inbox import drain_inbox

refresh_open_clocks.every_agreement = lambda: {"sla": (SLA,)}
now = datetime.fromisoformat(sys.argv[1])
ledger, lease = the_ledger(settings.HOME), take("child", now)
while drain_inbox(ledger=ledger, lease=lease, now=now, most=10).n_rows:
    pass
"""
POINTS = ("batch.plan", "facts.merge", "clocks.write", "batch.mark")


def drain_and_die(site: Site, point: str) -> subprocess.CompletedProcess[str]:
    armed = {"SMARKETING_FAILPOINT": point, "SMARKETING_TESTING": "1"}
    settings = {"DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    environment = {**os.environ, **site.environment, **settings, **armed}
    command = [sys.executable, "-c", CHILD, site.now.isoformat()]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("point", POINTS)
def test_what_was_killed_is_done_once_by_the_next(site: Site, point: str, side: str) -> None:
    agreed(site, SLA)
    site.send(*events())
    died = drain_and_die(site, f"{point}.{side}@2")
    assert died.returncode == -signal.SIGKILL, died.stderr
    check_balanced(site)
    assert InboxRow.objects.filter(state="done").count() == 10
    site.later(2 * LEASE)
    site.drain_all()
    check_balanced(site)
    assert set(site.states()) == {"done"}
    assert [lead["lead_id"] for lead in site.facts()] == sorted(str(n) for n in range(20))
    assert len(site.facts("touch")) == 10


def events() -> list[dict[str, Any]]:
    found = [event("lead.created", NOW - timedelta(minutes=n), lead_id=str(n), owner_id="rita") for n in range(20)]
    return [
        *found,
        *(event("touch.logged", NOW, lead_id=str(n), kind="call", direction="out", touch_id=str(n)) for n in range(10)),
    ]


def check_balanced(site: Site) -> None:
    """The facts are those of the events that are done, the open clocks and the mirror those of the facts."""
    latest = Merge.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    done = set(InboxRow.objects.filter(state="done").values_list("seq", flat=True))
    assert done <= set(range(1, latest + 1)) and len(done) == latest
    state = OpenClockState.objects.first()
    assert (state.seq if state else 0) == latest
    assert site.clocks() == (site.clocks_anew() if latest else [])
    published = FACTS["lead"].objects.filter(seq__lte=latest).count()  # type: ignore[attr-defined]
    assert published == len(site.facts())
