"""A dead letter whose cause was mended: tried again on its page it becomes the fact that it always told of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from tests.cast import Cast, make_cast
from tests.drained import NOW, Site, a_source, site

from smarketing.ledger.models import InboxRow, InboxTally
from smarketing.records.models import Event
from smarketing.records.secrets import digest

__all__ = ["site"]
TOKEN, INBOX = "right" * 8, "/settings/sources/inbox/"
MAPPING = {"Nummer": "lead.lead_id", "Wann": "lead.created_at", "Wer": "lead.owner_id"}
FORM = {"Nummer": "K-17", "Wann": "2026-03-02T08:30:00Z", "Wer": "rita"}


@pytest.fixture
def cast(site: Site) -> Iterator[Cast]:
    with time_machine.travel(site.now, tick=False):
        yield make_cast()


def shop(mapping: dict[str, str]) -> None:
    a_source("shop", kind="flat", path_digest=digest(TOKEN), mapping=mapping)


def sent(said: dict[str, str]) -> None:
    answer = Client().post(f"/in/shop/{TOKEN}", json.dumps(said), content_type="application/json")
    assert answer.status_code == 202


def inbox(client: Client) -> str:
    return unescape(client.get(INBOX).content.decode())


def mended(client: Client, mapping: dict[str, str]) -> None:
    lines = "\n".join(f"{name} = {where}" for name, where in mapping.items())
    said = {"name": "Shop", "zone": "", "currency": "", "mapping": lines}
    assert client.post("/settings/sources/shop/", said).status_code == 302


def tried_again(client: Client, **which: object) -> str:
    return unescape(client.post(f"{INBOX}replays/", which, follow=True).content.decode())


def test_a_form_that_nobody_understood_becomes_a_lead_once_its_fields_have_a_meaning(site: Site, cast: Cast) -> None:
    shop({})
    sent(FORM)
    assert (site.drain().n_dead, site.facts()) == (1, [])
    row, olu = InboxRow.objects.get(), cast.client_of(cast.olu)
    assert row.trouble["code"] == "no_mapping" and f"{INBOX}{row.id}/" in inbox(olu)
    mended(olu, MAPPING)
    assert site.facts() == [], "mending alone tries nothing again"
    tried_again(olu, id=row.id)
    site.later(timedelta(minutes=1))
    assert site.drain().n_done == 1
    (lead,) = site.facts()
    told = lead["src"], lead["lead_id"], lead["owner_id"], lead["created_at"], lead["seen_at"]
    assert told == ("shop", "K-17", "rita", datetime(2026, 3, 2, 8, 30, tzinfo=UTC), NOW)
    assert site.states("shop") == ["done"] and f"{INBOX}{row.id}/" not in inbox(olu)
    assert Event.objects.filter(verb="replay_events").latest("seq").detail["ids"] == [row.id]


def test_whatever_died_of_one_reason_is_tried_again_together(site: Site, cast: Cast) -> None:
    """A name was taken for a score."""
    shop(MAPPING | {"Wer": "lead.score"})
    for n in range(3):
        sent(FORM | {"Nummer": f"K-{n}"})
    assert site.drain_all().n_dead == 3
    code = InboxRow.objects.values_list("trouble__code", flat=True).distinct().get()
    olu = cast.client_of(cast.olu)
    mended(olu, MAPPING)
    tried_again(olu, src="shop", code=code)
    assert site.drain_all().n_done == 3
    assert [lead["lead_id"] for lead in site.facts()] == ["K-0", "K-1", "K-2"]


def test_tried_again_before_it_is_mended_it_is_dead_again_and_then_a_fact(site: Site, cast: Cast) -> None:
    shop({})
    sent(FORM)
    site.drain()
    row, olu = InboxRow.objects.get(), cast.client_of(cast.olu)
    tried_again(olu, id=row.id)
    assert (site.drain().n_dead, site.facts()) == (1, [])
    assert InboxRow.objects.get().trouble["code"] == "no_mapping" and f"{INBOX}{row.id}/" in inbox(olu)
    assert InboxTally.objects.get().n_dead == 1
    mended(olu, MAPPING)
    tried_again(olu, id=row.id)
    site.drain()
    assert [lead["lead_id"] for lead in site.facts()] == ["K-17"]
    tally = InboxTally.objects.get()
    assert (tally.n_received, tally.n_stored, tally.n_dead) == (1, 1, 0)
