"""Show one lead: what happened to it, and how it stands under every promise that judges leads one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from smarketing.engine.metrics import CLOCK_KINDS
from smarketing.ledger.folder import read_whole
from smarketing.ledger.replica import open_replica
from smarketing.scorecard.explain import Explanation
from smarketing.terms.commitment import Kind
from smarketing.terms.language import Words
from smarketing.workflows.explain_lead import explain_number
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.list_leads import LeadRow, list_leads
from smarketing.workflows.open_leads import OpenedLeads


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact of a lead. `kind`: created, assigned, stage, status, owner, touch, deal, won, lost, merged."""

    at: datetime
    kind: str
    what: str = ""
    direction: str = ""
    outcome: str = ""
    who: str = ""
    amount: float | None = None
    currency: str = ""
    is_automated: bool = False
    duration_s: int | None = None


@dataclass(frozen=True, slots=True)
class ShownLead:
    """`details` are columns of the lead table that hold something, by name."""

    row: LeadRow
    details: dict[str, str]
    explanations: tuple[Explanation, ...]
    happenings: tuple[Happening, ...]
    shows_person: bool


def show_lead(opened: OpenedLeads, src: str, lead_id: str, *, now: datetime, words: Words) -> ShownLead | None:
    """Everything about one lead that this reader may see; None where there is none for them.

    Raises FactsError when the facts cannot be read
    """
    row = _row(opened, src, lead_id, now, words)
    if row is None:
        return None
    names = _Names(opened, words)
    found = tuple(names.veiled(each) for each in _explanations(opened, row, now, words))
    return ShownLead(
        row=row,
        details=_details(opened, row),
        explanations=found,
        happenings=tuple(sorted(_happenings(opened, row, names, now), key=lambda each: each.at)),
        shows_person=opened.scope.shows_names or row.team in opened.scope.named_teams or _is_own(opened, row),
    )


def _is_own(opened: OpenedLeads, row: LeadRow) -> bool:
    """Whoever owns a lead, or is to give it to somebody, is told whom to reach, here as on the desk."""
    is_nobodys = opened.scope.has_unowned and not row.owner_label
    return is_nobodys or (row.src, row.owner_label.removeprefix(f"{row.src}:")) in opened.scope.owners


def _row(opened: OpenedLeads, src: str, lead_id: str, now: datetime, words: Words) -> LeadRow | None:
    only = LeadFilter(lead=(src, lead_id))
    listed = list_leads(opened.facts, opened.versions, only, scope=opened.scope, now=now, words=words)
    return listed.rows[0] if listed.rows else None


def _explanations(opened: OpenedLeads, row: LeadRow, now: datetime, words: Words) -> tuple[Explanation, ...]:
    """One for each promise of the latest version that judges leads one by one, in the agreement's order."""
    promises = opened.versions[-1].commitments if opened.versions else ()
    asked = [each.id for each in promises if each.kind in CLOCK_KINDS and each.kind is not Kind.DELIVERABLE]
    if not asked:
        return ()
    return explain_number(
        row.number, commitments=asked, versions=opened.versions, facts=opened.facts, now=now, say=words
    )


def _details(opened: OpenedLeads, row: LeadRow) -> dict[str, str]:
    wanted = ("object", "medium", "campaign", "content", "landing_page", "score", "grade", "reason", "duplicate_of")
    mine = opened.facts.scan("lead").filter(pl.col("src") == row.src, pl.col("lead_id") == row.lead_id)
    found = read_whole(mine.select(wanted), opened.facts.path).to_dicts()
    return {name: str(value) for name, value in (found[0] if found else {}).items() if value not in (None, "")}


