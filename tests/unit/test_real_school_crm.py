"""The school's export gives the totals of its README, from the raw workbooks as from the tidied files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.real_facts import Imported, adds_up, imported

from smarketing.sources.files.open_file import open_file

pytestmark = pytest.mark.data
TABLES = ("owner", "lead", "touch", "stage_change", "deal", "spend")


@pytest.fixture(scope="module")
def raw(crm_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    names = ["deals_raw.xlsx", "contacts_raw.xlsx", "spend_raw.xlsx", "calls.parquet"]
    files = [crm_data / "school_crm" / name for name in names]
    return imported(files, "school_crm", tmp_path_factory.mktemp("raw") / "facts")


@pytest.fixture(scope="module")
def tidied(crm_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    names = ["calls.parquet", "spend.csv", "contacts.csv", "deals.csv"]
    files = [crm_data / "school_crm" / name for name in names]
    return imported(files, "school_crm", tmp_path_factory.mktemp("tidied") / "facts")


@pytest.mark.parametrize("table", TABLES)
def test_raw_workbooks_and_tidied_files_give_the_same_facts(raw: Imported, tidied: Imported, table: str) -> None:
    key = raw.frame(table).columns[:2]
    assert raw.frame(table).sort(key).equals(tidied.frame(table).sort(key))


def test_every_row_is_accounted_for(raw: Imported, tidied: Imported) -> None:
    assert adds_up(raw.receipt)
    assert adds_up(tidied.receipt)
    deals = raw.file("deals_raw.xlsx")
    assert (deals.n_rows, deals.n_accepted, deals.n_rejected, deals.n_blank) == (21_593, 21_593, 0, 536)
    assert raw.file("spend_raw.xlsx").n_blank == 2
    assert tidied.file("spend.csv").n_rows == 20_779
    assert tidied.file("calls.parquet").n_accepted == 95_874


def test_the_totals_of_the_readme(tidied: Imported) -> None:
    leads, touches, deals, spend = (tidied.frame(table) for table in ("lead", "touch", "deal", "spend"))
    assert leads.height == 21_593
    assert touches.height == 95_874
    assert dict(touches["direction"].value_counts().rows()) == {"out": 86_875, "in": 3_078 + 5_921}
    won = deals.filter(pl.col("status") == "won")
    assert (won.height, won["amount"].sum()) == (858, Decimal(978_651))
    assert deals.filter(pl.col("status") == "lost").height == 15_743
    assert spend["amount"].sum() == Decimal("149523.45")
    assert spend["currency"].unique().to_list() == ["EUR"]


def test_won_by_source(tidied: Imported) -> None:
    leads = (
        tidied.frame("lead")
        .group_by("source_raw")
        .agg(won=(pl.col("lifecycle") == "customer").sum() - (pl.col("status") == "Free Education").sum(), all=pl.len())
    )
    found = {source: (won, n) for source, won, n in leads.rows()}
    assert found["Facebook Ads"] == (202, 4_850)
    assert found["Google Ads"] == (173, 4_226)
    assert found["Organic"] == (147, 2_590)
    assert found["SMM"] == (91, 1_730)
    assert found["Tiktok Ads"] == (56, 2_051)
    assert found["Youtube Ads"] == (53, 1_657)


def test_what_the_readme_warns_of(raw: Imported, tidied: Imported, crm_data: Path) -> None:
    leads, touches = tidied.frame("lead"), tidied.frame("touch")
    contacts = pl.read_csv(crm_data / "school_crm" / "contacts.csv", infer_schema=False)["Id"]
    has_contact = pl.col("person_key").is_in(contacts.implode()).fill_null(value=False)
    assert leads.filter(~has_contact).height == 62
    assert touches["person_key"].null_count() == 3_933
    assert leads.filter(pl.col("reason") == "duplicate").height == 1_771
    assert leads.filter(pl.col("is_test")).height == 159
    assert leads.filter(pl.col("content").str.contains("{region_name}", literal=True)).height > 0
    assert raw.file("deals_raw.xlsx").lost_ids == ("5805028000043899904", "5805028000030850048")
    assert raw.file("deals_raw.xlsx").notes == ("other sheets are not read: Лист1",)
    # A name that is no name is set aside, and so is nothing else of the whole export.
    assert tidied.receipt.n_rejected == 1
    assert tidied.file("contacts.csv").examples[0].value == "false"


def test_clocks_that_were_put_back_are_marked(tidied: Imported) -> None:
    assert tidied.file("calls.parquet").n_twice == 2


def test_amounts_with_a_currency_sign_and_decimal_comma(raw: Imported) -> None:
    deals = raw.frame("deal").filter(pl.col("deal_id") == "5805028000052825311")
    assert deals.select("amount", "currency").row(0) == (Decimal(3_500), "EUR")


def test_a_closing_date_is_the_end_of_its_local_day(tidied: Imported) -> None:
    deal = tidied.frame("deal").filter(pl.col("deal_id") == "5805028000052825311").row(0, named=True)
    assert deal["closed_at"].isoformat() == "2024-06-15T21:59:59.999999+00:00"
    change = tidied.frame("stage_change").filter(
        (pl.col("entity_id") == "5805028000052825311") & (pl.col("to_value") == "customer")
    )
    assert change.select("changed_at", "prec", "exact", "origin", "to_raw").row(0) == (
        deal["closed_at"],
        "day",
        False,
        "derived",
        "Payment Done",
    )


def test_lengths_of_time_in_the_workbook_are_read_as_what_they_are(crm_data: Path) -> None:
    """The column SLA is 00:28:51 in some cells and three days in others; readers make dates of 1900 of it."""
    raw = pl.concat(rows.cells for rows in open_file(crm_data / "school_crm" / "deals_raw.xlsx")[0].read())
    tidied = pl.read_csv(crm_data / "school_crm" / "deals.csv", infer_schema=False)
    parts = raw["SLA"].str.split(":").list.eval(pl.element().cast(pl.Float64))
    seconds = parts.list.get(0) * 3_600 + parts.list.get(1) * 60 + parts.list.get(2)
    expected = tidied["SLA seconds"].cast(pl.Float64)
    assert seconds.null_count() == expected.null_count() == 21_593 - 15_533
    assert (seconds - expected).abs().max() <= 1
    assert seconds.max() == 26_908_464


@pytest.fixture(scope="module")
def responses(tidied: Imported, crm_data: Path) -> pl.DataFrame:
    """Our time to first touch beside the CRM's own, for deals that have both."""
    calls = tidied.frame("touch").filter((pl.col("direction") == "out") & pl.col("person_key").is_not_null())
    leads = (
        tidied.frame("lead").filter(pl.col("person_key").is_not_null()).select("lead_id", "person_key", "created_at")
    )
    called = leads.join(calls.select("person_key", "occurred_at"), on="person_key")
    first = (
        called.filter(pl.col("occurred_at") >= pl.col("created_at"))
        .group_by("lead_id", "created_at")
        .agg(pl.col("occurred_at").min())
    )
    assert first.height == 17_713
    theirs = pl.read_csv(crm_data / "school_crm" / "deals.csv", infer_schema=False)
    both = first.join(theirs.select(lead_id="Id", sla=pl.col("SLA seconds").cast(pl.Int64)).drop_nulls(), on="lead_id")
    local = [
        pl.col(name).dt.convert_time_zone("Europe/Berlin").dt.replace_time_zone(None) for name in both.columns[1:3]
    ]
    return both.with_columns(
        elapsed=(pl.col("occurred_at") - pl.col("created_at")).dt.total_seconds(),
        on_the_clock=(local[1] - local[0]).dt.total_seconds(),
    )


