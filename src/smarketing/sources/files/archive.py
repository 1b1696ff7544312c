"""A zip archive opened with suspicion: what is too large, too many or too good to be true is refused unread."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

MAX_ENTRIES = 10_000
MAX_UNPACKED = 2 << 30  # bytes of one entry
MAX_RATIO = 200
SMALL = 8 << 20  # an entry below this may be packed as tightly as it likes
BLOCK = 64 << 10
SAVE_AGAIN = N_("Open it in a spreadsheet and save it as a new .xlsx file.")


def entries(path: Path) -> dict[str, int]:
    """The names of an archive's entries and how large they unpack, once that is known to be sane.

    Raises UserError when it is torn, encrypted, has doubled entries, or would unpack to a bomb. Nothing is unpacked.
    """
    _check_count(path)
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise _refusal(path, N_("The file is torn: {problem}."), problem=error) from None
    _check_entries(path, found)
    return {entry.filename: entry.file_size for entry in found}


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len({entry.filename for entry in entries}) < len(entries):
        raise _refusal(path, N_("The archive holds two entries of one name."))
    for entry in entries:
        if entry.flag_bits & 1:
            raise _refusal(path, N_("The file is encrypted."), N_("Save it again without a password."))
        if entry.file_size > MAX_UNPACKED or _is_bomb(entry):
            size = f"{entry.file_size / (1 << 20):,.0f} MiB"
            what = N_("The archive unpacks to far more than it is: {part} to {size}.")
            raise _refusal(path, what, part=entry.filename[:40], size=size)


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _check_count(path: Path) -> None:
    """The number of entries as the end of the archive states it, before anything reads them all."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        raise _refusal(path, N_("The file is torn: its end is missing."))
    n_entries, n_bytes = struct.unpack_from("<HI", end, at + 10)
    if n_entries > MAX_ENTRIES or n_bytes > 4 << 20:
        raise _refusal(path, N_("The archive holds more than {n} entries."), n=MAX_ENTRIES)


def pieces(path: Path, name: str) -> Iterator[bytes]:
    """The unpacked bytes of one entry, a little at a time.

    Raises UserError when the entry is missing, damaged or longer than it claims.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            while piece := file.read(BLOCK):
                yield piece
    except KeyError:
        raise _refusal(path, N_("The workbook lacks its part {part}."), part=name[:60]) from None
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        raise _refusal(path, N_("The file is torn: {problem}."), problem=error) from None
    except Exception as error:  # zlib.error and its kin from other packers
        raise _refusal(path, N_("The file is torn: {problem}."), problem=error) from None


def _refusal(path: Path, what: str, hint: str = SAVE_AGAIN, **values: object) -> UserError:
    return UserError(what, where=path.name, hint=hint, **values)
