"""The outbox on a database: digests and their parts, caps, the brake and its alarm, the auditor and the heartbeat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db.models import Count
from tests.alerts import BREACH, HOUR, LADDER, PARTIES, a_lead, a_touch, at, raised, sla, told, warned
from tests.builders import a_commitment, an_agreement
from tests.drained import MINUTE, NOW, Site, agreed, event, site

from smarketing.alerts.channels.egress import Answer, Unreached
from smarketing.alerts.message import Message, Sent
from smarketing.alerts.tally import MOST_LATELY
from smarketing.ledger.models import OpenClock
from smarketing.ledger.news import RowNews
from smarketing.records.models import Dispute, Installation, Moment, Notice, Person, Preference, Snooze
from smarketing.records.outbound import installation
from smarketing.records.outbox import Lane
from smarketing.sources.read_cells import MAX_ID
from smarketing.workflows import beat_heart, send_notices, still_worth_sending, word_notice
from smarketing.workflows.audit_alerts import audit_alerts
from smarketing.workflows.check_health import Part, check_health

__all__ = ["site"]
SECOND = timedelta(seconds=1)
MAIL = BREACH.model_copy(update={"channels": ("email",), "to": ("owner",)})


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> dict[str, Person]:
    return warned(site, monkeypatch)


def leads(site: Site, n: int, first: int = 0) -> None:
    for number in range(first, first + n):
        a_lead(site, str(number))


def test_parts_wait_under_one_digest(site: Site, people: dict[str, Person]) -> None:
    Preference.objects.create(person=people["rita"], is_digest_wanted=True)
    agreed(site, sla(MAIL, LADDER))
    site.refresh()
    leads(site, 3)
    raised(site, NOW + HOUR + SECOND)
    digest = Notice.objects.get(occasion="digest")
    assert (digest.person, digest.channel, digest.not_before_at) == (people["rita"], "email", at("2026-03-03 08:30"))
    assert digest.parts.count() == 3
    assert {part.reason for part in digest.parts.all()} == {"digest"}
    leads(site, 1, first=3)
    raised(site, site.now + HOUR + SECOND)
    assert Notice.objects.filter(occasion="digest").count() == 1
    assert digest.parts.count() == 4
    assert Notice.objects.filter(rule="ladder", digest=None, reason="").count() == 3


def test_parts_that_missed_their_digest_go_by_themselves(site: Site, people: dict[str, Person]) -> None:
    Preference.objects.create(person=people["rita"], is_digest_wanted=True)
    agreed(site, sla(MAIL))
    site.refresh()
    leads(site, 1)
    raised(site, NOW + HOUR + SECOND)
    Notice.objects.filter(occasion="digest").update(state="sent", sent_at=site.now)
    raised(site, site.now + 2 * MINUTE)
    part = Notice.objects.get(rule="late")
    assert (part.digest, part.not_before_at) == (None, site.now)
    leads(site, 1, first=1)
    raised(site, site.now + HOUR + MINUTE)
    latest = Notice.objects.filter(occasion="digest").latest("id")
    assert (latest.state, latest.not_before_at) == ("waiting", at("2026-03-04 08:30"))


def test_a_storm_is_one_digest_each_and_one_alarm(
    site: Site, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """E-15, L8"""
    monkeypatch.setattr("smarketing.alerts.tally.MOST_A_MINUTE", 40)
    agreed(site, sla(BREACH.model_copy(update={"channels": ("email",)}), LADDER))
    site.refresh()
    leads(site, 60)
    raised(site, NOW + HOUR + SECOND)
    raised(site, site.now + 20 * SECOND)
    for name in ("rita", "mara"):
        own = Notice.objects.filter(person=people[name], channel="email")
        assert own.filter(digest=None).exclude(occasion="digest").count() == MOST_LATELY
        assert own.filter(occasion="digest").count() == 1
        assert own.filter(rule="late").count() == 60
    alarms = Notice.objects.filter(occasion="brake")
    assert [(alarm.person, alarm.channel, alarm.is_urgent) for alarm in alarms] == [(people["ada"], "in_app", True)]
    raised(site, NOW + 2 * HOUR + SECOND)
    assert Notice.objects.filter(rule="ladder", digest=None).count() == MOST_LATELY
    ladder = Notice.objects.filter(rule="ladder").exclude(digest=None).first()
    assert ladder is not None
    assert ladder.not_before_at - site.now <= MINUTE


def test_caps_count_what_was_said_before(site: Site, people: dict[str, Person]) -> None:
    Preference.objects.create(person=people["rita"], most_per_day=2)
    agreed(site, sla(MAIL))
    site.refresh()
    for number in range(4):
        leads(site, 1, first=number)
        raised(site, NOW + HOUR + SECOND + number * MINUTE)
        site.now += MINUTE
    raised(site, site.now + 2 * HOUR)
    reasons = list(Notice.objects.filter(rule="late").order_by("id").values_list("reason", flat=True))
    assert reasons == ["", "", "capped", "capped"]


def test_one_notice_of_a_kind_whatever_is_raised_again(site: Site, people: dict[str, Person]) -> None:
    """The key is unique: raising the same moment anew writes nothing."""
    assert people
    leads(site, 3)
    raised(site, NOW + HOUR + SECOND)
    before = told()
    Moment.objects.update(state="waiting", raised_at=None)
    raised(site)
    assert told() == before
    assert not Notice.objects.values("key").annotate(n=Count("id")).filter(n__gt=1).exists()


def test_a_copy_that_may_not_send_keeps_why(site: Site, people: dict[str, Person]) -> None:
    assert people
    installation(NOW)
    Installation.objects.update(is_sending_held=True)
    leads(site, 1)
    raised(site, NOW + HALF)
    assert told() == [("half", "Rita", "in_app", "waiting"), ("half", "Rita", "email", "sending_held")]
    assert audit_alerts(now=site.now + HOUR).n_unsent == 1


HALF = HOUR / 2


def health(now: datetime) -> Part:
    return next(part for part in check_health(now=now) if part.name == "alerts")


def test_the_auditor_sees_what_nobody_raised_and_nobody_sent(site: Site, people: dict[str, Person]) -> None:
    """A-10"""
    assert people
    leads(site, 1)
    due = NOW + HALF
    assert health(due + 50 * SECOND).is_well
    late = health(due + 61 * SECOND)
    assert (late.is_well, late.values["n"]) == (False, 1)
    raised(site, due + 70 * SECOND)
    assert health(site.now).is_well
    unsent = health(site.now + 6 * MINUTE)
    assert (unsent.is_well, unsent.values["n"]) == (False, 2)
    Notice.objects.update(state="sent", sent_at=site.now)
    assert health(site.now + 6 * MINUTE).is_well


def test_the_heart_beats_only_while_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A-10, E-19"""
    asked: list[str] = []
    parts = [Part("alerts", True, "")]
    monkeypatch.setattr(beat_heart, "check_health", lambda **_: tuple(parts))

    def ping(url: str, **_: object) -> Answer:
        asked.append(url)
        return Answer(200)

    monkeypatch.setattr(beat_heart, "ping", ping)
    assert beat_heart.beat_heart(url="https://hc.example/1", now=NOW)
    parts.append(Part("worker", False, ""))
    assert not beat_heart.beat_heart(url="https://hc.example/1", now=NOW)
    assert asked == ["https://hc.example/1"]
    parts.pop()

    def fail(*_: object, **__: object) -> Answer:
        raise Unreached("timeout", is_sent=False)

    monkeypatch.setattr(beat_heart, "ping", fail)
    assert not beat_heart.beat_heart(url="https://hc.example/1", now=NOW)


