"""The permission table, read once: what each principal may do, and what each URL asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("permissions.yaml")


class Principal(StrEnum):
    ANONYMOUS = "anonymous"
    PERSON = "person"
    VIEWER = "viewer"
    REP = "rep"
    MANAGER = "manager"
    SIGNER = "signer"
    ADMIN = "admin"
    TOKEN_INGEST = "token_ingest"
    TOKEN_READ = "token_read"
    TOKEN_ADMIN = "token_admin"


class Relation(StrEnum):
    OWN = "own"
    TEAM = "team"
    PARTY = "party"
    UNOWNED = "unowned"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Needed:
    """What a request must be allowed to do."""

    thing: str
    action: str


Grants = Mapping[Principal, frozenset[Relation]]
PUBLIC = "public"


@cache
def table() -> dict[str, Any]:
    with TABLE.open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


@cache
def grants(thing: str, action: str) -> Grants:
    """Which principals may do it, in which relation.

    Raises KeyError when the table does not know the object or the action: a mistake of ours, never of a reader.
    """
    named = table()["objects"][thing][action]
    return {Principal(who): _relations(relations) for who, relations in named.items()}


def _relations(named: str | list[str]) -> frozenset[Relation]:
    return frozenset(Relation(name) for name in ([named] if isinstance(named, str) else named))


@cache
def needed(route: str, method: str) -> Needed | None:
    """What the table asks of a request; None where the URL is public.

    Raises KeyError when the URL, or this method of it, is not in the table.
    """
    said = table()["routes"][route]
    if said == PUBLIC:
        return None
    thing, _, action = said["GET" if method == "HEAD" else method].partition(".")
    return Needed(thing, action)


def methods(route: str) -> tuple[str, ...]:
    """The methods an URL answers to; none listed for public ones."""
    said = table()["routes"].get(route, {})
    return () if said == PUBLIC else tuple(said)
