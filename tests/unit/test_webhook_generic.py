"""The generic event: what it may say, how it is told apart, and what is set aside with which reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.webhooks import as_body, mapped, told

from smarketing.sources.webhook.shapes import SHAPES, Mapped
from smarketing.sources.webhook.strict_json import canonical, digest, digest_of_texts, kept_items
from smarketing.terms.errors import UserError

SPLIT = SHAPES["generic"].split


def _event(name: str = "lead.created", /, at: str = "2026-09-21T10:00:00Z", **data: Any) -> dict[str, Any]:
    return {"type": name, "occurred_at": at, "data": data or {"lead_id": "a"}}


def _reason(found: Mapped) -> tuple[str, str, str]:
    (each,) = found.rejected + found.held
    assert each.sentence.format(**each.arguments)
    return each.code, each.column, each.value


def test_a_creation_tells_a_whole_lead_and_its_first_steps() -> None:
    found = mapped("generic", _event(lead_id="a", status="New", lifecycle="lead", score="3.5", is_test="no"))
    created = datetime(2026, 9, 21, 10, tzinfo=UTC)
    lead = {"lead_id": "a", "status": "New", "lifecycle": "lead", "score": 3.5, "is_test": False, "created_at": created}
    assert told(found, "lead") == [lead]
    steps = {(row["field"], row["to_value"], row["origin"]) for row in told(found, "stage_change")}
    assert steps == {("status", "New", "webhook"), ("lifecycle", "lead", "webhook")}


def test_one_event_a_list_and_an_envelope_are_the_same() -> None:
    event = {**_event(), "id": "e-1"}
    keys = [[each.key for each in SPLIT(as_body(body), {})] for body in (event, [event], {"events": [event]})]
    assert keys[0] == keys[1] == keys[2]
    assert len(keys[0][0]) == 64


def test_without_an_id_the_content_is_the_key_and_the_instant_is_part_of_it() -> None:
    one, again, later = SPLIT(as_body([_event(), _event(), _event(at="2026-09-21T10:00:01Z")]), {})
    assert one.key == again.key != later.key
    assert one.occurred_at == datetime(2026, 9, 21, 10, tzinfo=UTC)


def test_the_delivery_id_is_the_key_of_events_without_one_of_their_own() -> None:
    first = SPLIT(as_body([_event(), _event()]), {"Webhook-Id": "d1"})
    again = SPLIT(as_body([_event(lead_id="b"), _event()]), {"webhook-id": "d1"})
    assert first[0].key != first[1].key
    assert [each.key for each in first] == [each.key for each in again]


@pytest.mark.parametrize(
    ("body", "code", "column"),
    [
        (b'{"type": "lead.created", "type": "x"}', "json_duplicate_key", ""),
        (b'{"type": "lead.created", "data": {"score": NaN}}', "json_not_a_number", "data.score"),
        (b'{"type": "lead.created", "data": {"score": 1e999}}', "json_not_a_number", "data.score"),
        (b'{"type": "lead.created", "data": {"score": %s}}' % (b"9" * 41), "number_too_long", "data.score"),
        (b'{"type": "lead.created", "data": {"lead_id": "a\\u0000"}}', "control_character", "data.lead_id"),
        (b'{"type": "lead.created", "data": {"lead_id": "\\ud800"}}', "json_lone_surrogate", "data.lead_id"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "json_too_deep", ""),
        (b"7", "not_an_object", ""),
    ],
)
def test_a_broken_event_spoils_none_of_the_others(body: bytes, code: str, column: str) -> None:
    found = mapped("generic", b"[" + as_body(_event()) + b"," + body + b"," + as_body(_event(lead_id="b")) + b"]")
    assert [row["lead_id"] for row in told(found, "lead")] == ["a", "b"]
    assert [(each.index, each.code, each.column) for each in found.rejected] == [(1, code, column)]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (_event("lead.moved"), ("unknown_type", "type", "lead.moved")),
        ({"type": "lead.created", "data": {}}, ("missing", "occurred_at", "")),
        (_event(status="New"), ("missing", "data.lead_id", "")),
        (_event("owner.updated", owner_id="a", team="x" * 256), ("name_too_long", "data.team", "x" * 59 + "…")),
        (_event("delivery.handed_over", deliverable="x" * 256), ("name_too_long", "data.deliverable", "x" * 59 + "…")),
        (_event(lead_id="a", colour="red"), ("unknown_field", "data.colour", "")),
        (_event(lead_id="a", lifecycle="MQL"), ("one_of", "data.lifecycle", "MQL")),
        (_event(lead_id=1.5), ("id_lost_digits", "data.lead_id", "1.5")),
        (_event(lead_id="x" * 256), ("id_too_long", "data.lead_id", "x" * 59 + "…")),
        (_event(lead_id="a", score="many"), ("not_a_number", "data.score", "many")),
        (_event(lead_id="a", created_at=1790000000), ("time_bare_number", "data.created_at", "1790000000")),
        (_event(lead_id="a", created_at="2026-09-21 10:00"), ("no_zone", "data.created_at", "2026-09-21 10:00")),
        (_event(lead_id="a", created_at="2026-13-01"), ("time_impossible_date", "data.created_at", "2026-13-01")),
        (_event("touch.logged", lead_id="a", kind="call"), ("missing", "data.direction", "")),
        (_event("stage.changed", entity="lead", entity_id="a", field="amount", to_value=3),
         ("one_of", "data.field", "amount")),
    ],
)  # fmt: skip
def test_a_refusal_says_where_and_what(event: dict[str, Any], reason: tuple[str, str, str]) -> None:
    assert _reason(mapped("generic", event)) == reason


@pytest.mark.parametrize(
    "event", [_event(at="2026-11-01T12:06:00Z"), _event(lead_id="a", created_at="2027-11-01T00:00:00Z")]
)
def test_what_has_not_come_yet_is_held_and_not_dead(event: dict[str, Any]) -> None:
    found = mapped("generic", event)
    assert not found.rejected
    assert _reason(found)[0] == "from_the_future"


def test_a_clock_that_is_a_little_fast_is_forgiven() -> None:
    assert told(mapped("generic", _event(at="2026-11-01T12:04:59Z")), "lead")


def test_a_time_the_clock_skipped_spoils_its_own_event_only() -> None:
    batch = [_event(at="2026-03-29 02:30"), *(_event(lead_id=str(n), at="2026-03-29 03:30") for n in range(99))]
    found = mapped("generic", batch, zone="Europe/Madrid")
    assert len(told(found, "lead")) == 99
    assert _reason(found)[0] == "time_skipped"


def test_a_doubled_time_is_the_earlier_one() -> None:
    (event,) = told(mapped("generic", _event(at="2026-10-25 02:30"), zone="Europe/Madrid"), "lead")
    assert event["created_at"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused_with_a_hint(body: bytes) -> None:
    with pytest.raises(UserError) as caught:
        SPLIT(body, {})
    assert caught.value.hint


def test_a_meeting_may_be_planned_but_not_held_in_the_future() -> None:
    meeting = {"kind": "meeting", "direction": "out", "occurred_at": "2026-12-01T10:00:00Z"}
    assert told(mapped("generic", _event("touch.logged", **meeting, outcome="scheduled")), "touch")
    assert mapped("generic", _event("touch.logged", **meeting, outcome="held")).held


def test_two_equal_touches_a_second_apart_are_two() -> None:
    call = {"lead_id": "a", "kind": "call", "direction": "out"}
    found = mapped("generic", [_event("touch.logged", at=f"2026-09-21T10:00:0{n}Z", **call) for n in (0, 1, 1)])
    assert len({row["touch_id"] for row in told(found, "touch")}) == 2


@pytest.mark.parametrize("text", ["evt-1", "", 'ñ "quoted" \\ \u2028', "\x01\n\t", "😀"])
def test_the_quick_key_of_texts_is_the_key(text: str) -> None:
    assert digest_of_texts("id", text) == digest("id", text)


@pytest.mark.parametrize(("n", "is_deep"), [(0, False), (64, False), (65, True), (300, True)])
def test_what_lies_too_deep_is_told_to_the_layer(n: int, is_deep: bool) -> None:
    event: object = 1
    for depth in range(n):
        event = [event] if depth % 2 else {"a": event}
    found = kept_items(canonical({"events": [event, *[{}] * 70]}), "events")
    assert (found[0] == {"_broken": "json_too_deep", "value": ""}) is is_deep and found[1] == {}
