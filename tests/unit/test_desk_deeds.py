"""Answers, handovers, snoozes and taking back: what each does to the lead, its clocks and the trail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.desk import DeskSite, desk
from tests.drained import event, site

from smarketing.records.access import Refused
from smarketing.records.events import chain_faults
from smarketing.records.models import Absence, Event, Membership, OwnerLink, Person, Snooze
from smarketing.terms.errors import UserError
from smarketing.workflows.dispose_lead import dispose_lead
from smarketing.workflows.hand_over_lead import colleagues, hand_over_lead
from smarketing.workflows.log_touch import log_touch
from smarketing.workflows.snooze_lead import snooze_lead, snoozed_until
from smarketing.workflows.take_back_deed import latest_deed, take_back_deed

__all__ = ["desk", "site"]


def answer(desk: DeskSite, word: str, reason: str = "", lead_id: str = "7", **more: object) -> None:
    said = {"src": "crm", "lead_id": lead_id, "answer": word, "reason": reason, "by": desk.cast.rita, "now": desk.now}
    dispose_lead(**said | more)  # type: ignore[arg-type]


def lead(desk: DeskSite, lead_id: str = "7") -> dict[str, object]:
    return next(each for each in desk.site.facts() if each["lead_id"] == lead_id)


@pytest.fixture
def berta(desk: DeskSite) -> Person:
    """A colleague of Rita's who owns the leads of u-103."""
    person = Person.objects.create_user("berta@example.com", "x" * 12, name="Berta Vidal", zone="Europe/Madrid")
    Membership.objects.create(person=person, team=desk.cast.sales, role="rep", from_on=date(2025, 1, 1))
    OwnerLink.objects.create(person=person, src="crm", owner_id="u-103")
    return person


@pytest.mark.parametrize(("word", "reason"), [("sal", ""), ("disqualified", "no_budget"), ("recycled", "not_now")])
def test_an_answer_stops_the_clock_of_the_answer(desk: DeskSite, word: str, reason: str) -> None:
    desk.lead("7")
    desk.later(5)
    answer(desk, word, reason)
    assert "answer" not in desk.clocks("7")
    assert (lead(desk)["lifecycle"], lead(desk)["reason"]) == (word, reason or None)
    (change,) = [each for each in desk.site.facts("stage_change") if each["field"] == "lifecycle"]
    assert (change["to_value"], change["reason"], change["changed_by"]) == (word, reason or None, "u-102")
    assert desk.site.clocks() == desk.site.clocks_anew()


@pytest.mark.parametrize(
    ("word", "reason", "sentence"),
    [
        ("disqualified", "", "Say why"),
        ("disqualified", "because", 'does not list the reason "because"'),
        ("recycled", "no_budget", 'does not list the reason "no_budget"'),
        ("won", "", "no answer to a lead"),
    ],
)
def test_a_rejection_needs_a_reason_of_the_agreement(desk: DeskSite, word: str, reason: str, sentence: str) -> None:
    desk.lead("7")
    with pytest.raises(UserError, match=sentence):
        answer(desk, word, reason)
    assert lead(desk)["lifecycle"] is None
    assert not Event.objects.filter(verb="dispose_lead").exists()


def test_silence_that_accepted_is_not_undone_by_a_rejection(desk: DeskSite) -> None:
    desk.lead("7")
    (row,) = desk.rows()
    assert row.accepted_at is not None
    desk.later(1)
    desk.site.now = row.accepted_at + timedelta(minutes=1)
    with pytest.raises(UserError, match="Silence accepted this lead on 2026-03-04"):
        answer(desk, "disqualified", "no_budget")
    assert lead(desk)["lifecycle"] is None
    answer(desk, "sal")
    assert lead(desk)["lifecycle"] == "sal"


def test_just_before_silence_accepts_a_rejection_is_in_time(desk: DeskSite) -> None:
    desk.lead("7")
    accepted_at = desk.rows()[0].accepted_at
    assert accepted_at is not None
    desk.site.now = accepted_at - timedelta(seconds=1)
    answer(desk, "disqualified", "no_budget")
    assert lead(desk)["lifecycle"] == "disqualified"


