"""An installation whose teams hear of their mornings and weeks: say only what a test is about."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any

import pytest
from tests.alerts import sla
from tests.builders import a_calendar, a_commitment
from tests.drained import Site, agreed, event

from smarketing.records.models import Membership, Notice, OwnerLink, Person, Team
from smarketing.terms.agreement import Agreement, Contact, Party, Role, Tier
from smarketing.terms.alert_rule import AlertRule
from smarketing.workflows import compose_pulse, compose_week, count_activity, raise_summaries, show_scorecard

PULSE = AlertRule(id="pulse", on="pulse", to=("marketing", "sales"), channels=("email",))
WEEKLY = AlertRule(id="weekly", on="weekly_summary", to=("marketing", "sales"), channels=("email",))
PARTIES = (
    Party(
        id="marketing", name="Marketing", role=Role.MARKETING, contacts=(Contact(name="Maya", email="maya@acme.test"),)
    ),
    Party(
        id="sales",
        name="Sales",
        role=Role.SALES,
        contacts=(Contact(name="Mara", email="mara@acme.test"), Contact(name="Out", email="out@else.test")),
    ),
)
VOLUME = a_commitment("lead_volume", "40 leads", id="volume", party="marketing", title="Leads", stage="lead")


class AtOnce:
    """A shelf without threads: the database of a test is that of one thread."""

    def moment(self, _: Hashable, now: datetime) -> datetime:
        return now

    def card(self, _: Hashable, __: datetime, count: Callable[[], Any], *, wait_s: float) -> Any:
        assert wait_s > 0
        return count()


def promised(*rules: AlertRule, zone: str = "Europe/Madrid", **rest: Any) -> Agreement:
    terms: dict[str, Any] = {
        "zone": zone,
        "parties": PARTIES,
        "calendars": (a_calendar(zone=zone),),
        "tiers": (Tier(id="gold", name="Gold", grades=("A",)), Tier(id="plain")),
        "title": "Promises",
    }
    terms |= rest
    made = sla(*(rules or (PULSE, WEEKLY)), **terms)
    return made.model_copy(update={"commitments": (VOLUME, *made.commitments)})


def morning_site(site: Site, monkeypatch: pytest.MonkeyPatch, *versions: Agreement) -> dict[str, Person]:
    """Maya works in marketing, Mara manages sales and Rita is a rep of hers who has the leads of `r1`."""
    monkeypatch.setattr(raise_summaries, "every_agreement", lambda: site.terms)
    for module in (compose_week, compose_pulse, show_scorecard):
        monkeypatch.setattr(module, "open_facts", lambda *_, **__: site.ledger)
    for module in (show_scorecard, count_activity):
        monkeypatch.setattr(module, "SHELF", AtOnce())
    agreed(site, *(versions or (promised(),)))
    people = {
        name: Person.objects.create(email=f"{name}@acme.test", name=name.title(), zone="Europe/Madrid")
        for name in ("maya", "mara", "rita")
    }
    for slug, name, role, members in (
        ("marketing", "Marketing", "marketing", {"maya": "manager"}),
        ("sales", "North", "sales", {"mara": "manager", "rita": "rep"}),
    ):
        team = Team.objects.create(slug=slug, name=name, role=role)
        for person, kind in members.items():
            Membership.objects.create(person=people[person], team=team, role=kind, from_on=site.now.date())
    OwnerLink.objects.create(person=people["rita"], src="crm", owner_id="r1")
    return people


def some_leads(site: Site) -> None:
    """Two leads of Rita's, one of somebody else, on the morning of the site's first day; one is answered."""
    at = site.now
    site.send(
        event("owner.updated", at, owner_id="r1", team="North", name="Rita", kind="person"),
        event("owner.updated", at, owner_id="r2", team="South", name="Sue", kind="person"),
        event("lead.created", at, lead_id="1", owner_id="r1", grade="A", score=40, person_key="ana@one.test"),
        event("lead.created", at, lead_id="2", owner_id="r1", grade="A", score=90, person_key="bo@two.test"),
        event("lead.created", at, lead_id="3", owner_id="r2", score=99, person_key="cid@three.test"),
        event("touch.logged", at, lead_id="1", kind="call", direction="out", owner_id="r1"),
    )
    site.drain()
    site.refresh()


def raised(site: Site, at: datetime) -> int:
    site.now = at
    return raise_summaries.raise_summaries(now=at)


def told(occasion: str) -> list[tuple[str, str]]:
    """To whom, and how it stands."""
    rows = Notice.objects.filter(occasion=occasion).select_related("person").order_by("id")
    return [(row.person.name if row.person else row.address, row.reason or row.state) for row in rows]
