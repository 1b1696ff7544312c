"""A lead that was sent back with a day: the day is kept with the answer, and on it the lead is its owner's again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.desk import DeskSite, desk
from tests.drained import event, site

from smarketing.records.access import actor_of
from smarketing.records.models import NextTry
from smarketing.terms.language import words
from smarketing.web.pages.desk import desk_page
from smarketing.workflows.dispose_lead import dispose_lead
from smarketing.workflows.list_desk import Desk, list_desk
from smarketing.workflows.log_touch import log_touch
from smarketing.workflows.take_back_deed import latest_deed, take_back_deed

__all__ = ["desk", "site"]
FRIDAY = date(2026, 3, 6)


def listed(desk: DeskSite) -> Desk:
    return list_desk(actor_of(desk.cast.rita, desk.now.date()), now=desk.now)


def back(desk: DeskSite) -> list[str]:
    return [each.lead[1] for each in listed(desk).back]


def coming(desk: DeskSite) -> list[str]:
    return [each.lead[1] for each in listed(desk).coming]


def sent_back(desk: DeskSite, lead: str = "7", on: date | None = FRIDAY) -> None:
    said = {"src": "crm", "lead_id": lead, "answer": "recycled", "reason": "not_now", "back_on": on}
    dispose_lead(**said, by=desk.cast.rita, now=desk.now)  # type: ignore[arg-type]


@pytest.fixture
def recycled(desk: DeskSite) -> DeskSite:
    desk.lead("7", person_key="ann@example.com")
    desk.later(10)
    log_touch(src="crm", lead_id="7", kind="call", outcome="no_answer", at=None, by=desk.cast.rita, now=desk.now)
    desk.later(10)
    sent_back(desk)
    return desk


def test_on_its_day_it_is_on_top_again_with_its_history(recycled: DeskSite) -> None:
    desk = recycled
    assert (back(desk), coming(desk)) == ([], ["7"])
    desk.site.now += timedelta(days=4)
    assert (back(desk), coming(desk)) == (["7"], [])
    rita, said = actor_of(desk.cast.rita, FRIDAY), words("en")
    page = desk_page(listed(desk), rita, now=desk.now, zone="UTC", words=said, href_of="{}/{}".format)
    (row,) = page.back
    assert (row.name, row.since) == ("ann@example.com", "Worth another try from Fri 6 Mar 2026")
    assert row.history == (
        "Rita Serrano sent it back on Mon 2 Mar 2026",
        "not now",
        "1 attempt so far, the latest on Mon 2 Mar 2026, 09:10",
    )
    assert page.count == "1 lead waits for you."


def test_it_waits_for_the_morning_where_its_owner_is(recycled: DeskSite) -> None:
    recycled.site.now = recycled.now.replace(day=5, hour=22, minute=59)
    assert back(recycled) == []
    recycled.later(1)  # midnight in Madrid
    assert back(recycled) == ["7"]


def test_whoever_reaches_out_is_done_with_it(recycled: DeskSite) -> None:
    desk = recycled
    desk.site.now += timedelta(days=5)
    log_touch(src="crm", lead_id="7", kind="call", outcome="no_answer", at=None, by=desk.cast.rita, now=desk.now)
    assert back(desk) == []


def test_a_new_owner_inherits_the_day(recycled: DeskSite) -> None:
    desk = recycled
    desk.site.send(event("lead.updated", desk.now, lead_id="7", owner_id="u-103"))
    desk.site.drain_all()
    desk.site.now += timedelta(days=5)
    assert back(desk) == []
    desk.site.send(event("lead.updated", desk.now, lead_id="7", owner_id="u-102"))
    desk.site.drain_all()
    assert back(desk) == ["7"]


def test_marketing_that_hands_it_over_again_ends_the_waiting(recycled: DeskSite) -> None:
    desk = recycled
    desk.site.now += timedelta(days=5)
    desk.site.send(event("lead.updated", desk.now, lead_id="7", lifecycle="mql"))
    desk.site.drain_all()
    assert back(desk) == []


def test_another_answer_names_another_day_or_none(recycled: DeskSite) -> None:
    desk = recycled
    desk.site.now += timedelta(days=5)
    sent_back(desk, on=FRIDAY + timedelta(days=30))
    assert (back(desk), coming(desk)) == ([], ["7"])
    dispose_lead(src="crm", lead_id="7", answer="sal", by=desk.cast.rita, now=desk.now)
    assert coming(desk) == []
    assert NextTry.objects.filter(done_at=None).count() == 0


def test_taken_back_the_day_before_holds_again(recycled: DeskSite) -> None:
    desk = recycled
    desk.site.now += timedelta(days=5)
    sent_back(desk, on=FRIDAY + timedelta(days=30))
    latest = latest_deed(desk.cast.rita, desk.now)
    assert latest is not None
    take_back_deed(seq=latest.seq, by=desk.cast.rita, now=desk.now)
    assert NextTry.objects.get().on == FRIDAY
    assert back(desk) == ["7"]
