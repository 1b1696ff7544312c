"""A site with people, an agreement and leads, for what people do about leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from tests.builders import a_commitment, an_agreement
from tests.cast import Cast, make_cast
from tests.drained import Site, agreed, event

from smarketing.records.access import actor_of
from smarketing.records.models import Person
from smarketing.workflows import desk_write, dispose_lead, list_desk
from smarketing.workflows.list_desk import DeskRow

REASONS = ("no_budget", "not_a_fit", "spam")
SLA = an_agreement(
    a_commitment(),
    a_commitment("follow_up_depth", "80 % with 3 touches within 5 business days", id="depth", title="Attempts"),
    a_commitment("disposition_time", "90 % within 16 business hours", id="answer", title="Answer"),
    id="sla",
    acceptance_by_silence="2 business days",
    definitions={
        "disqualified": {"reasons": REASONS},
        "recycled": {"reasons": ("not_now", "call_back_later")},
    },
)


@dataclass
class DeskSite:
    site: Site
    cast: Cast

    @property
    def now(self) -> datetime:
        return self.site.now

    def later(self, minutes: float) -> None:
        self.site.later(timedelta(minutes=minutes))

    def lead(self, lead_id: str, owner: str | None = "u-102", at: datetime | None = None, **more: object) -> None:
        """A lead arrives by webhook."""
        self.site.send(event("lead.created", at or self.now, lead_id=lead_id, owner_id=owner, **more))
        self.site.drain_all()

    def rows(self, person: Person | None = None) -> list[DeskRow]:
        return list(list_desk.list_desk(actor_of(person or self.cast.rita, self.now.date()), now=self.now).rows)

    def clocks(self, lead_id: str) -> set[str]:
        return {each.clock.commitment for row in self.rows() if row.lead_id == lead_id for each in row.clocks}


@pytest.fixture
def desk(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskSite]:
    """Rita owns the leads of u-102 and Sam manages her; u-103 is a colleague of the same team whom nobody here is."""
    for module in (desk_write, dispose_lead, list_desk):
        if hasattr(module, "open_ledger"):
            monkeypatch.setattr(module, "open_ledger", lambda **_: site.ledger)
        if hasattr(module, "every_agreement"):
            monkeypatch.setattr(module, "every_agreement", lambda: site.terms)
    cast = make_cast(date(2025, 1, 1))
    agreed(site, SLA)
    for owner, team in (("u-102", "Iberia"), ("u-103", "Iberia"), ("u-901", "Partners")):
        site.send(event("owner.updated", site.now - timedelta(days=9), owner_id=owner, name=owner.upper(), team=team))
    site.drain_all()
    yield DeskSite(site, cast)
