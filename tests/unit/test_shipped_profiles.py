"""Small exports as each CRM writes them, through the profile that is shipped for it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
from tests.real_facts import Imported, adds_up, imported

from smarketing.facts.schema import TABLES
from smarketing.sources.read_profile import read_profile

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def brought(tmp_path: Path, profile: str, zone: str = "", **files: str) -> Imported:
    paths = []
    for name, text in files.items():
        path = tmp_path / f"{name.replace('__', ' ')}.csv"
        path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
        paths.append(path)
    found = imported(paths, profile, tmp_path / "facts", now=NOW, zone=zone)
    assert adds_up(found.receipt)
    assert [file.problem for file in found.receipt.files if file.problem] == []
    return found


def row(found: Imported, table: str, ident: str) -> dict[str, object]:
    return found.frame(table).filter(pl.col(TABLES[table].key[1]) == ident).row(0, named=True)


def stages(found: Imported, ident: str) -> list[tuple[str, str]]:
    changes = found.frame("stage_change").filter((pl.col("entity_id") == ident) & (pl.col("field") == "lifecycle"))
    return [(value, at.isoformat()) for value, at in changes.sort("changed_at").select("to_value", "changed_at").rows()]


def test_hubspot_by_hand_in_english(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        "hubspot_export",
        zone="Europe/Madrid",
        **{
            "hubspot-crm-exports-all-contacts": """
            Record ID,First Name,Email,Contact owner,Lead Status,Create Date,Lifecycle Stage,Original Traffic Source,\
Became a Marketing Qualified Lead Date,Became a Customer Date,Merged object IDs
            101,Ana,ana@example.com,Rita Rep,New,2026-01-05 10:00,Customer,Paid search,\
2026-01-06 09:00,2026-02-01 12:00,77;78
            102,Ben,ben@example.com,,Open,2026-01-06 11:30,Lead,(No value),,,""",
            "hubspot-crm-exports-all-deals": """
            Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Currency,Create Date,Associated Contact IDs
            9001,Big,Closed Won,2026-02-01,Rita Rep,"1,250.50",EUR,2026-01-10 10:00,101;102
            9002,Small,Proposal,2026-05-01,Rita Rep,10,EUR,2026-01-11 10:00,102""",
            "all-calls": """
            Record ID,Activity date,Activity assigned to,Call duration (HH:mm:ss),Call outcome,Call direction,\
Associated Contact IDs
            501,2026-01-05 10:30,Rita Rep,00:03:05,Connected,Outbound,101;102
            502,2026-01-05 10:05,Rita Rep,,No answer,,101""",
            "all-meetings": """
            Record ID,Meeting start time,Activity assigned to,Meeting outcome,Associated Contact IDs
            601,2026-01-08 10:00,Rita Rep,No show,101""",
            "all-emails": """
            Record ID,Activity date,Activity assigned to,Email direction,Email send status,Associated Contact IDs
            701,2026-01-07 10:00,Rita Rep,INCOMING_EMAIL,,101
            702,2026-01-07 11:00,Rita Rep,EMAIL,SENT,101""",
        },
    )
    assert [file.read_as for file in found.receipt.files] == ["contacts", "deals", "calls", "meetings", "emails"]
    lead = row(found, "lead", "101")
    assert lead["created_at"].isoformat() == "2026-01-05T09:00:00+00:00"  # type: ignore[attr-defined]
    assert (lead["channel"], lead["lifecycle"], lead["owner_id"]) == ("paid_search", "customer", "Rita Rep")
    assert row(found, "lead", "102")["channel"] is None
    assert stages(found, "101") == [
        ("lead", "2026-01-05T09:00:00+00:00"),
        ("mql", "2026-01-06T08:00:00+00:00"),
        ("customer", "2026-02-01T11:00:00+00:00"),
    ]
    assert set(found.frame("identity").select("from_id", "to_id").rows()) == {("77", "101"), ("78", "101")}
    won, still_open = row(found, "deal", "9001"), row(found, "deal", "9002")
    assert (won["status"], won["amount"], won["currency"]) == ("won", Decimal("1250.50"), "EUR")
    assert (still_open["status"], still_open["closed_at"]) == ("open", None)
    assert str(still_open["expected_close"]) == "2026-05-01"
    assert found.frame("deal_lead").height == 3
    touches = found.frame("touch").select("touch_id", "lead_id", "kind", "direction", "outcome").sort("touch_id").rows()
    assert touches == [
        ("501~101", "101", "call", "out", "connected"),
        ("501~102", "102", "call", "out", "connected"),
        ("502~101", "101", "call", "out", "no_answer"),
        ("601~101", "101", "meeting", "out", "no_show"),
        ("701~101", "101", "email", "in", None),
        ("702~101", "101", "email", "out", "sent"),
    ]
    assert row(found, "touch", "501~101")["duration_s"] == 185


def test_hubspot_by_hand_in_spanish(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        "hubspot_export",
        zone="Europe/Madrid",
        contactos__contact="""
        ID del registro,Propietario del contacto,Fecha de creación,Etapa del ciclo de vida,Fuente original
        7,Íñigo,2026-01-05 10:00,Lead cualificado para marketing,Búsqueda orgánica""",
    )
    lead = row(found, "lead", "7")
    assert (lead["lifecycle"], lead["channel"], lead["owner_id"]) == ("mql", "organic_search", "Íñigo")


def test_salesforce_objects(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        "salesforce_export",
        Lead="""
        Id,IsDeleted,MasterRecordId,Status,LeadSource,OwnerId,CreatedDate,SystemModstamp,IsConverted,ConvertedDate,\
