"""The buckets hold what the facts say: who was touched, when they got whom, what became of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.fact_rows import instant, rows

from smarketing.engine.clocks import MOST_REASONS, OTHER_CURRENCY, REASSIGNED
from smarketing.engine.history import CONNECTED, DONE, HUMAN, INBOUND, LATE_LOGGED, NEVER, OUT, Columns
from smarketing.ledger.folder import create_folder
from smarketing.ledger.replica import Replica, open_replica
from smarketing.terms.errors import FactsError

COUNTS = OUT | HUMAN | DONE


@pytest.fixture
def build(tmp_path: Path) -> Any:
    def built(**tables: list[dict[str, Any]]) -> Replica:
        folder = create_folder(tmp_path / "facts")
        folder.merge({name: rows(name, *given) for name, given in tables.items()})
        return open_replica(folder)

    return built


def us(text: str) -> int:
    return int(instant(text).timestamp() * 1_000_000)


def leads(*names: str, **values: Any) -> list[dict[str, Any]]:
    return [
        {"lead_id": name, "created_at": f"2025-06-0{day}T08:00:00Z", **values}
        for day, name in enumerate(names, start=1)
    ]


def told(replica: Replica, part: str, *columns: str) -> list[tuple[Any, ...]]:
    """Rows of a part of bucket 0 with the lead's id and the names behind codes."""
    table: Columns = getattr(replica.history(0), part)
    book = replica.codebook
    lists = {"owner": book.owners, "stage": book.stages, "reason": book.reasons, "currency": book.currencies}
    lists |= {"grade": book.grades, "source": book.sources}

    def value(column: str, row: int) -> Any:
        raw = getattr(table, column)[row]
        if column == "lead":
            return replica.lead_id(int(raw))
        return (None if raw < 0 else lists[column][raw]) if column in lists else raw.item()

    return [tuple(value(column, row) for column in columns) for row in range(len(table))]


def voids(replica: Replica) -> dict[str, str | None]:
    reasons = (None, *replica.codebook.reasons)
    codes = replica.history(0).leads.void
    return {replica.lead_id(n): reasons[code] for n, code in enumerate(codes)}


# Leads


def test_leads_are_numbered_by_creation_then_source_then_id(build: Any) -> None:
    same = "2025-06-02T08:00:00Z"
    replica = build(
        lead=[
            {"lead_id": "c", "created_at": same},
            {"lead_id": "b", "created_at": same},
            {"lead_id": "a", "created_at": same, "src": "other"},
            {"lead_id": "z", "created_at": "2025-06-01T08:00:00Z"},
        ]
    )
    assert replica.lead_ids(0).to_list() == ["z", "b", "c", "a"]
    assert [replica.find(lead_id) for lead_id in "zbca"] == [0, 1, 2, 3]


def test_a_lead_carries_owner_grade_source_and_score(build: Any) -> None:
    known = {"owner_id": "rita", "grade": "A", "channel": "organic", "source_raw": "Google", "score": 7.5}
    replica = build(lead=leads("ana", **known) + leads("ben", source_raw="Fair"))
    assert told(replica, "leads", "owner", "grade", "source") == [("rita", "A", "organic"), (None, None, "Fair")]
    score = replica.history(0).leads.score
    assert score[0] == 7.5
    assert np.isnan(score[1])


def test_a_queue_is_nobody_s_owner(build: Any) -> None:
    replica = build(lead=leads("ana", owner_id="inbox"), owner=[{"owner_id": "inbox", "kind": "queue"}])
    assert told(replica, "leads", "owner") == [(None,)]
    assert told(replica, "assignments", "lead") == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, None),
        ({"is_test": True}, "test"),
        ({"is_test": False}, None),
        ({"duplicate_of": "eva"}, "duplicate"),
        ({"reason": "no_budget"}, "no_budget"),
        ({"deleted_at": "2025-06-20T00:00:00Z", "is_test": True}, "deleted"),
        ({"merged_into": "eva", "deleted_at": "2025-06-20T00:00:00Z"}, "merged"),
    ],
)
def test_the_gravest_reason_that_disqualifies_a_lead_is_carried(build: Any, values: Any, reason: Any) -> None:
    replica = build(lead=[*leads("ana", **values), *leads("eva")])
    assert voids(replica) == {"ana": reason, "eva": None}


