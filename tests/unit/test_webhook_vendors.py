"""Pipedrive, Salesforce, Odoo and flat forms: bodies as their documentation describes them, in our columns."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.salesforce import MS, change, message
from tests.webhooks import as_body, mapped, told

from smarketing.sources.webhook.shapes import SHAPES
from smarketing.terms.errors import UserError

AT = datetime(2026, 9, 21, 10, tzinfo=UTC)


def _pipedrive(
    entity: str, action: str, data: dict[str, Any] | None, previous: dict[str, Any] | None, n: int = 1
) -> Any:
    meta = {
        "action": action,
        "entity": entity,
        "entity_id": "3",
        "id": "5b7a6f0e-1111",
        "attempt": n,
        "timestamp": "2026-09-21T10:00:00.000Z",
        "version": "2.0",
    }
    return {"meta": meta, "data": data, "previous": previous}


DEAL = {
    "id": 3,
    "owner_id": 8,
    "stage_id": 4,
    "pipeline_id": 1,
    "value": 1200.5,
    "currency": "EUR",
    "status": "won",
    "won_time": "2026-09-21T09:59:58Z",
    "add_time": "2026-09-01T10:00:00Z",
}


def test_a_pipedrive_deal_tells_all_columns_and_only_the_steps_that_were_taken() -> None:
    found = mapped("pipedrive", _pipedrive("deal", "change", DEAL, {"stage_id": 3, "status": "open"}))
    deal = told(found, "deal")[0]
    assert (deal["status"], deal["amount"], deal["stage"]) == ("won", Decimal("1200.5000"), "4")
    assert deal["closed_at"] == datetime(2026, 9, 21, 9, 59, 58, tzinfo=UTC)
    assert [(row["field"], row["to_value"]) for row in told(found, "stage_change")] == [("stage", "4")]


def test_pipedrive_sends_again_under_the_same_key() -> None:
    split = SHAPES["pipedrive"].split
    assert split(as_body(_pipedrive("deal", "change", DEAL, {})), {}) == split(
        as_body(_pipedrive("deal", "change", DEAL, {}, 2)), {}
    )


def test_a_pipedrive_activity_counts_when_it_was_done() -> None:
    call = {"id": 3, "type": "call", "owner_id": 8, "lead_id": "a-b", "duration": "00:10", "due_date": "2026-09-30"}
    done = {**call, "done": True, "marked_as_done_time": "2026-09-21 09:00:00"}
    planned, made = (
        told(mapped("pipedrive", _pipedrive("activity", "change", each, {})), "touch")[0] for each in (call, done)
    )
    assert planned["outcome"] == "scheduled"
    assert (made["kind"], made["direction"], made["duration_s"], made["outcome"]) == ("call", "out", 600, "unknown")
    assert made["occurred_at"] == datetime(2026, 9, 21, 9, tzinfo=UTC)


def test_pipedrive_version_one_and_deletions() -> None:
    meta = {"action": "added", "object": "deal", "id": 3, "timestamp": MS // 1_000, "company_id": 1}
    assert (
        told(mapped("pipedrive", {"v": 1, "meta": meta, "current": DEAL, "previous": None}), "deal")[0]["deal_id"]
        == "3"
    )
    assert told(mapped("pipedrive", _pipedrive("lead", "delete", None, {"id": "3"})), "lead") == [
        {"lead_id": "3", "deleted_at": AT}
    ]
    assert mapped("pipedrive", _pipedrive("product", "change", {}, {})).unused == (0,)


def test_a_salesforce_change_tells_what_changed_and_what_was_emptied() -> None:
    frame = mapped("salesforce", change("Lead", "UPDATE", Status="Working", Rating=None, nulled=["LeadSource"])).frames
    (said,) = [row for row in frame["lead"].iter_rows(named=True) if row["_at"] == AT]
    assert set(said["_set"].split()) == {"status", "channel"}
    assert (said["status"], said["channel"]) == ("Working", None)


def test_the_key_of_a_change_holds_organisation_object_and_commit_but_no_replay_id() -> None:
    split = SHAPES["salesforce"].split
    first = change("Lead", "UPDATE")
    bodies = [
        first,
        {**first, "event": {"replayId": 6}},
        {**first, "organizationId": "00D2"},
        change("Task", "UPDATE"),
    ]
    keys = [split(as_body(body), {})[0].key for body in bodies]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(("what", "ids"), [("GAP_UPDATE", ("00Q000000000001AAA",)), ("GAP_OVERFLOW", ())])
def test_a_gap_asks_for_the_records_to_be_read_again(what: str, ids: tuple[str, ...]) -> None:
    found = mapped("salesforce", change("Lead", what))
    assert [(each.index, each.object, each.ids) for each in found.rereads] == [(0, "Lead", ids)]
    assert not found.frames
    assert not found.unused


def test_a_salesforce_task_counts_once_it_is_closed() -> None:
    task = {"TaskSubtype": "Call", "WhoId": "00Q1", "WhatId": "0011", "CallDisposition": "No answer", "OwnerId": "0051"}
    done = {**task, "Status": "Completed", "CompletedDateTime": "2026-09-21T09:00:00.000+0000"}
    (touch,) = [
        row for row in told(mapped("salesforce", change("Task", "UPDATE", **done)), "touch") if "owner_id" in row
    ]
    assert (touch["kind"], touch["direction"], touch["outcome"], touch["lead_id"]) == (
        "call",
        "out",
        "no_answer",
        "00Q1",
    )
    assert "deal_id" not in touch
    assert touch["occurred_at"] == datetime(2026, 9, 21, 9, tzinfo=UTC)


def test_an_outbound_message_is_a_snapshot_and_its_session_is_never_kept() -> None:
    body = message("00D1!secret")
    (event,) = SHAPES["salesforce"].split(body, {})
    assert b"secret" not in event.raw
    assert event.occurred_at == AT
    assert event.key == SHAPES["salesforce"].split(message("other"), {})[0].key
    found = mapped("salesforce", body)
    assert "Neu & heiß" in {row.get("status") for row in told(found, "lead")}
    assert {(row["origin"], row["exact"]) for row in told(found, "stage_change")} == {("snapshot_diff", False)}


def test_the_acknowledgement_is_what_salesforce_waits_for() -> None:
    answer = SHAPES["salesforce"].acknowledgement()
    assert answer is not None
    assert b"<Ack>true</Ack>" in answer[0]
    assert answer[1].startswith("text/xml")


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>",
        b"<a/>",
        b"<a>" * 40 + b"</a>" * 40,
        b"<a>" + b"x" * 200_000 + b"</a>",
    ],
)
def test_xml_that_is_no_outbound_message_is_refused(body: bytes) -> None:
    with pytest.raises(UserError):
        SHAPES["salesforce"].split(body, {})


def _odoo(name: str, /, **fields: Any) -> dict[str, Any]:
    return {"_model": name, "_id": 4, "_action": "Send webhook(#12)", "write_date": "2026-09-21 10:00:00", **fields}


def test_an_odoo_lead_is_read_in_utc_and_false_is_nothing() -> None:
    record = _odoo("crm.lead", type="lead", user_id=[2, "Ana"], stage_id=[3, "Nuevo"], source_id=False)
    frame = mapped("odoo", {**record, "create_date": "2026-09-21 09:00:00"}, zone="America/Lima").frames["lead"]
    row = frame.row(0, named=True)
    assert (row["owner_id"], row["status"], row["source_raw"]) == ("2", "Nuevo", None)
    assert row["created_at"] == datetime(2026, 9, 21, 9, tzinfo=UTC)
    assert "source_raw" in row["_set"].split()


def test_an_odoo_opportunity_is_its_lead_and_a_deal() -> None:
    record = _odoo("crm.lead", type="opportunity", active=True, probability=100, expected_revenue=10.5)
    found = mapped("odoo", record)
    assert told(found, "lead")[0]["converted_deal_id"] == "4"
    assert {"won"} <= {row.get("status") for row in told(found, "deal")}
    lost = mapped("odoo", _odoo("crm.lead", type="opportunity", active=False))
    assert told(lost, "lead")[0]["lifecycle"] == "disqualified"


@pytest.mark.parametrize(
    ("kind", "direction", "is_automated"),
    [
        ("comment", "out", False),
        ("email", "in", False),
        ("notification", "internal", True),
        ("auto_comment", "out", True),
    ],
)
def test_an_odoo_message_has_a_direction(kind: str, direction: str, is_automated: bool) -> None:
    record = _odoo("mail.message", model="crm.lead", res_id=9, message_type=kind, date="2026-09-21 09:30:00")
    (touch,) = told(mapped("odoo", record), "touch")
    assert (touch["direction"], touch["automated"], touch["lead_id"]) == (direction, is_automated, "9")


def test_a_flat_form_is_guessed_by_the_names_of_its_fields() -> None:
    form = {
        "Correo electrónico": "ana@example.org",
        "Created At": "2026-09-21 12:00",
        "UTM Source": "Búsqueda orgánica",
    }
    lead = told(mapped("flat", form, zone="Europe/Madrid"), "lead")[0]
    assert (lead["person_key"], lead["channel"], lead["created_at"]) == ("ana@example.org", "busqueda_organica", AT)
    assert lead["created_prec"] == "minute"


def test_a_flat_form_obeys_the_sources_mapping() -> None:
    form = {
        "No.": "c1",
        "who": 5,
        "Esito": "Nessuna risposta",
        "che": "Chiamata",
        "verso": "In uscita",
        "t": "2026-09-21T10:00:00Z",
    }
    columns = {
        "No.": "touch_id",
        "who": "lead_id",
        "Esito": "outcome",
        "che": "kind",
        "verso": "direction",
        "t": "occurred_at",
    }
    (touch,) = told(
        mapped("flat", form, mapping={name: f"touch.{column}" for name, column in columns.items()}), "touch"
    )
    assert (touch["outcome"], touch["kind"], touch["direction"], touch["lead_id"]) == ("no_answer", "call", "out", "5")


def test_a_flat_form_that_says_nothing_of_a_lead_asks_for_a_mapping() -> None:
    (rejected,) = mapped("flat", {"colour": "red", "timestamp": "2026-09-21T10:00:00Z"}).rejected
    assert rejected.code == "no_mapping"


def test_a_posted_form_is_read_like_an_object() -> None:
    split = SHAPES["flat"].split
    form = split(b"id=7&created_at=2026-09-21T10%3A00%3A00Z", {"Content-Type": "application/x-www-form-urlencoded"})
    assert form == split(b'{"id": "7", "created_at": "2026-09-21T10:00:00Z"}', {})
