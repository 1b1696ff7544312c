"""The lead that somebody wants to note something about, if it is theirs to do so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import DEFAULT_DB_ALIAS

from smarketing.facts.schema import TABLES
from smarketing.ledger.look_up import stored_rows
from smarketing.records.access import Actor, Grant, LeadScope, Refused, actor_of, check_can
from smarketing.records.models import OwnerLink, Person
from smarketing.records.unowned import scope_with_unowned
from smarketing.terms.marked import N_

LeadKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DeskLead:
    """`facts` is its row of the lead table; `by_owner` who acts, as an owner of the lead's source, if they are one."""

    src: str
    lead_id: str
    facts: Mapping[str, Any]
    by_owner: str | None

    @property
    def owner_id(self) -> str | None:
        return self.facts["owner_id"] or None

    @property
    def name(self) -> str:
        return self.facts["person_key"] or self.lead_id


def desk_leads(keys: Iterable[LeadKey], *, by: Person, now: datetime) -> dict[LeadKey, DeskLead]:
    """The leads that this person may act on.

    Raises Refused for the first that is not there or not theirs
    """
    actor = actor_of(by, now.date())
    grant, wanted = check_can(actor, "deed", "create"), list(dict.fromkeys(keys))
    scope, rows = scope_with_unowned(actor, "deed", "create"), lead_rows(wanted)
    teams = _teams(rows.values())
    links = dict(OwnerLink.objects.filter(person=by).order_by("id").values_list("src", "owner_id"))
    found = {}
    for key in wanted:
        row = rows.get(key)
        if row is None or not _is_theirs(row, teams, grant, scope):
            raise Refused(N_("There is no such lead for you to act on."), where=f"{key[0]}:{key[1]}")
        own = row["owner_id"] if (key[0], row["owner_id"]) in scope.owners and _is_by(by, key[0], row) else None
        found[key] = DeskLead(*key, row, own or links.get(key[0]))
    return found


def desk_lead(src: str, lead_id: str, *, by: Person, now: datetime) -> DeskLead:
    """Raises Refused when it is not there or not theirs."""
    return desk_leads([(src, lead_id)], by=by, now=now)[src, lead_id]


def can_act_on(actor: Actor, src: str, owner_id: str | None) -> bool:
    """Whether somebody may note things about a lead of this owner."""
    grant = actor.grant("deed", "create")
    if not grant:
        return False
    team = _teams([{"src": src, "owner_id": owner_id}]).get((src, owner_id or ""))
    return _is_in(scope_with_unowned(actor, "deed", "create"), grant, src, owner_id, team)


def lead_rows(keys: Iterable[LeadKey]) -> dict[LeadKey, dict[str, Any]]:
    """Rows of the lead table by source and id, from the database."""
    asked = pl.DataFrame(list(keys), schema={"src": pl.String(), "lead_id": pl.String()}, orient="row")
    rows = stored_rows(TABLES["lead"], asked, DEFAULT_DB_ALIAS)
    return {(row["src"], row["lead_id"]): row for row in rows.iter_rows(named=True)}


def _teams(rows: Iterable[Mapping[str, Any]]) -> dict[LeadKey, str | None]:
    owners = [(row["src"], row["owner_id"]) for row in rows if row["owner_id"]]
    asked = pl.DataFrame(owners, schema={"src": pl.String(), "owner_id": pl.String()}, orient="row").unique()
    known = stored_rows(TABLES["owner"], asked, DEFAULT_DB_ALIAS)
    return {(row["src"], row["owner_id"]): row["team"] for row in known.iter_rows(named=True)}


def _is_theirs(row: Mapping[str, Any], teams: Mapping[LeadKey, str | None], grant: Grant, scope: LeadScope) -> bool:
    owner = (row["src"], row["owner_id"])
    return _is_in(scope, grant, *owner, teams.get(owner))


def _is_in(scope: LeadScope, grant: Grant, src: str, owner_id: str | None, team: str | None) -> bool:
    """Seeing every lead, as marketing does, is no right to act on it: the owner or the team must be theirs."""
    is_nobodys = scope.has_unowned and not owner_id
    return grant.is_any or is_nobodys or (src, owner_id) in scope.owners or (team is not None and team in scope.teams)


def _is_by(by: Person, src: str, row: Mapping[str, Any]) -> bool:
    return OwnerLink.objects.filter(person=by, src=src, owner_id=row["owner_id"]).exists()
