"""What is kept of a file beside it says the same as the file."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from polars.testing import assert_frame_equal

from smarketing.sources.files import gathering, plain_lines
from smarketing.sources.files.first_rows import first_rows
from smarketing.sources.files.kept_sample import _tables, sampled_file
from smarketing.sources.files.open_file import open_file
from smarketing.terms.errors import UserError


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name in ("One", "Two"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ("Id", "Amount", "Id"))
            for n in range(5):
                sheet.write_row(n + 1, 0, (f"a{n}", n + 0.5, "bell\x07" if n == 3 else "é"))
        book.get_worksheet_by_name("Two").hide()
    return path


def test_it_says_what_the_file_says(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx")
    sampled_file(path)
    _tables.cache_clear()
    for kept, opened in zip(sampled_file(path), open_file(path), strict=True):
        assert (kept.title, kept.headers, kept.kind) == (opened.title, opened.headers, opened.kind)
        assert (kept.is_hidden, kept.form) == (opened.is_hidden, opened.form)
        one, other = first_rows(kept), first_rows(opened)
        assert one is not None
        assert other is not None
        assert_frame_equal(one.cells, other.cells)
        assert one.numbers.to_list() == other.numbers.to_list()
        assert {name: flags.to_list() for name, flags in one.typed.items()} == {
            name: flags.to_list() for name, flags in other.typed.items()
        }
        assert (one.torn, one.n_blank, one.share) == (other.torn, other.n_blank, other.share)


def test_reading_on_reads_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample ends after a stretch; what looks something up in the file reads all of it."""
    for module in (plain_lines, gathering):
        monkeypatch.setattr(module, "CHUNK_ROWS", 100)
    path = tmp_path / "long.csv"
    path.write_text("Id,Name\n" + "".join(f'{n},"x {n}"\n' for n in range(500)))
    (table,) = sampled_file(path)
    first = first_rows(table)
    assert first is not None
    assert first.cells.height < 500
    assert sum(rows.cells.height for rows in table.read()) == 500


def test_another_file_of_that_name_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Id\n1\n")
    assert sampled_file(path)[0].headers == ("Id",)
    path.write_text("Other,Two\n1,2\n")
    assert sampled_file(path)[0].headers == ("Other", "Two")


def test_what_cannot_be_opened_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK nothing")
    with pytest.raises(UserError):
        sampled_file(path)
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]
