"""The server killed before it looks at a delivery, and once it has answered: what was kept is kept once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest
from django.db.models import Sum
from tests.databases import Database
from tests.faults.served import HOST, PATIENCE_S, Served, served
from tests.web.senders import LONG_AGO, signed_headers

from smarketing.ledger.models import FACTS, InboxRow, InboxTally
from smarketing.records.models import Source
from smarketing.records.sealed import seal
from smarketing.sources.webhook.signatures.standard import new_secret

KEY = "of these tests"
WEB = ("web",)
DOORS = (1, 2)  # the first delivery to a process is answered inside Django, the second before Django is entered


class Sender:
    """The source, which goes on sending what nobody answered."""

    def __init__(self, site: Served, secret: str) -> None:
        self.site, self.secret = site, secret

    def sends(self, number: int) -> bytes | None:
        """The receipt of the event of this number; None when nobody answered."""
        event = {"id": f"evt-{number}", "type": "lead.created", "occurred_at": "2025-06-02T09:30:00Z"}
        body = json.dumps({**event, "data": {"lead_id": f"L{number}", "owner_id": "rita"}}).encode()
        now = datetime.now(UTC)  # noqa: TID251 — the server goes by the same clock
        headers = {"Content-Type": "application/json", **signed_headers(self.secret, body, f"msg-{number}", now)}
        connection = HTTPConnection(HOST, self.site.port, timeout=PATIENCE_S)
        try:
            connection.request("POST", "/in/crm", body, headers)
            answer = connection.getresponse()
            receipt = answer.read()
        except (ConnectionError, HTTPException):
            return None
        finally:
            connection.close()
        assert answer.status == 202, receipt
        return receipt


@pytest.fixture
def site(each_database: Database, settings: Any) -> Iterator[Served]:
    settings.SECRET_KEY = KEY
    with served(each_database) as site:
        site.environment["SMARKETING_SECRET_KEY"] = KEY
        yield site


@pytest.fixture
def sender(site: Served) -> Sender:
    secret = new_secret()
    with site.looking() as alias:
        Source.objects.using(alias).create(slug="crm", name="CRM", secret=seal(secret), created_at=LONG_AGO)
    return Sender(site, secret)


@pytest.mark.parametrize("door", DOORS)
def test_who_was_not_even_looked_at_sends_again(site: Served, sender: Sender, door: int) -> None:
    site.start(WEB, failpoint=f"ingest.verify@{door}")
    for number in range(1, door):
        assert sender.sends(number)
    assert sender.sends(door) is None
    site.wait_for_death_at("ingest.verify")
    site.kill()
    assert len(receipts(site)) == door - 1
    site.start(WEB)
    again = sender.sends(door)
    assert again and json.loads(again)["stored"] == 1
    assert receipts(site)[-1] == json.loads(again)["receipt"]
    check_books(site, n=door, n_sent=door)


@pytest.mark.parametrize("door", DOORS)
def test_who_may_not_have_heard_the_answer_gets_the_receipt_that_was_kept(
    site: Served, sender: Sender, door: int
) -> None:
    """Here the process dies with its answer handed to the server, which has sent it or has not."""
    site.start(WEB, failpoint=f"ack.after@{door}")
    first = [sender.sends(number) for number in range(1, door + 1)]
    site.wait_for_death_at("ack.after")
    site.kill()
    assert all(first[:-1])
    check_answered_again(site, sender, first)


@pytest.mark.parametrize("door", DOORS)
def test_who_was_answered_gets_the_same_receipt_again(site: Served, sender: Sender, door: int) -> None:
    site.start(WEB)
    first = [sender.sends(number) for number in range(1, door + 1)]
    site.kill()
    assert all(first)
    check_answered_again(site, sender, first)


def check_answered_again(site: Served, sender: Sender, first: list[bytes | None]) -> None:
    """All of them are kept, and the same deliveries change nothing and get the same words."""
    kept = receipts(site)
    assert len(kept) == len(first)
    site.start(WEB)
    again = [sender.sends(number) for number in range(1, len(first) + 1)]
    assert [json.loads(said or b"{}")["receipt"] for said in again] == kept == receipts(site)
    assert [said for said, heard in zip(again, first, strict=True) if heard] == [heard for heard in first if heard]
    check_books(site, n=len(first), n_sent=2 * len(first))


def receipts(site: Served) -> list[str]:
    """Of the rows of the inbox, in the order of their coming."""
    with site.looking() as alias:
        rows = InboxRow.objects.using(alias).order_by("id").values_list("receipt", flat=True)
        return [str(receipt) for receipt in rows]


def check_books(site: Served, *, n: int, n_sent: int) -> None:
    """Of `n_sent` deliveries that were looked at `n` became a fact each, once, and the site is well."""
    site.restart()
    site.wait_until(lambda: states(site) == ["done"] * n)
    site.check_well()
    with site.looking() as alias:
        leads = FACTS["lead"]._default_manager.using(alias).order_by("lead_id").values_list("lead_id", flat=True)
        assert list(leads) == [f"L{number}" for number in range(1, n + 1)]
        columns = ("n_received", "n_stored", "n_duplicate", "n_rejected")
        tally = InboxTally.objects.using(alias).aggregate(**{name: Sum(name) for name in columns})
    assert tuple(tally.values()) == (n_sent, n, n_sent - n, 0)


def states(site: Served) -> list[str]:
    with site.looking() as alias:
        return list(InboxRow.objects.using(alias).order_by("id").values_list("state", flat=True))