def test_a_handover_gives_the_lead_to_the_colleague(desk: DeskSite, berta: Person) -> None:
    desk.lead("7")
    desk.lead("8")
    desk.later(5)
    leads = [("crm", "7"), ("crm", "8")]
    assert hand_over_lead(leads=leads, to=berta, by=desk.cast.rita, now=desk.now) == 2
    assert not desk.rows()
    assert {row.lead_id for row in desk.rows(berta)} == {"7", "8"}
    with pytest.raises(Refused):  # what was given away is no longer hers
        log_touch(src="crm", lead_id="7", kind="call", by=desk.cast.rita, now=desk.now)
    assert desk.site.clocks() == desk.site.clocks_anew()


def test_a_lead_goes_to_colleagues_only(desk: DeskSite) -> None:
    desk.lead("7")
    for stranger in (desk.cast.zed, desk.cast.maya, desk.cast.dora):
        with pytest.raises(Refused):
            hand_over_lead(leads=[("crm", "7")], to=stranger, by=desk.cast.rita, now=desk.now)
    with pytest.raises(UserError, match="Choose at least one"):
        hand_over_lead(leads=[], to=desk.cast.rita, by=desk.cast.rita, now=desk.now)


def test_one_foreign_lead_among_many_stops_the_whole_handover(desk: DeskSite, berta: Person) -> None:
    desk.lead("7")
    desk.lead("8", owner="u-901")
    with pytest.raises(Refused):
        hand_over_lead(leads=[("crm", "7"), ("crm", "8")], to=berta, by=desk.cast.rita, now=desk.now)
    assert {each["owner_id"] for each in desk.site.facts()} == {"u-102", "u-901"}


def test_who_is_away_is_shown_with_who_stands_in(desk: DeskSite, berta: Person) -> None:
    from smarketing.records.access import actor_of

    Absence.objects.create(person=berta, substitute=desk.cast.rita, from_on=desk.now.date(), until_on=date(2026, 3, 9))
    found = {each.person: each for each in colleagues(actor_of(desk.cast.sam, desk.now.date()), desk.now)}
    assert found[berta].away_until == date(2026, 3, 9)
    assert found[berta].stands_in == str(desk.cast.rita)
    assert found[desk.cast.rita].away_until is None


def test_a_snoozed_lead_goes_to_the_end_until_its_time(desk: DeskSite) -> None:
    desk.lead("7")
    desk.later(5)
    desk.lead("8")
    assert [row.lead_id for row in desk.rows()] == ["7", "8"]
    until = snoozed_until("30min", None, zone_name="Europe/Madrid", now=desk.now)
    snooze_lead(src="crm", lead_id="7", until=until, by=desk.cast.rita, now=desk.now)
    assert [row.lead_id for row in desk.rows()] == ["8", "7"]
    desk.later(31)
    assert [row.lead_id for row in desk.rows()] == ["7", "8"]


def test_tomorrow_is_the_morning_where_the_reader_lives(desk: DeskSite) -> None:
    until = snoozed_until("tomorrow", None, zone_name="America/Chicago", now=desk.now)
    assert until.isoformat() == "2026-03-03T09:00:00-06:00"
    with pytest.raises(UserError, match="until when"):
        snoozed_until("", None, zone_name="UTC", now=desk.now)
    desk.lead("7")
    with pytest.raises(UserError, match="a later moment"):
        snooze_lead(src="crm", lead_id="7", until=desk.now, by=desk.cast.rita, now=desk.now)


def taken_back(desk: DeskSite) -> None:
    event = latest_deed(desk.cast.rita, desk.now)
    assert event is not None
    take_back_deed(seq=event.seq, by=desk.cast.rita, now=desk.now)


def test_a_touch_taken_back_is_marked_and_the_clock_runs_again(desk: DeskSite) -> None:
    desk.lead("7")
    before = desk.clocks("7")
    desk.later(1)
    log_touch(src="crm", lead_id="7", kind="call", by=desk.cast.rita, now=desk.now)
    desk.later(1)
    taken_back(desk)
    assert desk.clocks("7") == before
    (touch,) = desk.site.facts("touch")
    assert touch["deleted_at"] == desk.now
    assert list(Event.objects.values_list("verb", flat=True)) == ["log_touch", "take_back_deed"]
    assert not list(chain_faults())
    assert desk.site.clocks() == desk.site.clocks_anew()


