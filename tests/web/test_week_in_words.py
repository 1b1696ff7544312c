"""One known week, as its page and its mail tell it: revenue, contacts made, changes of stage, contact history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from tests.cast import Cast, make_cast
from tests.drained import NOW, Site, event, site
from tests.negotiations import a_signed
from tests.summaries import AtOnce
from tests.web.leads_of_a_company import AGREEMENT, SIGNED

from smarketing.alerts.channels.email import mail_of
from smarketing.records.models import Notice, OwnerLink, Person
from smarketing.workflows import compose_week, count_activity, raise_summaries, show_scorecard
from smarketing.workflows.word_notice import Wording, word_notice

__all__ = ["site"]
WEEKLY = "alerts: [{id: weekly, on: weekly_summary, to: [marketing, sales], channels: [email]}]\n"
AFTER = datetime(2026, 3, 9, 7, 30, tzinfo=UTC)  # the Monday after: half past eight in Madrid
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def tell(site: Site) -> None:
    """Ana had asked before; she is called, reached, writes, and buys. Bo is turned down, and nobody called him."""
    ana, bo = {"person_key": "ana@one.test", "owner_id": "r1"}, {"person_key": "bo@two.test", "owner_id": "r1"}
    call = {"lead_id": "1", "kind": "call", "owner_id": "r1"}
    step = {"entity": "lead", "field": "lifecycle"}
    won = {"deal_id": "d1", "lead_id": "1", "status": "won", "amount": 1250, "currency": "EUR"}
    early = NOW - 20 * DAY
    site.now = NOW + 5 * DAY
    site.send(
        event("owner.updated", early, owner_id="r1", team="north", name="Rita", kind="person"),
        event("lead.created", early, lead_id="0", created_at=early, **ana),
        event("lead.created", NOW, lead_id="1", grade="A", score=40, channel="organic", created_at=NOW, **ana),
        event("lead.created", NOW, lead_id="2", grade="A", score=20, created_at=NOW, **bo),
        event("touch.logged", NOW + HOUR, direction="out", outcome="no_answer", **call),
        event("touch.logged", NOW + 2 * HOUR, direction="out", outcome="connected", **call),
        event("touch.logged", NOW + 3 * HOUR, direction="in", **call),
        event("stage.changed", NOW + DAY, entity_id="1", to_value="sql", **step),
        event("stage.changed", NOW + DAY, entity_id="2", to_value="disqualified", **step),
        event("deal.updated", NOW + 3 * DAY, created_at=NOW + 2 * DAY, closed_at=NOW + 3 * DAY, **won),
    )
    assert site.drain_all().n_done == 10


@pytest.fixture
def cast(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    for module in (compose_week, show_scorecard):
        monkeypatch.setattr(module, "open_facts", lambda *_, **__: site.ledger)
    for module in (count_activity, show_scorecard):
        monkeypatch.setattr(module, "SHELF", AtOnce())
    monkeypatch.setattr("smarketing.reports.kept_drawings.render", lambda *_, **__: "<svg></svg>")
    with time_machine.travel(AFTER, tick=False):
        found = make_cast()
        a_signed(found, AGREEMENT + WEEKLY, now=SIGNED)
        found.sales.fact_names = ["north"]
        found.sales.save()
        OwnerLink.objects.create(person=found.rita, src="crm", owner_id="r1")
        tell(site)
        yield found


def page(cast: Cast, person: Person) -> str:
    answer = cast.client_of(person).get("/weeks/company/2026-W10/")
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def numbers(text: str, heading: str) -> list[str]:
    """What the list after a heading says."""
    found = text.partition(f">{heading}</h")[2].partition('<ul class="happened">')[2].partition("</ul>")[0]
    return [plain(each) for each in re.findall(r"<li>.*?</li>", found, re.DOTALL)]


def mail(person: Person) -> tuple[tuple[str, ...], dict[str, str], str]:
    """Its lines, its numbers and the whole text."""
    assert raise_summaries.raise_summaries(now=AFTER) > 0
    row = Notice.objects.get(person=person, occasion="weekly_summary")
    message = word_notice(row, Wording(AFTER))
    sent = mail_of(message, person.name, person.email, message_id="<a@acme.test>", sender="s@acme.test")
    return message.lines, dict(message.facts), str(sent.body).replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_says_what_sales_tells_marketing(cast: Cast) -> None:
    for person in (cast.maya, cast.sam):
        text = page(cast, person)
        assert numbers(text, "From sales to marketing") == [
            "2 contacts made",
            "1 lead contacted for the first time",
            "1 was reached for the first time",
        ]
        assert numbers(text, "Changes of stage") == [
            "1 became SQL",
            "1 became an opportunity",
            "1 became a customer",
            "1 was disqualified",
        ]
        assert numbers(text, "Revenue") == ["€1,250 from 1 deal won", "€1,250 in 1 deal opened"]


def test_the_page_says_what_marketing_tells_sales(cast: Cast) -> None:
    text = page(cast, cast.sam)
    assert numbers(text, "From marketing to sales") == ["2 leads came", "2 were handed over to sales"]
    (row,) = re.findall(r'<tr><th scope="row"><a href="/leads/crm/1/">.*?</tr>', text)
    assert plain(row) == (
        "ana@one.test gold 40 organic search – 1 earlier request, wrote or called 1 time, contacted 2 times, reached"
    )


def test_the_mail_says_the_same(cast: Cast) -> None:
    lines, facts, body = mail(cast.maya)
    assert "From sales to marketing: 2 contacts were made; 1 lead heard from us first; 1 was reached." in lines
    assert any(line.startswith("From marketing to sales: 2 leads were handed over.") for line in lines)
    assert facts["Changes of stage"] == "1 SQL · 1 opportunity · 1 customer · 1 disqualified"
    assert facts["Revenue"].replace("\N{NO-BREAK SPACE}", " ") == "€1,250 from 1 deal"
    for said in ("2 contacts were made", "1 SQL · 1 opportunity · 1 customer", "€1,250 from 1 deal"):
        assert said in body, body
    assert "1 earlier request, wrote or called 1 time, contacted 2 times, reached" in body