ConvertedOpportunityId,ConvertedContactId
        00Q1,false,,Closed - Converted,Web,005A,2026-01-05T10:00:00.000Z,2026-02-01T00:00:00.000Z,\
true,2026-01-20,0061,0031
        00Q2,true,00Q1,Open - Not Contacted,Web,00G1,2026-01-06T10:00:00.000+0000,2026-02-02T00:00:00.000Z,false,,,""",
        LeadHistory="""
        Id,LeadId,Field,OldValue,NewValue,CreatedDate,CreatedById
        0171,00Q1,Status,Open - Not Contacted,Qualified,2026-01-07T10:00:00.000Z,005A
        0172,00Q1,Owner,Queue,Rita,2026-01-05T10:05:00.000Z,005X
        0173,00Q1,Owner,00G1,005A,2026-01-05T10:05:00.000Z,005X
        0174,00Q1,Rating,,Hot,2026-01-05T10:06:00.000Z,005X""",
        Task="""
        Id,WhoId,WhatId,OwnerId,Status,IsClosed,TaskSubtype,CallType,CompletedDateTime,CreatedDate,ActivityDate,\
CallDurationInSeconds,CallDisposition
        00T1,00Q1,,005A,Completed,true,Call,Outbound,2026-01-05T11:00:00.000Z,2026-01-05T11:02:00.000Z,\
