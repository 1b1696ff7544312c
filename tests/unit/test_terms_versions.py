"""The versions of one agreement: a file, or a folder where each later version begins later."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agreement_files import AGREEMENT, changed

from smarketing.terms.errors import TermsError
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.read_yaml import read_versions


def version(number: int, begins: str, id: str = "acme") -> str:
    text = changed("id: acme\n", f"id: {id}\nversion: {number}\n")
    return changed("from_on: 2026-01-01", f"from_on: {begins}", text)


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_one_file_is_one_version(tmp_path: Path) -> None:
    path = folder(tmp_path, acme=AGREEMENT) / "acme.yaml"
    assert [read.version for read in read_versions(path)] == [1]


def test_a_folder_is_sorted_by_version_whatever_its_names(tmp_path: Path) -> None:
    place = folder(tmp_path, a=version(10, "2026-09-01"), b=version(2, "2026-05-01"), c=AGREEMENT)
    (place / "notes.txt").write_text("not an agreement")
    assert [read.version for read in read_versions(place)] == [1, 2, 10]


def test_the_later_version_ends_the_earlier_one_without_editing_it(tmp_path: Path) -> None:
    first, second = read_versions(folder(tmp_path, a=AGREEMENT, b=version(2, "2026-07-01")))
    assert first.in_force.until_on is None
    assert second.in_force.from_on.isoformat() == "2026-07-01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (version(2, "2026-01-01"), "Version 2 begins on 2026-01-01, not after version 1"),
        (version(2, "2025-06-01"), "Version 2 begins on 2025-06-01, not after version 1"),
        (version(1, "2026-07-01"), "There are two versions 1."),
        (version(2, "2026-07-01", id="other"), 'The versions are of two agreements, "acme" and "other".'),
    ],
)
def test_versions_that_cannot_follow_each_other(text: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(TermsError) as refused:
        read_versions(folder(tmp_path, a=AGREEMENT, b=text))
    assert expected in str(refused.value)
    assert refused.value.where == str(tmp_path / "b.yaml")


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(TermsError, match="There is no agreement in this folder"):
        read_versions(tmp_path)


def test_a_version_that_cannot_be_read_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTerms) as refused:
        read_versions(folder(tmp_path, a=AGREEMENT, b=changed("140 leads", "4h")))
    assert refused.value.where == f"{tmp_path / 'b.yaml'}:35"
