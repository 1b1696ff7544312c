"""The same news through the database of an installation, as a drain brings it: goals G10 and G11 on what people run."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.company import NOW, company
from bench.facts import fill, news
from bench.protocol import ROOT
from bench.store import DATA
from smarketing.terms.instants import instant_at


def measure_rows(n_leads: int, n_batches: int) -> dict[str, float]:
    """Seconds of merging news, and of all that a drain adds: which leads changed, their clocks and moments, written.

    The installation is on SQLite, made once; each measurement brings its news to a copy of it. Raises RuntimeError when
    the clocks of the last batch are not those that its leads have by the files of the mirror.
    """
    made = DATA / f"{n_leads}-home"
    DATA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DATA, prefix="home-") as place:
        if not made.exists():
            _in_home(Path(place) / "new", "fill", n_leads)
            (Path(place) / "new").rename(made)
        home = Path(shutil.copytree(made, Path(place) / "run"))
        return dict(json.loads(_in_home(home, "measure", n_leads, n_batches).splitlines()[-1]))


def _in_home(home: Path, *order: object) -> str:
    """What a process of its own answers, for Django has one home."""
    settings = {"SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": ""}
    environment = {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    words = [sys.executable, "-m", "bench.row_batch", *map(str, order)]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=environment)
    if run.returncode != 0:
        raise RuntimeError(f"news by rows failed:\n{run.stderr[-3000:]}")
    return run.stdout


def filled(n_leads: int) -> None:
    from django.conf import settings
    from django.core.management import call_command

    from smarketing.ledger.database import the_ledger

    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    fill(the_ledger(settings.HOME, is_to_write=True), n_leads)


def measured(n_leads: int, n_batches: int) -> dict[str, float]:
    from django.conf import settings

    from smarketing.ledger.database import the_ledger
    from smarketing.workflows import refresh_open_clocks

    terms = {"sla": (company().agreement,)}
    refresh_open_clocks.every_agreement = lambda: terms
    ledger = the_ledger(settings.HOME, is_to_write=True)
    took: dict[str, list[float]] = {}
    for _ in range(n_batches + 1):  # the first one also makes what lasts
        number = ledger.sequence
        first, then = (news(n_leads, each) for each in (number, number + 1))
        begin, cpu = time.perf_counter(), time.process_time()
        ledger.merge(first)
        took.setdefault("append_s", []).append(time.perf_counter() - begin)
        took.setdefault("append CPU s", []).append(time.process_time() - cpu)
        # A minute ahead, so that what the news stops is open yet and there are clocks to write.
        now = instant_at(int(NOW)) + timedelta(minutes=number)
        _told(terms, number + 1, now)
        begin, cpu = time.perf_counter(), time.process_time()
        judged = _drained(ledger, then, now)
        took.setdefault("drain_s", []).append(time.perf_counter() - begin)
        took.setdefault("drain CPU s", []).append(time.process_time() - cpu)
    _check(ledger, judged, terms, now)
    return {name: statistics.median(each[1:]) for name, each in took.items()}


def _drained(ledger: Any, frames: dict[str, Any], now: datetime) -> Any:
    """What workflows.drain_inbox does with facts once it has read the events."""
    from django.db import transaction

    from smarketing.workflows.refresh_open_clocks import judge_changed, write_changed

    with ledger.in_turn():
        planned = ledger.plan(frames)
        judged = judge_changed(ledger.news_of(planned), ledger.sequence, now=now)
        with transaction.atomic():
            ledger.publish(ledger.load(planned))
            write_changed(judged, ledger.sequence, seen_at=now, now=now)
    return judged


def _told(terms: dict[str, Any], seq: int, now: datetime) -> None:
    """Say that the open clocks are those of the merge `seq`: the append before told nobody, and is no part of this."""
    from smarketing.ledger.models import OpenClockState
    from smarketing.ledger.open_clocks import key_of

    known = {"seq": seq, "key": key_of(terms, now), "fresh_at": now, "stale_since": None, "trouble": ""}
    OpenClockState.objects.update_or_create(pk=1, defaults=known)


def _check(ledger: Any, judged: Any, terms: dict[str, Any], now: datetime) -> None:
    from smarketing.ledger.open_clocks import clocks_of

    if judged.opened is None or not len(judged.opened.clocks):
        raise RuntimeError(f"The news opened no clock ({judged.trouble}), so no time counts.")
    if not clocks_of(ledger, judged.leads, terms, now).clocks.equals(judged.opened.clocks):
        raise RuntimeError("The clocks by rows and by files are not the same, so no time counts.")


if __name__ == "__main__":
    import django

    django.setup()
    what, *numbers = sys.argv[1:]
    if what == "fill":
        filled(*map(int, numbers))
    else:
        print(json.dumps(measured(*map(int, numbers))))
