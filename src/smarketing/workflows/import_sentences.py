"""Why rows were rejected, in the reader's words: on a page, and in the file of the rejected rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smarketing.sources.rejection import REASONS
from smarketing.sources.rejects import told_again
from smarketing.terms.language import Words

AT_ONCE = 512  # lines


def reason_sentence(reason: str, words: Words) -> str:
    return words(REASONS[reason]) if reason in REASONS else reason


def rejects_in(path: Path, words: Words) -> Iterator[bytes]:
    """A file of rejected rows piece by piece, in the reader's language whoever brought it."""
    with path.open(encoding="utf-8", newline="") as file:
        piece: list[str] = []
        for line in told_again(file, words):
            piece.append(line)
            if len(piece) == AT_ONCE:
                yield "".join(piece).encode()
                piece.clear()
    yield "".join(piece).encode()
