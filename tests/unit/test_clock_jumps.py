"""The wall clock jumps: nothing is lost, nothing is said twice, and what is still ahead is not said again (F8).

What is written while the clock is ahead counts as said: a deadline that comes a day later by the right clock was
announced a day too early, once, and its instant passes in silence. What waited in the outbox when the clock was set
right leaves at the instant that was written on it, if it is still true by then.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.alerts import BREACH, HOUR, LADDER, REMINDER, a_lead, a_rule, a_touch, at, sla, told, warned, watching
from tests.drained import MINUTE, NOW, Site, agreed, site
from tests.summaries import PULSE, morning_site, promised, some_leads
from tests.summaries import raised as mornings
from tests.unit.test_outbox import Post, post
from tests.unit.test_watch_promises import watched

from smarketing.ledger.models import InboxTally
from smarketing.records.models import Job, Moment, Notice, Person, Preference, Source
from smarketing.records.schedules import ask_for_due
from smarketing.workflows import examine_installation
from smarketing.workflows.examine_installation import Level

__all__ = ["post", "site"]
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MAILS = tuple(rule.model_copy(update={"channels": ("email",)}) for rule in (REMINDER, BREACH, LADDER))
ALL = [
    ("Rita", "half", NOW + 30 * MINUTE),
    ("Rita", "late", NOW + 61 * MINUTE),
    ("Mara", "late", NOW + 61 * MINUTE),
    ("Mara", "ladder", NOW + 120 * MINUTE),
    ("Mara", "ladder", NOW + 240 * MINUTE),
]
BACK = pytest.mark.parametrize("back", [SECOND, HOUR, DAY])


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> dict[str, Person]:
    return warned(site, monkeypatch, sla(*MAILS))


def lived(post: Post, start: datetime, end: datetime, step: timedelta = MINUTE) -> None:
    while start <= end:
        post.leave(start)
        start += step


def left(post: Post) -> list[tuple[str, str, datetime]]:
    return [(name, rule, when) for when, name, rule, _ in post.sent]


# alerts


@BACK
@pytest.mark.parametrize("minute", [29, 30, 61, 120, 200])
@pytest.mark.usefixtures("people")
def test_a_clock_that_goes_back_loses_and_repeats_nothing(site: Site, post: Post, minute: int, back: timedelta) -> None:
    """Whatever was said before it went back, the end is as if it never had."""
    a_lead(site)
    told_at = [NOW + n * MINUTE for n in (0, 29, 30, 61, 120, 200, 240)]
    jump = NOW + minute * MINUTE
    for now in told_at:
        if now <= jump:
            post.leave(now)
    n_before = len(post.sent)
    assert post.leave(jump - back) == []
    for n in range(1, 5):
        post.leave(jump - back + n * back / 5)
    assert len(post.sent) == n_before
    for now in told_at:
        if now >= jump:
            post.leave(now)
    assert left(post) == ALL


@pytest.mark.usefixtures("people")
def test_what_a_clock_a_day_ahead_said_is_not_said_again(site: Site, post: Post) -> None:
    """Five minutes after the lead came it is suddenly tomorrow; a minute later the clock is right again."""
    a_lead(site)
    ahead = NOW + 5 * MINUTE + DAY
    assert post.leave(ahead) == [("Rita", "late"), ("Mara", "late"), ("Mara", "ladder")]  # too early, by a day
    assert [row for row in told() if row[0] == "half"] == [("half", "Rita", "email", "too_late")]
    (step,) = Moment.objects.filter(state="waiting")
    assert (step.level, step.at) == (1, ahead + 2 * HOUR)
    lived(post, NOW + 6 * MINUTE, step.at - MINUTE, 7 * MINUTE)
    assert len(post.sent) == 3
    assert post.leave(step.at) == [("Mara", "ladder")]  # later than it would have been, and once
    assert post.leave(step.at + MINUTE) == []


@pytest.mark.usefixtures("people")
def test_a_lead_that_comes_after_a_clock_was_ahead_is_told_of_in_time(site: Site, post: Post) -> None:
    """What nobody had heard of when the clock was wrong is warned of as ever, by every rule."""
    post.leave(NOW - HOUR + DAY)
    site.now = NOW
    a_lead(site)
    for n in (0, 29, 30, 61, 120, 200, 240):
        post.leave(NOW + n * MINUTE)
    assert left(post) == ALL


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("minute", [None, 20, 70])
def test_what_waited_when_the_clock_was_set_right_is_looked_at_again(
    site: Site, post: Post, minute: int | None
) -> None:
    """Written on a Tuesday evening that had not come, for Wednesday morning: by then it is true, or it is not sent."""
    agreed(site, sla(MAILS[1]))
    site.refresh()
    a_lead(site)
    assert post.leave(at("2026-03-03 20:00")) == []
    site.now = NOW + 6 * MINUTE
    assert post.leave(site.now) == []
    if minute is not None:
        a_touch(site, when=NOW + minute * MINUTE)
    lived(post, NOW + 71 * MINUTE, at("2026-03-04 08:59"), HOUR)
    assert post.sent == []
    wednesday = post.leave(at("2026-03-04 09:00"))
    if minute == 20:
        assert wednesday == []
        assert {state for *_, state in told()} == {"clock_closed"}
        return
    assert wednesday == [("Rita", "late"), ("Mara", "late")]
    assert ("It has been dealt with since, late." in post.sent[0][3]) == (minute == 70)
    assert post.leave(at("2026-03-04 09:01")) == []


# digests


def in_digests(people: dict[str, Person], site: Site) -> None:
    Preference.objects.create(person=people["rita"], is_digest_wanted=True)
    agreed(site, sla(MAILS[1].model_copy(update={"to": ("owner",)})))
    site.refresh()


@BACK
def test_a_digest_that_left_before_the_clock_went_back_takes_nothing_more(
    site: Site, post: Post, people: dict[str, Person], back: timedelta
) -> None:
    """What is missed in the hours that come twice is told in the next one, and what it told stays told."""
    in_digests(people, site)
    a_lead(site, "1")
    assert post.leave(NOW + 2 * HOUR) == []
    tuesday = at("2026-03-03 08:30")
    assert post.leave(tuesday) == [("Rita", "digest")]
    assert post.leave(tuesday + SECOND - back) == []
    site.now = NOW + 3 * HOUR
    a_lead(site, "2")
    assert post.leave(NOW + 5 * HOUR) == []
    lived(post, NOW + 5 * HOUR, tuesday + DAY - MINUTE, HOUR)
    assert len(post.sent) == 1
    assert post.leave(tuesday + DAY) == [("Rita", "digest")]
    assert ["Lead 1" in text for *_, text in post.sent] == [True, False]
    assert ["Lead 2" in text for *_, text in post.sent] == [False, True]


def test_a_digest_of_a_day_that_had_not_come_leaves_on_that_day(
    site: Site, post: Post, people: dict[str, Person]
) -> None:
    """Missed while the clock was a day ahead, it is for Wednesday; what is missed by the right clock is for Tuesday."""
    in_digests(people, site)
    a_lead(site, "1")
    assert post.leave(NOW + 2 * HOUR + DAY) == []
    site.now = NOW + 3 * HOUR
    a_lead(site, "2")
    lived(post, NOW + 3 * HOUR, at("2026-03-05 12:00"), HOUR / 2)
    found = [(when, rule, "Lead 1" in text, "Lead 2" in text) for when, _, rule, text in post.sent]
    assert found == [
        (at("2026-03-03 08:30"), "digest", False, True),
        (at("2026-03-04 08:30"), "digest", True, False),
    ]


# mornings and watches


@pytest.mark.parametrize("jump", [-DAY, -HOUR, -SECOND, HOUR / 2, DAY])
def test_a_morning_is_told_once_wherever_the_clock_goes(
    site: Site, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    """A day ahead, Thursday's message is Thursday's, a day too early, and there is no second one on Thursday."""
    morning_site(site, monkeypatch, promised(PULSE))
    some_leads(site)
    tuesday, wednesday, thursday, friday = (at(f"2026-03-0{day} 07:30") for day in (3, 4, 5, 6))
    assert [mornings(site, when) for when in (tuesday, wednesday)] == [3, 3]
    is_told_ahead = jump == DAY
    assert mornings(site, wednesday + jump) == (3 if is_told_ahead else 0)
    assert mornings(site, wednesday + MINUTE) == 0
    assert mornings(site, thursday) == (0 if is_told_ahead else 3)
    assert mornings(site, friday) == 3
    days = list(Notice.objects.order_by("id").values_list("payload__on", flat=True))
    assert days == [f"2026-03-0{day}" for day in (3, 4, 5, 6) for _ in range(3)]


def silent(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that sent every hour of Mondays fell silent at nine; its rule speaks again after four hours."""
    watching(site, monkeypatch, sla(a_rule("silent_source", gap_factor=2, cooldown="4 business hours")))
    Source.objects.filter(slug="crm").update(usual_gap_s=3600, last_received_at=NOW)
    for n in range(24 * 28):
        hour = NOW - n * HOUR
        InboxTally.objects.update_or_create(src="crm", hour_at=hour, defaults={"n_received": 1, "n_stored": 1})


