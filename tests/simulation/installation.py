"""A database with an organisation in it, made once for each process and copied for each world."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from tests.cast import Cast, make_cast
from tests.databases import alias_of, sqlite_settings
from tests.drained import instead_of_default
from tests.negotiations import a_proposal, latest, sign

from smarketing.records.models import Endpoint, Installation, Source, Version
from smarketing.records.sealed import seal
from smarketing.workflows.amend_version import amend_version
from smarketing.workflows.propose_version import propose_version
from smarketing.workflows.save_draft import save_draft
from smarketing.workflows.turn_versions import turn_versions

FOUNDED = datetime(2026, 1, 12, 9, tzinfo=UTC)
AMENDED = FOUNDED + timedelta(days=3)
SOURCES = ("crm", "shop")
SECRET = "whsec_" + "c2ltdWxhdGVk" * 3
FIRST, SECOND = 1, 2
TEXT = """\
id: sla
version: 1
title: Marketing and sales in the simulator
zone: Europe/Madrid
in_force: {from_on: 2026-01-15}
parties:
  - {id: marketing, name: Marketing, role: marketing, teams: [Marketing], contacts: [{name: Maya Olmedo}]}
  - {id: sales, name: Sales, role: sales, teams: [Iberia], contacts: [{name: Sam Whitlock}]}
calendars:
  - id: office
    zone: Europe/Madrid
    hours: {mon-fri: 09:00-18:00}
  - id: nights
    zone: Europe/Madrid
    hours: {mon-sat: 22:00-06:00}
seat: Sam Whitlock
acceptance_by_silence: 2 business days
commitments:
  - {id: speed, party: sales, kind: speed_to_lead, title: First call, target: 95 % within 1 business hour}
  - id: night
    party: sales
    kind: speed_to_lead
    title: Call at night
    target: 90 % within 4 business hours
    calendar: nights
    only: {sources: [fair]}
  - id: dispose
    party: sales
    kind: disposition_time
    title: Answer
    target: 90 % within 5 business hours
    pauses: [waiting]
alerts:
  - {id: soon, on: reminder, commitments: [speed, night], at: 0.75, to: [owner], channels: [in_app, email], most: 1}
  - {id: last, on: reminder, commitments: [dispose], before: 1 business hour, to: [owner]}
  - {id: missed, on: breach, commitments: [speed, dispose], to: [owner, manager], channels: [in_app, hook]}
  - id: ladder
    on: escalation
    commitments: [speed]
    after: 1 business hour
    cooldown: 2 business hours
    to: [manager]
    channels: [email]
    urgent: true
  - {id: summary, on: breach, commitments: [dispose], to: [manager], channels: [email], digest: true}
  - {id: nobody, on: unassigned, after: 30 business minutes, to: [seat]}
"""
CHANGES = {"95 % within 1 business hour": "95 % within 2 business hours", "at: 0.75": "at: 0.5"}
OWNERS = {"crm": ("u-102", "u-103"), "shop": ("p-1", "p-2")}


@cache
def place() -> Path:
    """A folder in memory where there is one, removed with the process."""
    memory = Path("/dev/shm")
    found = Path(tempfile.mkdtemp(prefix="smarketing-sim-", dir=memory if os.access(memory, os.W_OK) else None))
    import atexit

    atexit.register(shutil.rmtree, found, ignore_errors=True)
    return found


@cache
def template() -> sqlite3.Connection:
    """In memory: people, sources, version 1 in force and version 2 proposed to take over on a day still to be told."""
    path = place() / "template.sqlite3"
    with alias_of(sqlite_settings(path)) as alias:
        call_command("migrate", database=alias, verbosity=0)
        call_command("createcachetable", database=alias, verbosity=0)
        with instead_of_default(alias):
            _found()
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connections[alias].connection.backup(copy)
    path.unlink()
    return copy


def _found() -> None:
    cast = make_cast()
    for slug in SOURCES:
        Source.objects.create(slug=slug, name=slug, kind="generic", created_at=FOUNDED)
    hook = {"address": seal("https://hook.example"), "secret": seal(SECRET), "created_at": FOUNDED}
    Endpoint.objects.create(slug="hook", name="Hook", kind="webhook", **hook)
    Installation.objects.create(identity=UUID(int=1), since_at=FOUNDED)  # message ids follow from it
    first = sign(sign(a_proposal(cast, TEXT, now=FOUNDED), cast.maya, "marketing", now=FOUNDED), cast.sam, "sales")
    turn_versions(now=AMENDED)
    second = amend_version(version_id=first.id, by=cast.sam, now=AMENDED)
    text = second.revisions.get().text
    for before, after in CHANGES.items():
        assert before in text, before
        text = text.replace(before, after)
    save_draft(version_id=second.id, text=text, revision=1, by=cast.sam, now=AMENDED)
    assert isinstance(cast, Cast)


def propose_for(from_on: date, now: datetime) -> Version:
    """Version 2 is put to both teams, to hold from that day on."""
    from smarketing.records.models import Person

    sam = Person.objects.get(email="sam@example.com")
    version = Version.objects.get(number=SECOND)
    text = version.revisions.order_by("-number")[0].text.replace(str(version.from_on), str(from_on))
    save_draft(version_id=version.id, text=text, revision=latest(version), by=sam, now=now)
    return propose_version(version_id=version.id, revision=latest(version), by=sam, now=now)


@contextmanager
def installed(name: str) -> Iterator[tuple[Path, str]]:
    """A home and the alias of a fresh copy of the template, which is the default database inside the block."""
    home = place() / name
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    path = home / "smarketing.sqlite3"
    with sqlite3.connect(path) as copy:
        template().backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    copy.close()
    before = settings.HOME
    settings.HOME = home
    try:
        with alias_of(sqlite_settings(path)) as alias, instead_of_default(alias):
            yield home, alias
    finally:
        settings.HOME = before
        shutil.rmtree(home, ignore_errors=True)
