"""Puts together what blocks of leads and versions of an agreement made each for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TypeVar

import numpy as np

from smarketing.engine.by_lead import first_row
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks, Tallies
from smarketing.terms.commitment import Kind

Rows = TypeVar("Rows", Clocks, Tallies)

PER_DEAL = {Kind.FOLLOW_UP_CADENCE, Kind.OPPORTUNITIES_CREATED, Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE}


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, one after the other."""
    if len(parts) == 1:
        return parts[0]
    names = [f.name for f in fields(parts[0])]
    return replace(parts[0], **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def united(clauses: Sequence[Clause], parts: Sequence[Rows]) -> Rows:
    """The rows that the versions of one commitment made, by lead.

    What happens to deals falls to one version by its date alone. A lead, or an assignment of it, may start under two
    versions that define the handover differently: it counts once, for the earlier. Versions that count different
    stages count different things.
    """
    if len(parts) == 1:
        return parts[0]
    rows = joined(parts)
    if clauses[0].commitment.kind in PER_DEAL:
        return _numbered(rows.take(np.argsort(rows.lead, kind="stable")))
    number = np.repeat([clause.episode for clause in clauses], [len(part) for part in parts])
    if isinstance(rows, Clocks):
        number = rows.episode
    order = np.lexsort((number, rows.lead))
    rows, number = rows.take(order), number[order]
    is_first = np.ones(len(rows), np.bool_)
    is_first[1:] = (rows.lead[1:] != rows.lead[:-1]) | (number[1:] != number[:-1])
    return rows.take(np.flatnonzero(is_first))


def _numbered(rows: Rows) -> Rows:
    """Gaps of a lead are numbered through all versions."""
    if isinstance(rows, Tallies) or not len(rows):
        return rows
    lead = rows.lead - rows.lead[0]
    return replace(
        rows, episode=(np.arange(len(rows)) - first_row(lead, int(lead[-1]) + 1).take(lead)).astype(np.int32)
    )
