"""Who hears of a rule that fires, by which way and when: decisions alone, no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import pytest
from tests.alerts import BREACH, HOUR, LADDER, MARA, PARTIES, REMINDER, a_directory, a_firing, at, rita, sla
from tests.builders import a_calendar
from tests.drained import MINUTE, NOW

from smarketing.alerts.directory import Away, Directory, Somebody, Wishes
from smarketing.alerts.firing import Draft, Firing
from smarketing.alerts.hours import next_local, opens_at
from smarketing.alerts.raising import drafts
from smarketing.alerts.tally import MOST_A_MINUTE, MOST_LATELY, Tally
from smarketing.terms.agreement import Contact
from smarketing.terms.alert_rule import AlertRule

NIGHT = at("2026-03-02 22:00")
MAIL = REMINDER.model_copy(update={"channels": ("email",)})
LATE_MAIL = BREACH.model_copy(update={"channels": ("email",)})


def made(
    firing: Firing, directory: Directory | None = None, now: datetime = NOW, tally: Tally | None = None
) -> list[Draft]:
    return drafts(firing, directory or a_directory(), tally or Tally(), now)


def heard(found: Sequence[Draft]) -> list[tuple[str, str, str]]:
    """Who, by which way, and why not or why later."""
    return [
        (draft.recipient.somebody.name if draft.recipient.somebody else "", draft.channel, draft.reason)
        for draft in found
    ]


def to(*readers: str, **more: Any) -> AlertRule:
    return MAIL.model_copy(update={"to": readers, **more})


def test_two_roles_with_one_address_are_told_once() -> None:
    """E-08"""
    found = made(a_firing(to("manager", "Mara", "sales", "team", "mara@acme.test")))
    assert sorted(heard(found)) == [("Dora", "email", ""), ("Mara", "email", ""), ("Rita", "email", "")]
    roles = next(draft.recipient.roles for draft in found if draft.recipient.somebody == MARA)
    assert roles == {"manager", "Mara", "sales", "team", "mara@acme.test"}


@pytest.mark.parametrize(
    ("one", "other"), [("ann@x.test", "joann@x.test"), ("a_b@x.test", "aXb@x.test"), ("a+b@x.test", "a%b@x.test")]
)
def test_addresses_are_compared_whole(one: str, other: str) -> None:
    """A-22"""
    contacts = tuple(Contact(name=name, email=name) for name in (one, other))
    terms = sla(to(one, other), parties=(PARTIES[0], PARTIES[1].model_copy(update={"contacts": contacts})))
    found = made(a_firing(to(one, other), agreement=terms), a_directory(bounced=frozenset({other.lower()})))
    assert heard(found) == [(one, "email", ""), (other, "email", "bounced")]
    assert len({draft.key for draft in found}) == 2


def test_somebody_who_left_is_told_nothing() -> None:
    """E-08"""
    assert heard(made(a_firing(to("owner")), a_directory(rita(is_active=False)))) == [("Rita", "email", "left")]


def test_who_is_away_is_stood_in_for() -> None:
    """E-08"""
    week = (Away(date(2026, 3, 2), date(2026, 3, 7), 2),)
    found = made(a_firing(to("owner")), a_directory(rita(away=week)))
    assert heard(found) == [("Mara", "email", "")]
    assert found[0].recipient.instead_of == "Rita"
    alone = (Away(date(2026, 3, 2), date(2026, 3, 7)),)
    assert heard(made(a_firing(to("owner")), a_directory(rita(away=alone)))) == [("Rita", "email", "absent")]
    gone = a_directory(rita(away=week), Somebody(2, "Mara", "mara@acme.test", "UTC", away=alone))
    assert heard(made(a_firing(to("owner")), gone)) == [("Rita", "email", "absent")]
    back = made(a_firing(to("owner"), due_at=None), a_directory(rita(away=week)), at("2026-03-09 10:00"))
    assert heard(back) == [("Rita", "email", "")]


def test_days_away_are_those_of_the_persons_zone() -> None:
    away = (Away(date(2026, 3, 3), date(2026, 3, 4)),)
    auckland = a_directory(rita(away=away, zone="Pacific/Auckland"))
    found = made(a_firing(to("owner"), due_at=None), auckland, at("2026-03-02 12:00"))
    assert heard(found) == [("Rita", "email", "absent")]


def test_an_owner_without_an_account_is_the_point_of_contacts() -> None:
    assert heard(made(a_firing(to("owner"), owner=("crm", "unknown")))) == [("Mara", "email", "")]
    assert heard(made(a_firing(to("seat")))) == [("", "email", "nobody")]
    nameless = made(a_firing(to("Silent")))
    assert heard(nameless) == [("Silent", "email", "no_address")]


def test_whoever_manages_the_team_has_a_manager_too() -> None:
    own = a_firing(to("manager"), owner=("crm", "m"))
    assert heard(made(own, a_directory(owners={("crm", "m"): 2}))) == [("Dora", "email", "")]


@pytest.mark.parametrize(("due", "expected"), [("2026-03-03 12:00", "2026-03-03 09:00"), ("2026-03-03 09:00", "")])
def test_a_reminder_never_waits_until_its_deadline(due: str, expected: str) -> None:
    """E-07: quiet hours end at 09:00; where that is no earlier than the deadline, it goes at once."""
    found = made(a_firing(MAIL, due_at=at(due)), now=NIGHT)
    assert [draft.not_before_at for draft in found] == [at(expected) if expected else NIGHT]


def test_quiet_hours_are_the_readers_own() -> None:
    madrid = a_calendar("madrid", "mon-fri 10:00-19:00", "Europe/Madrid")
    terms = sla(MAIL, calendars=(a_calendar(), madrid))
    mine = a_directory(rita(wishes=Wishes(calendar="madrid")))
    found = made(a_firing(LATE_MAIL, agreement=terms), mine, at("2026-03-02 18:30"))
    assert [draft.not_before_at for draft in found] == [at("2026-03-03 09:00"), at("2026-03-03 09:00")]
    early = made(a_firing(LATE_MAIL, agreement=terms), mine, at("2026-03-02 17:30"))
    assert [draft.not_before_at for draft in early] == [at("2026-03-02 17:30"), at("2026-03-03 09:00")]


def test_what_is_urgent_and_who_wants_no_quiet_are_told_at_once() -> None:
    urgent = made(a_firing(LATE_MAIL.model_copy(update={"urgent": True})), now=NIGHT)
    assert {draft.not_before_at for draft in urgent} == {NIGHT}
    awake = a_directory(rita(wishes=Wishes(has_quiet_hours=False)))
    assert made(a_firing(LATE_MAIL), awake, NIGHT)[0].not_before_at == NIGHT


@pytest.mark.parametrize(
    ("now", "opens"), [("2026-03-28 22:00", "2026-03-29 07:00"), ("2026-10-24 22:00", "2026-10-25 08:00")]
)
def test_quiet_hours_over_a_change_of_clocks(now: str, opens: str) -> None:
    """E-07"""
    always = a_calendar("all", "mon-sun 09:00-17:00", "Europe/Madrid")
    assert opens_at(always, at(now)) == at(opens)


def test_the_hour_that_comes_twice_brings_one_digest() -> None:
    """E-20: 02:30 in Madrid is at 00:30 and at 01:30 UTC on 25 October."""
    first = next_local(time(2, 30), "Europe/Madrid", at("2026-10-24 12:00"))
    assert first == at("2026-10-25 00:30")
    assert next_local(time(2, 30), "Europe/Madrid", first) == at("2026-10-26 01:30")
    missing = next_local(time(2, 30), "Europe/Madrid", at("2026-03-28 12:00"))
    assert missing == at("2026-03-29 01:30")


def test_a_digest_takes_what_may_wait_and_nothing_else() -> None:
    """E-11"""
    wants = a_directory(
        rita(wishes=Wishes(is_digest_wanted=True)),
        Somebody(2, "Mara", "mara@acme.test", "UTC", wishes=Wishes(is_digest_wanted=True)),
    )
    late = made(a_firing(LATE_MAIL), wants)
    assert {(draft.reason, draft.not_before_at) for draft in late} == {("digest", at("2026-03-03 08:30"))}
    assert len({draft.bundle for draft in late}) == 2
    assert [draft.bundle for draft in made(a_firing(MAIL), wants)] == [None]  # its deadline is today
    assert [draft.bundle for draft in made(a_firing(LADDER), wants)] == [None]
    assert made(a_firing(LADDER.model_copy(update={"digest": True})), wants)[0].not_before_at == NOW


def test_nobody_mutes_what_went_wrong_on_their_watch() -> None:
    deaf = Wishes(muted=frozenset({"breach", "reminder", "escalation"}), is_email_wanted=False)
    directory = a_directory(rita(wishes=deaf), Somebody(2, "Mara", "mara@acme.test", "UTC", wishes=deaf))
    assert heard(made(a_firing(LATE_MAIL), directory)) == [("Rita", "email", "muted"), ("Mara", "email", "")]
    assert heard(made(a_firing(LADDER), directory)) == [("Mara", "email", "")]
    assert heard(made(a_firing(REMINDER), directory)) == [("Rita", "in_app", ""), ("Rita", "email", "muted")]


def test_what_is_put_off_waits_and_a_breach_does_not() -> None:
    off = a_directory(snoozes={(1, "crm", "1"): NOW + 20 * MINUTE})
    assert made(a_firing(MAIL), off)[0].not_before_at == NOW + 20 * MINUTE
    assert made(a_firing(LATE_MAIL), off)[0].not_before_at == NOW
    longer = a_directory(snoozes={(1, "crm", "1"): NOW + 2 * HOUR})
    assert heard(made(a_firing(MAIL), longer)) == [("Rita", "email", "snoozed")]


def test_a_room_is_posted_to_once_whoever_reads() -> None:
    rule = BREACH.model_copy(update={"channels": ("sales_room",)})
    (found,) = made(a_firing(rule), a_directory(endpoints={"sales_room": 7}), NIGHT)
    assert (found.endpoint_id, found.not_before_at, found.reason) == (7, NIGHT, "")
    assert heard(made(a_firing(rule))) == [("", "sales_room", "no_endpoint")]


def test_a_restored_copy_sends_nothing_out() -> None:
    held = a_directory(is_sending_held=True)
    assert heard(made(a_firing(REMINDER), held)) == [("Rita", "in_app", ""), ("Rita", "email", "sending_held")]


def test_beyond_the_readers_most_the_rest_is_one_digest() -> None:
    few = a_directory(rita(wishes=Wishes(most_per_day=2)))
    tally, rule = Tally(), LATE_MAIL.model_copy(update={"to": ("owner",)})
    found = [made(a_firing(rule, subject=(n,)), few, NOW, tally)[0] for n in range(5)]
    assert [draft.reason for draft in found] == ["", "", "capped", "capped", "capped"]
    assert {draft.bundle.at for draft in found if draft.bundle} == {at("2026-03-03 08:30")}
    once = [made(a_firing(rule.model_copy(update={"most": 1}), subject=(n,)), None, NOW, Tally())[0] for n in range(2)]
    assert [draft.reason for draft in once] == ["", ""]  # each with its own tally
    reminders, tally = [], Tally()
    for n in range(2):
        reminders += made(a_firing(MAIL.model_copy(update={"most": 1}), subject=(n,)), None, NOW, tally)
    assert [(draft.reason, draft.bundle) for draft in reminders] == [("", None), ("capped", None)]


def test_a_storm_becomes_one_digest_each_and_starves_no_escalation() -> None:
    """E-15, L8"""
    tally, found = Tally(), list[Draft]()
    for n in range(3_000):
        found += made(a_firing(LATE_MAIL, subject=(n,)), None, NOW, tally)
    ladder = made(a_firing(LADDER), None, NOW, tally)
    for name in ("Rita", "Mara"):
        own = [draft for draft in found if draft.recipient.somebody and draft.recipient.somebody.name == name]
        assert sum(draft.bundle is None for draft in own) <= MOST_LATELY
        assert len({draft.bundle for draft in own if draft.bundle}) == 1
    assert tally.is_storm
    assert tally.n_minute > MOST_A_MINUTE
    assert heard(ladder) == [("Mara", "email", "")]


def test_the_key_says_clock_arming_rule_level_reader_and_way() -> None:
    one = a_firing(REMINDER)
    keys = {draft.key for draft in made(one)}
    assert keys == {draft.key for draft in made(one, now=NIGHT - 12 * HOUR)}
    others = [
        a_firing(REMINDER, arming=2),
        a_firing(REMINDER, level=1),
        a_firing(REMINDER, subject=("crm", "1", "sla", "speed", 1)),
        a_firing(REMINDER.model_copy(update={"id": "other"})),
    ]
    assert not any(keys & {draft.key for draft in made(other)} for other in others)
    run_on = [made(a_firing(subject=subject))[0].key for subject in (("a", "bc"), ("ab", "c"))]
    assert run_on[0] != run_on[1]
