"""The names in few rows and the small integers that stand for them, in the order that ledger.names gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from smarketing.engine.history import Codebook
from smarketing.ledger.found_rows import Found
from smarketing.ledger.names import FIXED_REASONS, OPPORTUNITY, STATUS, Names

Owner = tuple[str, str]  # src and owner_id
TOLD = ("name", "team", "calendar", "kind")
STAGES = {"lifecycle", "status", "stage"}
OWNERS = {"src": pl.String(), "owner_id": pl.String(), "owner": pl.Int32(), "is_person": pl.Boolean()}


def owners_in(said: Mapping[str, Found]) -> list[Owner]:
    """Everybody who owns or did anything, in order."""
    swaps = said["stage_change"].where("entity", "lead").where("field", "owner")
    told = [said[name].told("src", "owner_id") for name in ("lead", "touch", "deal")]
    told += [swaps.told("src", side) for side in ("to_value", "from_value")]
    return sorted(owner for owner in set(chain(*told)) if None not in owner)


def names_in(said: Mapping[str, Found], owners: list[Owner], known: Found, shared: Collection[str]) -> Names:
    """The names of some facts.

    Takes    owners  everybody whom they name
             known   what is told of some owners
             shared  ids of owners that two sources use
    """
    by_owner = {(src, owner): rest for src, owner, *rest in known.told("src", "owner_id", *TOLD)}
    told = [by_owner.get(owner, [None] * len(TOLD)) for owner in owners]
    teams = _once(team for _, team, _, _ in told)
    code_of = {team: code for code, team in enumerate(teams)}
    book = Codebook(
        owners=tuple(f"{src}:{owner}" if owner in shared else owner for src, owner in owners),
        owner_names=tuple(owner if name is None else name for (_, owner), (name, *_) in zip(owners, told, strict=True)),
        owner_calendars=tuple(calendar or "" for _, _, calendar, _ in told),
        teams=teams,
        team_of=np.array([code_of.get(team, -1) for _, team, _, _ in told], np.int32),
        grades=_once(said["lead"]["grade"]),
        sources=_once(lead_sources(said["lead"])),
        stages=_stages(said),
        reasons=_reasons(said),
        currencies=_once(said["deal"]["currency"]),
    )
    persons = [kind in {"person", None} for _, _, _, kind in told]
    rows = [(*owner, code, is_person) for code, (owner, is_person) in enumerate(zip(owners, persons, strict=True))]
    return Names(book, pl.DataFrame(rows, schema=OWNERS, orient="row"))


def lead_sources(leads: Found) -> Iterator[str | None]:
    return (raw if channel is None else channel for channel, raw in leads.told("channel", "source_raw"))


def stage_name(field: str, to_value: str | None, to_raw: str | None) -> str | None:
    """As ledger.names.stage_name."""
    value = to_raw if to_value is None else to_value
    return value if field == "lifecycle" else STATUS + (value or "")


def _once(texts: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(set(texts) - {None}))


def _stages(said: Mapping[str, Found]) -> tuple[str, ...]:
    changes = said["stage_change"].where("entity", "lead").told("field", "to_value", "to_raw")
    names: set[str | None] = {stage_name(*change) for change in changes if change[0] in STAGES}
    converts = any(at is not None for at in said["lead"]["converted_at"])
    return _once(names | {OPPORTUNITY} if converts else names)


def _reasons(said: Mapping[str, Found]) -> tuple[str, ...]:
    counted = Counter(reason for reason in said["lead"]["reason"] if reason is not None)
    of_leads = sorted(counted, key=lambda reason: (-counted[reason], reason))
    return tuple(
        dict.fromkeys([*FIXED_REASONS, *of_leads, *_once(said["stage_change"].where("entity", "lead")["reason"])])
    )
