"""Mornings and weeks: told once, at the reader's own time, of working days, and only what the reader may see."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from tests.alerts import at
from tests.drained import NOW, Site, site, whole_postgres, whole_sqlite
from tests.summaries import PULSE, WEEKLY, morning_site, promised, raised, some_leads, told

from smarketing.alerts.channels.email import mail_of
from smarketing.records.models import Absence, Membership, Notice, Preference, Team
from smarketing.terms.agreement import InForce
from smarketing.terms.calendar import Holidays
from smarketing.workflows.word_notice import Wording, word_notice

__all__ = ["site", "whole_postgres", "whole_sqlite"]
MINUTES = timedelta(minutes=5)
EVERYBODY = [("Maya", "waiting"), ("Mara", "waiting"), ("out@else.test", "waiting")]


def test_each_team_hears_of_its_morning_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    morning_site(site, monkeypatch, promised(PULSE))
    some_leads(site)
    assert raised(site, at("2026-03-03 07:29")) == 0
    assert raised(site, at("2026-03-03 07:30")) == 3
    assert told("pulse") == EVERYBODY
    for n in range(20):
        assert raised(site, at("2026-03-03 07:30") + n * MINUTES) == 0
    assert raised(site, at("2026-03-04 07:30")) == 3


def test_a_week_is_told_on_its_first_working_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = promised(WEEKLY)
    holiday = terms.calendars[0].model_copy(update={"holidays": Holidays(dates=(date(2026, 3, 9),))})
    morning_site(site, monkeypatch, terms.model_copy(update={"calendars": (holiday,)}))
    some_leads(site)
    for hours in range(72):  # Saturday to Monday, a holiday
        raised(site, at("2026-03-07 00:00") + timedelta(hours=hours))
    assert told("weekly_summary") == []
    assert raised(site, at("2026-03-10 07:30")) == 3
    assert told("weekly_summary") == EVERYBODY
    assert {row.payload["week"] for row in Notice.objects.all()} == {"2026-W10"}


@pytest.mark.parametrize(("sunday", "due"), [("2026-03-29", "2026-03-30 06:30"), ("2026-10-25", "2026-10-26 07:30")])
def test_d19_e20_a_week_with_a_change_of_clocks_is_told_once_at_the_local_time(
    site: Site, monkeypatch: pytest.MonkeyPatch, sunday: str, due: str
) -> None:
    """D-19, E-20: whoever asks every quarter of an hour for three days finds it at half past eight, and once."""
    morning_site(site, monkeypatch, promised(WEEKLY))
    some_leads(site)
    start = at(f"{sunday} 00:00") - timedelta(hours=12)
    found = [now for n in range(3 * 96) if raised(site, now := start + n * timedelta(minutes=15))]
    assert found == [at(due)]
    assert told("weekly_summary") == EVERYBODY


def test_after_a_breakdown_only_the_latest_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    morning_site(site, monkeypatch)
    some_leads(site)
    assert raised(site, at("2026-04-01 23:00")) == 0  # closed: what is late keeps to open hours
    assert raised(site, at("2026-04-02 10:00")) == 6
    assert {row.payload.get("on") for row in Notice.objects.filter(occasion="pulse")} == {"2026-04-02"}
    assert {row.payload["week"] for row in Notice.objects.filter(occasion="weekly_summary")} == {"2026-W13"}


def test_no_morning_on_days_of_rest(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    morning_site(site, monkeypatch)
    some_leads(site)
    for hours in range(48):
        assert raised(site, at("2026-03-06 23:00") + timedelta(hours=hours)) == 0


def test_everybody_has_their_own_time_and_zone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    people = morning_site(site, monkeypatch, promised(PULSE))
    some_leads(site)
    Preference.objects.create(person=people["maya"], digest_at=time(7, 0))
    people["mara"].zone = "America/New_York"
    people["mara"].save()
    assert raised(site, at("2026-03-03 06:00")) == 1
    assert told("pulse") == [("Maya", "waiting")]
    raised(site, at("2026-03-03 13:30"))  # 08:30 in New York
    assert told("pulse") == [("Maya", "waiting"), ("Mara", "waiting"), ("out@else.test", "waiting")]


def test_who_muted_it_or_is_away_hears_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    people = morning_site(site, monkeypatch, promised(PULSE))
    some_leads(site)
    Preference.objects.create(person=people["maya"], muted=["pulse"])
    Absence.objects.create(
        person=people["mara"], substitute=people["rita"], from_on=NOW.date(), until_on=date(2026, 3, 10)
    )
    raised(site, at("2026-03-03 07:30"))
    assert told("pulse") == [("Maya", "muted"), ("Rita", "waiting"), ("out@else.test", "waiting")]


def test_only_leads_that_the_reader_may_see_are_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = WEEKLY.model_copy(update={"to": ("marketing", "sales", "rita@acme.test")})
    morning_site(site, monkeypatch, promised(rule, PULSE.model_copy(update={"to": ("sales", "rita@acme.test")})))
    some_leads(site)
    raised(site, at("2026-03-09 07:30"))
    rows = Notice.objects.select_related("person")
    weeks = {row.person.name if row.person else "": row.payload for row in rows.filter(occasion="weekly_summary")}
    named = {name: [lead["name"] for lead in told["hot"]] for name, told in weeks.items()}
    assert named["Maya"] == ["bo@two.test", "ana@one.test", "cid@three.test"]  # marketing brought them all
    assert named["Rita"] == ["bo@two.test", "ana@one.test"]
    assert named[""] == []
    assert {told["activity"]["steps"]["handover"] for told in weeks.values()} == {3}  # numbers are for everybody


def test_a_team_without_leads_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    morning_site(site, monkeypatch)
    raised(site, at("2026-03-03 07:30"))
    said = [_worded(row) for row in Notice.objects.all()]
    assert {lines[0] for lines in said} == {
        "The facts know no lead of this team yet.",
        "There were no leads to tell of in this week.",
    }


def test_a_quiet_week_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    morning_site(site, monkeypatch, promised(WEEKLY))
    some_leads(site)
    raised(site, at("2026-03-23 07:30"))
    row = Notice.objects.first()
    assert row and _worded(row)[0] == "A quiet week: no lead came, nobody was contacted and nothing changed."


def test_of_several_teams_each_hears_of_its_own(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    people = morning_site(site, monkeypatch, promised(PULSE))
    some_leads(site)
    south = Team.objects.create(slug="south", name="South", role="sales")
    Membership.objects.create(person=people["maya"], team=south, role="manager", from_on=NOW.date())
    raised(site, at("2026-03-03 07:30"))
    rows = Notice.objects.filter(occasion="pulse").select_related("person")
    assert sorted((row.person.name if row.person else "", row.payload["team"]) for row in rows) == [
        ("", "North"),
        ("", "South"),
        ("Mara", "North"),
        ("Maya", "Marketing"),
    ]
    of_south = next(row for row in rows if row.payload["team"] == "South")
    assert of_south.payload["activity"]["steps"]["handover"] == 1


def test_two_agreements_give_a_team_one_morning(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    morning_site(site, monkeypatch, promised(PULSE))
    some_leads(site)
    site.terms["other"] = (promised(PULSE, id="other"),)
    assert raised(site, at("2026-03-03 07:30")) == 3


def test_an_agreement_that_is_over_tells_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    over = promised(in_force=InForce(from_on=date(2026, 1, 1), until_on=date(2026, 3, 2)))
    morning_site(site, monkeypatch, over)
    some_leads(site)
    assert raised(site, at("2026-03-03 07:30")) == 0


@pytest.mark.parametrize("language", ["en", "es", "it"])
def test_the_mail_has_text_page_and_picture_in_the_readers_language(
    site: Site, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    people = morning_site(site, monkeypatch)
    some_leads(site)
    people["mara"].language = language
    people["mara"].save()
    raised(site, at("2026-03-09 07:30"))
    wording = Wording(site.now, dict(site.terms), is_read=True)
    for row in Notice.objects.filter(person=people["mara"]).select_related("person"):
        message = word_notice(row, wording)
        mail = mail_of(message, "Mara", "mara@acme.test", message_id="<a@acme.test>", sender="s@acme.test")
        page = str(mail.alternatives[0][0])
        assert message.language == language
        assert message.chart.startswith(b"\x89PNG")
        assert "cid:chart@smarketing" in page
        assert message.links[0].url.endswith(("/pulse/sales/", "/weeks/sla/2026-W10/"))
        assert all(line in mail.body for line in message.lines)
        assert mail.body.count("{") == 0
        assert message.stop_link


def _worded(row: Notice) -> tuple[str, ...]:
    return word_notice(row, Wording(_noon(row), {"sla": (promised(),)}, is_read=True)).lines


def _noon(row: Notice) -> datetime:
    return row.created_at
