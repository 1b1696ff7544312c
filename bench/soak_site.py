"""An installation to be killed again and again: python -m bench.soak_site STEP ORDER.json ANSWER.json.

A team that works around the clock, with promises of minutes, so that reminders, breaches and escalations come while
one looks; five sources, each with its own way of proving itself; a room that is told as well.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.machine import wall_clock
from bench.soak_events import KINDS, OWNERS

PAGES = (
    *("/", "/leads/", "/leads/?sort=due", "/leads/?verdict=breached", "/at-risk/", "/desk/", "/queue/", "/messages/"),
    *("/scorecards/", "/scorecards/soak/", "/data/", "/agreements/", "/settings/sources/", "/settings/sources/inbox/"),
)

ROOM = "room"
AGREED = timedelta(days=30)  # before the soak begins
PROMISES = """\
seat: Sam Whitlock
acceptance_by_silence: 2 business hours
definitions:
  disqualified: {reasons: [no_budget, not_a_fit, spam]}
commitments:
  - {id: speed, party: sales, kind: speed_to_lead, title: First call, target: 90 % within 1 business minutes}
  - {id: answer, party: sales, kind: disposition_time, title: Answer, target: 90 % within 3 business minutes}
alerts:
  - {id: soon, on: reminder, commitments: [speed], at: 0.5, to: [owner], channels: [in_app, email]}
  - {id: missed, on: breach, commitments: [speed, answer], to: [owner, manager], channels: [in_app, ROOM]}
  - id: ladder
    on: escalation
    commitments: [speed]
    after: 1 business minutes
    cooldown: 2 business minutes
    to: [manager]
    channels: [email]
    urgent: true
  - {id: summary, on: breach, commitments: [answer], to: [manager], channels: [email], digest: true}
  - {id: nobody, on: unassigned, after: 1 business minutes, to: [seat], channels: [in_app, email]}
"""
MOST_A_DAY = 1_000_000
Answer = dict[str, Any]


def prepare(order: Answer) -> Answer:
    """Everything in place: the sources' secrets, and who works there."""
    from django.conf import settings
    from django.core.management import call_command

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    settings.HOME.mkdir(parents=True, exist_ok=True)
    now = wall_clock()
    people = _people(now)
    told = {"secrets": _sources(now), "password": _agree(order["room"], now)}
    return {**told, "people": [{**one, "pages": _pages(one["email"])} for one in people]}


def _pages(email: str) -> list[str]:
    """Those that this person may see."""
    from django.test import Client

    from smarketing.records.models import Person

    client = Client(HTTP_HOST="127.0.0.1")
    person = Person.objects.get(email=email)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return [path for path in PAGES if client.get(path).status_code == 200]


def _people(now: datetime) -> list[dict[str, str]]:
    from tests.cast import PASSWORD, make_cast

    from smarketing.records.models import Membership, OwnerLink, Person, Preference

    cast = make_cast((now - 2 * AGREED).date())
    reps = [cast.rita]
    for own in OWNERS[1:]:
        rep = Person.objects.create_user(
            f"rep{own}@example.com", PASSWORD, name=f"Rep {own}", language="en", zone="Europe/Madrid"
        )
        Membership.objects.create(person=rep, team=cast.sales, role="rep", from_on=(now - 2 * AGREED).date())
        reps.append(rep)
    for own, rep in zip(OWNERS, reps, strict=True):
        for src in KINDS:
            OwnerLink.objects.create(person=rep, src=src, owner_id=own)
    for person in Person.objects.all():
        Preference.objects.create(person=person, most_per_day=MOST_A_DAY)
    roles = [(rep, "rep") for rep in reps] + [(cast.sam, "reader"), (cast.maya, "reader"), (cast.olu, "importer")]
    return [{"email": person.email, "role": role} for person, role in roles]


def _sources(now: datetime) -> dict[str, str]:
    from smarketing.records.models import Source
    from smarketing.workflows.issue_secret import issue

    found = {}
    for src, kind in KINDS.items():
        made = issue(Source(slug=src, name=src, kind=kind, created_at=now), "of the soak and no other")
        made.source.save()
        found[src] = made.secret or made.token or "of the soak and no other"
    return found


def _agree(room: str, now: datetime) -> str:
    """The agreement in force, and where its breaches are told."""
    from tests.all_hours import all_hours
    from tests.cast import PASSWORD
    from tests.negotiations import latest, sign

    from smarketing.records.models import Endpoint, Person
    from smarketing.records.sealed import seal
    from smarketing.sources.webhook.signatures.standard import new_secret
    from smarketing.workflows.draft_agreement import draft_agreement
    from smarketing.workflows.propose_version import propose_version
    from smarketing.workflows.refresh_open_clocks import refresh_open_clocks
    from smarketing.workflows.turn_versions import turn_versions

    then = now - AGREED
    sealed = {"address": seal(room), "secret": seal(new_secret()), "created_at": then}
    Endpoint.objects.create(slug=ROOM, name="Room", kind="webhook", **sealed)
    maya, sam = (Person.objects.get(email=f"{name}@example.com") for name in ("maya", "sam"))
    text = all_hours("soak", PROMISES.replace("ROOM", ROOM), (then + timedelta(days=2)).date())
    version = draft_agreement(text=text, by=maya, now=then)
    version = propose_version(version_id=version.id, revision=latest(version), by=maya, now=then)
    sign(sign(version, maya, "marketing", now=then), sam, "sales", now=then)
    turn_versions(now=now)
    refresh_open_clocks(now=now)
    return PASSWORD


def settled(order: Answer) -> Answer:
    """Wait until nothing is left to do but what is due later; what is left when the patience ends."""
    began = time.monotonic()
    while (left := _left()) and time.monotonic() - began < order["patience_s"]:
        time.sleep(0.5)
    return {"after_s": time.monotonic() - began, "left": left}


def _left() -> dict[str, int]:
    from smarketing.ledger.models import InboxRow
    from smarketing.records.models import Job, Notice
    from smarketing.workflows.raise_alerts import due_moments
    from smarketing.workflows.refresh_open_clocks import are_stale

    now = wall_clock()
    waiting = Notice.objects.filter(state="waiting", digest=None, not_before_at__lte=now)
    found = {
        "events": InboxRow.objects.filter(state__in=("waiting", "held")).count(),
        "jobs": Job.objects.filter(status__in=("waiting", "running"), kind="import_export").count(),
        "moments": due_moments(now - timedelta(seconds=5)).count(),
        "messages": waiting.count() + Notice.objects.filter(state="claimed").count(),
        "stale clocks": int(are_stale(now=now)),
    }
    return {name: n for name, n in found.items() if n}


def books(order: Answer) -> Answer:
    from bench.soak_books import balance

    return balance(order, wall_clock())


STEPS = {"prepare": prepare, "settled": settled, "books": books}

if __name__ == "__main__":
    import logging

    import django

    django.setup()
    logging.disable(logging.WARNING)
    step, given, answer = sys.argv[1:]
    Path(answer).write_text(json.dumps(STEPS[step](json.loads(Path(given).read_text("utf-8"))), default=str))
