"""My leads mark what sales sent back before and is theirs again, with its history; a change of hands is no return."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.builders import a_commitment, an_agreement
from tests.desk import DeskSite, desk
from tests.drained import agreed, event, site

from smarketing.ledger.models import OpenClock
from smarketing.web.views import desk as desk_views
from smarketing.workflows.dispose_lead import dispose_lead
from smarketing.workflows.log_touch import log_touch

__all__ = ["desk", "site"]


@pytest.fixture(autouse=True)
def clocks(desk: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_views, "timezone", SimpleNamespace(now=lambda: desk.now))


def listed(desk: DeskSite) -> str:
    page = desk.cast.client_of(desk.cast.rita).get("/desk/").content.decode()
    return re.sub(r"\s+", " ", page)


def test_a_lead_that_is_handed_over_again_is_marked_and_tells_what_was_before(desk: DeskSite) -> None:
    desk.lead("7", person_key="ann@example.com")
    desk.later(10)
    log_touch(src="crm", lead_id="7", kind="call", outcome="no_answer", at=None, by=desk.cast.rita, now=desk.now)
    assert "came back" not in listed(desk)
    desk.later(10)
    said = {"src": "crm", "lead_id": "7", "answer": "recycled", "reason": "not_now"}
    dispose_lead(**said, by=desk.cast.rita, now=desk.now)  # type: ignore[arg-type]
    desk.site.now += timedelta(days=1)
    desk.site.send(event("lead.updated", desk.now, lead_id="7", lifecycle="mql"))
    desk.site.drain_all()
    assert [row.facts["lifecycle"] for row in desk.rows()] == ["mql"]
    page = listed(desk)
    assert "came back" in page
    assert (
        "Rita Serrano sent it back on Mon 2 Mar 2026 · not now · 1 attempt so far · "
        "call, no answer, Mon 2 Mar 2026, 10:10" in page
    )


def test_a_lead_that_only_changed_hands_is_not_marked(desk: DeskSite) -> None:
    speed = a_commitment(id="answered", clock="rep")
    agreed(desk.site, an_agreement(speed, id="reps"))
    desk.lead("7", owner="u-103")
    desk.later(5)
    desk.lead("7")
    desk.site.refresh()
    reps = OpenClock.objects.filter(agreement="reps").values_list("holder", "episode")
    assert list(reps) == [("u-102", 1)]
    page = listed(desk)
    assert ("came back" in page, "sent it back" in page) == (False, False)
    assert 'data-act="t"' in page
