"""Which leads a card is about: those of one rep, team, tier or source, or of several of these at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.clocks import Clocks, Tallies
from smarketing.engine.compiled import Compiled
from smarketing.engine.reading import Reading
from smarketing.scorecard.card import Axis

NOBODY = "-"  # asks for leads that have no rep, team, tier or source

Flags = NDArray[np.bool_]
Judged = TypeVar("Judged", Clocks, Tallies)


@dataclass(frozen=True, slots=True)
class Only:
    """By column, which codes are asked for; the last flag is that of code −1, none. Empty asks for every lead."""

    flags: Mapping[str, Flags] = field(default_factory=dict)

    @classmethod
    def of(cls, wanted: Mapping[Axis, str], compiled: Compiled) -> Only:
        """Names as groups of a card have them, or NOBODY. What nobody is called, "" among them, fits nothing."""
        book = compiled.codebook
        names: dict[Axis, tuple[str, Iterable[str]]] = {
            Axis.REP: ("owner", book.owners),
            Axis.TEAM: ("owner", (book.teams[team] if team >= 0 else "" for team in book.team_of.tolist())),
            Axis.TIER: ("tier", compiled.tiers),
            Axis.SOURCE: ("source", book.sources),
        }
        flags: dict[str, Flags] = {}
        for axis, name in wanted.items():
            column, known = names[axis]
            found = np.array([_fits(each, name) for each in (*known, "")], np.bool_)
            flags[column] = flags[column] & found if column in flags else found
        return cls(flags)

    def of_judged(self, judged: Judged) -> Judged:
        """The clocks or things counted that were judged for what is asked for."""
        if not self.flags:
            return judged
        return judged.take(np.flatnonzero(_all(self.flags[name].take(getattr(judged, name)) for name in self.flags)))

    def of_leads(self, reading: Reading) -> Flags | None:
        """Whether each lead has what is asked for now; None where every lead counts."""
        if not self.flags:
            return None
        leads = reading.history.leads
        codes = {"owner": leads.owner, "tier": reading.tier, "source": leads.source}
        return _all(self.flags[name].take(codes[name]) for name in self.flags)


EVERYTHING = Only()


def _fits(name: str, wanted: str) -> bool:
    return not name if wanted == NOBODY else bool(name) and name == wanted


def _all(conditions: Iterable[Flags]) -> Flags:
    return reduce(np.logical_and, conditions)
