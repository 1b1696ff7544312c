"""Calendars: made in a form, refused with a reason, shown as a year; readiness; who the owners of leads are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import Cast

from smarketing.facts.schema import TABLES
from smarketing.records.models import Event, OwnCalendar, OwnerLink, Team
from smarketing.terms.language import words
from smarketing.terms.read_yaml import read_calendar_text
from smarketing.workflows.open_facts import open_ledger
from smarketing.workflows.read_calendars import calendar_year, own_calendars, regions

EN = words("en")
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
FORM = {
    "id": "office", "name": "Madrid office", "zone": "Europe/Madrid", "country": "ES", "region": "MD",
    "mon-opens": ["09:00", "15:00", ""], "mon-closes": ["14:00", "18:00", ""],
    "fri-opens": ["22:00"], "fri-closes": ["24:00"],
    "dates": "2026-08-03", "exceptions": "2026-12-28: 09:00-13:00",
}  # fmt: skip
ICAL = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261224\r
SUMMARY:Party\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def test_a_calendar_is_made_and_looked_at(cast: Cast) -> None:
    client = cast.client_of(cast.sam)
    feed = SimpleUploadedFile("party.ics", ICAL)
    response = client.post("/data/calendars/new", {**FORM, "feed": feed, "save": "yes"})
    assert response.status_code == 302, response.content.decode()
    assert Event.objects.filter(verb="save_calendar", by=cast.sam).count() == 1
    (kept,) = own_calendars()
    assert [(window.opens, window.closes) for window in kept.calendar.week[0]] == [(540, 840), (900, 1080)]
    assert kept.calendar.week[4][0].closes == 1440
    assert kept.calendar.holidays.dates == (date(2026, 8, 3), date(2026, 12, 24))
    said = client.get("/data/calendars/office/?year=2026").content.decode()
    assert "Mon 28 Dec 2026: 09:00-13:00" in said
    assert "The clock goes forward by 1" in said
    assert "Spain, Madrid" in client.get("/data/calendars/").content.decode()


def test_looking_keeps_nothing(cast: Cast) -> None:
    said = cast.client_of(cast.sam).post("/data/calendars/new", FORM).content.decode()
    assert "working days" in said
    assert not OwnCalendar.objects.exists()


def test_a_day_gets_one_more_row(cast: Cast) -> None:
    """By a button that works without scripts; closed days offer a row at once."""
    client = cast.client_of(cast.sam)
    plain = client.post("/data/calendars/new", FORM).content.decode()
    more = client.post("/data/calendars/new", {**FORM, "add": "mon"}).content.decode()
    assert (plain.count('name="mon-opens"'), plain.count('name="tue-opens"')) == (2, 1)
    assert (more.count('name="mon-opens"'), more.count('name="tue-opens"')) == (3, 1)
    assert 'name="add" value="mon"' in plain
    assert not OwnCalendar.objects.exists()


def test_monday_is_copied(cast: Cast) -> None:
    said = cast.client_of(cast.sam).post("/data/calendars/new", {**FORM, "copy": "week"}).content.decode()
    assert said.count('value="15:00"') == 5


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"mon-opens": [], "mon-closes": [], "fri-opens": [], "fri-closes": []}, "never open"),
        ({"mon-opens": ["25:00"], "mon-closes": ["26:00"]}, "on the clock"),
        ({"dates": "someday"}, "someday"),
        ({"ical": "nonsense"}, "iCal"),
        ({"id": ""}, "id"),
    ],
)
def test_what_is_refused(cast: Cast, changes: dict[str, Any], why: str) -> None:
    response = cast.client_of(cast.sam).post("/data/calendars/new", {**FORM, **changes, "save": "yes"})
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not OwnCalendar.objects.exists()


def test_a_text_is_taken_and_a_calendar_retired(cast: Cast) -> None:
    boss = cast.client_of(cast.olu)
    boss.post("/data/calendars/new", {**FORM, "save": "yes"})
    text = "zone: UTC\nhours: {tue: 10:00-11:00}\n"
    said = boss.post("/data/calendars/office/text", {"by_text": "yes", "text": text}).content.decode()
    assert 'value="10:00"' in said
    assert cast.client_of(cast.sam).post("/data/calendars/office/retirement").status_code == 404
    assert boss.post("/data/calendars/office/retirement").status_code == 302
    assert own_calendars() == ()


def test_a_year_counts_hours_as_they_pass() -> None:
    night = read_calendar_text("id: n\nzone: Europe/Madrid\nhours: {sat: '22:00-06:00'}\n")
    year = calendar_year(night, 2026, EN)
    assert (year.n_open, year.hours_s) == (52, 52 * 8 * 3600)  # one night is an hour shorter, one longer
    half = read_calendar_text("id: h\nzone: UTC\nhours: {mon: 9:00-17:00}\nexceptions: {2026-01-05: 9:00-12:00}\n")
    assert calendar_year(half, 2026, EN).n_half == 1
    assert ("MD", "Madrid") in [(code, name.split(",")[0].replace("Comunidad de ", "")) for code, name in regions("ES")]


def test_readiness_without_facts(cast: Cast) -> None:
    assert "There are no facts yet." in cast.client_of(cast.sam).get("/data/readiness/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_readiness_and_owners(cast: Cast) -> None:
    lead = {"src": "crm", "created_at": NOW, "seen_at": NOW}
    leads = [{**lead, "lead_id": str(n), "owner_id": "u-1" if n < 3 else "u-2"} for n in range(4)]
    owner = {"src": "crm", "kind": "person", "seen_at": NOW, "team": "Iberia norte"}
    owners = [
        {**owner, "owner_id": "u-1", "name": "Sam", "email": "sam@example.com"},
        {**owner, "owner_id": "u-2", "name": "New", "email": "new@example.com"},
    ]
    open_ledger().merge(
        {
            "lead": pl.DataFrame(leads, schema_overrides=TABLES["lead"].schema),
            "owner": pl.DataFrame(owners, schema_overrides=TABLES["owner"].schema),
        }
    )
    client = cast.client_of(cast.olu)
    said = client.get("/data/readiness/").content.decode()
    assert "What can be measured" in said
    said = client.get("/data/people/").content.decode()
    assert "Yes, that is them" in said
    assert "Invite" in said
    assert client.post("/data/people/", {"owner": "crm u-1", "person": cast.sam.pk}).status_code == 302
    assert OwnerLink.objects.get(owner_id="u-1").person == cast.sam
    told = "names a team that is none of yours yet: Iberia norte."
    assert told in client.get("/first-run/scorecard/").content.decode()
    for team in (cast.partners, cast.sales):
        assert client.post("/data/people/teams/", {"name": "Iberia norte", "team": team.pk}).status_code == 302
    assert told not in client.get("/first-run/scorecard/").content.decode()
    assert "Iberia norte" in Team.objects.get(pk=cast.sales.pk).fact_names
    assert "Iberia norte" not in Team.objects.get(pk=cast.partners.pk).fact_names
