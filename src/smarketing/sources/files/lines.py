"""A text file as numbered lines, in blocks, with bounded memory whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from smarketing.sources.files.encoding import MARK, MAX_BAD_BYTES
from smarketing.sources.files.gathering import torn
from smarketing.sources.files.rows import MAX_LINE, Torn
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

BLOCK_CHARACTERS = 1 << 20


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines without their line ends; `first` is the number of the first one."""

    first: int
    lines: list[str]
    torn: tuple[Torn, ...] = ()
    share: float = 1.0


def blocks(path: Path, encoding: str) -> Iterator[Block]:
    """The file's lines, whatever mixture of line ends it has.

    A line longer than MAX_LINE is dropped to an empty one and reported as torn; the lines after it are read.

    Raises UserError when so many bytes are unreadable that the encoding must be wrong.
    """
    number, rest, skipping, n_bad = 1, "", False, 0
    size = max(path.stat().st_size, 1)
    with path.open(encoding=encoding, errors=MARK, newline="") as file:
        while text := _whole_ends(file):
            if not text.isascii():
                n_bad += sum(text.count(chr(0xDC00 + byte)) for byte in range(256)) if _has_marks(text) else 0
                if n_bad > MAX_BAD_BYTES:
                    raise UserError(
                        N_("This file cannot be read as {encoding}."),
                        where=path.name,
                        hint=N_("Save it as UTF-8, or name its encoding in the profile (encoding: cp1252)."),
                        encoding=encoding,
                    )
            if "\r" in text:
                text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
            lines = (rest + text).split("\n")
            rest = lines.pop()
            long: tuple[Torn, ...] = ()
            if skipping and lines:
                lines[0], skipping = "", False
            if len(rest) > MAX_LINE:
                if not skipping:
                    long = (torn(number + len(lines), rest[:200], "line_too_long"),)
                rest, skipping = "", True
            if lines or long:
                yield Block(number, lines, long, file.buffer.tell() / size)
            number += len(lines)
    if rest and not skipping:
        yield Block(number, [rest])


def _whole_ends(file: TextIO) -> str:
    """The next block, never cut between the characters of one line end."""
    text = file.read(BLOCK_CHARACTERS)
    while text.endswith("\r") and (more := file.read(1)):
        text += more
    return text


def _has_marks(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