def test_leads_merged_in_a_circle_are_leads(build: Any) -> None:
    circle = [{"lead_id": "ana", "merged_into": "eva"}, {"lead_id": "eva", "merged_into": "ana"}]
    assert voids(build(lead=circle)) == {"ana": None, "eva": None}


def test_a_duplicate_found_by_identity_is_void_as_such(build: Any) -> None:
    replica = build(lead=leads("ana", "eva"), identity=[{"from_id": "eva", "to_id": "ana", "reason": "dedupe"}])
    assert voids(replica) == {"ana": None, "eva": "duplicate"}


def test_more_reasons_than_a_byte_holds_become_other(build: Any) -> None:
    many = [{"lead_id": f"lead-{n:03}", "reason": f"reason-{n:03}"} for n in range(300)]
    found = voids(build(lead=many))
    assert found["lead-000"] == "reason-000"
    assert found["lead-299"] == "other"


def test_no_reason_of_a_lead_is_taken_for_one_of_the_engines_own(build: Any) -> None:
    many = [{"lead_id": f"lead-{n:03}", "reason": f"reason-{n:03}"} for n in range(300)]
    assert build(lead=many).history(0).leads.void.max() == MOST_REASONS < min(OTHER_CURRENCY, REASSIGNED)


# Touches


def test_a_touch_belongs_to_the_lead_it_names_else_to_every_request_of_the_person(build: Any) -> None:
    replica = build(
        lead=leads("ana", "ana again", person_key="p1") + leads("ben", person_key="p2"),
        touch=[
            {"touch_id": "1", "lead_id": "ana", "person_key": "p1", "duration_s": 1},
            {"touch_id": "2", "person_key": "p1", "duration_s": 2},
            {"touch_id": "3", "lead_id": "nobody", "person_key": "p2", "duration_s": 3},
            {"touch_id": "4", "lead_id": "nobody", "duration_s": 4},
            {"touch_id": "5", "duration_s": 5},
        ],
    )
    found = sorted(told(replica, "touches", "lead", "duration_s"))
    assert found == [("ana", 1), ("ana", 2), ("ana again", 2), ("ben", 3)]


def test_a_touch_that_names_only_a_deal_belongs_to_the_deal_s_lead(build: Any) -> None:
    deal = [{"deal_id": "d1", "lead_id": "ana"}]
    replica = build(lead=leads("ana"), deal=deal, touch=[{"touch_id": "1", "deal_id": "d1"}])
    assert told(replica, "touches", "lead") == [("ana",)]


def test_a_touch_from_another_source_finds_the_lead_where_the_id_is_clear(build: Any) -> None:
    both = [{"lead_id": "7", "src": "crm"}, {"lead_id": "7", "src": "shop"}, {"lead_id": "8", "src": "shop"}]
    dialler = [{"touch_id": n, "lead_id": n, "src": "dialler"} for n in ("7", "8")]
    own = [{"touch_id": "9", "lead_id": "7", "src": "shop"}]
    replica = build(lead=both, touch=dialler + own)
    lead = replica.history(0).touches.lead
    assert sorted(lead.tolist()) == [replica.find("shop:7"), replica.find("8")]


def test_a_person_of_another_source_is_the_same_person(build: Any) -> None:
    people = [{"lead_id": "1", "src": "crm", "person_key": "ana@x"}, {"lead_id": "2", "src": "shop", "person_key": "b"}]
    replica = build(lead=people, touch=[{"touch_id": "1", "src": "dialler", "person_key": "ana@x"}])
    assert told(replica, "touches", "lead") == [("1",)]


def test_touches_of_a_merged_lead_answer_the_one_that_goes_on(build: Any) -> None:
    replica = build(
        lead=leads("ana", "eva", "zoe"),
        identity=[{"from_id": "ana", "to_id": "eva", "reason": "merge"}, {"from_id": "eva", "to_id": "zoe"}],
        touch=[{"touch_id": "1", "lead_id": "ana"}, {"touch_id": "2", "lead_id": "eva"}],
    )
    assert told(replica, "touches", "lead") == [("zoe",), ("zoe",)]
    assert voids(replica) == {"ana": "merged", "eva": "merged", "zoe": None}


