"""An import as a whole: repeated, reordered, in pieces, beside others; what it says and what it leaves behind."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.small_import import LEADS, NOW, Brought, bring, check_adds_up, profile

from smarketing.ledger.folder import folder_to_fill, open_folder
from smarketing.ledger.receipts import receipts
from smarketing.terms.errors import FactsError, UserError
from smarketing.workflows.import_files import Progress, import_files

HEADER = ["Id", "Created", "Owner", "Source", "Score", "Status"]
LATER = NOW + timedelta(days=1)


def table(*rows: list[str], header: list[str] = HEADER) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def lead(ident: str, status: str = "New", created: str = "2026-01-05T10:00") -> list[str]:
    return [ident, created, "rita", "Web", "7", status]


def everything(found: Brought) -> list[tuple[object, ...]]:
    return found.frame().drop("seen_at").sort("lead_id").rows()


# ------------------------------------------------------------------------------------------------- repeated


def test_the_same_file_again_adds_nothing_and_writes_nothing(tmp_path: Path) -> None:
    text = table(lead("a"), lead("b"), lead("c", created="x"))
    first = bring(tmp_path, text)
    files = sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "facts" / "tables").iterdir())
    again = bring(tmp_path, text, now=LATER)
    assert again.file.status == "repeated"
    assert again.counts == (3, 0, 1, 2)
    assert again.receipt.sequence == first.receipt.sequence
    assert sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "facts" / "tables").iterdir()) == files


def test_the_same_rows_under_another_name_in_another_order(tmp_path: Path) -> None:
    first = bring(tmp_path, table(lead("a"), lead("b")))
    again = bring(tmp_path, table(lead("b"), lead("a")), name="copy.csv", now=LATER)
    assert again.counts == (2, 0, 0, 2)
    assert again.receipt.sequence == first.receipt.sequence
    assert again.frame()["seen_at"].unique().to_list() == [NOW]


def test_one_row_that_changed_is_the_only_one_accepted(tmp_path: Path) -> None:
    bring(tmp_path, table(lead("a"), lead("b")))
    found = bring(tmp_path, table(lead("a"), lead("b", status="Lost")), now=LATER)
    assert found.counts == (2, 1, 0, 1)
    assert found.column("status") == ["New", "Lost"]
    assert found.receipt.tables["lead"].n_updated == 1


def test_an_older_state_of_a_lead_comes_too_late(tmp_path: Path) -> None:
    by = LEADS.replace("status: Status", "status: Status\n          updated_at: Updated")

    def told(status: str, updated: str) -> str:
        return table([*lead("a", status=status), updated], header=[*HEADER, "Updated"])

    bring(tmp_path, told("Won", "2026-02-02"), by=by)
    found = bring(tmp_path, told("New", "2026-01-01"), by=by, now=LATER)
    assert found.counts == (1, 0, 0, 1)
    assert found.column("status") == ["Won"]


def test_two_states_of_one_lead_in_one_file(tmp_path: Path) -> None:
    rows = [lead("a", status="New"), lead("a", status="Won"), lead("a", status="Won")]
    states = [
        everything(bring(tmp_path, table(*order), folder=name)) for name, order in (("x", rows), ("y", rows[::-1]))
    ]
    assert states[0] == states[1]
    found = bring(tmp_path, table(*rows), folder="z")
    assert found.counts == (3, 1, 0, 2)


# ------------------------------------------------------------------------------------------------- rows without ids

SPEND = """
profile: ads
zone: UTC
currency: EUR
files:
  spend:
    files: ["*"]
    take:
      - table: spend
        columns: {day: Day, channel: Channel, amount: Cost}
