"""An export comes in through the screen: looked at, corrected, imported, told row by row, undone."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.reader import NewReader, Reader
from tests.browser.site import Site

LONG_MS = 240_000
ROWS = [f"A-{n},2024-03-{n:02} 09:12:00,{('webinar', 'referral')[n % 2]},Nadia" for n in range(1, 29)]
SMALL = "\n".join(["Lead Id,Created Time,Came from,Lead Owner", *ROWS, "A-3x,yesterday,webinar,Tom", ""])


def test_a_small_file_is_corrected_imported_and_undone(own_demo: Site, reader: NewReader, tmp_path: Path) -> None:
    olu = reader(own_demo, "olu")
    (tmp_path / "leads.csv").write_text(SMALL, "utf-8")
    looks_at(olu, tmp_path / "leads.csv")
    chooses_columns(olu)
    becomes(olu, "Came from", "campaign")
    becomes(olu, "Came from", "source_raw")
    olu.draws("import-preview")
    olu.check_fits()
    olu.check_accessible()
    imports(olu)
    expect(olu.page.locator(".figure-number")).to_have_text("29 = 28 + 1 + 0")
    olu.check_accessible()
    rejected = list(csv.reader(io.StringIO(_rejects(olu, tmp_path))))
    assert any("A-3x" in row for row in rejected)
    undoes(olu)


def test_the_raw_workbooks_of_a_school(own_demo: Site, reader: NewReader, crm_data: Path) -> None:
    folder = crm_data / "school_crm"
    olu = reader(own_demo, "olu")
    olu.page.set_default_timeout(LONG_MS)
    looks_at(olu, *(folder / name for name in ("contacts_raw.xlsx", "deals_raw.xlsx", "spend_raw.xlsx")))
    page = olu.page
    expect(page.locator("#reading")).to_contain_text("contacts_raw")
    if page.locator("#zone").input_value() == "":
        page.locator("#zone").select_option("Europe/Berlin")
        olu.waits()
    imports(olu)
    numbers = [int(re.sub(r"\D", "", each)) for each in re.split(r"[=+]", page.locator(".figure-number").inner_text())]
    assert numbers[0] == sum(numbers[1:]) > 40_000
    undoes(olu)


def looks_at(reader: Reader, *files: Path) -> None:
    page = reader.goes_to("/data/")
    page.locator("input[type=file]").first.set_input_files(files)
    page.get_by_role("button", name="Look at them").click()
    page.wait_for_url(re.compile("/data/uploads/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this what your files say?")


def chooses_columns(reader: Reader) -> None:
    way = reader.page.locator("#way")
    if way.input_value() != "columns":
        way.select_option("columns")
        reader.waits()


def becomes(reader: Reader, header: str, fact: str) -> None:
    choice = reader.page.get_by_label(f"What {header} becomes", exact=True)
    choice.select_option(fact)
    reader.waits()
    expect(choice).to_have_value(fact)


def imports(reader: Reader) -> None:
    page = reader.page
    page.locator("button[data-imports]").click()
    page.wait_for_url(re.compile("/jobs/"))
    reader.sees_the_result()
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of every row")
    reader.check_fits()
    reader.check_accessible()


def _rejects(reader: Reader, place: Path) -> str:
    with reader.page.expect_download() as kept:
        reader.page.get_by_role("link", name="Download the rejected rows").first.click()
    kept.value.save_as(place / "rejects.csv")
    return (place / "rejects.csv").read_text("utf-8-sig")


def undoes(reader: Reader) -> None:
    page = reader.page
    page.once("dialog", lambda dialog: dialog.accept())
    address = page.url
    page.get_by_role("button", name="Undo this import").click()
    page.wait_for_load_state("networkidle")
    for _ in range(60):
        page.goto(address, wait_until="networkidle")
        if page.get_by_text("This import is undone").count():
            return
        page.wait_for_timeout(1_000)
    pytest.fail("The import was not undone within a minute.")
