"""An installation to put under load: python -m bench.load_site prepare | books | notices, each in its environment.

The demo company with twenty people who are signed in, a source that signs, and open clocks at rest. Another command
keeps the books afterwards, from the plan of the senders and what they were acknowledged.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench.load_events import HOT, N_HOT, SRC, Phase, postings
from bench.machine import wall_clock

AT_ONCE = 10_000
PAGES = (
    "/",
    "/leads/",
    "/leads/?sort=due",
    "/leads/?verdict=breached",
    "/scorecards/",
    "/at-risk/",
    "/desk/",
    "/messages/",
    "/settings/sources/",
    "/settings/sources/inbox/",
)
NOTICES_PATIENCE_S = 3.0
DRAIN_PATIENCE_S, DRAIN_LOOK_S = 900.0, 0.5
Books = dict[str, Any]


def prepare(order: dict[str, Any]) -> dict[str, Any]:
    """Everything in place; the source's secret, cookies of people and the pages that each may see."""
    from django.core.management import call_command

    from smarketing.sources.webhook.signatures.standard import new_secret
    from smarketing.terms.language import words
    from smarketing.workflows.refresh_open_clocks import refresh_open_clocks
    from smarketing.workflows.seed_demo import seed_demo

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    from django.conf import settings

    now, secret = wall_clock(), new_secret()
    settings.HOME.mkdir(parents=True, exist_ok=True)
    for _ in seed_demo(settings.HOME, now=now, words=words("en"), n_leads=order["leads"]):
        pass
    from smarketing.records.models import Source
    from smarketing.records.sealed import seal

    Source.objects.create(slug=SRC, name="Load", secret=seal(secret), created_at=now)
    _agree(now)
    refresh_open_clocks(now=now)
    _rest(order["open_clocks"], now)
    return {"secret": secret, "people": _signed_in(order["people"])}


TEXT = """\
id: load
version: 1
title: What is hot is told at once
zone: UTC
in_force: {{from_on: {yesterday}}}
parties:
  - {{id: marketing, name: Marketing, role: marketing, teams: [Marketing], contacts: [{{name: Maya Olmedo}}]}}
  - {{id: sales, name: Sales, role: sales, teams: [Sales], contacts: [{contacts}]}}
calendars:
  - {{id: always, zone: UTC, hours: {{mon-sun: 00:00-24:00}}}}
commitments:
{commitments}
alerts:
{alerts}
"""
PROMISE = (
    "  - {{id: speed{n}, party: sales, kind: speed_to_lead, title: First call,"
    " target: 95 % within 1 business hour, only: {{sources: [{hot}{n}]}}}}"
)
RULE = (
    "  - {{id: now{n}, on: reminder, commitments: [speed{n}], at: 0.0001,"
    ' to: ["{to}"], channels: [in_app], urgent: true}}'
)


def _agree(now: datetime) -> None:
    """An agreement by which somebody is told of each hot lead as soon as it is there, at any hour of any day.

    Several people, since one is told of only so many, one by one.
    """
    from smarketing.records.models import Agreement, Person, Revision, Version
    from smarketing.terms.lifecycle import Status

    people = list(Person.objects.filter(is_active=True).order_by("id")[:N_HOT])
    told = [people[n % len(people)] for n in range(N_HOT)]
    yesterday = (now - timedelta(days=1)).date()
    text = TEXT.format(
        yesterday=yesterday,
        contacts=", ".join(f"{{name: {each.name}, email: {each.email}}}" for each in people),
        commitments="\n".join(PROMISE.format(n=n, hot=HOT) for n in range(N_HOT)),
        alerts="\n".join(RULE.format(n=n, to=each.name) for n, each in enumerate(told)),
    )
    agreement = Agreement.objects.create(slug="load", title="Load", created_at=now)
    when = {"created_at": now, "signed_at": now - timedelta(days=2), "from_on": yesterday}
    version = Version.objects.create(agreement=agreement, number=1, status=Status.IN_FORCE, **when)
    Revision.objects.create(version=version, number=1, text=text, fingerprint="load", at=now)