EVENING, MORNING = at("2026-03-06 17:00") + SECOND, at("2026-03-09 09:00")  # the office has closed, and opens again


@dataclass
class Post:
    """Everything that left by mail, in order: when, to whom, the rule, and the text."""

    site: Site
    sent: list[tuple[datetime, str, str, str]] = field(default_factory=list)

    def leave(self, when: datetime) -> list[tuple[str, str]]:
        """What the raiser and the sender make leave at that time, to whom and by which rule."""
        n_before = len(self.sent)
        raised(self.site, when)
        send_notices.send_notices(Lane("email"), "one", lambda: self.site.now)
        send_notices.send_notices(Lane("in_app"), "one", lambda: self.site.now)
        return [(name, rule) for _, name, rule, _ in self.sent[n_before:]]

    def take(self, notice: Notice, message: Message, now: datetime) -> Sent:
        lines = [line for part in (message, *message.parts) for line in (part.subject, *part.lines)]
        rule = notice.rule or notice.occasion
        self.sent.append((now, notice.person.name if notice.person else notice.address, rule, "\n".join(lines)))
        return Sent()


@pytest.fixture
def post(site: Site, monkeypatch: pytest.MonkeyPatch) -> Post:
    found = Post(site)
    for module in (word_notice, still_worth_sending):
        monkeypatch.setattr(module, "every_agreement", lambda: site.terms)
    monkeypatch.setattr(send_notices, "_out", found.take)
    return found