class _Names:
    """Who an owner is to this reader: a name, or a number that stays the same."""

    def __init__(self, opened: OpenedLeads, words: Words) -> None:
        book = open_replica(opened.facts).codebook
        teams = [book.teams[code] if code >= 0 else "" for code in book.team_of]
        rows = zip(book.owners, book.owner_names, teams, strict=True)
        own = {owner for _, owner in opened.scope.owners} | _machines(opened)
        self.shown: dict[str, str] = {}
        self.hidden: dict[str, str] = {}
        for number, (label, name, team) in enumerate(rows, start=1):
            is_shown = opened.scope.shows_names or team in opened.scope.named_teams or label in own
            self.shown[label] = name if is_shown else words("Rep {n}", n=number)
            if not is_shown:
                self.hidden |= {name: self.shown[label], label: self.shown[label]}
        longest_first = sorted(self.hidden, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first))
        self.pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)") if either else None

    def of(self, src: str, owner_id: str | None) -> str:
        if not owner_id:
            return ""
        return self.shown.get(owner_id) or self.shown.get(f"{src}:{owner_id}") or ("" if self.hidden else owner_id)

    def veiled(self, found: Explanation) -> Explanation:
        """The explanation with hidden names replaced in every text of it."""
        return self._veil(found) if self.pattern else found

    def _veil(self, said: Any) -> Any:
        if isinstance(said, str) and self.pattern:
            return self.pattern.sub(lambda match: self.hidden[match[0]], said)
        if isinstance(said, tuple):
            return tuple(self._veil(each) for each in said)
        if is_dataclass(said) and not isinstance(said, type):
            return replace(said, **{f.name: self._veil(getattr(said, f.name)) for f in fields(said)})
        return said


def _machines(opened: OpenedLeads) -> set[str]:
    """Owners that are no persons: queues and systems have no name to hide."""
    others = opened.facts.scan("owner").filter(pl.col("kind") != "person").select("src", "owner_id")
    rows = read_whole(others, opened.facts.path).iter_rows()
    return {name for src, owner in rows for name in (owner, f"{src}:{owner}")}


def _happenings(opened: OpenedLeads, row: LeadRow, names: _Names, now: datetime) -> Iterator[Happening]:
    yield Happening(row.created_at, "created", what=row.source)
    for make, table, is_mine in (
        (_touch, "touch", _is_about(row)),
        (_change, "stage_change", (pl.col("entity") == "lead") & (pl.col("entity_id") == row.lead_id)),
        (_deal, "deal", pl.col("lead_id") == row.lead_id),
    ):
        mine = opened.facts.scan(table).filter((pl.col("src") == row.src) & is_mine)
        for fact in read_whole(mine, opened.facts.path).iter_rows(named=True):
            yield from (each for each in make(fact, names) if each.at <= now)


def _is_about(row: LeadRow) -> pl.Expr:
    about = pl.col("lead_id") == row.lead_id
    return about | ((pl.col("person_key") == row.person_key) & pl.col("lead_id").is_null()) if row.person_key else about


def _touch(fact: Mapping[str, Any], names: _Names) -> Iterator[Happening]:
    if fact["deleted_at"] is None:
        yield Happening(
            fact["occurred_at"],
            "touch",
            what=fact["kind"],
            direction=fact["direction"],
            outcome=fact["outcome"] or "",
            who=names.of(fact["src"], fact["owner_id"]),
            is_automated=bool(fact["automated"]),
            duration_s=fact["duration_s"],
        )


def _change(fact: Mapping[str, Any], names: _Names) -> Iterator[Happening]:
    kind = {"lifecycle": "stage", "owner": "owner"}.get(fact["field"], "status")
    value = fact["to_value"] or fact["to_raw"] or ""
    if kind == "owner":
        yield Happening(fact["changed_at"], "owner", who=names.of(fact["src"], value))
    else:
        yield Happening(fact["changed_at"], kind, what=value, outcome=fact["reason"] or "")


def _deal(fact: Mapping[str, Any], names: _Names) -> Iterator[Happening]:
    who = names.of(fact["src"], fact["owner_id"])
    amount, currency = None if fact["amount"] is None else float(fact["amount"]), fact["currency"] or ""
    opened = Happening(fact["created_at"], "deal", what=fact["stage"] or "", who=who, amount=amount, currency=currency)
    yield opened
    if fact["closed_at"] is not None and fact["status"] in ("won", "lost"):
        yield replace(opened, at=fact["closed_at"], kind=fact["status"], what=fact["lost_reason"] or "")
