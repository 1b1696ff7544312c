"""A small seeded company as a folder of facts: leads of a year, touches, stages, owners and deals won with a lag."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from smarketing.facts.schema import TABLES
from smarketing.ledger.folder import Folder, create_folder

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
SEEN = datetime(2026, 6, 1, tzinfo=UTC)
REPS = ("rita", "sam", "tom")
CHANNELS = ("organic", "paid_search", "outbound")


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Canonical rows; columns that are not named are null, `src` and `seen_at` are filled in."""
    full = [dict.fromkeys(TABLES[name].schema) | {"src": "crm", "seen_at": SEEN} | row for row in rows]
    return pl.DataFrame(full, schema=TABLES[name].schema)


def facts_folder(path: Path, tables: dict[str, list[dict[str, Any]]]) -> Folder:
    folder = create_folder(path)
    folder.merge({name: table(name, rows) for name, rows in tables.items()})
    return folder


def past_company(path: Path, *, n_leads: int = 600, n_days: int = 360, seed: int = 3) -> Folder:
    """`n_leads` over `n_days` from 2025 on; every tenth becomes a customer about 60 days later for 1,000 EUR each.

    Half of the deals besides are sales' own. Touches come minutes to days after the lead, some are automated.
    """
    draw = np.random.default_rng(seed)
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in ("lead", "touch", "stage_change", "deal")}
    tables["source"] = [{"kind": "file", "zone": "Europe/Madrid", "currency": "EUR"}]
    tables["owner"] = [
        {"owner_id": rep, "kind": "person", "name": rep.title(), "team": "north" if rep == "rita" else "south"}
        for rep in REPS
    ]
    for number in range(n_leads):
        _add_lead(tables, number, BEGAN + timedelta(minutes=float(draw.uniform(0, n_days * 1440))), draw)
    return facts_folder(path, tables)


def _add_lead(tables: dict[str, list[dict[str, Any]]], number: int, at: datetime, draw: np.random.Generator) -> None:
    lead, owner = f"L{number:04}", REPS[int(draw.integers(len(REPS)))]
    reason = "spam" if draw.random() < 0.03 else None
    tables["lead"].append(
        {
            "lead_id": lead,
            "created_at": at,
            "owner_id": owner,
            "assigned_at": at + timedelta(minutes=int(draw.integers(0, 90))),
            "channel": CHANNELS[int(draw.integers(len(CHANNELS)))],
            "grade": "AB"[int(draw.integers(2))],
            "reason": reason,
        }
    )
    mql_at = at + timedelta(hours=float(draw.exponential(20)))
    tables["stage_change"].append(_change(f"C{number}-mql", lead, "lifecycle", "mql", mql_at))
    tables["stage_change"] += _moves(f"C{number}", lead, at, draw)
    for position in range(int(draw.poisson(3))):
        tables["touch"].append(_touch(lead, owner, at, f"T{number}-{position}", draw))
    if draw.random() < 0.1:
        won_at = at + timedelta(days=float(draw.normal(60, 10)))
        tables["deal"].append(_deal(f"D{number}", lead, at, won_at, 1000))
    if draw.random() < 0.05:
        tables["deal"].append(_deal(f"S{number}", None, at, at + timedelta(days=30), 2000))


def _moves(change: str, lead: str, at: datetime, draw: np.random.Generator) -> list[dict[str, Any]]:
    """Statuses, some of which put the lead on hold, a decision for most, and a new owner for some."""
    moves = []
    for position in range(int(draw.poisson(1.5))):
        status = ("On hold", "Working", "Waiting")[int(draw.integers(3))]
        moved_at = at + timedelta(hours=float(draw.exponential(40)))
        moves.append(_change(f"{change}-s{position}", lead, "status", status, moved_at))
    if draw.random() < 0.6:
        decision = ("sal", "disqualified", "recycled")[int(draw.integers(3))]
        decided_at = at + timedelta(hours=float(draw.exponential(80)))
        moves.append(_change(f"{change}-d", lead, "lifecycle", decision, decided_at))
    for position in range(int(draw.poisson(0.5))):
        owner = REPS[int(draw.integers(len(REPS)))]
        moves.append(
            _change(f"{change}-o{position}", lead, "owner", owner, at + timedelta(hours=float(draw.exponential(10))))
        )
    return moves


def _change(change: str, lead: str, field: str, value: str, at: datetime) -> dict[str, Any]:
    row = {"change_id": change, "entity": "lead", "entity_id": lead, "field": field}
    return row | {"to_value": value, "changed_at": at}


def _touch(lead: str, owner: str, at: datetime, touch: str, draw: np.random.Generator) -> dict[str, Any]:
    return {
        "touch_id": touch,
        "lead_id": lead,
        "owner_id": owner,
        "kind": ("call", "email", "note")[int(draw.integers(3))],
        "direction": ("out", "out", "out", "in", "internal")[int(draw.integers(5))],
        "occurred_at": at + timedelta(hours=float(draw.exponential(30)) - 3),
        "duration_s": int(draw.integers(0, 400)),
        "outcome": (None, "connected", "no_answer", "scheduled")[int(draw.integers(4))],
        "automated": bool(draw.random() < 0.15),
    }


def _deal(deal: str, lead: str | None, at: datetime, won_at: datetime, amount: int) -> dict[str, Any]:
    return {
        "deal_id": deal,
        "lead_id": lead,
        "status": "won",
        "amount": amount,
        "currency": "EUR",
        "created_at": at,
        "closed_at": won_at,
    }