"""


def spend(*rows: list[str]) -> str:
    return table(*rows, header=["Day", "Channel", "Cost"])


def test_equal_rows_without_an_id_stay_as_many_as_they_are(tmp_path: Path) -> None:
    rows = [["2026-01-05", "Ads", "10"], ["2026-01-05", "Ads", "10"], ["2026-01-06", "Ads", "10"]]
    found = bring(tmp_path, spend(*rows), by=SPEND)
    assert found.counts == (3, 3, 0, 0)
    assert found.frame("spend")["amount"].sum() == 30
    again = bring(tmp_path, spend(*rows[::-1]), name="again.csv", by=SPEND, now=LATER)
    assert again.counts == (3, 0, 0, 3)
    more = bring(tmp_path, spend(*rows, rows[0]), name="more.csv", by=SPEND, now=LATER)
    assert more.counts == (4, 1, 0, 3)


def test_two_files_that_overlap_tell_the_same_rows(tmp_path: Path) -> None:
    """January to February and February to March: February is in both, and counts once."""
    day = ["2026-02-01", "Ads", "10"]
    for name, other in (("one.csv", "2026-01-31"), ("two.csv", "2026-03-01")):
        (tmp_path / name).write_text(spend(day, day, [other, "Ads", "5"]))
    files = [tmp_path / "one.csv", tmp_path / "two.csv"]
    receipt = import_files(files, profile=profile(SPEND), facts=folder_to_fill(tmp_path / "facts"), now=NOW)
    assert [(file.n_rows, file.n_accepted, file.n_duplicates) for file in receipt.files] == [(3, 3, 0), (3, 1, 2)]
    assert open_folder(tmp_path / "facts").frame("spend")["amount"].sum() == 30


# ------------------------------------------------------------------------------------------------- several files


def test_one_damaged_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(table(lead("a")))
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 torn")
    (tmp_path / "empty.csv").write_bytes(b"")
    files = [tmp_path / name for name in ("bad.xlsx", "good.csv", "empty.csv", "gone.csv")]
    receipt = import_files(files, profile=profile(), facts=folder_to_fill(tmp_path / "facts"), now=NOW)
    status = {file.file: file.status for file in receipt.files}
    assert status == {
        "good.csv": "imported",
        "bad.xlsx": "unreadable",
        "empty.csv": "unreadable",
        "gone.csv": "unreadable",
    }
    assert all(file.problem for file in receipt.files if file.status == "unreadable")
    assert open_folder(tmp_path / "facts").frame("lead")["lead_id"].to_list() == ["a"]


def test_files_that_no_rule_knows_are_named(tmp_path: Path) -> None:
    by = LEADS.replace('["*"]', '["leads*"]')
    (tmp_path / "leads.csv").write_text(table(lead("a")))
    (tmp_path / "readme.csv").write_text("hello,there\n1,2\n")
    files = [tmp_path / "leads.csv", tmp_path / "readme.csv"]
    receipt = import_files(files, profile=profile(by), facts=folder_to_fill(tmp_path / "facts"), now=NOW)
    assert [file.status for file in receipt.files] == ["imported", "unknown"]
    with pytest.raises(UserError, match="no rules for this file\\. Its columns are hello, there"):
        import_files(files[1:], profile=profile(by), facts=folder_to_fill(tmp_path / "facts"), now=NOW)


def test_no_file_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        import_files([tmp_path / "gone.csv"], profile=profile(), facts=folder_to_fill(tmp_path / "facts"), now=NOW)
    with pytest.raises(UserError, match="No file"):
        import_files([], profile=profile(), facts=folder_to_fill(tmp_path / "facts"), now=NOW)
    assert not (tmp_path / "facts").exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        import_files([tmp_path], profile=profile(), facts=folder_to_fill(tmp_path / "facts"), now=NOW)


def test_the_same_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(table(lead("a")))
    receipt = import_files([path, path], profile=profile(), facts=folder_to_fill(tmp_path / "facts"), now=NOW)
    assert receipt.n_rows == 1


LINKED = """
profile: linked
zone: UTC
files:
  people:
    files: ["people*"]
  calls:
    files: ["calls*"]
    lookups:
      - {file: people, on: {Call: Call}, when: {Kind: [lead]}, columns: [Person], many: rows}
    take:
      - table: touch
        columns:
          touch_id: Call
          lead_id: people.Person
          kind: {value: call}
          direction: {value: out}
          occurred_at: At
