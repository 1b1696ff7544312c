"""The demo company in an installation: people who can sign in, agreements signed in order, facts that are scored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from smarketing.ledger.models import Import
from smarketing.records.events import chain_faults
from smarketing.records.models import Acknowledgement, Comment, Event, OwnerLink, Person, Version
from smarketing.terms.errors import UserError
from smarketing.terms.language import words
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.open_terms import versions_of
from smarketing.workflows.seed_demo import SignIn, seed_demo

NOW = datetime(2026, 10, 21, 18, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Path:  # noqa: ARG001 — opens the database
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


def seeded(home: Path, language: str = "en", n_leads: int = 300) -> tuple[SignIn, ...]:
    told: list[Any] = list(seed_demo(home, now=NOW, words=words(language), n_leads=n_leads))
    return tuple(told[-1])


def test_five_people_can_sign_in_and_reps_own_their_leads(home: Path) -> None:
    sign_ins = seeded(home)
    assert [each.name.split()[0] for each in sign_ins] == ["Olu", "Maya", "Sam", "Rita", "Eva"]
    for each in sign_ins:
        assert Person.objects.get(email=each.email).check_password(each.password)
    rita = Person.objects.get(email="rita.serrano@tramontana.example")
    assert OwnerLink.objects.get(person=rita).owner_id == "u-103"
    assert OwnerLink.objects.count() == 14


@pytest.mark.parametrize("language", ["en", "es", "it"])
def test_two_versions_are_signed_and_a_third_waits_for_marketing(home: Path, language: str) -> None:
    seeded(home, language, n_leads=60)
    found = list(Version.objects.order_by("number").values_list("number", "status"))
    assert found == [(1, "ended"), (2, "in_force"), (3, "draft")]
    assert [version.language for version in versions_of()] == [language, language]
    assert [len(v.signatures) for v in versions_of()] == [2, 2]
    draft = Version.objects.get(number=3)
    assert [revision.verb for revision in draft.revisions.all()] == ["edit", "edit", "counter"]
    assert draft.revisions.get(verb="counter").party == "sales"
    assert Comment.objects.count() == 4
    assert Acknowledgement.objects.count() == 4


def test_everything_happened_in_order_and_the_chain_holds(home: Path) -> None:
    seeded(home, n_leads=60)
    brought = Import.objects.get()
    assert brought.by == Event.objects.get(verb="import_files", object_id=brought.id).by_id is not None
    assert list(chain_faults()) == []
    instants = list(Event.objects.order_by("seq").values_list("at", flat=True))
    assert instants == sorted(instants) and instants[-1] < NOW


def test_the_facts_are_about_now(home: Path) -> None:
    seeded(home)
    facts = open_ledger()
    assert facts.sequence == 1
    assert facts.frame("lead").height > 200


def test_nothing_of_anybody_is_changed(home: Path) -> None:
    Person.objects.create_user("somebody@example.com", "long enough for tests")
    with pytest.raises(UserError, match="people in this installation"):
        seeded(home)
    assert Person.objects.count() == 1