@pytest.mark.parametrize("back", [HOUR, DAY])
def test_a_watch_that_has_spoken_stays_silent_in_hours_that_come_twice(
    site: Site, monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:
    silent(site, monkeypatch)
    assert len(watched(site, NOW + 3 * HOUR)) == 1
    assert len(watched(site, NOW + 3 * HOUR - back)) == 1
    assert len(watched(site, NOW + 3 * HOUR + MINUTE)) == 1
    assert len(watched(site, NOW + 7 * HOUR - MINUTE)) == 1
    assert len(watched(site, NOW + 7 * HOUR)) == 2


def test_a_watch_that_spoke_a_day_ahead_rests_from_then_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rest counts from what it wrote: the next word is late by that day, and none is said twice."""
    silent(site, monkeypatch)
    ahead = NOW + 3 * HOUR + DAY
    assert len(watched(site, ahead)) == 1
    for hours in range(3, 31, 3):
        assert len(watched(site, NOW + hours * HOUR)) == 1
    assert len(watched(site, ahead + 4 * HOUR)) == 2


@BACK
def test_a_target_is_celebrated_once_by_any_clock(site: Site, monkeypatch: pytest.MonkeyPatch, back: timedelta) -> None:
    from tests.builders import a_commitment

    leads = a_commitment("lead_volume", "2 leads", id="volume", party="marketing")
    watching(site, monkeypatch, sla(a_rule("celebration"), commitments=(leads,)))
    a_lead(site, "1")
    a_lead(site, "2")
    reached = NOW + 10 * MINUTE
    assert watched(site, reached) == [("celebration", "Mara")]
    for now in (reached - back, reached, reached + DAY, reached + MINUTE, reached + 2 * DAY):
        assert watched(site, now) == [("celebration", "Mara")]


@pytest.mark.django_db
@pytest.mark.parametrize("length", [5 * MINUTE, DAY])
@pytest.mark.parametrize("ahead", [DAY * 2, DAY * 400])
def test_regular_jobs_go_on_after_a_clock_was_ahead(length: timedelta, ahead: timedelta) -> None:
    """What was asked for while it was ahead keeps nobody from asking by the right clock."""
    every = {"watch_promises": length}
    midnight = NOW.replace(hour=0)
    assert ask_for_due(every, midnight + ahead) == ["watch_promises"]
    Job.objects.all().delete()
    assert ask_for_due(every, midnight + MINUTE) == ["watch_promises"]
    Job.objects.all().delete()
    assert ask_for_due(every, midnight + 2 * MINUTE) == []
    assert ask_for_due(every, midnight + MINUTE + length) == ["watch_promises"]


@pytest.mark.django_db
def test_regular_jobs_are_not_asked_for_twice_by_two_clocks_that_differ_a_little() -> None:
    every = {"watch_promises": 5 * MINUTE}
    ask_for_due(every, NOW)
    Job.objects.all().delete()
    assert [ask_for_due(every, NOW + n * SECOND) for n in (-1, 0, -30, 30, -299)] == [[]] * 5


# two machines


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "n"), [(31, 31), (-31, 31), (300, 300), (-300, 300), (30, None), (-30, None)])
def test_a_machine_whose_clock_is_not_the_databases_is_told_of(
    monkeypatch: pytest.MonkeyPatch, seconds: int, n: int | None
) -> None:
    """F8: more than half a minute, whichever of the two is ahead."""
    monkeypatch.setattr(examine_installation, "database_now", lambda now: now + timedelta(seconds=seconds))
    found = [each for each in examine_installation.examine_installation(now=NOW) if each.name == "clock"]
    assert [(each.level, each.values) for each in found] == ([] if n is None else [(Level.BAD, {"n": n})])
    assert all(each.hint and "{n} seconds" in each.what for each in found)