"""


def linked(tmp_path: Path, *names: str) -> Brought:
    (tmp_path / "calls.csv").write_text("Call,At\nc1,2026-01-05\nc2,2026-01-06\nc3,2026-01-07\n")
    (tmp_path / "people.csv").write_text("Call,Person,Kind\nc1,b,lead\nc1,a,lead\nc2,x,friend\nc2,a,lead\n")
    files = [tmp_path / name for name in names]
    folder = tmp_path / "facts"
    return Brought(folder, import_files(files, profile=profile(LINKED), facts=folder_to_fill(folder), now=NOW))


def test_an_activity_of_two_people_is_a_touch_for_each(tmp_path: Path) -> None:
    found = linked(tmp_path, "calls.csv", "people.csv")
    touches = found.frame("touch").select("touch_id", "lead_id").sort("touch_id").rows()
    assert touches == [("c1~a", "a"), ("c1~b", "b"), ("c2~a", "a"), ("c3", None)]
    assert found.counts == (3, 3, 0, 0)
    assert [file.status for file in found.receipt.files] == ["imported", "linking"]


def test_a_link_that_comes_later_is_read_with_the_file_that_needs_it(tmp_path: Path) -> None:
    alone = linked(tmp_path, "calls.csv")
    assert alone.file.notes == ("there is no people file beside it: what it links stays unknown",)
    assert alone.frame("touch")["lead_id"].null_count() == 3
    both = linked(tmp_path, "people.csv", "calls.csv")
    assert both.file.status == "imported"
    assert both.frame("touch").filter(pl.col("lead_id") == "a").height == 2


# ------------------------------------------------------------------------------------------------- all or nothing


def test_a_row_that_gives_several_facts_gives_all_or_none(tmp_path: Path) -> None:
    by = LEADS + (
        "      - table: deal\n        columns:\n          deal_id: Id\n          status: {value: won}\n"
        "          created_at: Created\n          amount: Score\n"
    )
    text = table(lead("a"), ["b", "2026-01-05", "rita", "Web", "much", "New"])
    found = bring(tmp_path, text, by=by)
    assert found.counts == (2, 1, 1, 0)
    assert (found.column("lead_id"), found.column("deal_id", "deal")) == (["a"], ["a"])


def test_conditions_pass_over_rows_that_are_no_facts(tmp_path: Path) -> None:
    by = LEADS.replace(
        "      - table: lead\n", "      - table: lead\n        when: {Status: [New, Won*], Owner: filled}\n"
    )
    rows = [lead("a"), lead("b", status="won twice"), lead("c", status="Lost"), ["d", "x", "", "", "", "New"]]
    found = bring(tmp_path, table(*rows), by=by)
    assert found.counts == (2, 2, 0, 0)
    assert found.file.n_unused == 2
    by = LEADS.replace(
        "      - table: lead\n", "      - table: lead\n        when: {Status: {not: [New]}, Score: empty}\n"
    )
    assert bring(tmp_path, table(*rows), by=by, folder="other").file.n_unused == 4


def test_a_dry_run_counts_the_same_and_leaves_nothing(tmp_path: Path) -> None:
    path, folder = tmp_path / "leads.csv", tmp_path / "facts"
    path.write_text(table(lead("a"), lead("b", created="x"), lead("a")))
    dry = import_files([path], profile=profile(), facts=folder_to_fill(folder), now=NOW, is_dry_run=True)
    assert not folder.exists()
    wet = import_files([path], profile=profile(), facts=folder_to_fill(folder), now=NOW)
    assert (dry.n_rows, dry.n_accepted, dry.n_rejected, dry.n_duplicates) == (3, 1, 1, 1)
    assert (wet.n_rows, wet.n_accepted, wet.n_rejected, wet.n_duplicates) == (3, 1, 1, 1)
    before = sorted(path.name for path in folder.rglob("*"))
    path.write_text(table(lead("a"), lead("new")))
    again = import_files([path], profile=profile(), facts=folder_to_fill(folder), now=LATER, is_dry_run=True)
    assert (again.n_accepted, again.n_duplicates) == (1, 1)
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_source_and_zone_may_be_named_by_whoever_imports(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(table(lead("a")))
    import_files(
        [path], profile=profile(), facts=folder_to_fill(tmp_path / "f"), now=NOW, source="crm2", zone="America/New_York"
    )
    facts = open_folder(tmp_path / "f")
    assert facts.frame("lead").select("src", "created_at").row(0) == ("crm2", datetime(2026, 1, 5, 15, tzinfo=UTC))
    assert facts.frame("source").select("src", "zone", "currency").row(0) == ("crm2", "America/New_York", "EUR")


def test_two_sources_keep_their_ids_apart(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(table(lead("a")))
    for source in ("one", "two"):
        import_files([path], profile=profile(), facts=folder_to_fill(tmp_path / "f"), now=NOW, source=source)
    assert open_folder(tmp_path / "f").frame("lead")["src"].sort().to_list() == ["one", "two"]


# ------------------------------------------------------------------------------------------------- what it leaves


def test_the_receipt_is_kept_and_can_be_read_again(tmp_path: Path) -> None:
    found = bring(tmp_path, table(lead("a"), lead("b", created="x")))
    kept = json.loads((tmp_path / "facts" / "imports" / f"{found.receipt.id}.json").read_text())
    assert kept == json.loads(json.dumps(found.receipt.as_json()))
    assert (kept["n_rows"], kept["n_accepted"], kept["n_rejected"], kept["n_duplicates"]) == (2, 1, 1, 0)
    assert kept["at"] == "2026-03-02T09:00:00Z"
    assert kept["files"][0]["reasons"] == {"time_unreadable": 1}
    assert [receipt["id"] for receipt in receipts(tmp_path / "facts")] == [found.receipt.id]
    assert list((tmp_path / "facts" / "imports").glob(".staging*")) == []


def test_a_receipt_that_is_damaged_is_named(tmp_path: Path) -> None:
    found = bring(tmp_path, table(lead("a")))
    (tmp_path / "facts" / "imports" / f"{found.receipt.id}.json").write_text("{")
    with pytest.raises(FactsError, match="receipt"):
        bring(tmp_path, table(lead("b")), now=LATER)


def test_progress_is_told_from_the_first_chunk_to_the_last(tmp_path: Path) -> None:
    path, told = tmp_path / "leads.csv", list[Progress]()
    path.write_text(table(*[lead(f"r{n}") for n in range(60_000)]))
    import_files([path], profile=profile(), facts=folder_to_fill(tmp_path / "facts"), now=NOW, progress=told.append)
    assert [step.n_rows for step in told] == [50_000, 60_000, 0]  # read, read, to be written
    assert 0.5 < told[0].share < told[1].share == 1.0
    assert told[0].whole < told[1].whole == told[2].whole == 0.5


def test_every_reject_names_row_column_value_and_reason(tmp_path: Path) -> None:
    found = bring(tmp_path, table(lead("a"), ["b", "31.12.2025", "rita", "Web", "many", "New"], lead("", created="")))
    assert [(r["rejected row"], r["rejected column"], r["rejected value"]) for r in found.rejects] == [
        ("3", "Created", "31.12.2025"),
        ("4", "Id", ""),
    ]
    assert "Day and month" in found.rejects[0]["rejected because"]
    example = found.file.examples[0]
    assert (example.row, example.column, example.reason) == (3, "Created", "time_undeclared_order")


def test_a_hundred_thousand_leads_in_chunks_are_all_there(tmp_path: Path) -> None:
    rows = [lead(f"r{n % 90_000}", status=str(n // 90_000)) for n in range(120_000)]
    found = bring(tmp_path, table(*rows))
    assert found.counts == (120_000, 90_000, 0, 30_000)
    assert found.frame()["lead_id"].n_unique() == 90_000
    check_adds_up(found)
