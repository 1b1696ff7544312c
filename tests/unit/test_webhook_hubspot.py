"""HubSpot's subscription events, as its documentation describes them, in our columns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.webhooks import as_body, mapped, told

from smarketing.sources.webhook.shapes import SHAPES

T = 1_790_000_000_000
AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def _event(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "eventId": 3816279340,
        "subscriptionId": 25,
        "portalId": 33,
        "appId": 1160452,
        "occurredAt": T,
        "subscriptionType": kind,
        "attemptNumber": 0,
        "objectId": 512,
        "changeSource": "CRM_UI",
        **more,
    }


def _property(kind: str, name: str, value: str, **more: Any) -> dict[str, Any]:
    return _event(f"{kind}.propertyChange", propertyName=name, propertyValue=value, **more)


def test_the_same_event_sent_again_is_the_same_bytes_under_the_same_key() -> None:
    split = SHAPES["hubspot"].split
    one, again = split(
        as_body([_event("contact.creation"), _event("contact.creation", eventId=1, attemptNumber=3)]), {}
    )
    assert one == again
    (other,) = split(as_body([_event("contact.creation", portalId=34)]), {})
    assert other.key != one.key
    assert one.occurred_at == AT


def test_a_new_contact_is_a_lead() -> None:
    (lead,) = told(mapped("hubspot", [_event("contact.creation")]), "lead")
    assert lead == {"lead_id": "512", "object": "contact", "created_at": AT, "person_key": "512"}


@pytest.mark.parametrize(
    ("name", "value", "column", "meant"),
    [
        ("createdate", str(T - 1_000), "created_at", AT - timedelta(seconds=1)),
        ("createdate", "2026-09-21T14:13:20.000Z", "created_at", AT),
        ("hubspot_owner_id", "77", "owner_id", "77"),
        ("lifecyclestage", "salesqualifiedlead", "lifecycle", "sql"),
        ("hs_lead_status", "IN_PROGRESS", "status", "IN_PROGRESS"),
        ("hs_analytics_source", "PAID_SEARCH", "channel", "paid_search"),
        ("hubspotscore", "41", "score", 41.0),
    ],
)
def test_a_property_of_a_contact_is_one_column(name: str, value: str, column: str, meant: object) -> None:
    (lead,) = told(mapped("hubspot", [_property("contact", name, value)]), "lead")
    assert lead[column] == meant


def test_a_step_keeps_what_hubspot_called_it() -> None:
    (step,) = told(
        mapped("hubspot", [_property("contact", "lifecyclestage", "marketingqualifiedlead")]), "stage_change"
    )
    assert (step["to_value"], step["to_raw"], step["changed_at"]) == ("mql", "marketingqualifiedlead", AT)


def test_a_stage_nobody_knows_and_a_property_nobody_keeps_say_nothing() -> None:
    found = mapped("hubspot", [_property("contact", "lifecyclestage", "12345"), _property("contact", "city", "Lugo")])
    assert found.unused == (0, 1)


def test_deleting_restoring_and_forgetting() -> None:
    kinds = ("contact.deletion", "contact.restore", "contact.privacyDeletion")
    frame = mapped("hubspot", [_event(kind) for kind in kinds]).frames["lead"]
    assert frame["_set"].to_list() == ["deleted_at", "deleted_at", "deleted_at erased_at"]
    assert frame["deleted_at"].to_list() == [AT, None, AT]


def test_a_merge_sends_every_record_to_the_one_that_goes_on() -> None:
    merge = _event("contact.merge", primaryObjectId=1, mergedObjectIds=[2, 3], newObjectId=9)
    assert [(row["from_id"], row["to_id"]) for row in told(mapped("hubspot", [merge]), "identity")] == [
        ("2", "9"),
        ("3", "9"),
        ("1", "9"),
    ]


def test_a_deal_is_won_by_its_flag_whatever_its_stage_is_called() -> None:
    found = mapped("hubspot", [_property("deal", "dealstage", "998877"), _property("deal", "hs_is_closed_won", "true")])
    status = found.frames["deal"].drop_nulls("status").sort("_at")["status"].to_list()
    assert status == ["open", "won"]
    (closing,) = told(mapped("hubspot", [_property("deal", "closedate", str(T))]), "deal")
    assert closing["expected_close"] == date(2026, 9, 21)


@pytest.mark.parametrize(
    ("type_id", "name", "value", "column", "meant"),
    [
        ("0-48", "hs_call_disposition", "73a0d17f-1163-4015-bdd5-ec830791da20", "outcome", "no_answer"),
        ("0-48", "hs_call_duration", "61500", "duration_s", 62),
        ("0-48", "hs_call_direction", "INBOUND", "direction", "in"),
        ("0-49", "hs_email_direction", "INCOMING_EMAIL", "direction", "in"),
        ("0-49", "hs_email_status", "BOUNCED", "outcome", "bounced"),
        ("0-47", "hs_meeting_outcome", "NO_SHOW", "outcome", "no_show"),
        ("0-27", "hs_task_status", "NOT_STARTED", "outcome", "scheduled"),
        ("0-18", "hs_communication_channel_type", "SMS", "kind", "sms"),
    ],
)
def test_properties_of_engagements(type_id: str, name: str, value: str, column: str, meant: object) -> None:
    (touch,) = told(mapped("hubspot", [_property("object", name, value, objectTypeId=type_id)]), "touch")
    assert touch[column] == meant


def test_a_call_made_by_a_workflow_is_automatic() -> None:
    call = _event("object.creation", objectTypeId="0-48", changeSource="AUTOMATION_PLATFORM")
    assert told(mapped("hubspot", [call]), "touch")[0]["automated"] is True


@pytest.mark.parametrize("is_turned", [False, True])
def test_an_association_names_the_lead_of_a_touch_either_way_round(is_turned: bool) -> None:
    ends = [("0-48", 70), ("0-1", 5)][:: -1 if is_turned else 1]
    names = {"fromObjectTypeId": ends[0][0], "fromObjectId": ends[0][1]}
    names |= {"toObjectTypeId": ends[1][0], "toObjectId": ends[1][1]}
    (touch,) = told(mapped("hubspot", [_event("object.associationChange", **names)]), "touch")
    assert touch == {"touch_id": "70", "lead_id": "5"}


def test_the_contact_of_a_deal() -> None:
    event = _event("contact.associationChange", associationType="CONTACT_TO_DEAL", fromObjectId=5, toObjectId=8)
    (part,) = told(mapped("hubspot", [{**event, "isPrimaryAssociation": True}]), "deal_lead")
    assert part == {"deal_id": "8", "lead_id": "5", "role": "contact", "is_primary": True}


def test_what_is_missing_is_named() -> None:
    (rejected,) = mapped("hubspot", [_event("contact.creation", objectId=None)]).rejected
    assert (rejected.code, rejected.column) == ("missing", "objectId")
