"""Each symptom is found where it is, with its rows, and not found where it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.fact_rows import instant, rows

from smarketing.facts.finding import Finding, Severity
from smarketing.facts.readiness import Measurable, Readiness, readiness
from smarketing.facts.symptoms import SYMPTOMS
from smarketing.terms.commitment import Kind

NOW = instant("2025-07-01T00:00:00Z")
ANA = {"lead_id": "ana", "owner_id": "rita", "channel": "organic", "person_key": "p-ana"}
CALL = {"touch_id": "t1", "lead_id": "ana", "owner_id": "rita", "automated": False, "outcome": "connected"}
SOUND: dict[str, list[dict[str, Any]]] = {
    "owner": [{"owner_id": "rita", "team": "North"}],
    "lead": [ANA],
    "touch": [CALL],
    "stage_change": [{"change_id": "c1", "entity_id": "ana", "to_value": "mql"}],
    "deal": [{"deal_id": "d1", "lead_id": "ana", "amount": 100, "currency": "EUR", "owner_id": "rita"}],
    "delivery": [{"delivery_id": "1", "deliverable": "report"}],
}


def look(now: datetime = NOW, **changed: list[dict[str, Any]]) -> Readiness:
    """The readiness of sound facts in which some tables are replaced."""
    tables = SOUND | changed
    return readiness({name: rows(name, *given).lazy() for name, given in tables.items()}, now)


def finding(code: str, found: Readiness) -> Finding:
    return next(each for each in found.findings if each.symptom.code == code)


def codes(found: Readiness) -> list[str]:
    return [each.symptom.code for each in found.findings]


def test_sound_facts_have_nothing_to_say() -> None:
    found = look()
    assert codes(found) == []
    assert {found.measurable(kind) for kind in Kind} == {Measurable.YES}
    assert found.n_rows["lead"] == 1


def test_nothing_at_all_is_not_measurable() -> None:
    found = readiness({}, NOW)
    assert codes(found) == ["no_leads", "no_touches", "no_deals", "no_deliveries"]
    assert [each.share_ratio for each in found.findings] == [None] * 4
    assert {found.measurable(kind) for kind in Kind} == {Measurable.NO}
    assert not found.is_anything_measurable


def lead(**values: Any) -> dict[str, Any]:
    return {"lead": [ANA, ANA | {"lead_id": "ben", "person_key": "p-ben"} | values]} | {
        "stage_change": [*SOUND["stage_change"], {"change_id": "c2", "entity_id": values.get("lead_id", "ben")}]
    }


def touch(**values: Any) -> dict[str, Any]:
    return {"touch": [CALL, CALL | {"touch_id": "t2"} | values]}


def deal(**values: Any) -> dict[str, Any]:
    return {"deal": [*SOUND["deal"], SOUND["deal"][0] | {"deal_id": "d2"} | values]}


def stage(**values: Any) -> dict[str, Any]:
    return {
        "stage_change": [*SOUND["stage_change"], {"change_id": "c2", "entity_id": "ana", "to_value": "sal"} | values]
    }


CASES: list[tuple[str, dict[str, Any], tuple[int, int], tuple[str, ...]]] = [
    ("no_stage_history", {"stage_change": []}, (1, 1), ()),
    ("leads_without_history", {"lead": [ANA, ANA | {"lead_id": "ben", "person_key": "p"}]}, (1, 2), ("ben",)),
    ("derived_history", {"stage_change": [SOUND["stage_change"][0] | {"origin": "derived"}]}, (1, 1), ()),
    ("inexact_history", stage(exact=False), (1, 2), ("ana",)),
    ("unknown_owners", touch(owner_id="sam"), (1, 2), ("sam",)),
    ("owners_without_team", {"owner": [*SOUND["owner"], {"owner_id": "s", "name": "Sam"}]}, (1, 2), ("Sam",)),
    ("leads_without_owner", lead(owner_id=None), (1, 2), ("ben",)),
    (
        "leads_in_queues",
        {"owner": [*SOUND["owner"], {"owner_id": "q", "kind": "queue"}]} | lead(owner_id="q"),
        (1, 2),
        ("ben",),
    ),
    ("touches_without_lead", touch(lead_id="nobody"), (1, 2), ("t2",)),
    ("deals_without_lead", deal(lead_id=None), (1, 2), ("d2",)),
    ("persons_met_twice", lead(person_key="p-ana"), (1, 1), ("p-ana",)),
    ("leads_without_source", lead(channel=None), (1, 2), ("ben",)),
    (
        "touches_logged_late",
        touch(logged_at="2025-06-03T09:00:01Z"),
        (1, 1),
        ("t2: 2025-06-02 09:00 → 2025-06-03 09:00",),
    ),
    ("automated_touches", touch(automated=True), (1, 2), ("t2",)),
    ("automation_unknown", touch(automated=None), (1, 2), ("t2",)),
    ("outcome_unknown", touch(outcome="unknown"), (1, 2), ("t2",)),
    (
        "touches_logged_before",
        touch(logged_at="2025-06-02T08:58:59Z"),
        (1, 1),
        ("t2: 2025-06-02 09:00 → 2025-06-02 08:58",),
    ),
    (
        "touches_before_lead",
        touch(occurred_at="2025-06-02T07:00:00Z"),
        (1, 2),
        ("t2: 2025-06-02 07:00 < ana 2025-06-02 08:00",),
    ),
    ("future_dates", touch(occurred_at="2025-07-01T00:00:01Z"), (1, 5), ("t2: 2025-07-01 00:00",)),
    ("only_days", touch(prec="day"), (1, 3), ("t2",)),
    ("history_of_days", stage(prec="day"), (1, 2), ("ana",)),
    ("currency_mix", {"deal": [*deal()["deal"], deal(deal_id="d3", currency="USD")["deal"][1]]}, (1, 3), ("d3: USD",)),
    ("amounts_without_currency", deal(currency=None), (1, 2), ("d2",)),
    (
        "won_without_amount",
        deal(status="won", amount=9, closed_at="2025-06-09T00:00:00Z"),
        (1, 1),
        ("d2: 9.0",),
    ),
    (
        "closed_before_created",
        deal(status="lost", closed_at="2025-06-03T07:00:00Z"),
        (1, 1),
        ("d2: 2025-06-03 08:00 → 2025-06-03 07:00",),
    ),
    ("won_without_date", deal(status="won"), (1, 1), ("d2",)),
    ("spreadsheet_ids", lead(person_key="1.23E+15"), (1, 13), ("1.23E+15",)),
]


@pytest.mark.parametrize(("code", "tables", "n", "examples"), CASES, ids=[case[0] for case in CASES])
def test_one_row_that_is_wrong_is_counted_shown_and_nothing_else_is_said(
    code: str, tables: dict[str, Any], n: tuple[int, int], examples: tuple[str, ...]
) -> None:
    found = look(**tables)
    assert codes(found) == [code]
    evidence = finding(code, found).evidence
    assert (evidence.n, evidence.total) == n
    assert evidence.examples == examples


@pytest.mark.parametrize(
    "tables",
    [
        touch(logged_at="2025-06-03T09:00:00Z"),  # a day to the second is not late
        touch(logged_at="2025-06-02T08:59:00Z"),  # clocks of servers differ
        touch(occurred_at="2025-06-02T07:59:30Z"),
        touch(outcome="scheduled", occurred_at="2025-07-09T09:00:00Z"),
        touch(lead_id=None, person_key="p-ana"),
        touch(lead_id=None, deal_id="d1"),
        deal(lead_id=None, person_key="p-ana"),
        deal(lead_id=None) | {"deal_lead": [{"deal_id": "d2", "lead_id": "ana"}]},
        lead(person_key="p-ana", duplicate_of="ana"),
        lead(person_key="5805028000056864695"),
        lead(person_key="1e-mail"),
        deal(status="lost"),
    ],
)
def test_what_only_looks_wrong_is_left_alone(tables: dict[str, Any]) -> None:
    assert codes(look(**tables)) == []


@pytest.mark.parametrize("text", ["1.23E+15", "1e15", "1234.0", "5.805028000056849e+18"])
def test_numbers_that_were_ids(text: str) -> None:
    assert codes(look(**lead(person_key=text))) == ["spreadsheet_ids"]


def test_long_ids_rounded_to_fifteen_digits_are_found_but_not_what_chance_makes() -> None:
    rounded = [ANA | {"lead_id": f"58050280000{n:04}0000", "person_key": None} for n in range(40)]
    by_chance = [ANA | {"lead_id": f"58050280000{n:05}", "person_key": None} for n in range(40)]
    history = {"stage_change": [{"change_id": row["lead_id"], "entity_id": row["lead_id"]} for row in rounded]}
    found = finding("rounded_ids", look(lead=rounded, touch=[], **history))
    assert (found.evidence.n, found.evidence.total) == (40, 40)
    assert len(found.evidence.examples) == 5
    assert "rounded_ids" not in codes(look(lead=by_chance))


def test_mostly_automated_touches_are_a_warning() -> None:
    machine = [CALL | {"touch_id": f"m{n}", "automated": True} for n in range(3)]
    assert finding("automated_touches", look(touch=[CALL, *machine])).severity is Severity.WARNS
    assert finding("automated_touches", look(**touch(automated=True))).severity is Severity.INFORMS


def test_without_stage_history_only_decisions_cannot_be_timed() -> None:
    found = look(stage_change=[])
    assert found.measurable(Kind.DISPOSITION_TIME) is Measurable.NO
    assert found.measurable(Kind.LEAD_VOLUME) is Measurable.DOUBTFUL
    assert found.measurable(Kind.SPEED_TO_LEAD) is Measurable.YES


def test_a_history_of_nothing_but_creations_is_none() -> None:
    created = SOUND["stage_change"][0] | {"to_value": "lead", "origin": "derived"}
    assert codes(look(stage_change=[created])) == ["no_stage_history"]


def test_very_few_wrong_rows_are_news_and_no_warning() -> None:
    calls = [CALL | {"touch_id": f"t{n:03}"} for n in range(200)]
    calls[0] |= {"lead_id": "nobody"}
    assert finding("touches_without_lead", look(touch=calls)).severity is Severity.INFORMS
    assert look(touch=calls).measurable(Kind.SPEED_TO_LEAD) is Measurable.YES


def test_the_gravest_comes_first() -> None:
    found = look(**lead(channel=None), deal=[], **touch(logged_at="2025-06-09T09:00:00Z"))
    assert [each.severity for each in found.findings] == [Severity.BLOCKS, Severity.WARNS, Severity.INFORMS]


# Days without rows


def workdays(first: str, n_weeks: int, *silent: str) -> list[dict[str, Any]]:
    """Three touches on every workday from a Monday on, none on the silent dates."""
    start = instant(f"{first}T10:00:00Z")
    days = [start + timedelta(days=7 * week + day) for week in range(n_weeks) for day in range(5)]
    return [
        CALL | {"touch_id": f"{at.date()}-{n}", "occurred_at": at.isoformat()}
        for at in days
        if str(at.date()) not in silent
        for n in range(3)
    ]


def gaps(*silent: str) -> Finding | None:
    calls = workdays("2025-01-06", 20, *silent)
    found = look(touch=calls, lead=[ANA | {"created_at": "2025-01-01T08:00:00Z"}])
    return next((each for each in found.findings if each.symptom.code == "days_without_touches"), None)


def test_weekends_are_no_gaps() -> None:
    assert gaps() is None


def test_one_silent_workday_is_worth_knowing() -> None:
    found = gaps("2025-03-11")
    assert found is not None
    assert (found.severity, found.evidence.n, found.evidence.examples) == (Severity.INFORMS, 1, ("2025-03-11",))


def test_silent_days_in_a_row_are_a_warning_and_the_longest_come_first() -> None:
    found = gaps("2025-02-04", "2025-03-13", "2025-03-14", "2025-03-17")  # Thursday, Friday, Monday
    assert found is not None
    assert found.severity is Severity.WARNS
    assert found.evidence.examples == ("2025-03-13 – 2025-03-17 (5 d)", "2025-02-04")


def test_every_symptom_has_a_code_of_its_own_and_says_what_it_spoils() -> None:
    assert len({symptom.code for symptom in SYMPTOMS}) == len(SYMPTOMS)
    assert all(symptom.spoils or symptom.blocks for symptom in SYMPTOMS)
    assert {case[0] for case in CASES} < {symptom.code for symptom in SYMPTOMS}


def test_now_separates_past_and_future() -> None:
    assert codes(look(now=datetime(2020, 1, 1, tzinfo=UTC))) == ["future_dates"]
