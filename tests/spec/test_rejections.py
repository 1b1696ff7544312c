"""Rejecting and accepting by silence: T45 of the worked examples, and what becomes of marketing's number of leads."""

from __future__ import annotations

from typing import Any

import pytest
from tests.spec.conftest import said

from smarketing.engine.history import NEVER
from smarketing.engine.rejections import accepted_by_silence

ALL_DAY = "mon-sun 00:00-24:00"
LEADS = """lead     | created_at
           in time  | Mon 10 Jun 10:00
           on time  | Mon 10 Jun 10:00
           refused  | Mon 10 Jun 10:00
           silent   | Mon 10 Jun 10:00
           uncoded  | Mon 10 Jun 10:00
           accepted | Mon 10 Jun 10:00"""
STAGES = """lead     | at               | stage        | reason
            in time  | Tue 11 Jun 09:00 | disqualified | no_budget
            on time  | Tue 11 Jun 10:00 | recycled     | not_now
            refused  | Tue 11 Jun 11:00 | disqualified | no_budget
            uncoded  | Mon 10 Jun 12:00 | disqualified |
            accepted | Mon 10 Jun 11:00 | sal          |
            accepted | Mon 10 Jun 12:00 | disqualified | no_budget"""


def volume(spec: Any, expect: str, **more: Any) -> None:
    terms = {"acceptance_by_silence": "24 business hours", "counting": {"rejected_leads_count": False}}
    settings = {"leads": LEADS, "stages": STAGES, "office": ALL_DAY, "party": "marketing"} | more
    settings["agreement"] = terms | more.get("agreement", {})
    spec(kind="lead_volume", target="140 leads", expect=expect, **settings)


def test_t45_a_lead_that_is_rejected_in_time_with_a_code_is_none_of_marketings(spec: Any) -> None:
    volume(
        spec,
        """lead     | amount | void
           in time  | 1      | no_budget
           on time  | 1      | not_now
           refused  | 1      |
           silent   | 1      |
           uncoded  | 1      |
           accepted | 1      |""",
    )


ALL_COUNT = """lead     | void
               in time  |
               on time  |
               refused  |
               silent   |
               uncoded  |
               accepted |"""


def test_they_count_unless_the_agreement_says_otherwise(spec: Any) -> None:
    volume(spec, ALL_COUNT, agreement={"counting": {}})


def test_a_party_that_is_not_marketing_keeps_its_count(spec: Any) -> None:
    volume(spec, ALL_COUNT, party="sales")


def test_without_silence_a_rejection_is_in_time_until_somebody_accepts(spec: Any) -> None:
    volume(
        spec,
        """lead     | void
           in time  | no_budget
           on time  | not_now
           refused  | no_budget
           silent   |
           uncoded  |
           accepted |""",
        agreement={"acceptance_by_silence": None},
    )


def test_only_the_reasons_that_the_agreement_lists_are_codes(spec: Any) -> None:
    volume(
        spec,
        """lead     | void
           in time  |
           on time  | not_now
           refused  |
           silent   |
           uncoded  |
           accepted |""",
        agreement={"definitions": {"disqualified": {"reasons": ["no_need"]}}},
    )


def test_the_hours_of_silence_are_those_of_the_team_that_answers(spec: Any) -> None:
    """24 hours of a team that works 8 a day end on Thursday morning, so Tuesday's rejections all come in time."""
    volume(
        spec,
        """lead     | void
           in time  | no_budget
           on time  | not_now
           refused  | no_budget
           silent   |
           uncoded  |
           accepted |""",
        office="mon-fri 09:00-17:00",
    )


@pytest.mark.parametrize(("kind", "target"), [("lead_value", "700 points")])
def test_the_worth_of_a_rejected_lead_is_lost_too(spec: Any, kind: str, target: str) -> None:
    spec(
        leads="""lead | created_at       | grade
                 ana  | Mon 10 Jun 10:00 | a""",
        stages="""lead | at               | stage        | reason
                  ana  | Mon 10 Jun 12:00 | disqualified | no_budget""",
        kind=kind,
        target=target,
        party="marketing",
        agreement={
            "counting": {"rejected_leads_count": False},
            "tiers": ({"id": "gold", "grades": ("a",), "worth": 40},),
        },
        expect="""lead | amount | void
                  ana  | 40     | no_budget""",
    )


def test_a_lead_that_counts_for_nobody_keeps_its_own_reason(spec: Any) -> None:
    spec(
        leads="""lead | created_at       | void
                 ana  | Mon 10 Jun 10:00 | duplicate""",
        stages="""lead | at               | stage        | reason
                  ana  | Mon 10 Jun 12:00 | disqualified | no_budget""",
        kind="lead_volume",
        target="140 leads",
        party="marketing",
        agreement={"counting": {"rejected_leads_count": False}},
        expect="""lead | void
                  ana  | duplicate""",
    )


@pytest.mark.parametrize(
    ("now", "accepted"),
    [
        ("Tue 11 Jun 09:59", []),
        ("Tue 11 Jun 10:00", ["refused", "silent"]),
        ("Wed 12 Jun 10:00", ["refused", "silent"]),
    ],
)
def test_the_desk_knows_whom_silence_has_accepted(spec: Any, now: str, accepted: list[str]) -> None:
    judged = spec(
        leads=LEADS,
        stages=STAGES,
        office=ALL_DAY,
        now=now,
        agreement={"acceptance_by_silence": "24 business hours"},
        expect="lead\nin time\non time\nrefused\nsilent\nuncoded\naccepted",
    )
    found = accepted_by_silence(judged.past.history, judged.compiled, now=judged.now)
    assert [lead for lead, at in zip(judged.past.leads, found, strict=True) if at != NEVER] == accepted
    assert {said(int(at), "UTC") for at in found if at != NEVER} <= {"Tue 11 Jun 10:00"}
