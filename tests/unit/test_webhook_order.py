"""Whatever order events come in, however often and in however many batches: the same facts."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.webhooks import SRC, Drained

T = 1_790_000_000_000  # 2026-09-21 14:13:20 UTC


def _hubspot(kind: str, after_ms: int, **more: Any) -> dict[str, Any]:
    return {"subscriptionType": kind, "occurredAt": T + after_ms, "portalId": 1, "objectId": 5, **more}


def _property(name: str, value: str, after_ms: int, **more: Any) -> dict[str, Any]:
    return _hubspot("contact.propertyChange", after_ms, propertyName=name, propertyValue=value, **more)


HUBSPOT = [
    _hubspot("contact.creation", 0),
    _property("hubspot_owner_id", "11", 0),
    _property("lifecyclestage", "lead", 0),
    _property("hs_lead_status", "NEW", 1_000),
    _property("hs_lead_status", "OPEN", 2_000),
    _property("hs_lead_status", "NEW", 3_000),
    _property("lifecyclestage", "marketingqualifiedlead", 3_000),
    _property("hubspot_owner_id", "12", 4_000),
    _property("hubspotscore", "40", 4_000),
    _property("hubspotscore", "50", 4_000),
    _hubspot("contact.deletion", 5_000),
    _property("hs_lead_status", "LATE", 6_000),
    _hubspot("contact.restore", 7_000),
    _hubspot("contact.creation", 100, objectId=6),
    _hubspot("contact.merge", 8_000, primaryObjectId=5, mergedObjectIds=[6]),
    _hubspot("object.creation", 9_000, objectTypeId="0-48", objectId=70),
    _hubspot(
        "object.propertyChange", 9_000, objectTypeId="0-48", objectId=70, propertyName="hs_timestamp",
        propertyValue=str(T + 8_500),
    ),
    _hubspot(
        "object.associationChange", 9_500, fromObjectTypeId="0-48", fromObjectId=70, toObjectTypeId="0-1", toObjectId=5,
    ),
]  # fmt: skip


def _generic(name: str, second: int, /, **data: Any) -> dict[str, Any]:
    return {"type": name, "occurred_at": f"2026-09-21T10:00:{second:02}Z", "data": data}


GENERIC = [
    _generic("lead.created", 0, lead_id="a", status="New", owner_id="x"),
    _generic("lead.updated", 0, lead_id="a", status="Called"),
    _generic("lead.updated", 5, lead_id="a", owner_id=None, score=3.5),
    _generic("lead.updated", 5, lead_id="a", owner_id="y", grade="B"),
    _generic("stage.changed", 7, entity="lead", entity_id="a", field="status", to_value="Won over"),
    _generic("lead.deleted", 8, lead_id="a"),
    _generic("lead.updated", 9, lead_id="a", deleted_at=None),
    _generic("touch.logged", 9, lead_id="a", kind="call", direction="out", touch_id="t"),
    _generic("touch.logged", 12, lead_id="a", kind="call", direction="out", touch_id="t", outcome="connected"),
    _generic("identity.merged", 13, from_id="b", to_id="a"),
    _generic("identity.merged", 14, from_id="b", to_id="b"),
    _generic("deal.updated", 15, deal_id="d", amount="99.5", currency="eur"),
    _generic("deal.updated", 14, deal_id="d", lead_id="a", status="open", created_at="2026-09-21T10:00:14Z"),
]


@st.composite
def deliveries(draw: st.DrawFn, events: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """All events, some of them again, in any order, cut into batches anywhere."""
    again = draw(st.lists(st.sampled_from(events), max_size=6))
    order = draw(st.permutations([*events, *again]))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=4)))
    return [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]


def _facts(kind: str, batches: list[list[dict[str, Any]]]) -> dict[str, Any]:
    drained = Drained(kind)
    for batch in batches:
        drained.take(batch)
    assert not drained.waiting
    return drained.facts()


@settings(deadline=None, max_examples=60)
@given(deliveries(HUBSPOT))
def test_hubspot_events_in_any_order_end_in_the_same_facts(batches: list[list[dict[str, Any]]]) -> None:
    assert _facts("hubspot", batches) == _facts("hubspot", [HUBSPOT])


@settings(deadline=None, max_examples=60)
@given(deliveries(GENERIC))
def test_generic_events_in_any_order_end_in_the_same_facts(batches: list[list[dict[str, Any]]]) -> None:
    assert _facts("generic", batches) == _facts("generic", [GENERIC])


def test_what_happened_last_is_what_stands() -> None:
    lead = _facts("hubspot", [HUBSPOT[::-1]])["lead"][(SRC, "5")]
    assert (lead["status"], lead["owner_id"], lead["lifecycle"], lead["score"]) == ("LATE", "12", "mql", 50.0)
    assert lead["deleted_at"] is None


def test_a_deletion_before_its_lead_is_known_waits_and_then_holds() -> None:
    drained = Drained("generic")
    drained.take([GENERIC[5]])
    assert not drained.facts()
    assert len(drained.waiting) == 1
    drained.take([GENERIC[0], GENERIC[1]])
    lead = drained.facts()["lead"][(SRC, "a")]
    assert not drained.waiting
    assert lead["deleted_at"] is not None
    assert lead["status"] == "Called"  # a change of the same instant comes after the creation


def test_a_merge_that_is_undone_leaves_the_record_for_itself() -> None:
    assert _facts("generic", [GENERIC])["identity"][(SRC, "b")]["to_id"] == "b"
