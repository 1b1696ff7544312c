"""Whatever stands in place of whatever value, the event is told, held, unused or set aside; its neighbours are told."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.webhooks import mapped

from smarketing.sources.webhook.refusal import SENTENCES

MS = 1_789_984_800_000
HEADER = {
    "entityName": "Lead",
    "recordIds": ["1"],
    "changeType": "UPDATE",
    "commitTimestamp": MS,
    "nulledFields": ["Rating"],
}
META = {"entity_id": "3", "id": "u", "timestamp": "2026-09-21T10:00:00Z"}
SOUND: dict[str, list[dict[str, Any]]] = {
    "generic": [
        {"type": "lead.created", "id": 1, "occurred_at": "2026-09-21T10:00:00Z", "data": {"lead_id": "a", "score": 1}}
    ],
    "hubspot": [
        {
            "subscriptionType": "contact.propertyChange",
            "objectId": 1,
            "occurredAt": MS,
            "propertyName": "createdate",
            "propertyValue": "1789984800000",
        },
        {
            "subscriptionType": "call.propertyChange",
            "objectId": 1,
            "occurredAt": MS,
            "propertyName": "hs_call_duration",
            "propertyValue": "1",
        },
        {
            "subscriptionType": "contact.merge",
            "occurredAt": MS,
            "primaryObjectId": 1,
            "mergedObjectIds": [2],
            "newObjectId": 3,
        },
        {
            "subscriptionType": "object.associationChange",
            "occurredAt": MS,
            "fromObjectTypeId": "0-1",
            "toObjectTypeId": "0-3",
            "fromObjectId": 1,
            "toObjectId": 2,
        },
    ],
    "pipedrive": [
        {
            "meta": {**META, "action": "change", "entity": "deal"},
            "data": {"id": 3, "value": 1, "status": "won", "won_time": "2026-09-21T10:00:00Z"},
            "previous": {"stage_id": 1},
        },
        {
            "meta": {**META, "action": "create", "entity": "activity"},
            "data": {"id": 3, "type": "call", "done": True, "duration": "00:10"},
            "previous": None,
        },
    ],
    "salesforce": [
        {
            "organizationId": "o",
            "payload": {"ChangeEventHeader": HEADER, "Status": "x", "CreatedDate": "2026-09-21T10:00:00Z"},
        },
        {
            "payload": {
                "ChangeEventHeader": {**HEADER, "entityName": "Task"},
                "WhoId": "00Q",
                "CallDurationInSeconds": 5,
                "Status": "Completed",
            }
        },
        {"payload": {"ChangeEventHeader": {**HEADER, "entityName": "Event"}, "StartDateTime": MS}},
    ],
    "odoo": [
        {
            "_model": "crm.lead",
            "_id": 1,
            "write_date": "2026-09-21 10:00:00",
            "type": "opportunity",
            "expected_revenue": 3.5,
            "probability": 10,
            "user_id": [1, "A"],
        },
        {
            "_model": "mail.message",
            "_id": 1,
            "write_date": "2026-09-21 10:00:00",
            "date": "2026-09-21 10:00:00",
            "res_id": 2,
            "message_type": "email",
        },
    ],
    "flat": [{"id": "a", "created_at": "2026-09-21T10:00:00Z", "owner": "x", "score": 3, "source": "Web"}],
}

odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**45), 10**45)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["", " ", "0", "\x00", "\ud800", "NaN", "2026-03-29T02:30", "9999-12-31T23:59:59Z", "1e400", "x" * 300, "२०२६"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _paths(inner, (*path, key))


def _replaced(event: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    found = holder = copy.deepcopy(event)
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return found


@pytest.mark.parametrize("kind", list(SOUND))
def test_the_sound_ones_are_told(kind: str) -> None:
    found = mapped(kind, SOUND[kind])
    assert not (found.rejected or found.held or found.unused)


@pytest.mark.parametrize("kind", list(SOUND))
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_one_odd_value_spoils_nothing_else(kind: str, data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(SOUND[kind]))
    path = data.draw(st.sampled_from(list(_paths(event))))
    spoilt = _replaced(event, path, data.draw(odd))
    found = mapped(kind, json.dumps([spoilt, SOUND[kind][0]]).encode())
    for each in found.rejected + found.held:
        assert each.index == 0
        assert SENTENCES[each.code].format(**each.arguments)
    told = {row for frame in found.frames.values() for row in frame["_row"]}
    assert 1 in told
    fates = [told, {each.index for each in found.rejected}, {each.index for each in found.held}, set(found.unused)]
    assert sum(0 in fate for fate in [*fates, {each.index for each in found.rereads}]) == 1
