"""Somebody changes team between the raising of a message and its sending: who is told, and of what (E-08)."""

from __future__ import annotations

from datetime import date

import pytest
from tests.alerts import BREACH, HOUR, LADDER, a_lead, at, sla, warned
from tests.drained import Site, agreed, site
from tests.unit.test_outbox import EVENING, MORNING, Post, post

from smarketing.records.models import Membership, Person, Team

__all__ = ["post", "site"]
SATURDAY = date(2026, 3, 7)


@pytest.fixture
def people(site: Site, post: Post, monkeypatch: pytest.MonkeyPatch) -> dict[str, Person]:
    """Rita's lead was missed on Friday as the office closed; the mails to her and to Mara wait for Monday."""
    found = warned(site, monkeypatch)
    agreed(site, sla(BREACH.model_copy(update={"channels": ("email",)}), LADDER))
    site.refresh()
    a_lead(site, when=at("2026-03-06 16:00"))
    assert post.leave(EVENING) == []
    return found


def moved(person: Person, role: str, team: Team) -> None:
    Membership.objects.filter(person=person).update(until_on=SATURDAY)
    Membership.objects.create(person=person, team=team, role=role, from_on=SATURDAY)


def test_e08_an_owner_who_changed_team_is_told_of_their_lead(people: dict[str, Person], post: Post) -> None:
    """Its message was written when it was missed: the lead and its team's manager of Friday stay the same."""
    moved(people["rita"], "rep", Team.objects.create(slug="south", name="South", role="sales"))
    assert post.leave(MORNING) == [("Rita", "late"), ("Mara", "late")]
    assert "Lead 1" in post.sent[0][3]
    assert post.leave(MORNING + HOUR) == [("Mara", "ladder")]  # the facts still say that the lead is North's


def test_e08_a_manager_who_left_the_team_is_told_without_the_lead(people: dict[str, Person], post: Post) -> None:
    """Mara managed the team when it was missed. Whom she manages no more she may not see; Ada hears of what follows."""
    moved(people["mara"], "rep", Team.objects.create(slug="south", name="South", role="sales"))
    north = Team.objects.get(slug="north")
    Membership.objects.create(person=people["ada"], team=north, role="manager", from_on=SATURDAY)
    assert post.leave(MORNING) == [("Rita", "late"), ("Mara", "late")]
    texts = {name: text for _, name, _, text in post.sent}
    assert ("Lead 1" in texts["Rita"], "Lead 1" in texts["Mara"], "A lead" in texts["Mara"]) == (True, False, True)
    assert post.leave(MORNING + HOUR) == [("Ada", "ladder")]
