"""Programs that come with somebody's token, and a signed agreement with facts for them to read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cast import Cast
from tests.negotiations import a_signed
from tests.past_company import past_company

from smarketing.ledger.folder import Folder, open_folder
from smarketing.records.models import ApiToken, Person
from smarketing.records.secrets import digest
from smarketing.records.tokens import PREFIX_LENGTH, new_token
from smarketing.workflows import open_leads, show_scorecard

ROOT = "/api/v1"
LONG_AGO, FAR = datetime(2025, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
SIGNED = datetime(2025, 1, 2, 9, tzinfo=UTC)
COMPANY = """
id: company
version: 1
title: Promises of a small company
summary: Everybody gets an answer.
zone: Europe/Madrid
in_force: {from_on: 2025-01-01}
parties:
  - {id: marketing, name: Marketing, role: marketing, teams: [Marketing], contacts: [{name: Maya Olmedo}]}
  - {id: sales, name: Sales, role: sales, teams: [Sales], contacts: [{name: Sam Whitlock}]}
calendars:
  - id: office
    zone: Europe/Madrid
    hours: {mon-fri: 09:00-18:00}
commitments:
  - {id: volume, party: marketing, kind: lead_volume, target: 50 leads, stage: lead, title: Leads}
  - {id: speed, party: sales, kind: speed_to_lead, title: First call, target: 80 % within 4 business hours}
"""


def token_of(person: Person, scope: str = "read", **more: Any) -> str:
    """The token itself, as its person saw it once."""
    raw = new_token()
    dates = {"created_at": LONG_AGO, "expires_at": FAR}
    ApiToken.objects.create(
        person=person,
        name=scope,
        scope=scope,
        prefix=raw[:PREFIX_LENGTH],
        digest=digest(raw),
        **(dates | more),
    )
    return raw


@dataclass(frozen=True)
class Program:
    """Asks the API; `raw` is its token, nothing for none."""

    raw: str = ""

    def ask(self, method: str, path: str, data: object = None, **headers: str) -> HttpResponse:
        sent = {"Authorization": f"Bearer {self.raw}"} if self.raw else {}
        client = Client(headers=sent | {name.replace("_", "-"): value for name, value in headers.items()})
        where = path if path.startswith("/") else f"{ROOT}/{path}"
        body = "" if data is None else json.dumps(data)
        return client.generic(method, where, body, content_type="application/json")

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def upload(self, files: object, **form: str) -> HttpResponse:
        client = Client(headers={"Authorization": f"Bearer {self.raw}"})
        return client.post(f"{ROOT}/imports", {"files": files, **form})


def program(person: Person, scope: str = "read") -> Program:
    return Program(token_of(person, scope))


def said(response: HttpResponse, status: int = 200) -> Any:
    """The JSON of an answer with this status."""
    assert response.status_code == status, response.content
    return json.loads(response.content)


def refused(response: HttpResponse, status: int) -> Any:
    """The problem that an answer is."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    found = said(response, status)
    assert found["status"] == status and found["title"] and "Traceback" not in response.content.decode()
    return found


@pytest.fixture(scope="session")
def company_facts(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = tmp_path_factory.mktemp("company") / "facts"
    past_company(folder, n_leads=260, n_days=150)
    return open_folder(folder)


@pytest.fixture
def company(cast: Cast, company_facts: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Both parties signed, and there are facts; sales is who owns them."""
    cast.sales.fact_names = ["north", "south"]
    cast.sales.save()
    a_signed(cast, COMPANY, now=SIGNED)
    opens: Callable[..., Folder] = lambda *_, **__: company_facts  # noqa: E731 — one door for both
    for module in (show_scorecard, open_leads):
        monkeypatch.setattr(module, "open_facts", opens)
    yield cast
