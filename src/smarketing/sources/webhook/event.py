"""What goes into a shape and what comes out: events, and the patches of fact rows that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from smarketing.facts.patches import ROW


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a request.

    `raw` is canonical JSON without what changes when a delivery is repeated; the same event always has the same
    `key`, 64 hexadecimal digits. `occurred_at` is null where the event does not say or cannot be read.
    """

    raw: bytes
    key: str
    occurred_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceReading:
    """What a shape must know of the source: `mapping` is field of the event → `table.column` or `column`."""

    src: str
    zone: str = ""
    currency: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that is set aside: `index` among the events given, an English sentence and what fills its names."""

    index: int
    code: str
    sentence: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    column: str = ""  # path in the event, like data.created_at
    value: str = ""  # shortened, addresses and telephone numbers hidden


@dataclass(frozen=True, slots=True)
class Reread:
    """The vendor lost count: these records (all of `object` where `ids` is empty) must be read from it again."""

    index: int
    object: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a batch of events says.

    `frames` are patches (see facts.patches): the columns of the table and ROW, AT, SET. ROW is the index of the
    event. Each event is in `frames` (perhaps of several tables), or `rejected`, `held` (from the future: try again
    later), `unused` (says nothing that we keep) or `rereads`.
    """

    frames: Mapping[str, pl.DataFrame]
    rejected: tuple[Rejected, ...] = ()
    held: tuple[Rejected, ...] = ()
    unused: tuple[int, ...] = ()
    rereads: tuple[Reread, ...] = ()

    def without(self, indexes: set[int]) -> Mapping[str, pl.DataFrame]:
        """The frames without the patches of some events, for instance of those that wait for their lead."""
        gone = list(indexes)
        return {name: frame.filter(~pl.col(ROW).is_in(gone)) for name, frame in self.frames.items()}
