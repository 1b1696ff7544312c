"""An upload that the disk does not take, or that ends half way, leaves nothing behind (C-14)."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from smarketing.workflows import take_upload
from smarketing.workflows.take_upload import keep_uploads


def test_c14_a_full_disk_leaves_neither_file_nor_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(take_upload, "reach", full)
    with pytest.raises(OSError, match="No space left"):
        keep_uploads(tmp_path, [("a.csv", [b"lead\n", b"1\n"])], limit_mb=1)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_c14_a_sender_that_breaks_off_takes_the_earlier_files_along(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"lead\n"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        keep_uploads(tmp_path, [("a.csv", [b"lead\n1\n"]), ("b.csv", broken())], limit_mb=1)
    assert list((tmp_path / "uploads").iterdir()) == []
    (kept,) = keep_uploads(tmp_path, [("b.csv", [b"lead\n", b"2\n"])], limit_mb=1)
    assert kept.read_bytes() == b"lead\n2\n"