def test_first_touch_agrees_with_the_crms_own_column(responses: pl.DataFrame) -> None:
    """The CRM subtracts what the clock on the wall showed; where clocks changed in between, an hour is missing."""
    assert responses.height == 15_447
    assert responses["elapsed"].median() == 20_460
    on_the_clock = (responses["on_the_clock"] - responses["sla"]).abs()
    assert (on_the_clock <= 60).mean() > 0.974
    assert (on_the_clock <= 3_600).mean() > 0.983
    elapsed = (responses["elapsed"] - responses["sla"]).abs()
    assert (elapsed <= 60).mean() > 0.967
    differs = responses.filter((on_the_clock <= 60) & (elapsed > 60))
    assert set(differs.select((pl.col("elapsed") - pl.col("on_the_clock")).unique()).to_series()) == {3_600, -3_600}


def test_the_same_export_again_adds_nothing(tidied: Imported, crm_data: Path) -> None:
    before = tidied.folder.sequence
    names = ["calls.parquet", "spend.csv", "contacts.csv", "deals.csv"]
    again = imported([crm_data / "school_crm" / name for name in names], "school_crm", tidied.path)
    assert again.receipt.sequence == before
    assert adds_up(again.receipt)
    assert (again.receipt.n_accepted, again.receipt.n_rejected) == (0, 1)
    assert {file.status for file in again.receipt.files} == {"repeated"}