@pytest.mark.parametrize(("word", "reason"), [("sal", ""), ("disqualified", "spam"), ("recycled", "not_now")])
@pytest.mark.parametrize("stage", [None, "mql"])
def test_an_answer_taken_back_is_as_if_nobody_had_answered(
    desk: DeskSite, word: str, reason: str, stage: str | None
) -> None:
    desk.lead("7", **({"lifecycle": stage} if stage else {}))
    before = desk.clocks("7")
    desk.later(1)
    answer(desk, word, reason)
    desk.later(1)
    taken_back(desk)
    assert desk.clocks("7") == before
    assert (lead(desk)["lifecycle"], lead(desk)["reason"]) == (stage or "lead", None)
    assert desk.site.clocks() == desk.site.clocks_anew()


def test_a_handover_and_a_snooze_are_taken_back(desk: DeskSite, berta: Person) -> None:
    desk.lead("7")
    desk.later(1)
    hand_over_lead(leads=[("crm", "7")], to=berta, by=desk.cast.rita, now=desk.now)
    desk.later(1)
    taken_back(desk)
    assert [row.lead_id for row in desk.rows()] == ["7"]
    snooze_lead(src="crm", lead_id="7", until=desk.now + timedelta(hours=1), by=desk.cast.rita, now=desk.now)
    taken_back(desk)
    assert not Snooze.objects.exists()


@pytest.mark.parametrize("whoever", ["the desk", "the CRM"])
def test_a_handover_of_many_is_not_taken_back_over_a_later_one(desk: DeskSite, berta: Person, whoever: str) -> None:
    """The second lead of two has gone to somebody else since, which the first knows nothing of."""
    for lead_id in ("7", "8"):
        desk.lead(lead_id)
    hand_over_lead(leads=[("crm", "7"), ("crm", "8")], to=berta, by=desk.cast.rita, now=desk.now)
    desk.later(1)
    if whoever == "the desk":
        hand_over_lead(leads=[("crm", "8")], to=desk.cast.rita, by=berta, now=desk.now)
        wanted = "u-102"
    else:
        desk.site.send(event("lead.updated", desk.now, lead_id="8", owner_id="u-901"))
        desk.site.drain_all()
        wanted = "u-901"
    with pytest.raises(UserError, match="Somebody has changed"):
        taken_back(desk)
    assert (lead(desk, "7")["owner_id"], lead(desk, "8")["owner_id"]) == ("u-103", wanted)


def test_nothing_is_taken_back_late_twice_or_by_somebody_else(desk: DeskSite) -> None:
    desk.lead("7")
    answer(desk, "sal")
    event = Event.objects.get(verb="dispose_lead")
    with pytest.raises(Refused):
        take_back_deed(seq=event.seq, by=desk.cast.sam, now=desk.now)
    desk.later(11)
    assert latest_deed(desk.cast.rita, desk.now) is None
    with pytest.raises(UserError, match="for 10 minutes"):
        take_back_deed(seq=event.seq, by=desk.cast.rita, now=desk.now)
    answer(desk, "disqualified", "spam")
    desk.later(1)
    taken_back(desk)
    with pytest.raises(UserError, match="taken back before"):
        take_back_deed(seq=Event.objects.filter(verb="dispose_lead").latest("seq").seq, by=desk.cast.rita, now=desk.now)


def test_an_answer_that_was_followed_by_another_is_not_taken_back(desk: DeskSite) -> None:
    desk.lead("7")
    answer(desk, "sal")
    first = Event.objects.get(verb="dispose_lead")
    answer(desk, "disqualified", "spam", by=desk.cast.sam)
    with pytest.raises(UserError, match="changed the lead since"):
        take_back_deed(seq=first.seq, by=desk.cast.rita, now=desk.now)


def test_an_answer_that_the_crm_has_changed_since_is_not_taken_back(desk: DeskSite) -> None:
    desk.lead("7")
    desk.later(5)
    said = {"src": "crm", "lead_id": "7", "answer": "disqualified", "reason": "no_budget"}
    dispose_lead(**said, by=desk.cast.rita, now=desk.now)  # type: ignore[arg-type]
    latest = latest_deed(desk.cast.rita, desk.now)
    assert latest is not None
    desk.later(2)
    desk.site.send(event("lead.updated", desk.now, lead_id="7", lifecycle="customer"))
    desk.site.drain_all()
    with pytest.raises(UserError, match="changed the lead since"):
        take_back_deed(seq=latest.seq, by=desk.cast.rita, now=desk.now)
    assert desk.site.facts()[0]["lifecycle"] == "customer"
