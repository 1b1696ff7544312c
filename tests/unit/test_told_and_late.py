"""A fact that comes days after its breach was told: the number changes, and no word is taken back (C-06)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.alerts import HOUR, a_lead, a_touch, moments, raised, told, warned
from tests.drained import MINUTE, NOW, Site, site

from smarketing.ledger.models import OpenClock

__all__ = ["site"]


@pytest.fixture(autouse=True)
def signed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)


def test_c06_a_late_fact_corrects_the_number_and_takes_back_no_word(site: Site) -> None:
    a_lead(site)
    raised(site, NOW + 30 * MINUTE)
    raised(site, NOW + 2 * HOUR)
    said, known = told(), [row for row in moments() if row[1] == "raised"]
    assert {row[0] for row in said} == {"half", "late", "ladder"}
    site.now = NOW + timedelta(days=3)
    a_touch(site, when=NOW + 10 * MINUTE)
    assert not OpenClock.objects.filter(lead_id="1", commitment="speed").exists()
    raised(site)
    assert (told(), [row for row in moments() if row[1] == "raised"]) == (said, known)
    assert "waiting" not in {row[1] for row in moments()}
