"""A file of rejected rows says why in the language of whoever takes it, not of whoever brought it."""

from __future__ import annotations

import csv
import io
from itertools import product
from pathlib import Path

import pytest

from smarketing.sources.headers import REJECT_COLUMNS
from smarketing.sources.rejection import REASONS
from smarketing.sources.rejects import told_again
from smarketing.terms.language import LANGUAGES, words
from smarketing.workflows.import_sentences import rejects_in


def a_file(language: str) -> str:
    """One row for each reason, with every kind of cell before it."""
    said = io.StringIO(newline="")
    writer = csv.writer(said)
    writer.writerow(["id", "note", *REJECT_COLUMNS])
    for row, sentence in enumerate(REASONS.values()):
        writer.writerow([row, 'two\nlines, "quoted"', row, "note", "", words(language)(sentence)])
    return said.getvalue()


@pytest.mark.parametrize(("brought", "read"), list(product(LANGUAGES, LANGUAGES)))
def test_every_reason_is_told_in_the_readers_language(brought: str, read: str) -> None:
    told = "".join(told_again(io.StringIO(a_file(brought), newline=""), words(read)))
    assert list(csv.reader(io.StringIO(told))) == list(csv.reader(io.StringIO(a_file(read))))


def test_other_lines_stay_as_they_are() -> None:
    lines = ["id,reason\n", "7,no date\n", "", "\r\n", '"half a cell\n', "This cannot be an id.\n", '8,"x, y"\r\n']
    assert list(told_again(lines, words("es"))) == lines


def test_a_file_comes_whole_however_long_it_is(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    path.write_bytes("".join(a_file("it") for _ in range(30)).encode())
    assert b"".join(rejects_in(path, words("it"))) == path.read_bytes()
    assert list(rejects_in(path, words("en"))) != [b""]
    path.write_bytes(b"")
    assert b"".join(rejects_in(path, words("es"))) == b""
