"""What is said of an import in the reader's words: why rows were rejected, notes on a file, why it was not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from smarketing.sources.files.rows import Note
from smarketing.sources.rejection import REASONS
from smarketing.sources.rejects import told_again
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words
from smarketing.terms.troubles import trouble_words

AT_ONCE = 512  # lines


def reason_sentence(reason: str, words: Words) -> str:
    return words(REASONS[reason]) if reason in REASONS else reason


def sentences_of(notes: Sequence[Note], error: UserError | None) -> dict[str, Any]:
    """What a receipt keeps, as JSON, so that notes and an error can be told in any language later."""
    kept: dict[str, Any] = {"notes": [{"message": note.message, "values": _plain(note.values)} for note in notes]}
    if error is not None:
        what, hint = error.sentences
        kept["problem"] = {"what": what, "hint": hint, "where": error.where, "values": _plain(error.values)}
    return kept


def notes_told(kept: Mapping[str, Any], otherwise: Sequence[str], words: Words) -> tuple[str, ...]:
    """The notes in the reader's language; of older receipts as they were told to whoever brought the file."""
    if "notes" not in kept:
        return tuple(otherwise)
    return tuple(words(note["message"], **note["values"]) for note in kept["notes"])


def problem_told(kept: Mapping[str, Any], otherwise: str, words: Words) -> str:
    if "problem" not in kept:
        return otherwise
    said = kept["problem"]
    error = UserError(said["what"], where=said["where"], hint=said["hint"], **said["values"])
    error.translate(words)
    return str(error)


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: object) -> object:
    """A value as JSON keeps it: what is no number stands as its text."""
    if isinstance(value, Exception):
        return trouble_words(value)
    return value if isinstance(value, int | float) else str(value)


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