def test_touches_of_the_contact_a_lead_became_belong_to_the_lead(build: Any) -> None:
    converted = [{"from_id": "ana", "to_id": "contact-1", "reason": "convert"}]
    replica = build(lead=leads("ana"), identity=converted, touch=[{"touch_id": "1", "lead_id": "contact-1"}])
    assert told(replica, "touches", "lead") == [("ana",)]
    assert voids(replica) == {"ana": None}


@pytest.mark.parametrize(
    ("touch", "flags"),
    [
        ({}, COUNTS),
        ({"outcome": "no_answer"}, COUNTS),
        ({"outcome": "connected"}, COUNTS | CONNECTED),
        ({"kind": "meeting", "outcome": "held"}, COUNTS | CONNECTED),
        ({"kind": "meeting", "outcome": "no_show"}, COUNTS),
        ({"outcome": "scheduled"}, OUT | HUMAN),
        ({"outcome": "cancelled"}, OUT | HUMAN),
        ({"deleted_at": "2025-06-09T00:00:00Z"}, OUT | HUMAN),
        ({"automated": True}, OUT | DONE),
        ({"automated": False}, COUNTS),
        ({"owner_id": "robot"}, OUT | DONE),
        ({"owner_id": "stranger"}, COUNTS),
        ({"kind": "email", "direction": "in", "outcome": "replied"}, INBOUND | HUMAN | DONE | CONNECTED),
        ({"direction": "in"}, INBOUND | HUMAN | DONE),
        ({"direction": "in", "outcome": "no_answer"}, HUMAN | DONE),
        ({"kind": "note", "direction": "internal"}, HUMAN),
        ({"kind": "meeting", "direction": "internal"}, HUMAN | DONE),
        ({"logged_at": "2025-06-03T09:00:00Z"}, COUNTS),
        ({"logged_at": "2025-06-03T09:00:01Z"}, COUNTS | LATE_LOGGED),
    ],
)
def test_one_byte_says_what_counting_needs(build: Any, touch: Any, flags: int) -> None:
    robots = [{"owner_id": "robot", "kind": "system"}]
    replica = build(lead=leads("ana"), owner=robots, touch=[{"touch_id": "1", "lead_id": "ana", **touch}])
    assert told(replica, "touches", "flags") == [(flags,)]


def test_touches_are_sorted_by_lead_and_time(build: Any) -> None:
    touches = [
        {"touch_id": f"{name}{hour}", "lead_id": name, "occurred_at": f"2025-06-09T{hour}:00:00Z"}
        for hour in ("12", "08", "10")
        for name in ("ben", "ana")
    ]
    found = told(build(lead=leads("ana", "ben"), touch=touches), "touches", "lead", "at")
    assert [name for name, _ in found] == ["ana"] * 3 + ["ben"] * 3
    assert [at for _, at in found][:3] == [us(f"2025-06-09T{hour}:00:00Z") for hour in ("08", "10", "12")]


# Stages


def changes(*steps: tuple[str, str, str], entity: str = "lead") -> list[dict[str, Any]]:
    """Steps of (field, day, value) of ana."""
    return [
        {
            "change_id": f"{number}",
            "entity": entity,
            "entity_id": "ana",
            "field": field,
            "changed_at": f"2025-06-{day}T08:00:00Z",
            "to_value": value,
        }
        for number, (field, day, value) in enumerate(steps)
    ]


def test_lifecycle_and_raw_statuses_are_both_told(build: Any) -> None:
    steps = changes(("status", "04", "Contacted"), ("lifecycle", "03", "mql"), ("stage", "05", "Demo"))
    replica = build(lead=leads("ana"), stage_change=steps)
    assert told(replica, "stages", "stage") == [("mql",), ("status:Contacted",), ("status:Demo",)]


def test_a_status_that_was_cleared_ends_the_one_before(build: Any) -> None:
    steps = changes(("status", "03", "On hold"))
    steps += [{**steps[0], "change_id": "9", "to_value": None, "changed_at": "2025-06-05T08:00:00Z"}]
    assert told(build(lead=leads("ana"), stage_change=steps), "stages", "stage") == [("status:On hold",), ("status:",)]


def test_stages_of_deals_and_values_of_other_fields_are_not_stages_of_leads(build: Any) -> None:
    steps = changes(("stage", "03", "Won"), entity="deal")
    steps += [{**changes(("owner", "04", "rita"))[0], "change_id": "9"}]
    assert told(build(lead=leads("ana"), stage_change=steps), "stages", "stage") == []