2026-01-05,95,No answer
        00T2,00Q1,,005A,Not Started,false,Task,,,2026-01-05T11:02:00.000Z,2026-01-09,,
        00T3,00Q1,,005A,Completed,true,ListEmail,,2026-01-06T11:00:00.000Z,2026-01-06T11:00:00.000Z,,,""",
        Event="""
        Id,WhoId,WhatId,OwnerId,StartDateTime,EndDateTime,DurationInMinutes,CreatedDate,IsDeleted
        00U1,0031,0061,005A,2026-01-22T10:00:00.000Z,2026-01-22T10:30:00.000Z,30,2026-01-19T10:00:00.000Z,false""",
        Opportunity="""
        Id,StageName,Amount,CurrencyIsoCode,CloseDate,IsClosed,IsWon,LeadSource,OwnerId,CreatedDate
        0061,Closed Won,1200,USD,2026-02-15,true,true,Web,005A,2026-01-20T09:00:00.000Z
        0062,Closed Lost,50,USD,2026-02-15,true,false,Web,005A,2026-01-20T09:00:00.000Z
        0063,Prospecting,50,USD,2026-06-15,false,false,Web,005A,2026-01-20T09:00:00.000Z""",
        User="""
        Id,Username,Name,Email,IsActive,UserType,ManagerId,TimeZoneSidKey,UserRoleId
        005A,rita@x,Rita,rita@example.com,true,Standard,005M,Europe/Madrid,00E1
        005X,auto@x,Automation,,true,AutomatedProcess,,,""",
        UserRole="""
        Id,Name,DeveloperName
        00E1,Inside Sales,Inside_Sales""",
        Group="""
        Id,Name,Type,DeveloperName
        00G1,Web queue,Queue,Web
        00G2,Everybody,Regular,All""",
    )
    assert row(found, "lead", "00Q1")["lifecycle"] == "opportunity"
    gone = row(found, "lead", "00Q2")
    assert gone["deleted_at"].isoformat() == "2026-02-02T00:00:00+00:00"  # type: ignore[attr-defined]
    assert gone["merged_into"] == "00Q1"
    assert stages(found, "00Q1") == [
        ("lead", "2026-01-05T10:00:00+00:00"),
        ("sql", "2026-01-07T10:00:00+00:00"),
        ("opportunity", "2026-01-20T23:59:59.999999+00:00"),
    ]
    owners = found.frame("stage_change").filter(pl.col("field") == "owner")
    assert owners.select("to_value", "changed_by").rows() == [("005A", "005X")]
    touches = (
        found.frame("touch").select("touch_id", "kind", "direction", "outcome", "automated").sort("touch_id").rows()
    )
    assert touches == [
        ("00T1", "call", "out", "no_answer", False),
        ("00T2", "task", "internal", "scheduled", None),
        ("00T3", "email", "out", "unknown", True),
        ("00U1", "meeting", "out", "held", None),
    ]
    assert row(found, "touch", "00T1")["occurred_at"].isoformat() == "2026-01-05T11:00:00+00:00"  # type: ignore[attr-defined]
    deals = found.frame("deal").sort("deal_id").select("status", "closed_at").rows()
    assert [status for status, _ in deals] == ["won", "lost", "open"]
    assert deals[2][1] is None
    assert set(found.frame("identity").select("from_id", "to_id", "reason").rows()) == {
        ("0031", "00Q1", "convert"),
        ("00Q2", "00Q1", "merge"),
    }
    assert found.frame("deal_lead").select("deal_id", "lead_id", "is_primary").rows() == [("0061", "00Q1", True)]
    people = found.frame("owner").select("owner_id", "kind", "team").sort("owner_id").rows()
    assert people == [("005A", "person", "Inside Sales"), ("005X", "system", None), ("00G1", "queue", None)]


def test_pipedrive_by_hand(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        "pipedrive_export",
        **{
            "leads-1": """
            Lead - ID,Lead - Title,Lead - Owner,Lead - Lead created,Lead - Source channel,Lead - Contact person ID
            adf2,Acme,Rita,2026-01-05 10:00:00,Web forms,55""",
            "deals-1": """
            Deal - ID,Deal - Title,Deal - Owner,Deal - Value,Deal - Currency of Value,Deal - Stage,Deal - Status,\
Deal - Deal created,Deal - Won time,Deal - Lost time,Deal - Source lead ID
            1,Acme,Rita,500,EUR,Negotiation,Won,2026-01-10 10:00:00,2026-02-01 10:00:00,,adf2
            2,Beta,Rita,70,EUR,Contact made,Open,2026-01-10 10:00:00,,,""",
            "activities-1": """
            Activity - ID,Activity - Type,Activity - Done,Activity - Due date,Activity - Duration,Activity - Add time,\
