"""Salesforce at the door: both of its forms are kept, answered in its own words, and facts after the drain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from tests import salesforce
from tests.drained import Site, a_source, site

from smarketing.ledger.models import InboxRow, InboxTally
from smarketing.records.secrets import digest

__all__ = ["site"]
AT = datetime(2026, 9, 21, 10, tzinfo=UTC)  # when the record was as the message says
TOKEN = "right" * 8


@pytest.fixture(autouse=True)
def source(site: Site) -> Iterator[None]:
    """An hour after the record changed."""
    a_source("sf", kind="salesforce", path_digest=digest(TOKEN))
    site.now = AT + timedelta(hours=1)
    with time_machine.travel(site.now, tick=False):
        yield


def posted(body: bytes, kind: str, token: str = TOKEN) -> HttpResponse:
    return Client().post(f"/in/sf/{token}", body, content_type=kind)


def soap(body: bytes = b"", token: str = TOKEN) -> HttpResponse:
    return posted(body or salesforce.message(), "text/xml; charset=utf-8", token)


def changed(at: datetime, **fields: object) -> HttpResponse:
    said = salesforce.change("Lead", "UPDATE", int(at.timestamp()) * 1_000, **fields)
    return posted(json.dumps(said).encode(), "application/json")


def test_an_outbound_message_is_acknowledged_in_soap_and_becomes_a_lead(site: Site) -> None:
    answer = soap()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert b"<Ack>true</Ack>" in answer.content and b"notificationsResponse" in answer.content
    row = InboxRow.objects.get()
    assert (row.src, row.state, row.occurred_at) == ("sf", "waiting", AT)
    assert b"secret" not in bytes(row.body), "the session of Salesforce is never kept"
    assert site.drain_all().n_done == 1
    (lead,) = site.facts()
    told = {name: lead[name] for name in ("src", "lead_id", "owner_id", "status", "created_at", "seen_at")}
    assert told == {
        "src": "sf",
        "lead_id": salesforce.LEAD,
        "owner_id": "0051",
        "status": "Neu & heiß",
        "created_at": AT - timedelta(days=1),
        "seen_at": site.now,
    }


def test_a_change_event_is_kept_and_changes_the_lead(site: Site) -> None:
    soap()
    answer = changed(AT + timedelta(minutes=30), Status="Working")
    assert (answer.status_code, b"<Ack>true</Ack>" in answer.content) == (200, True)
    assert site.drain_all().n_done == 2
    (lead,) = site.facts()
    assert (lead["lead_id"], lead["owner_id"], lead["status"]) == (salesforce.LEAD, "0051", "Working")
    steps = [row for row in site.facts("stage_change") if row["field"] == "status"]
    assert {(row["to_value"], row["changed_at"], row["exact"]) for row in steps} == {
        ("Neu & heiß", AT, False),
        ("Working", AT + timedelta(minutes=30), True),
    }


def test_a_change_event_that_comes_first_waits_for_its_lead(site: Site) -> None:
    assert changed(AT + timedelta(minutes=30), Status="Working").status_code == 200
    assert (site.drain().n_held, site.facts()) == (1, [])
    soap()
    site.drain_all()
    assert [lead["status"] for lead in site.facts()] == ["Working"]
    assert site.states("sf") == ["done", "done"]


def test_what_is_sent_again_is_acknowledged_again_and_kept_once() -> None:
    """Salesforce sends for a day until it reads its Ack, each time with another session."""
    answers = [soap(salesforce.message(session)) for session in ("00D1!one", "00D1!two")]
    assert len({(one.status_code, one.content) for one in answers}) == 1
    tally = InboxTally.objects.get()
    assert (InboxRow.objects.count(), tally.n_received, tally.n_duplicate) == (1, 2, 1)


def test_what_is_not_kept_is_not_acknowledged() -> None:
    refused = soap(token="wrong" * 8), soap(b"<a/>"), soap(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert [one.status_code for one in refused] == [401, 400, 400]
    assert not any(b"<Ack>" in one.content for one in refused) and not InboxRow.objects.exists()
