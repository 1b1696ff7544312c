"""Olist's funnel, Maven's pipeline and the tables of three CRMs enter with the totals and oddities of their READMEs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.real_facts import Imported, adds_up, imported

from smarketing.sources.files.open_file import open_file

pytestmark = pytest.mark.data


def whole_folder(folder: Path, profile: str, path: Path) -> Imported:
    found = imported(sorted(folder.glob("*.csv")), profile, path)
    assert adds_up(found.receipt)
    return found


@pytest.fixture(scope="module")
def olist(crm_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return whole_folder(crm_data / "olist_funnel", "olist_funnel", tmp_path_factory.mktemp("olist") / "facts")


def test_leads_and_deals(olist: Imported) -> None:
    leads, deals = olist.frame("lead"), olist.frame("deal")
    assert (leads.height, deals.height) == (8_000, 842)
    assert deals.join(leads, on="lead_id", how="semi").height == 842
    assert olist.file("olist_sellers_dataset.csv").status == "unknown"


def test_a_source_is_one_channel_however_it_is_spelled(olist: Imported) -> None:
    channels = olist.frame("lead")["channel"]
    assert channels.n_unique() == 10  # ten ways to come, two of them called other, and none
    assert "paid_search" in channels
    assert olist.frame("lead").filter(pl.col("channel") == "paid_search")["source_raw"].unique().to_list() == [
        "paid search"
    ]


def test_dates_are_days_and_signatures_are_times(olist: Imported) -> None:
    leads, deals = olist.frame("lead"), olist.frame("deal")
    assert leads["created_prec"].unique().to_list() == ["day"]
    assert leads["created_at"].min().isoformat() == "2017-06-14T03:00:00+00:00"  # midnight in São Paulo
    assert deals["created_prec"].unique().to_list() == ["second"]
    both = deals.join(leads.select("lead_id", first="created_at"), on="lead_id")
    assert both.filter(pl.col("closed_at") < pl.col("first")).height == 1
    lag = (both["closed_at"] - both["first"]).dt.total_days()
    assert lag.median() == 14


def test_people_of_both_teams_are_owners(olist: Imported, crm_data: Path) -> None:
    raw = pl.read_csv(crm_data / "olist_funnel" / "olist_closed_deals_dataset.csv")
    people = set(raw["sdr_id"]) | set(raw["sr_id"])
    assert set(olist.frame("owner")["owner_id"]) == people - {None}


@pytest.fixture(scope="module")
def maven(crm_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return whole_folder(crm_data / "maven_crm", "maven_crm", tmp_path_factory.mktemp("maven") / "facts")


def test_deals_by_status(maven: Imported) -> None:
    deals = maven.frame("deal")
    assert dict(deals["status"].value_counts().rows()) == {"won": 4_238, "lost": 2_473, "open": 1_589}
    assert deals.filter(pl.col("status") == "won")["amount"].sum() == Decimal(10_005_534)
    assert deals["currency"].drop_nulls().unique().to_list() == ["USD"]


def test_prospects_without_a_date_are_set_aside_with_the_reason(maven: Imported) -> None:
    file = maven.file("sales_pipeline.csv")
    assert (file.n_rows, file.n_accepted, file.n_rejected) == (8_800, 8_300, 500)
    assert file.reasons == {"required_empty": 500}
    rejects = pl.read_csv(maven.path / file.rejects_file, infer_schema=False)
    assert rejects["deal_stage"].unique().to_list() == ["Prospecting"]
    assert rejects["rejected column"].unique().to_list() == ["engage_date"]


def test_a_product_spelled_in_two_ways_is_one(maven: Imported, crm_data: Path) -> None:
    products = pl.read_csv(crm_data / "maven_crm" / "products.csv")["product"]
    assert set(maven.frame("deal")["pipeline"]) <= set(products)


def test_deals_without_an_account_stay_without(maven: Imported, crm_data: Path) -> None:
    raw = pl.read_csv(crm_data / "maven_crm" / "sales_pipeline.csv")
    assert raw["account"].null_count() == 1_425
    prospects = raw.filter(pl.col("account").is_null() & (pl.col("deal_stage") == "Prospecting")).height
    assert maven.frame("deal")["account_key"].null_count() == 1_425 - prospects


def test_people_have_teams_and_managers(maven: Imported) -> None:
    owners = maven.frame("owner")
    assert owners.height == 35
    assert set(owners["team"]) == {"Central", "East", "West"}
    assert owners["manager_id"].null_count() == 0


@pytest.fixture(scope="module")
def hubspot(crm_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = crm_data / "crm_api_seeds" / "hubspot"
    return whole_folder(folder, "fivetran_hubspot", tmp_path_factory.mktemp("hubspot") / "facts")


@pytest.fixture(scope="module")
def salesforce(crm_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = crm_data / "crm_api_seeds" / "salesforce"
    return whole_folder(folder, "fivetran_salesforce", tmp_path_factory.mktemp("salesforce") / "facts")


@pytest.fixture(scope="module")
def marketo(crm_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = crm_data / "crm_api_seeds" / "marketo"
    return whole_folder(folder, "marketo", tmp_path_factory.mktemp("marketo") / "facts")


def test_hubspot_contacts_are_leads(hubspot: Imported) -> None:
    lead = hubspot.frame("lead").filter(pl.col("lead_id") == "78971951").row(0, named=True)
    assert lead["src"] == "hubspot"
    assert lead["created_at"].isoformat() == "2021-04-01T17:32:47+00:00"
    assert lead["updated_at"].isoformat() == "2021-04-02T11:16:05+00:00"


def test_hubspot_merges_are_followed_from_both_tellings(hubspot: Imported) -> None:
    steps = dict(hubspot.frame("identity").select("from_id", "to_id").rows())
    assert steps["76340251"] == steps["46897301"] == steps["76226001"] == "78971951"
    assert steps["11111"] == "5555"
    assert steps["9014070905"] == "9089908390"


def test_hubspot_activities_find_their_contact_in_another_table(hubspot: Imported) -> None:
    touches = hubspot.frame("touch")
    assert dict(touches["kind"].value_counts().rows()) == {
        "meeting": 100,
        "task": 2,
        "call": 1,
        "email": 1,
        "chat": 1,
        "note": 1,
    }
    call = touches.filter(pl.col("kind") == "call").row(0, named=True)
    assert (call["lead_id"], call["touch_id"]) == ("501", "19732910159~501")
    assert call["occurred_at"].isoformat() == "2014-08-27T20:50:44.778000+00:00"
    assert call["logged_at"].isoformat() == "2022-03-01T19:43:05.526000+00:00"


def test_hubspot_deals_and_their_people(hubspot: Imported) -> None:
    assert hubspot.frame("deal").height == 44
    assert hubspot.frame("deal_lead").height == 11
    assert hubspot.frame("owner").height == 100


def test_salesforce_conversion_links_lead_contact_and_day(salesforce: Imported) -> None:
    lead = salesforce.frame("lead").row(0, named=True)
    assert (lead["lifecycle"], lead["status"]) == ("opportunity", "Converted")
    assert salesforce.frame("identity").select("from_id", "to_id", "reason").row(0) == (
        "0031G00001QtDPlQAN",
        "00Q1G00000nDnM5UAK",
        "convert",
    )
    converted = salesforce.frame("stage_change").filter(pl.col("to_value") == "opportunity").row(0, named=True)
    assert converted["exact"] is False
    assert converted["changed_at"].isoformat() == "2019-11-11T23:59:59.999999+00:00"


def test_salesforce_activities(salesforce: Imported) -> None:
    touches = salesforce.frame("touch")
    assert touches.height == 20
    meetings = touches.filter(pl.col("object") == "event")
    assert meetings["duration_s"].drop_nulls().min() == 900
    assert touches.filter(pl.col("object") == "task")["lead_id"].null_count() < 10


def test_salesforce_opportunities_deleted_and_won(salesforce: Imported) -> None:
    deals = salesforce.frame("deal")
    deal = deals.filter(pl.col("deal_id") == "006q000000HddohAAB").row(0, named=True)
    assert (deal["status"], deal["amount"]) == ("won", Decimal(24_120_000))
    assert deal["deleted_at"] is not None
    assert deal["closed_at"] > deal["created_at"]
    states = salesforce.frame("stage_change").filter(pl.col("entity") == "deal")
    assert states.height == 10
    assert states["changed_at"].max().year < 2100  # the far end of a validity is no event


def test_marketo_files_begin_with_a_byte_order_mark(marketo: Imported) -> None:
    assert marketo.file("marketo_activity_merge_leads_data.csv").form == "utf-8-sig ,"
    assert marketo.frame("lead").height == 100


def test_marketo_merges_mails_and_deletions(marketo: Imported) -> None:
    steps = dict(marketo.frame("identity").select("from_id", "to_id").rows())
    assert steps["1286861"] == "1345540"
    touches = marketo.frame("touch")
    assert touches["automated"].all()
    assert touches.height == 2


def test_a_wide_messy_file_keeps_its_rows_and_its_last_header(crm_data: Path) -> None:
    file = open_file(crm_data / "x_education_leads" / "leads.csv")[0]
    rows = list(file.read())
    assert (len(file.headers), sum(chunk.cells.height for chunk in rows)) == (37, 9_240)
    assert file.headers[-1] == "Last Notable Activity"
    assert [torn for chunk in rows for torn in chunk.torn] == []
