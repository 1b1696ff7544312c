"""Torn, odd and hostile CSV (F-01 … F-07): never a traceback, never a row that is neither a fact nor a reject."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from tests.small_import import Brought, bring, check_adds_up, check_nothing_lost

from smarketing.sources.files.open_file import open_file
from smarketing.terms.errors import UserError

HEADER = "Id,Created,Owner,Source,Score,Status"


def row(ident: str, **cells: str) -> str:
    values = {"created": "2026-01-05T10:00", "owner": "rita", "source": "Web", "score": "7", "status": "New"} | cells
    return ",".join([ident, *values.values()])


def csv_text(*lines: str, header: str = HEADER, end: str = "\n") -> str:
    return end.join([header, *lines]) + end


# ------------------------------------------------------------------------------------------------- F-01 shapes


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="empty"):
        bring(tmp_path, b"")


@pytest.mark.parametrize("content", ["\n\n\n", ",,,\n,,\n", " \t \n", "\ufeff", "\ufeff\n"])
def test_a_file_of_nothing_is_said_to_be_empty(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError, match="empty"):
        bring(tmp_path, content)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_header_alone_is_an_import_of_nothing(tmp_path: Path, end: str) -> None:
    found = bring(tmp_path, HEADER + end)
    assert found.counts == (0, 0, 0, 0)


def test_headers_that_come_again_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    found = bring(tmp_path, "\n\n" + csv_text(row("a"), "", HEADER, ",,,,,", row("b"), "   "))
    assert found.counts == (2, 2, 0, 0)
    assert found.file.n_blank == 4
    check_nothing_lost(found, ["a", "b"])


def test_a_trailing_comma_is_no_column(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a") + ",", row("b") + ",,,"))
    assert found.counts == (2, 2, 0, 0)


def test_a_trailing_comma_in_the_header_is_a_column_without_a_name(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a") + ",x", header=HEADER + ","))
    assert found.file.unread_columns == ("column 7",)


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_a_row_with_too_few_cells_is_set_aside(tmp_path: Path, cut: int) -> None:
    short = ",".join(row("short").split(",")[:cut])
    found = bring(tmp_path, csv_text(row("a"), short, row("b")))
    assert found.counts == (3, 2, 1, 0)
    assert found.file.reasons == {"too_few_cells": 1}
    check_nothing_lost(found, ["a", "short", "b"])


def test_a_row_with_too_many_cells_is_set_aside(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a"), row("long") + ",more", row("b")))
    assert found.file.reasons == {"too_many_cells": 1}
    assert found.rejects[0]["rejected row"] == "3"
    check_nothing_lost(found, ["a", "long", "b"])


def test_one_column(tmp_path: Path) -> None:
    by = "profile: p\nfiles:\n  f:\n    files: ['*']\n    take:\n      - table: lead\n        columns:\n"
    by += "          lead_id: Id\n          created_at: {value: '2026-01-01T00:00Z'}\n"
    found = bring(tmp_path, "Id\na\nb\n\n", by=by)
    assert found.column("lead_id") == ["a", "b"]


def test_twenty_thousand_columns(tmp_path: Path) -> None:
    names = HEADER + "," + ",".join(f"c{n}" for n in range(19_000))
    found = bring(tmp_path, f"{names}\n{row('a')}{',x' * 19_000}\n")
    assert found.counts == (1, 1, 0, 0)
    with pytest.raises(UserError, match="20000 columns"):
        bring(tmp_path, names + "," + ",".join(f"d{n}" for n in range(2_000)) + "\n")


# ------------------------------------------------------------------------------------------------- F-02 quotes


def test_an_unclosed_quote_costs_its_own_row(tmp_path: Path) -> None:
    lines = [row(f"r{n}") for n in range(50)]
    lines[20] = row("torn", owner='"rita')
    found = bring(tmp_path, csv_text(*lines))
    assert found.counts == (50, 49, 1, 0)
    assert found.file.reasons == {"open_quote": 1}
    check_nothing_lost(found, [f"r{n}" for n in range(50) if n != 20] + ["torn"])


def test_two_unclosed_quotes_do_not_swallow_what_lies_between(tmp_path: Path) -> None:
    lines = [row(f"r{n}") for n in range(50)]
    lines[10], lines[40] = row("one", owner='"rita'), row("two", status='"New')
    found = bring(tmp_path, csv_text(*lines))
    assert found.file.n_rejected == 2
    check_nothing_lost(found, ["one", "two", *[f"r{n}" for n in range(50) if n not in (10, 40)]])


def test_a_quote_that_swallows_thousands_of_rows(tmp_path: Path) -> None:
    lines = [row("torn", owner='"rita'), *[row(f"r{n}") for n in range(3_000)]]
    found = bring(tmp_path, csv_text(*lines))
    assert found.counts == (3_001, 3_000, 1, 0)


def test_every_row_with_an_open_quote(tmp_path: Path) -> None:
    lines = [row(f"r{n}", owner='"rita') for n in range(301)]
    found = bring(tmp_path, csv_text(*lines))
    check_nothing_lost(found, [f"r{n}" for n in range(301)])
    assert found.file.n_rejected == 301


def test_a_line_break_inside_of_quotes_is_part_of_its_cell(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a", status='"New\nand\r\nwaiting"'), row("b")))
    assert found.column("status") == ["New\nand\nwaiting", "New"]
    assert found.counts == (2, 2, 0, 0)


def test_row_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a", status='"x\ny\nz"'), "", row("b", created="nonsense")))
    assert found.rejects[0]["rejected row"] == "6"


def test_quotes_doubled_and_loose(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a", owner='"say ""hi"", rita"'), row("b", owner='5" screen')))
    assert found.column("owner_id") == ['say "hi", rita', '5" screen']


def test_a_quote_inside_of_quotes_is_set_aside(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a", owner='"say "hi" rita"'), row("b")))
    assert found.file.reasons == {"open_quote": 1}


# ------------------------------------------------------------------------------------------------- F-03, F-04 cells


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_longer_than_any_crm_writes_costs_its_row(tmp_path: Path, quote: str) -> None:
    long = f"{quote}{'x' * 131_073}{quote}"
    found = bring(tmp_path, csv_text(row("a"), row("long", status=long), row("b")))
    assert found.file.reasons == {"cell_too_long": 1}
    check_nothing_lost(found, ["a", "b"])
    assert found.rejects[0]["rejected row"] == "3"


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a"), row("long", status="x" * (9 << 20)), row("b")))
    assert found.file.reasons == {"line_too_long": 1}
    assert found.column("lead_id") == ["a", "b"]
    assert found.rejects[0]["rejected row"] == "3"


@pytest.mark.parametrize("control", ["\x00", "\x01", "\x1b", "\x7f"])
def test_control_characters_cost_their_row(tmp_path: Path, control: str) -> None:
    found = bring(tmp_path, csv_text(row("a"), row("bad", owner=f"ri{control}ta"), row("b")))
    assert found.file.reasons == {"control_character": 1}
    check_nothing_lost(found, ["a", "bad", "b"])


# ------------------------------------------------------------------------------------------------- F-05 dialects


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_separator_and_line_end(tmp_path: Path, delimiter: str, end: str) -> None:
    text = csv_text(row("a"), row("b", owner='"x, y; z|w"'), end=end)
    found = bring(tmp_path, text.replace(",", delimiter).replace(f"x{delimiter} y", "x, y"))
    assert found.column("owner_id")[0] == "rita"
    assert found.column("lead_id") == ["a", "b"]
    assert found.rejects == []


def test_line_ends_mixed_in_one_file(tmp_path: Path) -> None:
    found = bring(tmp_path, f"{HEADER}\r\n{row('a')}\n{row('b')}\r{row('c')}\r\n{row('d', created='x')}")
    assert found.column("lead_id") == ["a", "b", "c"]
    assert found.rejects[0]["rejected row"] == "5"


def test_a_spreadsheets_line_that_names_the_separator(tmp_path: Path) -> None:
    found = bring(tmp_path, "sep=;\n" + csv_text(row("a")).replace(",", ";"))
    assert found.column("lead_id") == ["a"]


def test_files_put_together_have_a_byte_order_mark_in_the_middle(tmp_path: Path) -> None:
    one = csv_text(row("a")).encode("utf-8-sig")
    two = csv_text(row("b")).encode("utf-8-sig")
    found = bring(tmp_path, one + two)
    assert found.column("lead_id") == ["a", "b"]
    assert found.file.n_blank == 1


# ------------------------------------------------------------------------------------------------- F-06 headers


def refused(tmp_path: Path, header: str) -> str:
    with pytest.raises(UserError) as error:
        bring(tmp_path, csv_text(row("a"), header=header))
    return str(error.value)


def test_headers_in_another_order_case_or_spacing(tmp_path: Path) -> None:
    found = bring(tmp_path, "STATUS,source,Score, Owner ,created,ID\nNew,Web,7,rita,2026-01-05T10:00,a\n")
    assert found.column("lead_id") == ["a"]
    assert found.column("owner_id") == ["rita"]


def test_a_header_twice_is_named(tmp_path: Path) -> None:
    assert 'Two columns are called "Owner"' in refused(tmp_path, "Id,Created,Owner,Owner,Score,Status")


def test_twins_that_differ_by_case_are_told_apart_or_named(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(row("a"), header="Id,Created,Owner,OWNER,Score,Status"))
    assert found.column("owner_id") == ["rita"]  # the exact one
    assert "owner, OWNER" in refused(tmp_path, "Id,Created,owner,OWNER,Score,Status")


def test_a_column_that_is_missing_is_named_with_the_nearest(tmp_path: Path) -> None:
    said = refused(tmp_path, "Id,Created at,Owner,Source,Score,Status")
    assert "lead.created_at needs: Created" in said
    assert 'Is it "Created at"?' in said


def test_an_optional_column_may_be_missing_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    found = bring(tmp_path, "Id,Created,Favourite colour\na,2026-01-05T10:00,blue\n")
    assert found.column("owner_id") == [None]
    assert found.file.unread_columns == ("Favourite colour",)


# ------------------------------------------------------------------------------------------------- F-07 encodings

SPANISH = [row("a", owner="Íñigo Muñoz", source="Campaña española"), row("b", owner="José Peña")]
JAPANESE = [row("a", owner="山田太郎", source="検索エンジンの広告から来ました"), row("b", owner="鈴木花子")]
CHINESE = [row("a", owner="王小明", source="来自搜索引擎的广告线索"), row("b", owner="李丽华")]


def encoded(tmp_path: Path, lines: list[str], encoding: str) -> Brought:
    return bring(tmp_path, csv_text(*lines).encode(encoding), folder=f"facts-{encoding}")


@pytest.mark.parametrize(
    ("lines", "encoding"),
    [
        *[(SPANISH, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")],
        *[(JAPANESE, name) for name in ("utf-8", "utf-16", "shift_jis", "cp932")],
        *[(CHINESE, name) for name in ("utf-8-sig", "utf-16", "gb18030")],
    ],
)
def test_names_are_read_in_the_encoding_they_were_written_in(tmp_path: Path, lines: list[str], encoding: str) -> None:
    found = encoded(tmp_path, lines, encoding)
    assert found.column("owner_id") == [line.split(",")[2] for line in lines]
    assert found.rejects == []


def test_one_latin_row_in_a_file_of_utf8_is_set_aside(tmp_path: Path) -> None:
    good = csv_text(*SPANISH, row("c", owner="Begoña")).encode()
    found = bring(tmp_path, good + row("bad", owner="Peña").encode("cp1252") + b"\n" + row("d").encode())
    assert found.file.reasons == {"bad_bytes": 1}
    check_nothing_lost(found, ["a", "b", "c", "bad", "d"])


def test_half_a_character_at_the_end_of_the_file(tmp_path: Path) -> None:
    found = bring(tmp_path, csv_text(*SPANISH).encode() + row("c", status="ñ").encode()[:-1])
    assert found.file.reasons == {"bad_bytes": 1}
    assert found.column("lead_id") == ["a", "b"]


def test_characters_across_the_border_of_a_block(tmp_path: Path) -> None:
    """A block is a mebibyte; wherever its border cuts, no letter and no line end may suffer."""
    lines = [row(f"r{n:05}", owner="ñ€漢" * 5, status="x" * (n % 7)) for n in range(25_000)]
    found = bring(tmp_path, csv_text(*lines, end="\r\n").encode())
    assert found.counts == (25_000, 25_000, 0, 0)
    assert set(found.column("owner_id")) == {"ñ€漢" * 5}


def test_an_encoding_may_be_named_and_must_be_right(tmp_path: Path) -> None:
    from tests.small_import import LEADS

    named = LEADS.replace('files: ["*"]', 'files: ["*"]\n    encoding: cp1252')
    found = bring(tmp_path, csv_text(row("a", owner="Peña")).encode("cp1252"), by=named)
    assert found.column("owner_id") == ["Peña"]
    with pytest.raises(UserError, match="not an encoding"):
        bring(tmp_path, csv_text(row("a")), by=named.replace("cp1252", "klingon"), folder="other")
    wrong = bring(tmp_path, csv_text(row("b", owner="Peña")).encode("cp1252"), by=named.replace("cp1252", "utf-8"))
    assert wrong.file.reasons == {"bad_bytes": 1}


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 100, bytes(5_000), b"MZ" + bytes(range(20)) * 300],
    ids=["picture", "zeros", "program"],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UserError):
        bring(tmp_path, content)


@pytest.mark.parametrize(
    "magic", [b"\x1f\x8b\x08", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1", b"SQLite format 3\x00", b"BZh9"]
)
def test_files_of_another_kind_are_called_by_their_name(tmp_path: Path, magic: bytes) -> None:
    with pytest.raises(UserError) as error:
        bring(tmp_path, magic + bytes(200))
    assert error.value.hint


def test_lone_surrogates_written_as_utf8_are_bad_bytes(tmp_path: Path) -> None:
    content = csv_text(row("a"), row("c", owner="ñ")).encode() + row("bad").encode().replace(b"rita", b"\xed\xa0\x80")
    found = bring(tmp_path, content)
    assert found.file.reasons == {"bad_bytes": 1}


def test_the_same_rows_in_any_encoding_are_the_same_facts(tmp_path: Path) -> None:
    first = bring(tmp_path, csv_text(*SPANISH).encode())
    for n, encoding in enumerate(("utf-16", "cp1252", "utf-8-sig")):
        again = bring(tmp_path, csv_text(*SPANISH).encode(encoding), name=f"leads{n}.csv")
        assert again.counts == (2, 0, 0, 2)
        check_adds_up(again)
    assert first.frame().height == 2


def test_a_codec_that_is_not_for_text_is_refused(tmp_path: Path) -> None:
    from tests.small_import import LEADS

    with pytest.raises(UserError, match="not an encoding"):
        bring(tmp_path, csv_text(row("a")), by=LEADS.replace('files: ["*"]', 'files: ["*"]\n    encoding: rot13'))


def test_readers_give_the_same_rows_twice(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(codecs.BOM_UTF8 + csv_text(row("a"), row("b", owner='"x')).encode())
    file = open_file(path)[0]
    one, two = list(file.read()), list(file.read())
    assert one[0].cells.equals(two[0].cells)
    assert one[0].torn == two[0].torn
