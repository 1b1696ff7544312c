"""Dates, numbers, ids and addresses of F-11 … F-14: read as they are meant, or set aside and told why."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.small_import import DEALS, LEADS, Brought, bring, check_adds_up, check_nothing_lost

from smarketing.sources.rejection import shown_value
from smarketing.terms.errors import UserError

HEADER = ["Id", "Created", "Owner", "Source", "Score", "Status"]


def table(*rows: list[str], header: list[str] = HEADER) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def one(tmp_path: Path, by: str = LEADS, **cells: str) -> Brought:
    values = {
        "Id": "a",
        "Created": "2026-01-05T10:00",
        "Owner": "rita",
        "Source": "",
        "Score": "",
        "Status": "",
    } | cells
    found = bring(tmp_path, table([values[name] for name in HEADER]), by=by)
    check_adds_up(found)
    return found


# ------------------------------------------------------------------------------------------------- F-11 dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", "2024-02-28T23:00:00+00:00"),
        ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00+00:00"),
        ("2026-01-05 10:00:00.123456+02:00", "2026-01-05T08:00:00.123456+00:00"),
        ("5/1/2026 10:00", "2026-01-05T09:00:00+00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),  # came twice: the earlier one
        ("2027-02-29", "time_impossible_date"),
        ("2026-04-31T10:00", "time_impossible_date"),
        ("0000-00-00", "time_impossible_date"),
        ("0000-00-00 00:00:00", "time_impossible_date"),
        ("2026-13-01", "time_impossible_date"),
        ("31/02/2026 10:00", "time_impossible_date"),
        ("2026-01-05T24:00", "time_impossible_time"),
        ("2026-01-05T10:60", "time_impossible_time"),
        ("2026-01-05T10:00:60", "time_impossible_time"),
        ("2026-01-05T10:00+25:00", "time_impossible_offset"),
        ("2026-03-29T02:30", "time_skipped"),
        ("2026-01-05 10:00 CST", "time_zone_abbreviation"),
        ("２０２６-01-05", "time_unreadable"),
        ("2026-01-05T10:00−05:00", "time_unreadable"),
        ("1767607200", "time_bare_number"),
        ("1767607200000", "time_bare_number"),
        ("46027.5", "time_bare_number"),
        ("03/04/2026", "time_undeclared_order"),
        ("9999-12-31", "time_out_of_range"),
        ("0001-01-01", "time_out_of_range"),
        ("yesterday", "time_unreadable"),
        ("2026-01-05T10:00:00Z; DROP TABLE", "time_unreadable"),
        ("", "required_empty"),
    ],
)
def test_dates(tmp_path: Path, text: str, expected: str) -> None:
    found = one(tmp_path, Created=text)
    at = found.column("created_at")
    assert (at[0].isoformat() if at else next(iter(found.file.reasons))) == expected  # type: ignore[attr-defined]


def test_two_formats_in_one_column_are_read_when_both_are_named(tmp_path: Path) -> None:
    by = LEADS.replace('["%d/%m/%Y %H:%M"]', '["%d/%m/%Y %H:%M", "%d.%m.%y", epoch_s]')
    rows = [["a", "5/1/2026 10:00"], ["b", "05.01.26"], ["c", "1767607200"], ["d", "2026-01-05"], ["e", "Jan 5"]]
    found = bring(tmp_path, table(*[[*row, "", "", "", ""] for row in rows]), by=by)
    assert found.counts == (5, 4, 1, 0)
    assert {str(at)[:10] for at in found.column("created_at")} == {"2026-01-04", "2026-01-05"}


def test_one_missing_local_time_among_ten_thousand_costs_one_row(tmp_path: Path) -> None:
    rows = [[f"r{n}", "2026-03-29T02:30" if n == 5_000 else "2026-03-29T03:30", "", "", "", ""] for n in range(10_000)]
    found = bring(tmp_path, table(*rows))
    assert found.counts == (10_000, 9_999, 1, 0)


def test_a_local_time_that_came_twice_is_counted(tmp_path: Path) -> None:
    assert one(tmp_path, Created="2026-10-25T02:30").file.n_twice == 1
    by = LEADS.replace("currency: EUR", "currency: EUR\ntwice: reject")
    assert one(tmp_path, by, Created="2026-10-25T02:30").file.reasons == {"time_doubled": 1}


def test_without_a_zone_a_local_time_means_nothing(tmp_path: Path) -> None:
    by = LEADS.replace("zone: Europe/Madrid\n", "")
    with pytest.raises(UserError, match='times in "Created"') as error:
        one(tmp_path, by, Created="2026-01-05T10:00")
    assert "--zone" in error.value.hint
    assert one(tmp_path, by, Created="2026-01-05T10:00Z").counts == (1, 1, 0, 0)


# ------------------------------------------------------------------------------------------------- F-12 numbers


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("€ 3.500,00", ",", "3500.0000 EUR"),
        ("3.500,00 €", ",", "3500.0000 EUR"),
        ("EUR 3.500", ",", "3500.0000 EUR"),
        ("€ 11398,00", ",", "11398.0000 EUR"),
        ("1.234.567,89", ",", "1234567.8900 EUR"),
        ("1 234,50", ",", "1234.5000 EUR"),
        ("1\u202f234,50", ",", "1234.5000 EUR"),
        ("1'234,50", ",", "1234.5000 EUR"),
        ("3,5", ",", "3.5000 EUR"),
        ("3,5", ".", "not_a_number"),
        ("1,234.5", ".", "1234.5000 EUR"),
        ("1.5", ",", "not_a_number"),
        ("1.234", "either", "ambiguous_number"),
        ("1.234,5", "either", "1234.5000 EUR"),
        ("1,234.5", "either", "1234.5000 EUR"),
        ("3500", "either", "3500.0000 EUR"),
        ("-3500", ".", "-3500.0000 EUR"),
        ("(3500)", ".", "-3500.0000 EUR"),
        ("3500-", ".", "-3500.0000 EUR"),
        ("−3500", ".", "-3500.0000 EUR"),
        ("1E3", ".", "1000.0000 EUR"),
        ("1e400", ".", "number_too_large"),
        ("1e15", ".", "number_too_large"),
        ("99999999999999", ".", "99999999999999.0000 EUR"),
        ("100000000000000", ".", "number_too_large"),
        ("12 %", ".", "not_a_number"),
        ("0x10", ".", "not_a_number"),
        ("1_000", ".", "not_a_number"),
        ("NaN", ".", "not_a_number"),
        ("Infinity", ".", "not_a_number"),
        ("abc", ".", "not_a_number"),
        ("90 min", ".", "not_a_number"),
        ("$ 100", ".", "other_currency"),
        ("100 USD", ".", "other_currency"),
        ("0.30000000000000004", ".", "0.3000 EUR"),
        ("１００", ".", "100.0000 EUR"),
        ("٣", ".", "not_a_number"),
        ("1.2.3", ".", "not_a_number"),
        ("--5", ".", "not_a_number"),
        ("=1+1", ".", "not_a_number"),
        ("#VALUE!", ".", "error_cell"),
    ],
)
def test_amounts(tmp_path: Path, text: str, decimal: str, expected: str) -> None:
    by = DEALS.replace("decimal: either", f'decimal: "{decimal}"')
    found = bring(tmp_path, table(["a", "2026-01-05", text], header=["Id", "Created", "Amount"]), by=by)
    check_adds_up(found)
    deals = found.frame("deal")
    said = f"{deals['amount'][0]} {deals['currency'][0]}" if deals.height else next(iter(found.file.reasons))
    assert said == expected


@pytest.mark.parametrize(
    ("text", "known"), [("USD", True), ("usd", True), ("dollars", False), ("$", False), ("US", False)]
)
def test_currencies(tmp_path: Path, text: str, known: bool) -> None:
    rows = table(["a", "2026-01-05", "5", text], header=["Id", "Created", "Amount", "Currency"])
    found = bring(tmp_path, rows, by=DEALS)
    assert found.file.n_accepted == known


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("171", 171),
        ("2.6", 3),
        ("00:02:51", 171),
        ("2:51", 171),
        ("", None),
        ("-5", "negative"),
        ("1:99:00", "not_a_duration"),
        ("1e99", "number_too_large"),
        ("P1M", "not_a_duration"),
        ("90 min", "not_a_duration"),
        ("NaN", "not_a_duration"),
    ],
)
def test_lengths_of_calls(tmp_path: Path, text: str, expected: int | str | None) -> None:
    by = (
        "profile: p\nzone: UTC\nfiles:\n  f:\n    files: ['*']\n    take:\n      - table: touch\n        columns:\n"
        "          touch_id: Id\n          kind: {value: call}\n          direction: {value: out}\n"
        "          occurred_at: At\n          duration_s: Length\n"
    )
    found = bring(tmp_path, table(["a", "2026-01-05T10:00", text], header=["Id", "At", "Length"]), by=by)
    touches = found.frame("touch")
    assert (touches["duration_s"][0] if touches.height else next(iter(found.file.reasons))) == expected


# ------------------------------------------------------------------------------------------------- F-13 ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jose\u0301", "José"),  # two ways to write one letter
        (" a ", "a"),
        ("a\u200bb\ufeff", "ab"),
        ("a\u00a0b", "a b"),
        ("\u202ea", "a"),
        ("ABC", "ABC"),
        ("abc", "abc"),
        ("0012", "0012"),
        ("x" * 255, "x" * 255),
        ("x" * 256, "id_too_long"),
        ("x" * 4_000, "id_too_long"),
        ("'; DROP TABLE lead; --", "'; DROP TABLE lead; --"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("${jndi:ldap://x}", "${jndi:ldap://x}"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("None", "not_an_id"),
        ("null", "not_an_id"),
        ("NaN", "not_an_id"),
        ("true", "not_an_id"),
        ("1.23E+15", "id_lost_digits"),
        ("1,23E+15", "id_lost_digits"),
        ("5E18", "id_lost_digits"),
        ("1.5E", "1.5E"),
        ("\u200b", "required_empty"),
    ],
)
def test_ids(tmp_path: Path, text: str, expected: str) -> None:
    found = one(tmp_path, Id=text)
    ids = found.column("lead_id")
    assert (ids[0] if ids else next(iter(found.file.reasons))) == expected


@pytest.mark.parametrize(("length", "expected"), [(255, "x" * 255), (256, "name_too_long"), (9_000, "name_too_long")])
def test_names_that_look_ups_go_by_have_an_end(tmp_path: Path, length: int, expected: str) -> None:
    by = (
        "profile: p\nzone: UTC\nfiles:\n  f:\n    files: ['*']\n    take:\n      - table: owner\n        columns:\n"
        "          owner_id: Id\n          kind: {value: person}\n          team: Team\n"
    )
    found = bring(tmp_path, table(["a", "x" * length], header=["Id", "Team"]), by=by)
    owners = found.frame("owner")
    assert (owners["team"][0] if owners.height else next(iter(found.file.reasons))) == expected


def test_twins_of_case_are_two_and_twins_of_spelling_are_one(tmp_path: Path) -> None:
    rows = [["José", "2026-01-05"], ["Jose\u0301", "2026-01-05"], ["JOSÉ", "2026-01-05"], ["José ", "2026-01-05"]]
    found = bring(tmp_path, table(*[[*row, "", "", "", ""] for row in rows]))
    assert found.counts == (4, 2, 0, 2)
    assert found.column("lead_id") == ["JOSÉ", "José"]


def test_leading_zeros_stay(tmp_path: Path) -> None:
    assert one(tmp_path, Id="000123").column("lead_id") == ["000123"]


# ------------------------------------------------------------------------------------------------- F-14 addresses

ADDRESSES = [
    '"a@b"@example.com',
    "ana+tag@example.com",
    "ana@bücher.example",
    "a" * 64 + "@" + "b" * 251 + ".com",
    "ana(comment)@example.com",
    "ana@example.com, ben@example.com",
    "mailto:ana@example.com",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_are_kept_as_they_are_and_never_shown(tmp_path: Path, address: str) -> None:
    by = LEADS.replace("status: Status", "status: Status\n      - table: owner\n        columns:") + (
        "          owner_id: Id\n          kind: {value: person}\n          email: Owner\n"
    )
    by = by.replace("          owner_id: Owner\n", "")
    kept = one(tmp_path, by, Owner=address)
    assert kept.frame("owner")["email"].to_list() == [address]
    bad = bring(tmp_path, table(["b", address, "", "", "", ""]), name="bad.csv")
    assert bad.file.n_rejected == 1
    assert "example.com" not in bad.file.examples[0].value
    assert address in (bad.folder / bad.file.rejects_file).read_text(encoding="utf-8").replace('""', '"')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ana@example.com", "a…@…"),
        ("call +34 600 123 456 now", "call …56 now"),
        ("(0034) 91 123 45 67", "…67"),
        ("2026-01-05 10:00", "2026-01-05 10:00"),
        ("15.06.2024", "15.06.2024"),
        ("5805028000043899904", "5805028000043899904"),
        ("1.234.567,89", "1.234.567,89"),
        ("x" * 100, "x" * 59 + "…"),
        ("two\nlines\tand\u202eturned", "two lines and�turned"),
        (None, ""),
    ],
)
def test_what_is_shown_of_a_value(text: str | None, shown: str) -> None:
    assert shown_value(text) == shown


# ------------------------------------------------------------------------------------------------- the rejects file


def test_a_corrected_rejects_file_is_imported_as_if_nothing_had_happened(tmp_path: Path) -> None:
    rows = [
        ["a", "2026-01-05", "rita"],
        ["=cmd()", "nonsense", "+sam(x)"],
        ["c", "31/02/2026 10:00", '"sam", jr\nof x'],
    ]
    found = bring(tmp_path, table(*[[*row, "Web", "7", "-5,5 a"] for row in rows]))
    assert found.counts == (3, 1, 2, 0)
    path = found.folder / found.file.rejects_file
    text = path.read_text(encoding="utf-8")
    assert "'=cmd()" in text  # a spreadsheet would run it
    corrected = text.replace("nonsense", "2026-01-06").replace("31/02/2026 10:00", "28/02/2026 10:00", 1)
    again = bring(tmp_path, corrected, name=path.name)
    assert again.counts == (2, 2, 0, 0)
    assert again.column("lead_id") == ["=cmd()", "a", "c"]
    assert again.column("owner_id") == ["+sam(x)", "rita", '"sam", jr of x']
    assert again.file.unread_columns == ()


def test_rows_that_were_torn_are_in_the_rejects_file_as_they_were(tmp_path: Path) -> None:
    found = bring(tmp_path, table(["a", "2026-01-05", "", "", "", ""]) + 'torn,"half,x\r\n')
    assert found.rejects[0]["rejected value"].startswith('torn,"half,x')
    check_nothing_lost(found, ["a", "torn"])


def test_numbers_of_a_workbook_come_back_with_the_decimal_sign_of_the_profile(tmp_path: Path) -> None:
    from tests.workbooks import cells, number, sheet, workbook

    content = workbook(sheet(cells("Id", "Created", "Amount"), cells("a", "nonsense", number("123.456"))))
    by = DEALS.replace("either", '","')
    found = bring(tmp_path, content, name="deals.xlsx", by=by)
    path = found.folder / found.file.rejects_file
    assert "123,456" in path.read_text(encoding="utf-8")
    again = bring(tmp_path, path.read_text(encoding="utf-8").replace("nonsense", "2026-01-05"), name="d.csv", by=by)
    assert [str(amount) for amount in again.column("amount", "deal")] == ["123.4560"]


def test_a_file_of_rejects_only_is_no_fact(tmp_path: Path) -> None:
    found = bring(tmp_path, table(["", "", "x", "", "", ""], ["b", "x", "", "", "", ""]))
    assert found.counts == (2, 0, 2, 0)
    assert found.frame().height == 0


def test_profile_names_what_means_nothing(tmp_path: Path) -> None:
    by = LEADS.replace("currency: EUR", 'currency: EUR\nempty: ["-", Select, "#N/A", "null"]')
    found = one(tmp_path, by, Owner="select", Score="#n/a", Status="-", Source="NULL")
    assert found.frame().select("owner_id", "score", "status", "source_raw").row(0) == (None, None, None, None)


def test_an_unreadable_cell_may_be_left_empty_when_the_profile_says_so(tmp_path: Path) -> None:
    by = LEADS.replace("score: Score", "score: {column: Score, unreadable: empty}")
    found = one(tmp_path, by, Score="high")
    assert (found.counts, found.file.n_emptied) == ((1, 1, 0, 0), 1)
    strict = LEADS.replace("created_at: Created", "created_at: {column: Created, unreadable: empty}")
    assert one(tmp_path, strict, Created="x").file.reasons == {"required_empty": 1}


def test_a_wrong_profile_is_refused_before_any_file(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        one(tmp_path, LEADS.replace("lead_id", "leadid"))
