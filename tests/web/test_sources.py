"""Sources as people see them: made with a secret shown once, given new ones, turned off; dead letters tried again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.cast import Cast
from tests.web.programs import ROOT, Program, token_of
from tests.web.senders import NOW, a_source, post, touched

from smarketing.ledger.inbox import Arrival, take_in
from smarketing.ledger.models import InboxRow
from smarketing.records.models import Event, Source
from smarketing.records.sealed import unsealed
from smarketing.records.secrets import digest
from smarketing.terms.errors import UserError
from smarketing.workflows.create_source import create_source
from smarketing.workflows.watch_sources import watch_sources

pytestmark = pytest.mark.django_db
WRONG = {
    "code": "missing",
    "sentence": '"{name}" is required and not there.',
    "arguments": {"name": "lead_id"},
    "column": "data.lead_id",
    "value": "",
}


def shown(content: bytes, what: str) -> str:
    found = re.search(rf'id="shown-{what}"[^>]*>([^<]*)<', content.decode())
    return unescape(found[1]) if found else ""


def connected(cast: Cast, kind: str = "generic", **more: str) -> tuple[Client, bytes]:
    client = cast.client_of(cast.olu)
    said = {"kind": kind, "name": "Our shop", "slug": "shop", "zone": "Europe/Madrid", **more}
    response = client.post("/settings/sources/", said)
    assert response.status_code == 200
    return client, response.content


def a_dead_letter(n: int = 1, code: str = "missing") -> InboxRow:
    body = b'{"email": "ann.smith@example.com", "phone": "+34 612 345 678", "n": %d}' % n
    take_in([Arrival("crm", digest(str(n)), body)], NOW)
    InboxRow.objects.filter(key=digest(str(n))).update(state="dead", trouble={**WRONG, "code": code}, n_tries=3)
    return InboxRow.objects.get(key=digest(str(n)))


def test_a_source_is_made_and_its_secret_shown_this_once(cast: Cast) -> None:
    client, content = connected(cast)
    secret = shown(content, "secret")
    source = Source.objects.get(slug="shop")
    assert secret.startswith("whsec_") and unsealed(source.secret) == secret and secret not in source.secret
    assert "curl" in shown(content, "example")
    for path in ("/settings/sources/", "/settings/sources/shop/"):
        again = client.get(path)
        assert again.status_code == 200 and secret.encode() not in again.content
    event = Event.objects.get(verb="create_source")
    assert secret not in str(event.detail) and event.detail["slug"] == "shop"


def test_a_system_that_cannot_sign_is_given_an_address_with_a_secret_end(cast: Cast) -> None:
    _, content = connected(cast, "flat", mapping="Mail = lead.person_key\nbroken line\n")
    address = shown(content, "address")
    source = Source.objects.get()
    assert source.path_digest == digest(address.rsplit("/", 1)[1]) and not source.secret
    assert source.mapping == {"Mail": "lead.person_key"}


def test_a_meaning_that_no_fact_has_is_refused_at_once(cast: Cast) -> None:
    """Every event of the source would be a dead letter."""
    client, content = connected(cast, "flat", mapping="Mail = lead.email")
    assert "No fact has a field" in content.decode() and not Source.objects.exists()
    client, _ = connected(cast, "flat", mapping="Mail = lead.person_key")
    said = {"name": "Our shop", "zone": "Europe/Madrid", "mapping": "Mail = person"}
    assert "No fact has a field" in client.post("/settings/sources/shop/", said).content.decode()


def test_hubspots_secret_is_the_one_of_its_app(cast: Cast) -> None:
    client = cast.client_of(cast.olu)
    said = {"kind": "hubspot", "name": "HubSpot", "slug": "hub", "zone": ""}
    assert "The client secret is missing" in client.post("/settings/sources/", said).content.decode()
    client.post("/settings/sources/", said | {"secret": "given-over-there-17"})
    assert unsealed(Source.objects.get().secret) == "given-over-there-17"


@pytest.mark.parametrize("slug", ["desk", "inbox", "UPPER", "a", "with space", "-x"])
def test_some_short_names_there_cannot_be(cast: Cast, slug: str) -> None:
    with pytest.raises(UserError):
        create_source(slug=slug, name="x", kind="generic", by=cast.olu, now=NOW)


def test_a_new_secret_leaves_the_old_one_a_day(cast: Cast) -> None:
    client, content = connected(cast)
    old = shown(content, "secret")
    new = shown(client.post("/settings/sources/shop/secret/").content, "secret")
    source = Source.objects.get()
    assert new not in ("", old)
    assert (unsealed(source.secret), unsealed(source.previous_secret)) == (new, old)
    assert source.previous_until_at is not None
    assert b"Two secrets hold" in client.get("/settings/sources/shop/").content


def test_it_is_turned_off_on_and_retired(cast: Cast) -> None:
    client, _ = connected(cast)
    for said, state in (("0", False), ("1", True)):
        client.post("/settings/sources/shop/pause/", {"is_enabled": said})
        assert Source.objects.get().is_enabled is state
    client.post("/settings/sources/shop/retirement/")
    source = Source.objects.get()
    assert source.retired_at is not None and not (source.is_enabled or source.secret)
    assert client.post("/settings/sources/shop/secret/").status_code == 404
    assert client.get("/settings/sources/shop/").status_code == 200


def test_what_it_is_can_be_changed(cast: Cast) -> None:
    client, _ = connected(cast)
    said = {"name": "Shop of Madrid", "zone": "Europe/Rome", "currency": "eur", "mapping": "a = lead.email"}
    client.post("/settings/sources/shop/", said)
    source = Source.objects.get()
    assert (source.name, source.zone, source.currency) == ("Shop of Madrid", "Europe/Rome", "EUR")
    assert source.mapping == {"a": "lead.email"}


def test_managers_read_without_addresses_and_change_nothing(cast: Cast) -> None:
    a_source()
    row = a_dead_letter()
    manager, admin = cast.client_of(cast.sam), cast.client_of(cast.olu)
    page = manager.get(f"/settings/sources/inbox/{row.id}/").content.decode()
    assert "ann.smith" not in page and "612 345" not in page and "hidden" in page
    assert "ann.smith@example.com" in unescape(admin.get(f"/settings/sources/inbox/{row.id}/").content.decode())
    for path in ("/settings/sources/", "/settings/sources/crm/", "/settings/sources/inbox/"):
        assert manager.get(path).status_code == 200
    for path in ("/settings/sources/", "/settings/sources/crm/", "/settings/sources/inbox/replays/"):
        assert manager.post(path, {"id": row.id}).status_code == 404
    assert InboxRow.objects.get().state == "dead"


def test_dead_letters_are_tried_again_one_by_one_or_by_reason(cast: Cast) -> None:
    a_source()
    one, _, other = a_dead_letter(1), a_dead_letter(2), a_dead_letter(3, "not_text")
    client = cast.client_of(cast.olu)
    page = unescape(client.get("/settings/sources/inbox/").content.decode())
    assert '"…" is required' in page and '"lead_id" is required' in page
    client.post("/settings/sources/inbox/replays/", {"id": one.id})
    assert list(InboxRow.objects.filter(state="waiting").values_list("id", "n_tries", "trouble")) == [(one.id, 0, None)]
    client.post("/settings/sources/inbox/replays/", {"src": "crm", "code": "missing"})
    assert list(InboxRow.objects.filter(state="dead").values_list("id", flat=True)) == [other.id]
    client.post("/settings/sources/inbox/replays/", {})
    assert InboxRow.objects.filter(state="dead").count() == 1
    assert list(Event.objects.order_by("seq").values_list("detail__n", flat=True)) == [1, 1, 0]


def test_dead_letters_are_put_away_with_a_reason(cast: Cast) -> None:
    a_source()
    row = a_dead_letter()
    client = cast.client_of(cast.olu)
    client.post("/settings/sources/inbox/discards/", {"id": row.id, "reason": " "})
    assert InboxRow.objects.get().state == "dead"
    client.post("/settings/sources/inbox/discards/", {"id": row.id, "reason": "tests of the vendor"})
    kept = InboxRow.objects.get()
    assert (kept.state, kept.trouble["code"], bytes(kept.body)[:1]) == ("done", "missing", b"{")
    assert Event.objects.latest("seq").detail["reason"] == "tests of the vendor"
    assert b"put away" in client.get(f"/settings/sources/inbox/{row.id}/").content


def test_conflicts_have_a_list_and_lead_to_their_other_version(cast: Cast) -> None:
    a_source()
    for body in (b'{"n": 1}', b'{"n": 2}'):
        take_in([Arrival("crm", digest("same"), body)], NOW)
    client = cast.client_of(cast.olu)
    first, second = InboxRow.objects.order_by("id")
    assert f"/inbox/{second.id}/" in client.get("/settings/sources/inbox/?show=conflicts").content.decode()
    assert f"/inbox/{first.id}/" in client.get(f"/settings/sources/inbox/{second.id}/").content.decode()


def test_a_source_that_went_quiet_is_named(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_source("busy")
    start = datetime(2026, 10, 5, tzinfo=UTC)
    for hour in range(24 * 10):
        take_in([Arrival("busy", digest(str(hour)), b"{}")], start + timedelta(hours=hour))
    latest = start + timedelta(hours=24 * 10 - 1)
    Source.objects.update(last_received_at=latest)
    assert not watch_sources(latest + timedelta(hours=1))[0].is_silent
    assert watch_sources(latest + timedelta(hours=3))[0].is_silent
    client = cast.client_of(cast.sam)
    monkeypatch.setattr("smarketing.web.views.sources.timezone.now", lambda: latest + timedelta(hours=3))
    assert b"twice its usual interval" in client.get("/settings/sources/").content
    Source.objects.update(is_enabled=False)
    assert not watch_sources(latest + timedelta(hours=3))[0].is_silent


@pytest.mark.parametrize(
    ("minutes", "off", "said"),
    [(4, False, ""), (9, True, "or something delays what it sends"), (-9, True, "runs ahead of ours")],
)
def test_a_source_whose_clock_is_off_is_named(cast: Cast, minutes: int, off: bool, said: str) -> None:
    a_source("fast")
    gaps = (minutes, minutes, minutes, 600, -600)
    for n, gap in enumerate(gaps[:4]):
        take_in([Arrival("fast", digest(str(n)), b"{}", NOW - timedelta(minutes=gap))], NOW)
    assert watch_sources(NOW)[0].skew_s is None
    take_in([Arrival("fast", digest("last"), b"{}", NOW - timedelta(minutes=gaps[4]))], NOW)
    standing = watch_sources(NOW)[0]
    assert (standing.skew_s, standing.is_skewed) == (minutes * 60, off)
    client = cast.client_of(cast.olu)
    both = [client.get(f"/settings/sources/{at}").content.decode() for at in ("", "fast/")]
    index, page = (text.replace("\N{NO-BREAK SPACE}", " ") for text in both)
    assert ("its times are 9 min off" in index) is off
    assert "From its times to ours" in page
    assert ("usually 9 min away" in page, said in page) == (off, True)


def test_programs_read_the_tallies(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = a_source()
    monkeypatch.setattr("smarketing.web.views.intake.timezone.now", lambda: NOW)
    for n in (1, 2, 2):
        post(touched(n), secret, name=f"m{n}")
    found: Any = Program(token_of(cast.olu)).ask("GET", f"{ROOT}/sources").json()
    assert [(one["id"], one["n_waiting"], one["day"]["received"]) for one in found] == [("crm", 2, 3)]
    assert found[0]["day"] == {
        "received": 3,
        "stored": 2,
        "duplicates": 1,
        "rejected": 0,
        "conflicts": 0,
        "dead": 0,
    }