def _rest(n: int, now: datetime) -> None:
    """Clocks that run and that nobody stops, due within the weeks to come."""
    from smarketing.ledger.models import OpenClock

    def one(number: int) -> OpenClock:
        start = now - timedelta(minutes=number % 10_000)
        due = now + timedelta(days=1, minutes=number % 30_000)
        return OpenClock(
            agreement="rest", version=1, commitment="respond", kind="speed_to_lead", clock="lead", party="sales",
            src="rest", lead_id=f"R{number}", episode=0, owner_src="rest", owner=f"r{number % 400}",
            owner_name=f"Rep {number % 400}", team=f"team {number % 20}", tier="A", source="web", calendar=None,
            start_at=start, risk_at=due - timedelta(hours=1), due_at=due, stops_at=None,
            allowance_us=86_400_000_000, count=0, need=1, holder=f"r{number % 400}",
        )  # fmt: skip

    numbers = iter(range(n))
    while some := [one(number) for number in islice(numbers, AT_ONCE)]:
        OpenClock.objects.bulk_create(some)


def _signed_in(n: int) -> list[dict[str, Any]]:
    from django.test import Client

    from smarketing.records.models import Person

    found = []
    for person in list(Person.objects.filter(is_active=True).order_by("id")[:n]):
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        paths = [path for path in PAGES if client.get(path).status_code == 200]
        found.append({"cookie": client.cookies["sessionid"].value, "paths": paths})
    return [found[number % len(found)] for number in range(n)]


def books(order: dict[str, Any]) -> Books:
    """Whether every event that was acknowledged is there exactly once, and nothing else: all faults must be 0."""
    waited_s = _wait_until_drained()
    sent, acked = _planned(order["phases"])
    from django.db import connection
    from django.db.models import Sum

    from smarketing.ledger.models import InboxRow, InboxTally

    states: dict[tuple[str, str], str] = {}
    n_doubled, counts = 0, Counter[str]()
    for key, digest, state in InboxRow.objects.filter(src=SRC).values_list("key", "body_digest", "state").iterator():
        n_doubled += (key, digest) in states
        states[key, digest] = state
        counts[state] += 1
    tally = InboxTally.objects.filter(src=SRC).aggregate(*map(Sum, ("n_received", "n_stored", "n_duplicate", "n_dead")))
    facts: Counter[tuple[str, str]] = Counter()
    values: dict[tuple[str, str], Any] = {}
    for table, name, column in (("lead", "lead_id", "score"), ("touch", "touch_id", "duration_s")):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {name}, {column} FROM ledger_{table} WHERE src = %s", [SRC])
            for own, value in cursor.fetchall():
                facts[table, own] += 1
                values[table, own] = value
    done = {(sent[one].table, sent[one].own) for one, state in states.items() if state == "done" and one in sent}
    latest: dict[tuple[str, str], tuple[str, Any]] = {}
    for one, state in states.items():
        if state == "done" and one in sent:
            event = sent[one]
            latest[event.table, event.own] = max(latest.get((event.table, event.own), ("", None)), event.value)
    return {
        "drained_after_s": waited_s,
        "n_sent": len(sent),
        "n_acked": len(acked),
        "n_rows": len(states),
        "n_done": counts["done"],
        "n_dead": counts["dead"],
        "n_facts": sum(facts.values()),
        "n_received": tally["n_received__sum"],
        "n_duplicates": tally["n_duplicate__sum"],
        "faults": {
            "acknowledged and lost": len(acked - states.keys()),
            "stored twice": n_doubled,
            "never sent": len(states.keys() - sent.keys()),
            "neither fact nor dead": len(states) - counts["done"] - counts["dead"],
            "done and no fact": len(done - facts.keys()),
            "facts of nothing": len(facts.keys() - done),
            "facts twice": sum(n - 1 for n in facts.values()),
            "an older version holds": sum(values.get(key) != value for key, (_, value) in latest.items()),
            "dead that should live": sum(
                (state == "dead") != sent[one].is_poison for one, state in states.items() if one in sent
            ),
            "tallies off": abs(tally["n_stored__sum"] - len(states)) + abs(tally["n_dead__sum"] - counts["dead"]),
        },
    }


