"""A message about a clock asks for what its promise is about: an answer, a decision, a touch, a thing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.alerts import BREACH, HOUR, LADDER, REMINDER, a_lead, at, raised, sla, watching
from tests.builders import a_commitment
from tests.drained import NOW, Site, event, site

from smarketing.alerts.wording.awaited import owed
from smarketing.alerts.wording.kinds import worded
from smarketing.alerts.wording.told import Told
from smarketing.records.models import Notice
from smarketing.terms.alert_rule import RUNNING
from smarketing.terms.commitment import PIECES, Commitment
from smarketing.terms.language import words
from smarketing.workflows.watch_promises import watch_promises
from smarketing.workflows.word_notice import Wording, word_notice

__all__ = ["site"]
REPORT = a_commitment("deliverable", "1 report", id="report", title="Weekly report", party="marketing", period="week")
PROMISES = {
    "answer": a_commitment(),
    "connection": a_commitment(stop="connection"),
    "owner": a_commitment(clock="system"),
    "touches": a_commitment("follow_up_depth", "6 touches within 5 business days", id="depth"),
    "decision": a_commitment("disposition_time", "90 % within 2 business days", id="disposition"),
    "next_touch": a_commitment("follow_up_cadence", "at most 5 business days", id="cadence"),
    "thing": REPORT,
}
SAID = {
    ("reminder", "answer"): ("A lead: answer by DUE", "A first touch before then keeps the promise."),
    ("reminder", "connection"): ("A lead: reach the person by DUE", "Reaching the person before then keeps"),
    ("reminder", "owner"): ("A lead: give it an owner by DUE", "An owner before then keeps the promise."),
    ("reminder", "touches"): ("A lead: follow up by DUE", "4 more touches keep the promise."),
    ("reminder", "decision"): ("A lead: decide by DUE", "Accept it, disqualify it or send it back before then"),
    ("reminder", "next_touch"): ("A lead: get in touch by DUE", "has an open opportunity; the next touch is due on"),
    ("reminder", "thing"): ("Weekly report: hand it over by DUE", "Weekly report is still missing; the time for it"),
    ("breach", "answer"): ("Missed: A lead", "An answer now is late, and better than none."),
    ("breach", "connection"): ("Missed: A lead", "was not reached in time"),
    ("breach", "owner"): ("Missed: A lead", "was not given an owner in time"),
    ("breach", "touches"): ("Missed: A lead", "was not followed up as often as promised"),
    ("breach", "decision"): ("Missed: A lead", "was not decided on in time"),
    ("breach", "next_touch"): ("Missed: A lead", "heard nothing about its opportunity in time"),
    ("breach", "thing"): (
        "Missed: Weekly report",
        "Weekly report was not handed over in its period: it was due on DUE.",
    ),
    ("escalation", "answer"): ("Still waiting: A lead", "and still waits, 2 h later."),
    ("escalation", "connection"): ("Still waiting: A lead", "has not been reached, 2 h later."),
    ("escalation", "owner"): ("Still without an owner: A lead", "still has no owner, 2 h later."),
    ("escalation", "touches"): ("Still waiting: A lead", "has not been followed up as often as promised"),
    ("escalation", "decision"): ("Still not decided: A lead", "is still not decided on, 2 h later."),
    ("escalation", "next_touch"): ("Still no touch: A lead", "a touch was due on DUE and is still missing, 2 h later."),
    ("escalation", "thing"): ("Not handed over: Weekly report", "was due on DUE and has not been handed over in its"),
}


def text_of(occasion: str, promise: Commitment, language: str = "en", **more: Any) -> tuple[str, str]:
    """Subject and all that is said beside it, DUE instead of the deadline; two of six touches are done."""
    payload = {**owed(promise, 0), "count": 2, "need": 6, "start_at": NOW.isoformat(), "level": 1} | more
    about = Told(words(language), "UTC", NOW + 3 * HOUR, payload, commitment=promise.title, due_at=NOW + HOUR)
    found = worded(occasion, about)
    due = about.clock(about.due_at)
    lines = " ".join((*found.lines, *(name for name, _ in found.facts)))
    return found.subject.replace(due, "DUE"), lines.replace(due, "DUE").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("occasion", "what"), SAID)
def test_what_is_asked_for_is_what_keeps_the_promise(occasion: str, what: str) -> None:
    for answered in (False, True):
        subject, text = text_of(occasion, PROMISES[what], is_answered=answered and what != "thing")
        line = SAID[occasion, what][1] if not (answered and what == "answer" and occasion == "breach") else "late."
        assert (subject, line in text) == (SAID[occasion, what][0], True), text
        assert ("first touch" in text) == ((occasion, what) == ("reminder", "answer"))
        assert ("Handed over" in text) == (what != "next_touch")
        assert ("lead" in (subject + text).lower()) == (what != "thing")


@pytest.mark.parametrize("language", ["es", "it"])
@pytest.mark.parametrize(("occasion", "what"), SAID)
def test_every_kind_is_told_in_every_language(occasion: str, what: str, language: str) -> None:
    english, found = text_of(occasion, PROMISES[what]), text_of(occasion, PROMISES[what], language)
    assert found[0] != english[0]
    assert SAID[occasion, what][1] not in found[1]


def test_every_kind_that_runs_is_asked_for_in_its_own_words() -> None:
    assert {promise.kind for promise in PROMISES.values()} == RUNNING
    assert len({text_of("breach", each)[1] for each in PROMISES.values()}) == len(PROMISES)


def test_of_several_things_it_is_said_which() -> None:
    several = REPORT.model_copy(update={"target": a_commitment("deliverable", "4 reports").target})
    about = Told(words("en"), "UTC", NOW, owed(several, 20_500 * PIECES + 1), commitment="Reports", due_at=NOW)
    assert worded("escalation", about).subject == "Not handed over: Reports (2 of 4)"


def test_what_was_written_down_before_kinds_were_is_told_as_before() -> None:
    assert text_of("reminder", a_commitment(), kind="")[0] == "A lead: answer by DUE"


RULES = tuple(rule.model_copy(update={"to": ("Mara",), "channels": ("in_app",)}) for rule in (REMINDER, BREACH, LADDER))


def everything_is_late(site: Site) -> None:
    """Two leads that nobody touches, the first with an open opportunity, and a report that nobody writes."""
    a_lead(site)
    a_lead(site, "2")
    site.send(event("deal.updated", NOW, deal_id="D1", lead_id="1", created_at=NOW, status="open", owner_id="r1"))
    site.drain()
    for days in range(12):
        site.now = NOW + timedelta(days=days)
        watch_promises(now=site.now)
        raised(site)


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_what_is_raised_says_it_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tuple(PROMISES[what] for what in ("answer", "touches", "decision", "next_touch", "thing"))
    watching(site, monkeypatch, sla(*RULES, commitments=own, in_force={"from_on": NOW.date()}))
    everything_is_late(site)
    rows = {(row.occasion, row.commitment): row for row in Notice.objects.order_by("-id")}
    whats = {PROMISES[what].id: what for what in ("answer", "touches", "decision", "next_touch", "thing")}
    assert {*rows} >= {(occasion, name) for occasion in ("reminder", "breach", "escalation") for name in whats}
    for (occasion, name), row in rows.items():
        check(row, SAID[occasion, whats[name]], site)
        row.payload = {key: value for key, value in row.payload.items() if key not in ("kind", "piece", "pieces")}
        check(row, SAID[occasion, whats[name]], site)


def check(row: Notice, said: tuple[str, str], site: Site) -> None:
    """It says what the kind asks for, whatever is said of the lead and the deadline."""
    assert row.due_at is not None
    subject, now = said[0].replace("A lead", f"Lead {row.lead_id}"), at("2026-03-20 09:00")
    found = word_notice(row, Wording(now, site.terms, is_read=True))
    assert found.subject == subject.replace("DUE", words("en").instant(row.due_at, "UTC"))
    assert ("lead" in " ".join((found.subject, *found.lines)).lower()) == (row.src != "")
