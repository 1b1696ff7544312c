"""A drain that is frozen by SIGSTOP and wakes once another has taken over: it writes nothing, nothing is doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.drained import Site, agreed, site
from tests.faults.test_killed_while_draining import CHILD, check_balanced, events
from tests.unit.test_drain_clocks import SLA

from smarketing.ledger.drain_lease import LEASE
from smarketing.ledger.models import InboxRow

__all__ = ["site"]
FREEZES = CHILD.replace(
    "    pass\n",
    "    import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)\n",
)


def test_a_drain_that_was_frozen_is_fenced(site: Site) -> None:
    agreed(site, SLA)
    site.send(*events())
    settings = {"DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    zombie = subprocess.Popen(
        [sys.executable, "-c", FREEZES, site.now.isoformat()],
        env={**os.environ, **site.environment, **settings},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_frozen(zombie)
        assert InboxRow.objects.filter(state="done").count() == 10
        site.later(2 * LEASE)
        site.send(*events())  # the same once more, while nobody drains
        site.drain_all()
        before = site.facts(), site.facts("touch"), site.clocks()
        os.kill(zombie.pid, signal.SIGCONT)
        said = zombie.communicate(timeout=60)[1]
    finally:
        zombie.kill()
        zombie.wait()
    assert zombie.returncode == 1 and said.rstrip().endswith("DrainLost"), said
    assert (site.facts(), site.facts("touch"), site.clocks()) == before
    assert set(site.states()) == {"done"} and len(site.facts("touch")) == 10
    check_balanced(site)


def wait_until_frozen(process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.05)
