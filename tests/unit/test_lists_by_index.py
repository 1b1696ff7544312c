"""What is asked while a stream comes in is found by an index, however much lies in the table."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet
from tests.desk import DeskSite, desk
from tests.drained import NOW, site

from smarketing.ledger.inbox_queue import not_done
from smarketing.ledger.models import OpenClock, OpenClockState, RowState
from smarketing.ledger.open_clocks import running
from smarketing.workflows.list_board import GROUPED
from smarketing.workflows.list_desk import held_by
from smarketing.workflows.refresh_open_clocks import refresh_open_clocks
from smarketing.workflows.replay_events import dead_letters

__all__ = ["desk", "site"]


def way(asked: QuerySet[Any]) -> str:
    """How SQLite finds it."""
    return asked.explain()


@pytest.mark.django_db
def test_the_few_rows_of_the_inbox_that_are_not_done() -> None:
    for asked in (dead_letters(), dead_letters(src="crm"), not_done([RowState.WAITING]).filter(src="crm")):
        assert "inbox_not_done" in way(asked.order_by()) and "SCAN" not in way(asked.order_by())


@pytest.mark.django_db
def test_the_clocks_of_one_person_and_the_groups_of_all() -> None:
    theirs = running(NOW).filter(held_by([("crm", "u-101"), ("crm", "u-102")]))
    assert "open_clock_holder" in way(theirs) and "SCAN" not in way(theirs)
    groups = OpenClock.objects.order_by(*GROUPED).values(*GROUPED).distinct()
    assert "COVERING INDEX open_clock_group" in way(groups)


@pytest.mark.parametrize("anew", [False, True])
def test_a_clock_says_who_has_its_lead_now(desk: DeskSite, anew: bool) -> None:
    desk.lead("7")
    desk.lead("8", owner=None)
    desk.later(5)  # minutes
    desk.lead("7", owner="u-103")
    if anew:
        OpenClock.objects.update(holder="somebody")
        OpenClockState.objects.update(key="other terms")
        refresh_open_clocks(now=desk.now)
    held = dict(OpenClock.objects.values_list("lead_id", "holder"))
    assert held == {"7": "u-103", "8": None}


def test_a_lead_that_changes_hands_while_the_clocks_are_stale_does_so_at_once(desk: DeskSite) -> None:
    desk.lead("7")
    desk.lead("8")
    OpenClockState.objects.update(key="other terms")
    desk.lead("7", owner="u-103")
    assert dict(OpenClock.objects.values_list("lead_id", "holder")) == {"7": "u-103", "8": "u-102"}
    assert {row.lead_id for row in desk.rows()} == {"8"}
