"""The rules of one text as if it had been in force all along; the past is read when the first rule asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import polars as pl

from smarketing.alerts.firing import Firing
from smarketing.ledger.names import names_of
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.store import Facts
from smarketing.terms.agreement import Agreement, InForce
from smarketing.terms.alert_rule import AlertRule, Occasion
from smarketing.terms.instants import micros
from smarketing.terms.offsets import DAY_US
from smarketing.workflows.preview_clocks import count_clocks
from smarketing.workflows.preview_watch import PastWatch, Said, said_by_day, watches
from smarketing.workflows.score_agreement import local_date


@dataclass(frozen=True)
class PastRules:
    """What each rule would have spoken of in the last `n_days` days before `now`."""

    text: Agreement
    facts: Facts
    now: datetime
    n_days: int

    @cached_property
    def replica(self) -> Replica:
        return open_replica(self.facts)

    @cached_property
    def ever(self) -> Agreement:
        first_on = local_date(self.text.zone, self.replica.first_at)
        return self.text.model_copy(update={"in_force": InForce(from_on=first_on)})

    @cached_property
    def days(self) -> tuple[PastWatch, ...]:
        return watches(self.ever, self.facts, self.now, self.n_days) if self.replica.n_leads else ()

    @cached_property
    def counted(self) -> pl.DataFrame:
        at, persons = micros(self.now), names_of(self.facts).persons
        return count_clocks(self.ever, self.replica, persons, at - self.n_days * DAY_US, at)

    def said_by_day(self, rule: AlertRule) -> list[Said]:
        return said_by_day(rule, self.ever, self.days)

    def said_of_clocks(self, rule: AlertRule) -> Iterator[Said]:
        """One for each commitment and owner; a lead that nobody has is about no commitment."""
        if not self.replica.n_leads:
            return
        promises = {commitment.id: commitment for commitment in self.text.commitments}
        names = names_of(self.facts)
        known = {owner: (src, id) for src, id, owner, _ in names.owners.iter_rows()}
        for row in self.counted.filter(pl.col("rule") == rule.id).iter_rows(named=True):
            owner, promise = row["owner"], promises[row["commitment"]]
            team = names.codebook.team_of[owner] if owner >= 0 else -1
            firing = Firing(
                subject=(promise.id, owner),
                rule=rule,
                agreement=self.text,
                commitment=None if rule.on is Occasion.UNASSIGNED else promise,
                owner=known.get(owner),
                team=names.codebook.teams[team] if team >= 0 else "",
                party=promise.party,
            )
            yield Said(firing, row["n"], row["n_things"])
