"""Whatever a rule can wait for has words of its own in every language, from what is really written down of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.alerts import BREACH, HOUR, LADDER, PARTIES, REMINDER, a_lead, a_rule, a_touch, raised, sla, watching
from tests.builders import a_commitment
from tests.drained import NOW, Site, event, site
from tests.summaries import morning_site, some_leads
from tests.summaries import raised as summed_up

from smarketing.alerts.wording.kinds import WORDINGS, worded
from smarketing.alerts.wording.told import Told
from smarketing.ledger.models import InboxTally
from smarketing.records.models import Notice, Source
from smarketing.terms.agreement import Agreement, Capacity
from smarketing.terms.alert_rule import Occasion
from smarketing.terms.language import LANGUAGES, words
from smarketing.workflows.watch_promises import watch_promises
from smarketing.workflows.word_notice import Wording, word_notice

__all__ = ["site"]
PLAIN = "There is news in smarketing."
MORNING = {"pulse", "weekly_summary"}
OF_THE_HOUSE: dict[str, dict[str, Any]] = {
    "brake": {"n": 400, "since": NOW.isoformat()},
    "digest": {"why": "brake"},
    "endpoint_off": {"name": "The room", "since": NOW.isoformat(), "code": "http_500"},
    "test": {"by": "Ada"},
    "dispute": {
        "dispute": 7,
        "step": "raised",
        "promise": "Speed",
        "party": "Sales",
        "raised_by": "Rita",
        "reason": "bad_data",
        "text": "It was called.",
        "from_at": "",
        "until_at": "",
        "decider": "Mara",
    },
}


def busy() -> Agreement:
    """Rules on everything that is not of a morning, for a team that has hardly any hours."""
    few = Capacity(reps=1, hours_per_rep=1, minutes_per_attempt=30)
    rules = (
        *(rule.model_copy(update={"to": ("Mara",), "channels": ("in_app",)}) for rule in (REMINDER, BREACH, LADDER)),
        a_rule("pace", behind="0.5", commitments=("many",)),
        a_rule("burn_rate", rate=2),
        a_rule("capacity"),
        a_rule("silent_source"),
        a_rule("celebration", commitments=("few",)),
        a_rule("unassigned", after="30 business minutes"),
    )
    volume = {"kind": "lead_volume", "party": "marketing"}
    leads = (a_commitment(target="310 leads", id="many", **volume), a_commitment(target="3 leads", id="few", **volume))
    parties = (PARTIES[0], PARTIES[1].model_copy(update={"capacity": few}))
    return sla(*rules, parties=parties, commitments=(a_commitment(contact="Mara"), *leads))


def usually_loud(slug: str) -> None:
    """The source sends every hour of the working day, for weeks, and fell silent now."""
    Source.objects.filter(slug=slug).update(usual_gap_s=3600, last_received_at=NOW)
    for weeks in range(4):
        for hour in range(24):
            moment = NOW.replace(hour=hour) - timedelta(weeks=weeks)
            if moment <= NOW:
                counts = {"n_received": 1, "n_stored": 1}
                InboxTally.objects.update_or_create(src=slug, hour_at=moment, defaults=counts)


def a_bad_week(site: Site) -> None:
    for number in range(8):
        a_lead(site, str(number))
    for number in range(4):
        a_touch(site, str(number))
    site.send(event("lead.created", NOW, lead_id="lost"))
    site.drain()
    usually_loud("crm")
    for later in (HOUR / 2, HOUR + timedelta(seconds=1), 3 * HOUR, timedelta(days=8)):
        site.now = NOW + later
        raised(site)
        watch_promises(now=site.now)


def said_of(row: Notice, site: Site, language: str) -> list[str]:
    assert row.person is not None
    row.person.language = language
    found = word_notice(row, Wording(site.now, site.terms, is_read=True))
    return [found.subject, *found.lines]


def is_well_said(occasion: str, lines: list[str], language: str) -> None:
    assert all(lines), (occasion, language)
    text = " ".join(lines)
    assert words(language)(PLAIN) not in text, (occasion, language)
    assert not {"–", "None", "{", "}"} & {*text.split(), *text}, (occasion, language, text)


def check(site: Site, caplog: pytest.LogCaptureFixture) -> set[str]:
    """Every notice in every language; the occasions that were met."""
    rows = {row.occasion: row for row in Notice.objects.filter(person__isnull=False).select_related("person")}
    for occasion, row in rows.items():
        spoken = [said_of(row, site, language) for language in LANGUAGES]
        for lines, language in zip(spoken, LANGUAGES, strict=True):
            is_well_said(occasion, lines, language)
        assert len({tuple(lines) for lines in spoken}) == len(LANGUAGES), occasion
    assert "does not fit its words" not in caplog.text
    return set(rows)


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_every_rule_is_worded(site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    watching(site, monkeypatch, busy())
    a_bad_week(site)
    assert check(site, caplog) == {str(each) for each in Occasion} - MORNING


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_every_morning_is_worded(site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    morning_site(site, monkeypatch)
    some_leads(site)
    summed_up(site, NOW + timedelta(days=7))
    assert check(site, caplog) == MORNING


def by_itself(occasion: str, language: str) -> list[str]:
    about = Told(words(language), "UTC", NOW, OF_THE_HOUSE[occasion], agreement="SLA", due_at=NOW, n_parts=2)
    found = worded(occasion, about)
    return [found.subject, *found.lines]


@pytest.mark.parametrize("occasion", OF_THE_HOUSE)
def test_what_the_house_tells_by_itself_is_worded(occasion: str) -> None:
    assert {*OF_THE_HOUSE, *Occasion} == {*WORDINGS}
    spoken = [by_itself(occasion, language) for language in LANGUAGES]
    for lines, language in zip(spoken, LANGUAGES, strict=True):
        is_well_said(occasion, lines, language)
    assert len({tuple(lines) for lines in spoken}) == len(LANGUAGES)
