"""An agreement that is written reads back equal, whatever its texts are."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.agreement_files import agreement
from tests.agreement_strategies import agreements, calendars

from smarketing.terms.agreement import Agreement
from smarketing.terms.calendar import Calendar
from smarketing.terms.read_yaml import read_agreement_text, read_calendar
from smarketing.terms.write_yaml import agreement_data, agreement_yaml, calendar_yaml


@settings(deadline=None, max_examples=60)
@given(made=agreements())
def test_an_agreement_reads_back_equal(made: Agreement) -> None:
    assert read_agreement_text(agreement_yaml(made), where="written.yaml", folder=None) == made


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.deferred(lambda: calendars("office")))
def test_a_calendar_reads_back_equal(made: Calendar, tmp_path: Path) -> None:
    (tmp_path / "office.yaml").write_text(calendar_yaml(made), encoding="utf-8")
    assert read_calendar(tmp_path / "office.yaml") == made


def test_it_is_written_as_people_would() -> None:
    text = agreement_yaml(agreement())
    assert "      mon-thu: 09:00-14:00, 15:00-18:30\n      fri: 09:00-15:00\n" in text
    assert "    target: 95 % within 1 business hour\n" in text
    assert "remind_at" not in text  # a default is not repeated
    assert text.startswith("id: acme\nversion: 1\ntitle: Marketing and sales at Acme\n")


def test_the_same_as_plain_data() -> None:
    data = agreement_data(agreement())
    assert data["in_force"] == {"from_on": "2026-01-01"}
    assert data["tiers"] == [{"id": "a", "worth": 100, "grades": ["A"]}, {"id": "b", "worth": 40}]
    assert data["calendars"][0]["exceptions"] == {"2026-08-14": "closed", "2026-12-31": "09:00-12:00"}
