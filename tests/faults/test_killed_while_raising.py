"""Raising killed at every named point, and done by two at once: everything due is said, and nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from tests.alerts import HOUR, a_lead, moments, raised, warned
from tests.drained import NOW, Site, site

from smarketing.records.models import Moment, Notice
from smarketing.workflows import raise_alerts

__all__ = ["site"]

CHILD = """
import sys
from datetime import datetime
import django
django.setup()
from tests.alerts import sla
from smarketing.workflows import raise_alerts

raise_alerts.every_agreement = lambda: {"sla": (sla(),)}
raise_alerts.MOST_MOMENTS = int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
raise_alerts.raise_alerts(now=datetime.fromisoformat(sys.argv[1]))
"""
POINTS = (
    "moments.raise.before",
    "outbox.insert.before",
    "outbox.insert.after",
    "moments.raise.before_commit",
    "moments.raise.after",
)
N_LEADS = 12
LATE = NOW + 2 * HOUR + timedelta(seconds=1)


def child(site: Site, *, most: int = 5, point: str = "") -> subprocess.Popen[str]:
    armed = {"SMARKETING_FAILPOINT": point, "SMARKETING_TESTING": "1"} if point else {}
    settings = {"DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    environment = {**os.environ, **site.environment, **settings, **armed}
    command = [sys.executable, "-c", CHILD, LATE.isoformat(), str(most)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, env=environment, **pipes)


def released(*children: subprocess.Popen[str]) -> list[str]:
    """Lets all of them go at once; what each wrote to its error output."""
    for each in children:
        assert each.stdout is not None
        assert each.stdout.readline().strip() == "ready"
    for each in children:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    return [each.communicate(timeout=120)[1] for each in children]


def some_leads(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)
    for number in range(N_LEADS):
        a_lead(site, str(number), owner="r1" if number % 2 else "r2")


def check_told_once() -> None:
    """Every moment that was raised has its notices, and every notice its moment; nobody hears twice."""
    assert not Moment.objects.filter(state="waiting", at__lt=LATE).exists()
    told = Counter(
        Notice.objects.exclude(occasion="digest").values_list(
            "rule", "lead_id", "person__name", "channel", "moment__level"
        )
    )
    assert set(told.values()) == {1}
    per_rule = Counter(rule for rule, *_ in told)
    assert per_rule == {"half": 2 * N_LEADS, "late": 4 * N_LEADS, "ladder": N_LEADS}


@pytest.mark.parametrize("turn", [1, 3])
@pytest.mark.parametrize("point", POINTS)
def test_what_was_killed_is_told_once_by_the_next(
    site: Site, monkeypatch: pytest.MonkeyPatch, point: str, turn: int
) -> None:
    """E-01"""
    some_leads(site, monkeypatch)
    died = child(site, point=f"{point}@{turn}")
    (said,) = released(died)
    assert died.returncode == -signal.SIGKILL, said
    states = Counter(state for _, state, *_ in moments())
    n_told = set(Notice.objects.exclude(moment=None).values_list("moment__state", flat=True))
    assert n_told <= {"raised"}, "a notice whose moment waits would be written twice"
    assert states["raised"] == 5 * (turn if point.endswith("raise.after") else turn - 1)
    raised(site, LATE)
    check_told_once()
    again = Notice.objects.count()
    raised(site)
    assert Notice.objects.count() == again


def test_two_at_once_tell_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """E-02"""
    some_leads(site, monkeypatch)
    one, other = child(site, most=3), child(site, most=3)
    said = released(one, other)
    assert (one.returncode, other.returncode) == (0, 0), said
    monkeypatch.setattr(raise_alerts, "MOST_MOMENTS", 3)
    raised(site, LATE)
    check_told_once()
