"""An agreement of the cast and the steps people take with it: say only what a test is about."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.cast import Cast

from smarketing.records.models import Person, Version
from smarketing.terms.lifecycle import Status
from smarketing.workflows.amend_version import amend_version
from smarketing.workflows.draft_agreement import draft_agreement
from smarketing.workflows.propose_version import propose_version
from smarketing.workflows.sign_version import sign_version

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
TEXT = """\
# What we agreed in the kitchen.
id: acme
version: 1
title: Marketing and sales at Acme
summary: Marketing brings leads that sales calls at once.
zone: Europe/Madrid
in_force: {from_on: 2026-02-01}
parties:
  - id: marketing
    name: Marketing
    role: marketing
    teams: [Marketing]
    contacts: [{name: Maya Olmedo}]
    needs: [A reason for every lead that is turned down]
  - id: sales
    name: Sales
    role: sales
    teams: [Sales]
    contacts: [{name: Sam Whitlock}]
definitions:
  mql: {entry: Asked for a price., marked_by: marketing}
calendars:
  - id: office
    zone: Europe/Madrid
    hours: {mon-fri: 09:00-18:00}
commitments:
  - {id: leads, party: marketing, kind: lead_volume, title: Leads, target: 140 leads, stage: mql, contact: Maya Olmedo}
  - {id: speed, party: sales, kind: speed_to_lead, title: First call, target: 95 % within 1 business hour}
"""


def changed(before: str, after: str, text: str = TEXT) -> str:
    assert before in text, before
    return text.replace(before, after)


def latest(version: Version) -> int:
    """Number of the text it has now."""
    return version.revisions.order_by("-number").values_list("number", flat=True)[0]


def fingerprint(version: Version) -> str:
    return version.revisions.order_by("-number").values_list("fingerprint", flat=True)[0]


def a_draft(cast: Cast, text: str = TEXT, *, by: Person | None = None, now: datetime = NOW) -> Version:
    return draft_agreement(text=text, by=by or cast.maya, now=now)


def a_proposal(cast: Cast, text: str = TEXT, *, by: Person | None = None, now: datetime = NOW) -> Version:
    version = a_draft(cast, text, by=by, now=now)
    return propose_version(version_id=version.id, revision=latest(version), by=by or cast.maya, now=now)


def sign(version: Version, by: Person, party: str, *, now: datetime = NOW, text: str = "") -> Version:
    shown = text or fingerprint(version)
    sign_version(version_id=version.id, party=party, fingerprint=shown, method="password", by=by, now=now)
    return Version.objects.get(id=version.id)


def a_signed(cast: Cast, text: str = TEXT, *, now: datetime = NOW) -> Version:
    version = sign(a_proposal(cast, text, now=now), cast.maya, "marketing", now=now)
    return sign(version, cast.sam, "sales", now=now)


def a_successor(cast: Cast, version: Version, *, now: datetime, from_on: date | None = None) -> Version:
    """The next version, signed by both."""
    from smarketing.workflows.save_draft import save_draft

    following = amend_version(version_id=version.id, by=cast.sam, now=now)
    if from_on:
        text = following.revisions.get().text.replace(str(following.from_on), str(from_on))
        save_draft(version_id=following.id, text=text, revision=1, by=cast.sam, now=now)
    following = propose_version(version_id=following.id, revision=latest(following), by=cast.sam, now=now)
    return sign(sign(following, cast.sam, "sales", now=now), cast.maya, "marketing", now=now)


def status(version: Version) -> Status:
    return Status(Version.objects.values_list("status", flat=True).get(id=version.id))
