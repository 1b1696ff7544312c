"""How far behind the events of each source are, and how many could not be used: the same on pages and for programs."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from tests.cast import Cast
from tests.web.programs import ROOT, Program, token_of
from tests.web.senders import NOW, a_source, post, touched

from smarketing.ledger.inbox import Arrival, take_in
from smarketing.ledger.inbox_queue import Fates, next_rows, settle
from smarketing.ledger.models import InboxRow, InboxTally
from smarketing.records.secrets import digest
from smarketing.workflows.watch_sources import watch_sources

pytestmark = pytest.mark.django_db
TROUBLE = {"code": "missing", "sentence": "It is not there.", "arguments": {}, "column": "", "value": ""}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarketing.web.views.sources.timezone.now", lambda: NOW)


def arrived(n: int, ago: timedelta, src: str = "crm", *, is_rejected: bool = False) -> InboxRow:
    trouble: dict[str, Any] | None = TROUBLE if is_rejected else None
    take_in([Arrival(src, digest(str(n)), b"{}", trouble=trouble)], NOW - ago)
    return InboxRow.objects.get(src=src, key=digest(str(n)))


def page(cast: Cast, path: str = "") -> str:
    answer = cast.client_of(cast.sam).get(f"/settings/sources/{path}")
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def table(text: str, name: str) -> dict[str, dict[str, str]]:
    """The table with this heading, by the head of each row and the name of each column."""
    found = next(part for part in re.findall(r"<table.*?</table>", text, re.DOTALL) if f">{name}<" in part)
    head, *rows = (
        [re.sub(r"<[^>]*>", " ", cell).strip() for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", found, re.DOTALL)
    )
    return {row[0].split("  ")[0]: dict(zip(head, row, strict=True)) for row in rows}


def told(cast: Cast) -> dict[str, Any]:
    found: Any = Program(token_of(cast.olu)).ask("GET", f"{ROOT}/sources").json()
    return {each["id"]: each for each in found}


def test_a_source_is_as_far_behind_as_the_oldest_that_waits(cast: Cast) -> None:
    for slug in ("crm", "shop"):
        a_source(slug)
    for n, minutes in enumerate((5, 135, 60)):
        arrived(n, timedelta(minutes=minutes))
    assert {each.source.slug: each.lag_s for each in watch_sources(NOW)} == {"crm": 8_100, "shop": None}
    rows = table(page(cast), "Behind by")
    assert [(name, row["Waiting"], row["Behind by"]) for name, row in rows.items()] == [
        ("Crm", "3", "2 h 15 min"),
        ("Shop", "0", "–"),
    ]
    assert "3 (the oldest for 2 h 15 min)" in page(cast, "crm/")
    assert "the oldest for" not in page(cast, "shop/")
    assert {slug: (each["n_waiting"], each["lag_s"]) for slug, each in told(cast).items()} == {
        "crm": (3, 8_100),
        "shop": (0, None),
    }


@pytest.mark.parametrize("state", ["done", "dead", "held", "conflict"])
def test_what_does_not_wait_for_us_puts_no_source_behind(cast: Cast, state: str) -> None:
    """Held events wait for something else: an event of the future would put its source behind until then."""
    a_source()
    arrived(1, timedelta(hours=3))
    InboxRow.objects.update(state=state)
    arrived(2, timedelta(minutes=4))
    assert table(page(cast), "Behind by")["Crm"]["Behind by"] == "4 min"
    assert told(cast)["crm"]["lag_s"] == 240


def test_an_event_that_can_never_be_a_fact_is_counted_as_rejected(cast: Cast) -> None:
    a_source()
    arrived(1, timedelta(hours=2), is_rejected=True)
    arrived(2, timedelta(hours=1))
    (day,) = table(page(cast, "crm/"), "Rejected").values()
    assert (day["Received"], day["Stored"], day["Rejected"], day["Could not be brought in"]) == ("2", "1", "1", "0")
    counts = told(cast)["crm"]["day"]
    assert (counts["received"], counts["stored"], counts["rejected"], counts["dead"]) == (2, 1, 1, 0)
    assert table(page(cast), "Behind by")["Crm"]["Dead letters"] == "1"


def test_poison_is_counted_where_it_was_found_out(cast: Cast) -> None:
    """At the door it is only kept: what an event says is read by the drain."""
    _, secret = a_source()
    assert post(touched(1), secret).json()["rejected"] == 0
    (row,) = next_rows(10, "default")
    settle([row], Fates(dead={row.id: TROUBLE}), 1, NOW, "default")
    assert InboxTally.objects.get().n_dead == 1
    (day,) = table(page(cast, "crm/"), "Rejected").values()
    assert (day["Received"], day["Stored"], day["Rejected"], day["Could not be brought in"]) == ("1", "1", "0", "1")
    assert told(cast)["crm"]["day"]["dead"] == told(cast)["crm"]["n_dead"] == 1


def test_what_came_yesterday_is_in_the_days_and_not_in_the_last_24_hours(cast: Cast) -> None:
    a_source()
    for n, hours in enumerate((1, 30), 1):
        arrived(n, timedelta(hours=hours), is_rejected=True)
    days = table(page(cast, "crm/"), "Rejected")
    assert [row["Rejected"] for row in days.values()] == ["1", "1"]
    assert told(cast)["crm"]["day"]["rejected"] == 1
