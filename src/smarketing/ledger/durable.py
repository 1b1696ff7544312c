"""Writing a file so that after a crash the old one or the new one is there, never half of either."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

TEMPORARY = ".tmp"


def write_durably(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, bring it to the disk and rename it to `path`.

    The folder is not synced: call `sync_folder` once after the last file of a set.
    """
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        write(temporary)
        sync_file(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_files(path: Path) -> None:
    """Bring a folder and its files to the disk; a file with a second name came there under its first."""
    for file in path.iterdir():
        if file.stat().st_nlink == 1:
            sync_file(file)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Bring renames inside `path` to the disk; systems that cannot open a folder do so by themselves."""
    with contextlib.suppress(PermissionError, IsADirectoryError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
