"""The codes of an earlier codebook said in a later one, by look-up tables."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.clocks import MOST_REASONS
from smarketing.engine.history import Codebook, Codes, Columns, History

Part = TypeVar("Part", bound=Columns)
LISTS = {
    "owner": "owners",
    "grade": "grades",
    "source": "sources",
    "stage": "stages",
    "reason": "reasons",
    "currency": "currencies",
}


def code_dtype(n_names: int) -> type[np.int16] | type[np.int32]:
    """Codes are as narrow as their list of names allows."""
    return np.int16 if n_names < 2**15 else np.int32


@dataclass(frozen=True, slots=True)
class Recoding:
    """By column the new code of each old one, the last entry for −1; columns that stay as they are are not there."""

    tables: dict[str, NDArray[np.integer]]

    @classmethod
    def between(cls, before: Codebook, after: Codebook) -> Recoding | None:
        """None when rows of the earlier codebook cannot be said in the later one without the facts.

        That is so when an owner goes by another label, or when there are more reasons than one byte tells apart.
        """
        if not set(before.owners) <= set(after.owners):
            return None
        if max(len(before.reasons), len(after.reasons)) >= MOST_REASONS and before.reasons != after.reasons:
            return None
        tables = {}
        for column, name in LISTS.items():
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                tables[column] = _table(old, new)
        return cls(tables)

    @property
    def is_nothing(self) -> bool:
        return not self.tables

    def of(self, history: History) -> History:
        if self.is_nothing:
            return history
        parts = {f.name: getattr(history, f.name) for f in fields(history) if f.name != "first"}
        parts = {name: self._part(part) for name, part in parts.items()}
        if "reason" in self.tables:
            parts["leads"] = replace(parts["leads"], void=self.void(parts["leads"].void))
            stages = parts["stages"]  # reasons are not in alphabetical order, so equal instants may change places
            parts["stages"] = stages.take(np.lexsort((stages.reason, stages.stage, stages.at, stages.lead)))
        return History(first=history.first, **parts)

    def codes(self, column: str, codes: Codes) -> Codes:
        return self.tables[column][codes] if column in self.tables else codes

    def void(self, void: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """`void` is 1 + the code of a reason; those above every code are the engine's own and stay."""
        if "reason" not in self.tables:
            return void
        table, n = np.arange(256), len(self.tables["reason"]) - 1
        table[1 : n + 1] = self.tables["reason"][:n] + 1
        return table.astype(np.uint8)[void]

    def _part(self, part: Part) -> Part:
        named = [f.name for f in fields(part) if f.name in self.tables]
        return replace(part, **{name: self.tables[name][getattr(part, name)] for name in named})


def _table(old: tuple[str, ...], new: tuple[str, ...]) -> NDArray[np.integer]:
    """A name that is gone is nobody's any more: whoever had it is dirty."""
    position = {name: code for code, name in enumerate(new)}
    return np.array([*(position.get(name, -1) for name in old), -1], code_dtype(len(new)))