def test_a_superseded_snapshot_is_left_out(build: Any) -> None:
    steps = changes(("lifecycle", "03", "mql"), ("lifecycle", "05", "mql"))
    steps[0]["origin"], steps[1]["origin"] = "history", "snapshot_diff"
    replica = build(lead=leads("ana"), stage_change=steps)
    assert told(replica, "stages", "stage", "at") == [("mql", us("2025-06-03T08:00:00Z"))]


def test_a_conversion_is_an_opportunity_unless_the_history_says_when(build: Any) -> None:
    people = leads("ana", "ben", converted_at="2025-06-09T08:00:00Z")
    replica = build(lead=people, stage_change=changes(("lifecycle", "07", "opportunity")))
    assert told(replica, "stages", "lead", "stage", "at") == [
        ("ana", "opportunity", us("2025-06-07T08:00:00Z")),
        ("ben", "opportunity", us("2025-06-09T08:00:00Z")),
    ]


def test_a_reason_goes_with_its_change(build: Any) -> None:
    steps = changes(("lifecycle", "04", "disqualified"), ("lifecycle", "05", "mql"))
    steps[0]["reason"] = "too_small"
    found = told(build(lead=leads("ana"), stage_change=steps), "stages", "stage", "reason")
    assert found == [("disqualified", "too_small"), ("mql", None)]


# Assignments


def assigned(replica: Replica) -> list[tuple[str, str]]:
    """Days of June and owners."""
    found = told(replica, "assignments", "at", "owner")
    return [(np.datetime64(at, "us").item().strftime("%d"), owner) for at, owner in found]


def owner_steps(*steps: tuple[str, str | None, str]) -> list[dict[str, Any]]:
    """Steps of (day, from, to) of ana."""
    after = changes(*[("owner", day, to) for day, _, to in steps])
    return [{**row, "from_value": before} for row, (_, before, _) in zip(after, steps, strict=True)]


def test_without_history_the_current_owner_had_it_from_the_beginning(build: Any) -> None:
    assert assigned(build(lead=leads("ana", owner_id="rita"))) == [("01", "rita")]


def test_the_source_may_say_when_the_owner_received_it(build: Any) -> None:
    ana = leads("ana", owner_id="rita", assigned_at="2025-06-03T08:00:00Z")
    assert assigned(build(lead=ana)) == [("03", "rita")]


def test_the_history_tells_every_assignment(build: Any) -> None:
    steps = owner_steps(("01", None, "rita"), ("04", "rita", "sam"), ("06", "sam", "rita"))
    replica = build(lead=leads("ana", owner_id="rita"), stage_change=steps)
    assert assigned(replica) == [("01", "rita"), ("04", "sam"), ("06", "rita")]


def test_the_owner_before_the_first_change_had_it_from_the_beginning(build: Any) -> None:
    steps = owner_steps(("04", "rita", "sam"))
    assert assigned(build(lead=leads("ana", owner_id="sam"), stage_change=steps)) == [("01", "rita"), ("04", "sam")]


def test_a_time_of_assignment_after_the_history_began_adds_nothing(build: Any) -> None:
    ana = leads("ana", owner_id="sam", assigned_at="2025-06-04T08:00:00Z")
    steps = owner_steps(("02", None, "rita"), ("04", "rita", "sam"))
    assert assigned(build(lead=ana, stage_change=steps)) == [("02", "rita"), ("04", "sam")]


def test_the_same_owner_twice_in_a_row_is_one_assignment_but_coming_back_is_another(build: Any) -> None:
    steps = owner_steps(("02", None, "rita"), ("03", None, "rita"), ("04", "rita", "inbox"), ("05", "inbox", "rita"))
    queue = [{"owner_id": "inbox", "kind": "queue"}]
    replica = build(lead=leads("ana", owner_id="rita"), owner=queue, stage_change=steps)
    assert assigned(replica) == [("02", "rita"), ("05", "rita")]


def test_a_merged_lead_s_owner_is_not_guessed_for_the_one_that_goes_on(build: Any) -> None:
    people = [*leads("ana", owner_id="rita", merged_into="eva"), *leads("eva", owner_id="sam")]
    assert told(build(lead=people), "assignments", "lead", "owner") == [("eva", "sam")]


# Deals