class _Sent:
    """What one version of one event should become."""

    def __init__(self, event: dict[str, Any]) -> None:
        data = event["data"]
        self.table = "lead" if event["type"] == "lead.created" else "touch"
        self.own = str(data["lead_id"] if self.table == "lead" else data["touch_id"])
        self.value = (event["occurred_at"], data.get("score" if self.table == "lead" else "duration_s"))
        self.is_poison = "nonsense" in data


def _planned(phases: list[dict[str, Any]]) -> tuple[dict[tuple[str, str], _Sent], set[tuple[str, str]]]:
    """Every version that the plan holds, and which were acknowledged, as (key, digest)."""
    from hashlib import sha256

    from smarketing.sources.webhook.shapes import SHAPES

    sent: dict[tuple[str, str], _Sent] = {}
    acked: set[tuple[str, str]] = set()
    for told in phases:
        n_acked = set(told["acked"])
        for number, posting in enumerate(postings(Phase(**told["phase"]), datetime.fromisoformat(told["began_at"]))):
            said = json.loads(posting.body)
            events = said.get("events", [said])
            for event, split in zip(events, SHAPES["generic"].split(posting.body, {}), strict=True):
                version = (split.key, sha256(split.raw).hexdigest())
                sent[version] = _Sent(event)
                if number in n_acked:
                    acked.add(version)
    return sent, acked


def _wait_until_drained() -> float:
    from smarketing.ledger.models import InboxRow

    began = time.monotonic()
    while InboxRow.objects.filter(src=SRC, state__in=("waiting", "held")).exists():
        if time.monotonic() - began > DRAIN_PATIENCE_S:
            break
        time.sleep(DRAIN_LOOK_S)
    return time.monotonic() - began


def notices(_: Books) -> dict[str, Any]:
    """By phase, how long after both its event was kept and its instant had come each message was written, and sent."""
    from bench.load_sender import percentiles
    from smarketing.ledger.models import InboxRow
    from smarketing.records.models import Moment, Notice
    from smarketing.sources.webhook.strict_json import digest_of_texts

    written: dict[str, list[float]] = defaultdict(list)
    sent: dict[str, list[float]] = defaultdict(list)
    became = Counter[str]()
    time.sleep(NOTICES_PATIENCE_S)
    moments = {moment.id: moment for moment in Moment.objects.filter(agreement="load")}
    for notice in Notice.objects.filter(agreement="load").iterator():
        became[notice.reason or notice.state] += 1
        row = InboxRow.objects.filter(src=SRC, key=digest_of_texts("id", notice.lead_id)).order_by("id").first()
        if row is None or notice.moment_id not in moments:
            continue
        due, phase = max(row.received_at, moments[notice.moment_id].at), notice.lead_id.rstrip("0123456789")
        written[phase].append((notice.created_at - due).total_seconds())
        if notice.sent_at:
            sent[phase].append((notice.sent_at - due).total_seconds())
    return {
        "n_moments": len(moments),
        "n_waiting": sum(moment.state == "waiting" for moment in moments.values()),
        "became": dict(became),
        "written_ms": {phase: percentiles(each) for phase, each in written.items()},
        "sent_ms": {phase: percentiles(each) for phase, each in sent.items()},
    }


def open_clocks(_: dict[str, Any]) -> dict[str, int]:
    """How many clocks are open, by source."""
    from smarketing.ledger.models import OpenClock

    found: dict[str, int] = defaultdict(int)
    for src in OpenClock.objects.values_list("src", flat=True).iterator():
        found[src] += 1
    return dict(found)


STEPS = {"prepare": prepare, "books": books, "notices": notices, "open_clocks": open_clocks}

if __name__ == "__main__":
    import logging

    import django

    django.setup()
    logging.disable(logging.WARNING)
    step, given, answer = sys.argv[1:]
    Path(answer).write_text(json.dumps(STEPS[step](json.loads(Path(given).read_text("utf-8")))))
