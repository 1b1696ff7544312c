"""Facts as they were known at an instant, and histories in blocks."""

from __future__ import annotations

import numpy as np
from tests.builders import Past, a_history, instant

from smarketing.engine.as_of import as_of, blocks, reach
from smarketing.engine.history import NEVER
from smarketing.facts.schema import DEAL_STATUS


def a_past() -> Past:
    at = {"at": "2024-05-06 10:00"}
    return a_history(
        leads=[
            {"lead": "old", "created_at": "2024-05-01 10:00"},
            {"lead": "mid", "created_at": "2024-05-02 10:00"},
            {"lead": "new", "created_at": "2024-05-10 10:00"},
        ],
        touches=[{"lead": "old", **at}, {"lead": "mid", **at}, {"lead": "new", **at}],
        stages=[{"lead": "mid", "stage": "mql", **at}],
        assignments=[{"lead": "new", "owner": "rita", **at}],
        deals=[
            {"lead": "old", "created_at": "2024-05-05 10:00", "closed_at": "2024-05-20 10:00", "status": "won"},
            {"lead": "mid", "created_at": "2024-05-05 10:00", "closed_at": "2024-05-07 10:00", "status": "lost"},
        ],
        first=100,
    )


def test_nothing_later_gives_the_same_tables() -> None:
    history = a_past().history
    known = as_of(history, instant("2024-12-31"))
    assert known.touches is history.touches and known.leads is history.leads and known.deals is history.deals


def test_a_lead_made_later_keeps_its_place_and_loses_its_facts() -> None:
    known = as_of(a_past().history, instant("2024-05-08"))
    assert known.leads.created_at.tolist()[2] == NEVER
    assert known.touches.lead.tolist() == [0, 1]
    assert len(known.assignments) == 0


def test_a_deal_that_closes_later_is_open() -> None:
    known = as_of(a_past().history, instant("2024-05-08"))
    assert [DEAL_STATUS[code] for code in known.deals.status] == ["open", "lost"]
    assert known.deals.closed_at.tolist() == [NEVER, instant("2024-05-07 10:00")]


def test_facts_at_that_very_instant_are_known() -> None:
    assert len(as_of(a_past().history, instant("2024-05-06 10:00")).touches) == 2
    assert len(as_of(a_past().history, instant("2024-05-06 10:00") - 1).touches) == 0


def test_blocks_number_their_leads_afresh_and_remember_the_first() -> None:
    parts = list(blocks(a_past().history, 2))
    assert [part.first for part in parts] == [100, 102]
    assert [part.touches.lead.tolist() for part in parts] == [[0, 1], [0]]
    assert [len(part.deals) for part in parts] == [2, 0]
    assert np.concatenate([part.leads.created_at for part in parts]).tolist() == sorted(
        a_past().history.leads.created_at
    )


def test_a_small_history_is_one_block() -> None:
    history = a_past().history
    assert list(blocks(history)) == [history]


def test_the_reach_of_a_history_is_from_its_first_fact_to_its_last() -> None:
    assert reach(a_past().history) == (instant("2024-05-01 10:00"), instant("2024-05-20 10:00"))
    assert reach(a_history().history) == (NEVER, 0)
