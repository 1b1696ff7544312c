"""Workbooks with every oddity of F-08: read for what they show, or refused with what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from tests.small_import import DEALS, LEADS, Brought, bring, check_nothing_lost
from tests.workbooks import (
    CUSTOM,
    DATE,
    DATETIME,
    LENGTH,
    MAIN,
    NUMBER,
    cells,
    lead,
    leads,
    number,
    parts,
    sheet,
    text,
    workbook,
    zipped,
)

from smarketing.sources.files.workbook import DATE as IS_DATE
from smarketing.sources.files.workbook import DATETIME as IS_DATETIME
from smarketing.sources.files.workbook import GENERAL, format_kind
from smarketing.sources.files.workbook import LENGTH as IS_LENGTH
from smarketing.terms.errors import UserError


def brought(tmp_path: Path, content: bytes, name: str = "leads.xlsx", **how: object) -> Brought:
    return bring(tmp_path, content, name=name, **how)  # type: ignore[arg-type]


def refused(tmp_path: Path, content: bytes, name: str = "leads.xlsx") -> str:
    with pytest.raises(UserError) as error:
        brought(tmp_path, content, name)
    assert error.value.hint
    return error.value.what


# ------------------------------------------------------------------------------------------------- what cells say


def test_rows_keep_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    content = workbook(leads(f'<row r="5">{lead("a")}</row>', f'<row r="9">{lead("b", created="x")}</row>'))
    found = brought(tmp_path, content)
    assert found.column("lead_id") == ["a"]
    assert found.rejects[0]["rejected row"] == "9"


def created(tmp_path: Path, cell: str, *, is_1904: bool = False) -> str | None:
    found = brought(tmp_path, workbook(leads(cells("a", cell, "rita", "Web", "7", "New")), is_1904=is_1904))
    at = found.column("created_at")
    return at[0].isoformat() if at else next(iter(found.file.reasons))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (number(46_027, DATE), "2026-01-04T23:00:00+00:00"),
        (number("46027.5", DATETIME), "2026-01-05T11:00:00+00:00"),
        (number("46027.576388888891", CUSTOM), "2026-01-05T12:50:00+00:00"),
        (number(60, DATE), "time_impossible_date"),  # 29 February 1900 never was
        (number(59, DATE), "1900-02-28T00:14:44+00:00"),
        (number(61, DATE), "1900-03-01T00:14:44+00:00"),
        (number(-1, DATE), "time_bare_number"),
        (number(46_027), "time_bare_number"),
        (number(9_999_999, DATE), "time_bare_number"),
        ('<c t="d"><v>2026-01-05T10:00:00</v></c>', "2026-01-05T09:00:00+00:00"),
    ],
)
def test_days_are_counted_as_excel_counts_them(tmp_path: Path, cell: str, expected: str) -> None:
    assert created(tmp_path, cell) == expected


def test_days_counted_from_1904(tmp_path: Path) -> None:
    assert created(tmp_path, number(46_027 - 1_462, DATE), is_1904=True) == "2026-01-04T23:00:00+00:00"


def test_a_length_of_time_is_no_date_of_1900(tmp_path: Path) -> None:
    calls = LEADS.replace("status: Status", "status: Status\n      - table: touch\n        columns:") + (
        "          touch_id: Id\n          kind: {value: call}\n          direction: {value: out}\n"
        "          occurred_at: Created\n          duration_s: Score\n"
    )
    by = calls.replace("          score: Score\n", "")
    row = cells("a", "2026-01-05T10:00", "rita", "Web", number("4.888171296", LENGTH), "New")
    found = brought(tmp_path, workbook(leads(row)), by=by)
    assert found.frame("touch")["duration_s"].to_list() == [422_338]


def test_numbers_have_a_point_whatever_the_profile_says(tmp_path: Path) -> None:
    """3.5 in a cell is three and a half, also where people write 3,5."""
    header = cells("Id", "Created", "Amount")
    rows = [cells("a", "", number("3.5")), cells("b", "", text("3,5")), cells("c", "", text("€ 3.500,00"))]
    found = brought(tmp_path, workbook(sheet(header, *rows)), by=DEALS.replace("either", '","'))
    assert [float(amount) for amount in found.column("amount", "deal")] == [3.5, 3.5, 3500]  # type: ignore[arg-type]


def test_ids_that_became_numbers(tmp_path: Path) -> None:
    found = brought(
        tmp_path,
        workbook(
            leads(
                cells(number(12), "2026-01-05", "rita"),
                cells(number("5.8050280000439e+18"), "2026-01-05", "rita"),
                cells(number("7.0", NUMBER), "2026-01-05", "rita"),
            )
        ),
    )
    assert found.column("lead_id") == ["12", "5805028000043899904", "7"]
    assert found.file.lost_ids == ("5805028000043899904",)


def test_two_records_under_one_id_that_lost_its_digits(tmp_path: Path) -> None:
    same = number("5.8050280000439e+18")
    found = brought(
        tmp_path,
        workbook(leads(cells(same, "2026-01-05", "rita"), cells(same, "2026-01-06", "sam"))),
    )
    assert found.counts == (2, 1, 1, 0)
    assert found.file.reasons == {"conflict": 1}


def test_strings_shared_rich_phonetic_and_escaped(tmp_path: Path) -> None:
    strings = (
        "<si><r><t>ri</t></r><r><rPr><b/></rPr><t>ta</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si><si><t>a_x0041_b</t></si>"
    )
    row = '<c t="inlineStr"><is><t>a</t></is></c>' + text("2026-01-05") + '<c t="s"><v>0</v></c><c t="s"><v>1</v></c>'
    found = brought(tmp_path, workbook(leads(row + number(7) + '<c t="s"><v>2</v></c>'), strings=strings))
    assert (found.column("owner_id"), found.column("source_raw")) == (["rita"], ["東京"])
    assert found.column("status") == ["aAb"]


@pytest.mark.parametrize("place", ["99", "-1", "1e3", "x"])
def test_a_shared_string_that_does_not_exist(tmp_path: Path, place: str) -> None:
    found = brought(tmp_path, workbook(leads(lead("a", status=f'<c t="s"><v>{place}</v></c>'), lead("b"))))
    assert found.counts == (2, 1, 1, 0)
    assert found.file.reasons == {"error_cell": 1}


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_error_cells_cost_their_row(tmp_path: Path, error: str) -> None:
    found = brought(tmp_path, workbook(leads(lead("a", status=f'<c t="e"><v>{error}</v></c>'), lead("b"))))
    assert found.file.reasons == {"error_cell": 1}
    assert found.rejects[0]["rejected column"] == "Status"
    check_nothing_lost(found, ["a", "b"])


def test_a_formula_that_was_never_calculated_is_no_empty_cell(tmp_path: Path) -> None:
    never, known = "<c><f>A1+1</f></c>", "<c><f>A1+1</f><v>8</v></c>"
    found = brought(tmp_path, workbook(leads(lead("a", score=never), lead("b", score=known), cells(never))))
    assert found.file.reasons == {"not_calculated": 1}
    assert found.column("score") == [8.0]
    assert found.file.n_blank == 1


def test_truth_is_a_word(tmp_path: Path) -> None:
    found = brought(tmp_path, workbook(leads(lead("a", status='<c t="b"><v>1</v></c>'))))
    assert found.column("status") == ["true"]


def test_merged_cells_are_told(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>'
    found = brought(tmp_path, workbook(leads(lead("a"), lead("b"), after=merged)))
    assert found.file.notes == ("1 merged areas: only the first cell of each holds a value",)


def test_control_characters_written_as_escapes(tmp_path: Path) -> None:
    found = brought(tmp_path, workbook(leads(lead("a", status="x_x0000_y"), lead("b", status="x_xD800_y"), lead("c"))))
    assert found.file.reasons == {"control_character": 1, "bad_bytes": 1}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", GENERAL),
        ("0.00", GENERAL),
        ("#,##0 [$€-407]", GENERAL),
        ('"day" 0', GENERAL),
        ("0.00E+00", GENERAL),
        ("@", GENERAL),
        ("dd/mm/yyyy", IS_DATE),
        ("[$-409]d-mmm-yy;@", IS_DATE),
        ("mmmm", IS_DATE),
        ("yyyy-mm-dd hh:mm:ss", IS_DATETIME),
        ("m/d/yy h:mm AM/PM", IS_DATETIME),
        ("[h]:mm:ss", IS_LENGTH),
        ("[mm]:ss", IS_LENGTH),
        ("h:mm:ss", IS_LENGTH),
        ("mm:ss.0", IS_LENGTH),
        ("[Red]0.0", GENERAL),
    ],
)
def test_formats_tell_dates_from_lengths_from_numbers(code: str, kind: int) -> None:
    assert format_kind(code) == kind


# ------------------------------------------------------------------------------------------------- sheets


def test_every_visible_sheet_that_fits_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    content = workbook(
        leads(lead("a")),
        leads(lead("b")),
        leads(lead("hidden")),
        sheet(cells("Note")),
        names=("2025", "2026", "Old", "Read me"),
        states=("visible", "visible", "hidden", "visible"),
    )
    found = brought(tmp_path, content)
    assert found.column("lead_id") == ["a", "b"]
    assert found.file.notes == ("other sheets are not read: Old, Read me",)


def test_a_hidden_sheet_is_read_when_the_profile_names_it(tmp_path: Path) -> None:
    content = workbook(leads(lead("a")), leads(lead("b")), names=("Now", "Old"), states=("visible", "veryHidden"))
    found = brought(tmp_path, content, by=LEADS.replace('files: ["*"]', 'files: ["*"]\n    sheet: Old'))
    assert found.column("lead_id") == ["b"]


def test_rows_above_the_header_are_passed_over_when_the_profile_says_so(tmp_path: Path) -> None:
    content = workbook(sheet(cells("Leads of May"), cells(""), cells("Id", "Created"), cells("a", "2026-01-05")))
    found = brought(tmp_path, content, by=LEADS.replace('files: ["*"]', 'files: ["*"]\n    header_row: 3'))
    assert found.column("lead_id") == ["a"]


def test_a_namespace_with_a_prefix(tmp_path: Path) -> None:
    body = leads(lead("a")).replace("xmlns=", "xmlns:x=").replace("</", "</x:")
    body = body.replace("<", "<x:").replace("<x:/x:", "</x:")
    assert brought(tmp_path, workbook(body)).column("lead_id") == ["a"]


def test_cells_may_come_without_places_and_out_of_order(tmp_path: Path) -> None:
    row = '<c r="C2" t="inlineStr"><is><t>rita</t></is></c>'
    row += '<c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2" t="inlineStr"><is><t>2026-01-05</t></is></c>'
    assert brought(tmp_path, workbook(leads(row))).column("owner_id") == ["rita"]


@pytest.mark.parametrize("body", [sheet(), "<worksheet/>"])
def test_an_empty_workbook_is_said_to_be_empty(tmp_path: Path, body: str) -> None:
    assert "empty" in refused(tmp_path, workbook(body))


# ------------------------------------------------------------------------------------------------- damage


def test_a_workbook_with_another_name_is_still_one(tmp_path: Path) -> None:
    assert brought(tmp_path, workbook(leads(lead("a"))), name="leads.csv").column("lead_id") == ["a"]


def test_a_zip_of_something_else_is_no_workbook(tmp_path: Path) -> None:
    assert "no workbook" in refused(tmp_path, zipped({"readme.txt": "hi"}))
    assert "OpenDocument" in refused(tmp_path, zipped({"content.xml": "<x/>", "mimetype": "…"}), "b.ods")
    assert "binary" in refused(tmp_path, zipped({"xl/workbook.bin": "x"}), "c.xlsb")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_short_is_torn(tmp_path: Path, share: float) -> None:
    whole = workbook(leads(*[lead(f"r{n}") for n in range(500)]))
    assert "torn" in refused(tmp_path, whole[: int(len(whole) * share)])


def test_a_damaged_sheet_leaves_nothing_behind(tmp_path: Path) -> None:
    whole = bytearray(workbook(leads(*[lead(f"r{n}") for n in range(5_000)])))
    at = whole.find(b"xl/worksheets/sheet1.xml") + 9_000
    whole[at : at + 40] = bytes(40)
    with pytest.raises(UserError):
        brought(tmp_path, bytes(whole))
    good = brought(tmp_path, workbook(leads(lead("a"))), name="good.xlsx")
    assert good.column("lead_id") == ["a"]


@pytest.mark.parametrize(
    "body",
    [
        "<worksheet><sheetData><row><c>",
        "not xml at all",
        "",
        f'<worksheet xmlns="{MAIN}"><sheetData><row></sheetData></row></worksheet>',
        "<worksheet>\x00</worksheet>",
    ],
)
def test_xml_that_is_none_is_damaged(tmp_path: Path, body: str) -> None:
    refused(tmp_path, workbook(body))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_without_a_part_it_needs(tmp_path: Path, part: str) -> None:
    content = parts(leads(lead("a")))
    del content[part]
    refused(tmp_path, zipped(content))


@pytest.mark.parametrize("part", ["xl/styles.xml"])
def test_a_workbook_without_a_part_it_can_do_without(tmp_path: Path, part: str) -> None:
    content = parts(leads(lead("a")))
    del content[part]
    assert brought(tmp_path, zipped(content)).column("lead_id") == ["a"]


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    packed = io.BytesIO(workbook(leads(lead("a"))))
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", leads(lead("evil")))
    assert "two entries" in refused(tmp_path, packed.getvalue())


def test_names_that_climb_out_of_the_archive_are_never_written(tmp_path: Path) -> None:
    content = parts(leads(lead("a"))) | {"../../evil.txt": "x", "/etc/evil": "x"}
    assert brought(tmp_path, zipped(content)).column("lead_id") == ["a"]
    assert [path.name for path in tmp_path.rglob("evil*")] == []


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    content = parts(leads(lead("a")))
    rels = content["xl/_rels/workbook.xml.rels"]
    content["xl/_rels/workbook.xml.rels"] = rels.replace(
        'Target="worksheets/sheet1.xml"', 'Target="file:///etc/passwd" TargetMode="External"'
    )
    assert "no sheet" in refused(tmp_path, zipped(content))


def test_an_encrypted_entry_is_named(tmp_path: Path) -> None:
    packed = bytearray(workbook(leads(lead("a"))))
    at = packed.find(b"PK\x01\x02")
    packed[at + 8] |= 1
    assert "encrypted" in refused(tmp_path, bytes(packed))


def test_macros_and_drawings_are_left_alone(tmp_path: Path) -> None:
    content = parts(leads(lead("a"))) | {"xl/vbaProject.bin": b"\x00" * 100, "xl/drawings/drawing1.xml": "<x/>"}
    assert brought(tmp_path, zipped(content), name="leads.xlsm").column("lead_id") == ["a"]


def test_a_workbook_of_a_real_writer(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "real.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Leads")
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        page.write_row(0, 0, ["Id", "Created", "Owner", "Source", "Score", "Status"])
        for n in range(1, 200):
            page.write_row(n, 0, [f"r{n}"])
            page.write_number(n, 1, 46_027.5, day)
            page.write_row(n, 2, ["rita", "Web", n / 10, "New"])
    found = brought(tmp_path, path.read_bytes())
    assert found.counts == (199, 199, 0, 0)
    assert found.frame()["score"].sum() == pytest.approx(1_990)
