"""Empty a backlog of events into the facts and open clocks, beside taking the same events into the inbox.

A third each are new leads, touches and changes of status, so that three tables and four promises are about them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.databases import fresh_postgres, sqlite
from bench.protocol import ROOT

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
IN_ONE_REQUEST, IN_ONE_COMMIT, BATCH = 100, 1_000, 10_000


def print_drain(n_events: int, n_rounds: int, vendors: list[str]) -> None:
    with ExitStack() as stack:
        for vendor in vendors:
            urls = fresh_postgres(stack) if vendor == "postgres" else sqlite
            turns = [_round(n_events, urls) for _ in range(n_rounds)]
            taken, drained, cpu = (statistics.median(turn[n] for turn in turns) for n in range(3))
            print(f"{vendor}, {n_events:,} events")
            print(f"  taken in  {taken:>8,.0f} events/s")
            print(f"  drained   {drained:>8,.0f} events/s, {drained / taken:.2f}× taking in, {cpu:,.0f} a CPU second")


def _round(n_events: int, urls: Callable[[], str]) -> tuple[float, ...]:
    with tempfile.TemporaryDirectory() as home:
        settings = {"SMARKETING_HOME": home, "SMARKETING_DATABASE_URL": urls()}
        environment = {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
        words = [sys.executable, "-m", "bench.drain", str(n_events)]
        run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=environment)
    if run.returncode != 0:
        raise RuntimeError(f"the drain failed:\n{run.stderr[-3000:]}")
    return tuple(map(float, run.stdout.split()[-3:]))


def an_event(number: int) -> dict[str, Any]:
    lead, owner = f"L{number // 3}", f"r{number % 20}"
    told: tuple[tuple[str, dict[str, Any]], ...] = (
        (
            "lead.created",
            {"lead_id": lead, "owner_id": owner, "channel": "web", "status": "New", "score": number % 100},
        ),
        (
            "touch.logged",
            {"lead_id": lead, "owner_id": owner, "kind": "call", "direction": "out", "outcome": "no_answer"},
        ),
        ("stage.changed", {"entity": "lead", "entity_id": lead, "field": "status", "to_value": "Open"}),
    )
    kind, data = told[number % 3]
    at = NOW - timedelta(minutes=number % 5_000)
    return {"id": f"e{number}", "type": kind, "occurred_at": at.isoformat(), "data": data}


def measured(n_events: int) -> tuple[float, float, float]:
    """Events a second taken in and drained, and drained in a second of the CPU."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from smarketing.ledger.database import the_ledger
    from smarketing.ledger.drain_lease import take
    from smarketing.ledger.inbox import Arrival, take_in
    from smarketing.records.models import Source
    from smarketing.sources.webhook.shapes import SHAPES
    from smarketing.terms.read_yaml import read_agreement_text
    from smarketing.terms.starters import starter_text
    from smarketing.workflows import refresh_open_clocks
    from smarketing.workflows.drain_inbox import drain_inbox

    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    terms = {"sla": (read_agreement_text(starter_text("inside_sales", "en"), where="starter", folder=None),)}
    refresh_open_clocks.every_agreement = lambda: terms
    Source.objects.create(slug="crm", name="crm", created_at=NOW)
    arrivals = []
    for start in range(0, n_events, IN_ONE_REQUEST):
        body = json.dumps({"events": [an_event(number) for number in range(start, start + IN_ONE_REQUEST)]})
        found = SHAPES["generic"].split(body.encode(), {})
        arrivals += [Arrival("crm", event.key, event.raw, event.occurred_at) for event in found]
    began = time.perf_counter()
    for start in range(0, len(arrivals), IN_ONE_COMMIT):
        take_in(arrivals[start : start + IN_ONE_COMMIT], NOW)
    taken_s = time.perf_counter() - began
    ledger, lease = the_ledger(settings.HOME), take("bench", NOW)
    assert lease is not None
    began, cpu = time.perf_counter(), time.process_time()
    n_done = 0
    while n := drain_inbox(ledger=ledger, lease=lease, now=NOW, most=BATCH).n_done:
        n_done += n
    if n_done != len(arrivals):
        raise RuntimeError(f"{n_done} of {len(arrivals)} events became facts, so no time counts.")
    drained_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    return n_done / taken_s, n_done / drained_s, n_done / cpu_s


if __name__ == "__main__":
    print(*measured(int(sys.argv[1])))
