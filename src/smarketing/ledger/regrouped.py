"""Histories taken apart and put together by lead, as if they had been built like that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from smarketing.engine.history import Assignments, Columns, Deals, History, Leads, Stages, Touches

Places = NDArray[np.intp]
Part = TypeVar("Part", bound=Columns)


def chosen(history: History, leads: Places) -> History:
    """Only some leads of a history, by their rising positions; they are numbered from 0."""
    return regrouped(0, len(leads), [(history, leads, np.arange(len(leads)))])


def regrouped(first: int, n_leads: int, pieces: Sequence[tuple[History, Places, Places]]) -> History:
    """One history of leads from several.

    Takes    pieces  a history, positions of leads in it, and their positions in the answer; each of those once
    Returns  number `first` on; rows of a lead in the order they have in their piece
    """
    homes = []
    for history, leads, places in pieces:
        home = np.full(len(history.leads), -1, np.int32)
        home[leads] = places
        homes.append(home)
    parts: dict[str, Any] = {
        name: _events(kind, [getattr(history, name) for history, _, _ in pieces], homes)
        for name, kind in (("touches", Touches), ("stages", Stages), ("assignments", Assignments), ("deals", Deals))
    }
    return History(first=first, leads=_leads(n_leads, pieces), **parts)


def _leads(n_leads: int, pieces: Sequence[tuple[History, Places, Places]]) -> Leads:
    columns = {}
    for f in fields(Leads):
        given = [getattr(history.leads, f.name) for history, _, _ in pieces]
        columns[f.name] = np.empty(n_leads, given[0].dtype)
        for column, (_, leads, places) in zip(given, pieces, strict=True):
            columns[f.name][places] = column[leads]
    return Leads(**columns)


def _events(kind: type[Part], tables: Sequence[Part], homes: Sequence[NDArray[np.int32]]) -> Part:
    leads, taken = [], []
    for table, home in zip(tables, homes, strict=True):
        found = home.take(table.lead)  # type: ignore[attr-defined]
        rows = np.flatnonzero(found >= 0)
        leads.append(found.take(rows))
        taken.append(rows)
    lead: NDArray[np.int32] = np.concatenate(leads)
    order = np.argsort(lead, kind="stable") if len(tables) > 1 else slice(None)
    columns = {
        f.name: np.concatenate([getattr(table, f.name).take(rows) for table, rows in zip(tables, taken, strict=True)])[
            order
        ]
        for f in fields(kind)
        if f.name != "lead"
    }
    return kind(lead=lead[order].astype(np.int32), **columns)  # type: ignore[call-arg]