def missed_in_the_evening(site: Site, post: Post) -> None:
    """A lead of Rita's is due as the office closes on Friday, and nobody answered."""
    agreed(site, sla(MAIL))
    site.refresh()
    a_lead(site, when=at("2026-03-06 16:00"))
    assert post.leave(EVENING) == []
    waits = Notice.objects.get()
    assert (waits.rule, waits.state, waits.not_before_at) == ("late", "waiting", MORNING)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("is_answered", [False, True])
def test_a_quiet_window_says_what_changed_in_it_once(site: Site, post: Post, *, is_answered: bool) -> None:
    """E-03: a breach of the evening leaves in the morning, once, and says how it stands by then."""
    missed_in_the_evening(site, post)
    if is_answered:
        a_touch(site, when=at("2026-03-07 11:00"))
    assert post.leave(MORNING - SECOND) == []
    assert post.leave(MORNING) == [("Rita", "late")]
    for n in range(1, 20):
        assert post.leave(MORNING + n * HOUR) == []
    text = post.sent[0][3]
    assert ("It has been dealt with since, late." in text, "It still waits." in text) == (is_answered, not is_answered)


@pytest.mark.usefixtures("people")
def test_what_a_quiet_window_settled_is_no_breach_in_the_morning(site: Site, post: Post) -> None:
    """E-03, C-06: the call of half past four was told on Saturday."""
    missed_in_the_evening(site, post)
    site.now = at("2026-03-07 11:00")
    a_touch(site, when=at("2026-03-06 16:30"))
    assert post.leave(MORNING) == post.leave(MORNING + HOUR) == []
    assert told() == [("late", "Rita", "email", "clock_closed")]


@pytest.mark.usefixtures("people")
def test_who_had_the_lead_when_it_was_missed_is_told_in_the_morning(site: Site, post: Post) -> None:
    """E-03: Sam got it in the night; it was not missed on his watch, and Rita hears of it once."""
    missed_in_the_evening(site, post)
    site.now = at("2026-03-07 11:00")
    site.send(event("lead.updated", site.now, lead_id="1", owner_id="r2"))
    site.drain()
    assert post.leave(MORNING) == [("Rita", "late")]
    assert post.leave(MORNING + HOUR) == []
    assert told() == [("late", "Rita", "email", "sent")]


@pytest.mark.usefixtures("people")
def test_a_clock_that_got_another_number_is_told_of_all_the_same(site: Site, post: Post) -> None:
    """Facts that come late put another owner before: what was missed is now the second clock, and still missed."""
    agreed(site, an_agreement(a_commitment(clock="rep", start="assignment"), id="sla", parties=PARTIES, alerts=(MAIL,)))
    site.refresh()
    a_lead(site, when=at("2026-03-06 16:00"))
    assert post.leave(EVENING) == []
    waits = Notice.objects.get()
    site.now = at("2026-03-07 17:30")
    change = {"entity": "lead", "entity_id": "1", "field": "owner", "to_value": "r2"}
    site.send(event("stage.changed", at("2026-03-06 16:00") - SECOND, **change))
    site.drain()
    assert not OpenClock.objects.filter(lead_id="1", episode=waits.episode).exists()
    assert ("Rita", "late") in post.leave(MORNING)


@pytest.mark.usefixtures("people")
def test_what_cannot_be_looked_at_again_is_told(
    site: Site, post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    missed_in_the_evening(site, post)
    site.now = at("2026-03-07 11:00")
    a_touch(site, when=at("2026-03-06 16:30"))

    def broken(*_: object) -> None:
        raise ValueError("one lead that breaks")

    monkeypatch.setattr(RowNews, "clocks_of", broken)
    assert post.leave(MORNING) == [("Rita", "late")]
    assert "cannot be looked at again" in caplog.text


def test_every_lead_that_facts_can_name_has_room() -> None:
    """Where it had not, PostgreSQL refused one long id, and with it every open clock that was made beside it."""
    named = [model._meta.get_field("lead_id") for model in (Moment, Notice, Snooze, Dispute)]
    assert {field.max_length for field in named} == {MAX_ID}