Activity - Marked as done time,Activity - Lead ID,Activity - Assigned to user
            9,Call,Done,2026-01-06,00:15,2026-01-05 10:30:00,2026-01-05 11:00:00,adf2,Rita
            10,Meeting,To do,2026-01-09,01:00,2026-01-05 10:30:00,,adf2,Rita""",
        },
    )
    assert row(found, "lead", "adf2")["channel"] == "web_forms"
    assert row(found, "deal", "1")["closed_at"].isoformat() == "2026-02-01T10:00:00+00:00"  # type: ignore[attr-defined]
    assert row(found, "deal", "1")["lead_id"] == "adf2"
    call, meeting = row(found, "touch", "9"), row(found, "touch", "10")
    assert (call["kind"], call["outcome"], call["duration_s"]) == ("call", "unknown", 900)
    assert call["occurred_at"].isoformat() == "2026-01-05T11:00:00+00:00"  # type: ignore[attr-defined]
    assert (meeting["kind"], meeting["outcome"]) == ("meeting", "scheduled")


def test_zoho_by_hand(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        "zoho_export",
        zone="Europe/Rome",
        Leads_2026="""
        Record Id,Lead Owner.id,Lead Owner,Lead Source,Lead Status,Created Time,Modified Time
        zcrm_1,zcrm_u1,Rita,Trade Show,Junk Lead,05/01/2026 10:00,06/01/2026 10:00
        zcrm_2,zcrm_u1,Rita,-None-,Qualified,05/01/2026 10:00,06/01/2026 10:00""",
        Deals_2026="""
        Record Id,Deal Name,Stage,Amount,Closing Date,Created Time,Contact Name.id
        zcrm_9,Acme,Closed Won,"€ 1.250,50",2026-02-01,05/01/2026 10:00,zcrm_c1""",
        Calls_2026="""
        Record Id,Call Owner,Call Type,Call Start Time,Call Duration (in seconds),Call Result,Contact Name.id
        zcrm_7,Rita,Outbound,05/01/2026 10:10,35,Unattended Dialled,zcrm_c1
        zcrm_8,Rita,Outbound,05/01/2026 10:20,35,Attended Dialled,zcrm_c1""",
    )
    assert (row(found, "lead", "zcrm_1")["lifecycle"], row(found, "lead", "zcrm_1")["reason"]) == (
        "disqualified",
        "spam",
    )
    assert row(found, "lead", "zcrm_2")["channel"] is None
    assert row(found, "deal", "zcrm_9")["amount"] == Decimal("1250.50")
    assert found.frame("touch").sort("touch_id")["outcome"].to_list() == ["no_answer", "connected"]
    assert found.frame("owner").select("owner_id", "name").rows() == [("zcrm_u1", "Rita")]


def test_files_that_already_speak_our_language(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        "generic",
        zone="UTC",
        leads="lead_id,created_at,source,grade\n1,2026-01-05T10:00,Web,A",
        touches="touch_id,lead_id,kind,direction,occurred_at,outcome\nt,1,call,out,2026-01-05T10:30,connected",
        stage_changes="entity_id,field,to_value,changed_at\n1,lifecycle,mql,2026-01-06",
        deals="deal_id,lead_id,status,amount,currency,created_at\nd,1,won,10,EUR,2026-01-07",
        deal_leads="deal_id,lead_id,role\nd,1,buyer",
        owners="owner_id,name,team\no,Rita,sales",
        spend="day,channel,amount,currency\n2026-01-05,ads,10,EUR",
        identities="from_id,to_id\n0,1",
        deliveries="deliverable,delivered_at\nweekly report,2026-01-05",
    )
    filled = {name for name in TABLES if found.frame(name).height}
    assert filled == set(TABLES)
    assert stages(found, "1") == [("lead", "2026-01-05T10:00:00+00:00"), ("mql", "2026-01-06T00:00:00+00:00")]


def test_the_generic_profile_can_fill_every_column_there_is() -> None:
    takes = [take for rules in read_profile("generic").files.values() for take in rules.take]
    by_itself = {"src", "seen_at", "created_prec", "prec", "reason_raw", "outcome_raw", "to_raw"}
    for name, table in TABLES.items():
        named = {column for take in takes if take.table == name for column in take.columns}
        assert name == "source" or set(table.names) - named <= by_itself, name
