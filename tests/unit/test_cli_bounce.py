"""`smarketing bounce`: the hook for mail that comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from smarketing.cli import commands  # noqa: F401 — builds the commands
from smarketing.cli.app import app
from smarketing.records.models import Bounce, Event
from smarketing.workflows import open_facts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_facts, "open_ledger", lambda: None)


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["bounce", *words])


def test_an_address_is_added_listed_and_cleared() -> None:
    assert "rita@example.com gets no mail any more." in run("add", "Rita@Example.com", "--detail", "550").output
    listed = json.loads(run("list", "--json").output)["bounces"]
    assert [(one["address"], one["reason"], one["detail"]) for one in listed] == [("rita@example.com", "hard", "550")]
    assert "gets mail again" in run("clear", "rita@example.com").output
    assert "No address has bounced." in run("list").output
    assert list(Event.objects.order_by("seq").values_list("verb", flat=True)) == ["add_bounce", "clear_bounce"]


@pytest.mark.parametrize(
    "words", [("add", "nobody"), ("add", "a@b.example", "--reason", "x"), ("clear", "a@b.example")]
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code != 0
    assert not Bounce.objects.exists() and not Event.objects.exists()
