"""C-01 with a kill: the process dies around the commit, the sender tries again, and there is one row, one receipt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.databases import Database

from smarketing.failpoints import ALLOWED_BY, ARMED_BY

ROOT = Path(__file__).parents[2]
SEND = """
import django
django.setup()
from datetime import UTC, datetime
from smarketing.ledger.group_commit import GroupCommit
from smarketing.ledger.inbox import Arrival, Delivery
from smarketing.ledger.models import InboxRow, InboxTally
events = tuple(Arrival("crm", str(n) * 64, b"{}") for n in range(3))
group = GroupCommit()
receipt = group.commit(Delivery(events, datetime(2026, 10, 21, 15, 30, tzinfo=UTC)))
print(receipt.stored, receipt.duplicates, receipt.receipt == InboxRow.objects.first().receipt, InboxRow.objects.count(),
      *InboxTally.objects.values_list("n_received", "n_stored", "n_duplicate")[0])
"""


def send(database: Database, dies_at: str = "") -> subprocess.CompletedProcess[str]:
    settings = {"DJANGO_SETTINGS_MODULE": "smarketing.config.settings", "PYTHONPATH": str(ROOT / "src")}
    armed = {ARMED_BY: dies_at, ALLOWED_BY: "1"} if dies_at else {}
    environment = {**os.environ, **database.environment, **settings, **armed}
    command = [sys.executable, "-c", SEND]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("point", "tally"),
    [("ingest.insert.before", "3 3 0"), ("ingest.commit.before", "3 3 0"), ("ingest.commit.after", "6 3 3")],
)
def test_c01_whoever_was_not_answered_sends_again(each_database: Database, point: str, tally: str) -> None:
    assert send(each_database, point).returncode == -signal.SIGKILL
    again = send(each_database)
    assert again.stdout.strip() == f"3 0 True 3 {tally}", again.stderr
