"""The people of every page's tests, and mail that goes nowhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import Cast, make_cast
from tests.web.programs import company, company_facts  # noqa: F401 — fixtures


@pytest.fixture
def cast(db: None) -> Cast:  # noqa: ARG001 — opens the database
    """Everybody of tests/cast.py, in the database."""
    return make_cast(date(2025, 1, 1))


@pytest.fixture
def today() -> date:
    return date(2026, 1, 15)


@pytest.fixture(autouse=True)
def _sources_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door asks for its source anew at every request, not once a second."""
    monkeypatch.setattr("smarketing.workflows.receive_events.KNOWN_FOR", timedelta(0))
