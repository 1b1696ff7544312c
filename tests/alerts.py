"""A firing, a directory and an installation whose people may be warned: say only what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.builders import a_commitment, an_agreement
from tests.drained import NOW, Site, agreed, event

from smarketing.alerts.directory import Crew, Directory, Somebody
from smarketing.alerts.firing import Firing
from smarketing.records.models import Membership, Moment, Notice, OwnerLink, Person, Team
from smarketing.terms.agreement import Agreement, Contact, Party, Role
from smarketing.terms.alert_rule import AlertRule
from smarketing.workflows import keep_moments, raise_alerts, watch_promises

REMINDER = AlertRule(id="half", on="reminder", at="0.5", to=("owner",), channels=("in_app", "email"))
BREACH = AlertRule(id="late", on="breach", to=("owner", "manager"), channels=("in_app", "email"))
LADDER = AlertRule(
    id="ladder",
    on="escalation",
    after="1 business hour",
    cooldown="2 business hours",
    to=("manager",),
    channels=("email",),
)
HOUR = timedelta(hours=1)
PARTIES = (
    Party(id="marketing", name="Marketing", role=Role.MARKETING),
    Party(
        id="sales",
        name="Sales",
        role=Role.SALES,
        contacts=(
            Contact(name="Mara", email="mara@acme.test", reports_to="Dora"),
            Contact(name="Dora", email="dora@acme.test"),
            Contact(name="Silent"),
        ),
    ),
)


def at(text: str) -> datetime:
    """An instant in UTC: "2026-03-02 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def sla(*rules: AlertRule, **rest: Any) -> Agreement:
    """One hour for every lead, Mon–Fri 09–17 UTC."""
    terms = {"id": "sla", "parties": PARTIES, "alerts": rules or (REMINDER, BREACH, LADDER)}
    return an_agreement(a_commitment(contact="Mara"), **terms | rest)


def rita(**more: Any) -> Somebody:
    told: dict[str, Any] = {"id": 1, "name": "Rita", "address": "rita@acme.test", "zone": "UTC"}
    return Somebody(**told | more)


MARA = Somebody(2, "Mara", "mara@acme.test", "UTC")


def a_directory(*people: Somebody, **more: Any) -> Directory:
    """Rita has the leads of `crm:r1`, Mara manages her team."""
    everybody = {one.id: one for one in (rita(), MARA, *people) if one.id is not None}
    known: dict[str, Any] = {
        "people": everybody,
        "owners": {("crm", "r1"): 1},
        "crews": {1: Crew(frozenset({"north"}), "sales", managers=(2,), members=(1, 2))},
    }
    return Directory(**known | more)


def a_firing(rule: AlertRule = REMINDER, **more: Any) -> Firing:
    terms = sla(rule)
    told: dict[str, Any] = {
        "subject": ("crm", "1", "sla", "speed", 0),
        "rule": rule,
        "agreement": terms,
        "commitment": terms.commitments[0],
        "src": "crm",
        "lead_id": "1",
        "owner": ("crm", "r1"),
        "team": "North",
        "party": "sales",
        "calendar": "office",
        "due_at": NOW + HOUR,
    }
    return Firing(**told | more)


def warned(site: Site, monkeypatch: pytest.MonkeyPatch, *versions: Agreement) -> dict[str, Person]:
    """The agreement is signed, Rita owns the leads of r1, Sam those of r2, Mara is their manager, Ada runs it all."""
    monkeypatch.setattr(raise_alerts, "every_agreement", lambda: site.terms)
    agreed(site, *(versions or (sla(),)))
    people = {
        name: Person.objects.create(email=f"{name}@acme.test", name=name.title(), is_admin=name == "ada", zone="UTC")
        for name in ("rita", "sam", "mara", "ada")
    }
    team = Team.objects.create(slug="north", name="North", role="sales")
    for name, role in (("rita", "rep"), ("sam", "rep"), ("mara", "manager")):
        Membership.objects.create(person=people[name], team=team, role=role, from_on=NOW.date())
    OwnerLink.objects.create(person=people["rita"], src="crm", owner_id="r1")
    OwnerLink.objects.create(person=people["sam"], src="crm", owner_id="r2")
    site.send(event("owner.updated", owner_id="r1", team="North"), event("owner.updated", owner_id="r2", team="North"))
    site.drain()
    site.refresh()
    return people


def a_lead(site: Site, lead: str = "1", when: datetime | None = None, owner: str = "r1", **more: Any) -> None:
    site.now = max(site.now, when or site.now)
    site.send(event("lead.created", when or site.now, lead_id=lead, owner_id=owner, **more))
    site.drain()


def a_touch(site: Site, lead: str = "1", when: datetime | None = None) -> None:
    site.now = max(site.now, when or site.now)
    site.send(event("touch.logged", when or site.now, lead_id=lead, kind="call", direction="out", owner_id="r1"))
    site.drain()


def raised(site: Site, when: datetime | None = None) -> raise_alerts.Raised:
    site.now = when or site.now
    return raise_alerts.raise_alerts(now=site.now)


def told() -> list[tuple[str, str, str, str]]:
    """Rule, who, by which way, state, in order."""
    rows = Notice.objects.select_related("person", "endpoint").order_by("id")
    return [
        (row.rule or row.occasion, row.person.name if row.person else row.address, row.channel, row.reason or row.state)
        for row in rows
    ]


def moments(**only: Any) -> list[tuple[str, str, int, int]]:
    rows = Moment.objects.filter(**only).order_by("at", "rule", "level", "arming")
    return [(row.rule, row.state, row.level, row.arming) for row in rows]


def watching(site: Site, monkeypatch: pytest.MonkeyPatch, *versions: Agreement) -> None:
    """As warned, and the watch looks at this site."""
    warned(site, monkeypatch, *versions)
    for module in (watch_promises, keep_moments):
        monkeypatch.setattr(module, "every_agreement", lambda: site.terms)
        monkeypatch.setattr(module, "open_ledger", lambda: site.ledger)


def a_rule(on: str, **more: Any) -> AlertRule:
    """A rule on something that no clock runs for, told to Mara on the site."""
    return AlertRule.model_validate({"id": on, "on": on, "to": ("Mara",), "channels": ("in_app",)} | more)
