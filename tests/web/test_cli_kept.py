"""`smarketing agreement show` of an agreement that is kept in the installation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.cast import Cast
from tests.negotiations import NOW, a_signed, a_successor
from typer.testing import CliRunner

from smarketing.cli import commands  # noqa: F401 — builds the commands
from smarketing.cli.app import app
from smarketing.workflows import open_facts


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_facts, "open_ledger", lambda: None)


def show(*words: str) -> Any:
    return CliRunner().invoke(app, ["agreement", "show", *words])


def test_one_kept_here_is_shown_by_its_id(cast: Cast) -> None:
    first = a_signed(cast)
    assert json.loads(show("acme", "--json").output)["version"] == 1
    a_successor(cast, first, now=NOW)
    latest, earlier = (json.loads(show("acme", *more, "--json").output) for more in ((), ("--version", "1")))
    assert (latest["version"], earlier["version"]) == (2, 1)
    assert {one["party"] for one in earlier["agreement"]["signatures"]} == {"marketing", "sales"}
    assert earlier["title"] in show("acme").output


def test_what_is_not_there_is_said_with_what_is(cast: Cast) -> None:
    a_signed(cast)
    assert show("nobody").exception.where == "nobody"  # type: ignore[union-attr]
    assert "acme" in show("nobody").exception.hint  # type: ignore[union-attr]
    assert "no version 7" in str(show("acme", "--version", "7").exception)
    assert "nobody.yaml" in str(show("nobody.yaml").exception.where)  # type: ignore[union-attr]
