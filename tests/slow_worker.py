"""A worker with short leases, slow tasks and doors to its rows, run as a process of its own that may be killed.

python -m tests.slow_worker work | state | enqueue KIND N [ARGUMENTS] | seed | sign POINT | talks
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarketing.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402

from smarketing.cli.job_runner import Runner  # noqa: E402
from smarketing.records import events, queue  # noqa: E402
from smarketing.records.models import Event, Job, Person, Schedule, Signature, Version  # noqa: E402
from smarketing.tasks import TASKS, Work  # noqa: E402
from smarketing.terms.language import words  # noqa: E402
from smarketing.workflows.open_facts import open_ledger  # noqa: E402
from smarketing.workflows.propose_version import propose_version  # noqa: E402
from smarketing.workflows.seed_demo import seed_demo  # noqa: E402
from smarketing.workflows.sign_version import sign_version  # noqa: E402

queue.LEASE, queue.BEAT = timedelta(seconds=3), timedelta(seconds=0.8)
NOW = datetime(2026, 10, 21, 18, 0, tzinfo=UTC)


def slow(work: Work) -> dict[str, Any]:
    """Takes its time, then leaves one row, if it still may."""
    with Path(settings.HOME, "began").open("a") as file:
        file.write(f"{work.arguments['n']} {os.getpid()}\n")
    until = time.monotonic() + work.arguments["seconds"]
    while time.monotonic() < until:
        work.tell(0.5, "Half")
        time.sleep(0.1)
    with transaction.atomic():
        work.check_is_held()
        Schedule.objects.create(kind=f"effect {work.arguments['n']} {os.getpid()}", asked_until=work.now)
    return {"pid": os.getpid()}


def work() -> None:
    runner = Runner({**TASKS, "slow": slow}, {})
    signal.signal(signal.SIGTERM, runner.leave)
    runner.run(until_idle="--until-idle" in sys.argv)


def enqueue(kind: str, n: str, arguments: str = "{}") -> None:
    for number in range(int(n)):
        queue.enqueue(kind, {**json.loads(arguments), **({"n": number} if kind == "slow" else {})}, by=None, now=NOW)


def state() -> None:
    fields = ("id", "kind", "status", "n_tries", "fence", "result", "problem")
    began = Path(settings.HOME, "began")
    answer = {
        "jobs": list(Job.objects.order_by("id").values(*fields)),
        "effects": [kind.split() for kind in Schedule.objects.values_list("kind", flat=True)],
        "began": [line.split() for line in began.read_text().splitlines()] if began.exists() else [],
        "leads": open_ledger().frame("lead").height,
        "signatures": Signature.objects.filter(lapsed_at=None, version__number=3).count(),
        "sign_events": Event.objects.filter(verb="sign_version").count(),
        "status": Version.objects.filter(number=3).values_list("status", flat=True).first(),
        "faults": sum(1 for _ in events.chain_faults()),
    }
    print(json.dumps(answer))


def seed() -> None:
    """The demo company, its third version proposed again by marketing."""
    list(seed_demo(Path(settings.HOME), now=NOW, words=words("en"), n_leads=40))
    version = Version.objects.get(number=3)
    maya = Person.objects.get(name="Maya Olmedo")
    propose_version(version_id=version.id, revision=3, by=maya, now=NOW)


def sign(point: str) -> None:
    """Sign for marketing; die at a point of it: before the signature's row, after it, before or after the event's."""
    save, add = Signature.save, events._add

    def dying_save(self: Signature, *args: Any, **kwargs: Any) -> None:
        _die_at(point, "before_signature")
        save(self, *args, **kwargs)
        _die_at(point, "after_signature")

    def dying_add(write: events.Write) -> None:
        _die_at(point, "before_event")
        add(write)
        _die_at(point, "after_event")

    Signature.save = dying_save  # type: ignore[method-assign, assignment]
    events._add = dying_add
    version = Version.objects.get(number=3)
    sign_version(
        version_id=version.id,
        party="marketing",
        fingerprint=version.revisions.get(number=3).fingerprint,
        method="password",
        by=Person.objects.get(name="Maya Olmedo"),
        now=NOW + timedelta(hours=1),
    )
    _die_at(point, "after_commit")


def _die_at(point: str, here: str) -> None:
    if point == here:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    commands: dict[str, Any] = {"work": work, "state": state, "enqueue": enqueue, "seed": seed, "sign": sign}
    commands[sys.argv[1]](*(word for word in sys.argv[2:] if not word.startswith("--")))
