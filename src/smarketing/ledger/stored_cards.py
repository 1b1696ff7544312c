"""Scorecards at rest beside the replica, one file each: disposable, and of no use once the facts have moved on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from smarketing.ledger.durable import TEMPORARY, write_durably
from smarketing.ledger.folder import Folder
from smarketing.ledger.lock import in_turn
from smarketing.scorecard.card import Scorecard
from smarketing.scorecard.stored_card import as_fields
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

CARDS = "cards"
MOST_CARDS = 1_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A card, the instant it was computed for (µs), and whether it holds for every later one."""

    card: Scorecard
    at: int
    is_final: bool


def read_card(facts: Folder, key: str) -> Stored | None:
    """The card stored under `key`; one that cannot be read is as good as none."""
    try:
        return _adapter().validate_json(_path(facts, key).read_bytes())
    except (OSError, ValueError):
        return None


def write_card(facts: Folder, key: str, stored: Stored) -> None:
    """Keep a card, and let go of those of facts past.

    Raises FactsError when it cannot be written.
    """
    content = {"at": stored.at, "is_final": stored.is_final, "card": as_fields(stored.card.to_json())}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    folder = facts.path / CARDS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with in_turn(folder):
            write_durably(_path(facts, key), lambda path: path.write_text(text, encoding="utf-8"))
            _sweep(folder, _prefix(facts))
    except OSError as error:
        what, hint = N_("The scorecard cannot be kept: {reason}."), N_("The folder must be writable and not full.")
        raise FactsError(what, where=str(folder), hint=hint, reason=error) from error


@cache
def _adapter() -> TypeAdapter[Stored]:
    return TypeAdapter(Stored)


def _path(facts: Folder, key: str) -> Path:
    return facts.path / CARDS / f"{_prefix(facts)}{key}.json"


def _prefix(facts: Folder) -> str:
    return f"{facts.manifest.id[:8]}-{facts.sequence:06}-"


def _sweep(folder: Path, prefix: str) -> None:
    """What no card needs any more, and what a killed writer left; it is our turn, so nobody writes one now."""
    for torn in folder.glob(f"*{TEMPORARY}"):
        torn.unlink(missing_ok=True)
    cards = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for number, path in enumerate(cards):
        if number >= MOST_CARDS or not path.name.startswith(prefix):
            path.unlink(missing_ok=True)
