"""A moment that breaks whoever raises it is set aside with its fault, and the others are raised."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from tests.alerts import HOUR, a_lead, moments, raised, warned
from tests.drained import NOW, Site, site

from smarketing.alerts.firing import Draft, Firing
from smarketing.records.models import Moment, Notice
from smarketing.workflows import raise_alerts
from smarketing.workflows.audit_alerts import audit_alerts
from smarketing.workflows.check_health import _alerts
from smarketing.workflows.raise_alerts import retry_parked

__all__ = ["site"]


@pytest.fixture(autouse=True)
def signed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    warned(site, monkeypatch)


def broken_for(lead: str, monkeypatch: pytest.MonkeyPatch, error: type[Exception] = ZeroDivisionError) -> None:
    """Deciding about one lead breaks."""
    whole = raise_alerts.drafts

    def some(firing: Firing, *rest: Any) -> list[Draft]:
        if firing.lead_id == lead:
            raise error
        return whole(firing, *rest)

    monkeypatch.setattr(raise_alerts, "drafts", some)


def test_one_poison_moment_stops_nobody_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for lead in "123456789":
        a_lead(site, lead)
    with monkeypatch.context() as patched:
        broken_for("5", patched)
        raised(site, NOW + HOUR / 2)
        raised(site)
    assert {row.lead_id for row in Notice.objects.all()} == set("12346789")
    assert [(row.lead_id, row.why) for row in Moment.objects.filter(state="parked")] == [("5", "ZeroDivisionError")]
    assert audit_alerts(now=site.now + HOUR / 4).n_parked == 1
    assert audit_alerts(now=site.now + HOUR / 4).n_unrecorded == 0
    assert _alerts(site.now).values == {"n": 1}
    assert retry_parked() == 1
    raised(site)
    assert moments(lead_id="5")[0] == ("half", "raised", 0, 1)
    assert Notice.objects.filter(lead_id="5").exists()


def test_a_database_that_fails_parks_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    a_lead(site)
    broken_for("1", monkeypatch, OperationalError)
    with pytest.raises(OperationalError):
        raised(site, NOW + HOUR / 2)
    assert not Moment.objects.filter(state="parked").exists()


def test_where_everything_breaks_no_moment_is_to_blame(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    a_lead(site)

    def broken(_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(raise_alerts, "read_tally", broken)
    with pytest.raises(ZeroDivisionError):
        raised(site, NOW + HOUR / 2)
    assert not Moment.objects.filter(state="parked").exists()