def test_amounts_are_exact_and_an_open_deal_never_closed(build: Any) -> None:
    deal = [{"deal_id": "d1", "lead_id": "ana", "amount": 99.99, "currency": "EUR", "owner_id": "rita"}]
    replica = build(lead=leads("ana"), deal=deal)
    found = told(replica, "deals", "lead", "amount", "currency", "closed_at", "owner")
    assert found == [("ana", 999_900, "EUR", NEVER, "rita")]


def test_a_deal_has_one_lead_the_named_else_the_primary_else_the_person_s_latest_before_it(build: Any) -> None:
    replica = build(
        lead=leads("ana", "ben", "cid", person_key="p"),
        deal=[
            {"deal_id": "named", "lead_id": "ben", "person_key": "p", "amount": 1},
            {"deal_id": "shared", "person_key": "p", "amount": 2},
            {"deal_id": "personal", "person_key": "p", "amount": 3, "created_at": "2025-06-02T09:00:00Z"},
            {"deal_id": "early", "person_key": "p", "amount": 4, "created_at": "2025-05-01T09:00:00Z"},
            {"deal_id": "nobody's", "person_key": "q", "amount": 5},
            {"deal_id": "gone", "lead_id": "ben", "deleted_at": "2025-06-09T00:00:00Z", "amount": 6},
        ],
        deal_lead=[
            {"deal_id": "shared", "lead_id": "ana", "is_primary": False},
            {"deal_id": "shared", "lead_id": "cid", "is_primary": True},
        ],
    )
    found = {amount // 10_000: lead for lead, amount in told(replica, "deals", "lead", "amount")}
    assert found == {1: "ben", 2: "cid", 3: "ben", 4: "ana"}


# Names and the whole


def test_the_codebook_knows_owners_and_their_teams(build: Any) -> None:
    people = [
        {"owner_id": "1", "name": "Rita", "team": "North", "calendar": "night"},
        {"owner_id": "2"},
        {"owner_id": "1", "src": "shop", "name": "Shop One", "team": "East"},
    ]
    book = build(owner=people).codebook
    assert book.owners == ("crm:1", "2", "shop:1")
    assert book.owner_names == ("Rita", "2", "Shop One")
    assert book.owner_calendars == ("night", "", "")
    assert book.teams == ("East", "North")
    assert book.team_of.tolist() == [1, -1, 0]


def test_deliveries_come_beside_the_buckets(build: Any) -> None:
    replica = build(delivery=[{"delivery_id": "1", "deliverable": "paper", "quantity": 50.0}])
    deliveries = replica.deliveries()
    assert replica.codebook.deliverables == ("paper",)
    assert deliveries.at.tolist() == [us("2025-06-06T08:00:00Z")]
    assert deliveries.quantity.tolist() == [50.0]


def test_the_range_of_instants_holds_everything(build: Any) -> None:
    touch = [{"touch_id": "1", "lead_id": "ana", "occurred_at": "2025-06-30T09:00:00Z"}]
    replica = build(lead=leads("ana"), touch=touch)
    assert (replica.first_at, replica.latest_at) == (us("2025-06-01T08:00:00Z"), us("2025-06-30T09:00:00Z"))


def test_no_facts_are_no_buckets(build: Any) -> None:
    replica = build()
    assert (replica.n_leads, replica.n_buckets, replica.first_at, replica.latest_at) == (0, 0, 0, 0)
    assert len(replica.deliveries()) == 0


def test_a_lead_that_is_not_there_is_refused_with_the_nearest(build: Any) -> None:
    replica = build(lead=leads("lead-101", "lead-102", "lead-201"))
    with pytest.raises(FactsError, match=r'There is no lead "Lead-1O1"\. Did you mean lead-101'):
        replica.find("Lead-1O1")
    with pytest.raises(FactsError, match="letter for letter"):
        replica.find("something else")


def test_an_id_of_two_sources_asks_for_the_source(build: Any) -> None:
    replica = build(lead=[{"lead_id": "7"}, {"lead_id": "7", "src": "shop"}])
    with pytest.raises(FactsError, match=r"Write one of crm:7, shop:7\."):
        replica.find("7")
    assert replica.lead_id(replica.find("shop:7")) == "7"


def test_owners_without_teams_each_have_none(build: Any) -> None:
    replica = build(owner=[{"owner_id": "rita"}, {"owner_id": "sam"}], lead=leads("ana"))
    assert replica.codebook.team_of.tolist() == [-1, -1]
