"""What the engine reads: the facts of one bucket of leads as arrays, sorted by lead.

A bucket holds a consecutive range of leads with everything that happened to them, so every per-lead
question is arithmetic on neighbouring rows. Rows of `touches`, `stages`, `assignments` and `deals`
are sorted by (lead, at), rows of one instant by their other columns, so that the order of arrival
leaves no trace; `lead` is the position of the lead in this bucket, 0 … n − 1. Instants are
int64 microseconds since 1970 UTC; NEVER stands for an instant that has not come. Names (owners,
tiers' grades, sources, stages, reasons) are small integers into the Codebook; −1 means none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.int64]
Codes = NDArray[np.integer]
Flags = NDArray[np.uint8]

NEVER = int(np.iinfo(np.int64).max)

# One byte per touch says all that counting usually needs.
OUT = 1  # from us to the lead
HUMAN = 2  # not automated
DONE = 4  # happened: not scheduled, cancelled, deleted, and not a note or task among ourselves
CONNECTED = 8  # reached the person
INBOUND = 16  # the lead wrote, or called and was answered
LATE_LOGGED = 32  # written down more than a day after it happened


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays of equal length; one object is one table of a bucket."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp] | slice) -> Self:
        """The same table with only `rows`, in their order."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True, slots=True)
class Leads(Columns):
    """One row per lead. `void` is 1 + a code of Codebook.reasons where the lead counts for nobody, else 0."""

    created_at: Instants
    owner: Codes  # current owner
    grade: Codes
    source: Codes
    score: NDArray[np.float32]  # NaN when unknown
    void: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Touches(Columns):
    lead: Codes
    at: Instants
    flags: Flags
    kind: NDArray[np.uint8]  # position in facts.schema.TOUCH_KINDS
    owner: Codes
    duration_s: NDArray[np.int32]  # −1 when unknown


@dataclass(frozen=True, slots=True)
class Stages(Columns):
    """Lifecycle stages and raw statuses a lead took; `reason` is the code given with the change."""

    lead: Codes
    at: Instants
    stage: Codes
    reason: Codes


@dataclass(frozen=True, slots=True)
class Assignments(Columns):
    """A lead received an owner who is a person; the first assignment is the first row."""

    lead: Codes
    at: Instants
    owner: Codes


@dataclass(frozen=True, slots=True)
class Deals(Columns):
    """Deals credited to a lead of this bucket. Amounts are ten-thousandths of the currency unit."""

    lead: Codes
    created_at: Instants
    closed_at: Instants
    status: NDArray[np.uint8]  # position in facts.schema.DEAL_STATUS
    amount: NDArray[np.int64]
    currency: Codes
    owner: Codes


@dataclass(frozen=True, slots=True)
class Deliveries(Columns):
    """Handed-over things; they belong to no lead, so they come beside the buckets."""

    deliverable: Codes
    at: Instants
    quantity: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Codebook:
    """The names behind the codes. `team_of` maps an owner's code to a team's (−1: none)."""

    owners: tuple[str, ...] = ()
    owner_names: tuple[str, ...] = ()
    owner_calendars: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    team_of: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    grades: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    deliverables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """One bucket: `first` is the number of its first lead in the whole replica."""

    first: int
    leads: Leads
    touches: Touches
    stages: Stages
    assignments: Assignments
    deals: Deals
