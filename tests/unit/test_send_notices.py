"""Notices leave once, in their reader's words, and are never lost: E-02, E-05, E-06, E-10, E-12 to E-14, E-17, E-18."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from tests.receivers import Listener, Mailbox, box, http_listener, mail_server, open_this_machine

from smarketing.alerts.channels import egress, slack, teams
from smarketing.alerts.channels.email import mail_of
from smarketing.alerts.message import Link, Message, Refused
from smarketing.config.environment import environment
from smarketing.ledger.models import OpenClock
from smarketing.records import outbox
from smarketing.records.models import Bounce, Endpoint, Installation, Notice, Person, Preference, Snooze
from smarketing.records.outbox import Lane
from smarketing.records.sealed import seal
from smarketing.sources.webhook.signatures import standard
from smarketing.sources.webhook.signatures.request import BadSignature, Signed
from smarketing.workflows import send_notices as send_notices_module
from smarketing.workflows.send_notices import lanes_due, send_notices
from smarketing.workflows.write_notices import rehome_parts

__all__ = ["box"]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MAIL = Lane("email")
Tick = Callable[[], datetime]

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita() -> Person:
    return Person.objects.create_user("rita@example.com", name="Rita Serrano", language="es", zone="Europe/Madrid")


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Listener]:
    open_this_machine(monkeypatch)
    with http_listener() as found:
        said = {"egress_hosts": f"127.0.0.1:{found.port}"}
        settings.ENVIRONMENT = environment().model_copy(update=said)
        yield found


def a_notice(number: int = 1, **said: Any) -> Notice:
    usual = {
        "key": f"{number:064d}",
        "rule": "late",
        "occasion": "breach",
        "src": "crm",
        "lead_id": f"L-{number}",
        "commitment": "speed",
        "episode": 1,
        "agreement": "acme",
        "channel": "email",
        "payload": {"owner_name": "Rita", "roles": ["owner"]},
        "created_at": NOW,
        "not_before_at": NOW,
        "due_at": NOW - timedelta(minutes=5),
    }
    return Notice.objects.create(**{**usual, **said})


def an_endpoint(listener: Listener, kind: str = "webhook", path: str = "/hook", **said: Any) -> Endpoint:
    usual = {"slug": f"{kind}{path.replace('/', '-')}", "name": "Room", "kind": kind, "created_at": NOW}
    return Endpoint.objects.create(**{**usual, "address": seal(listener.url(path)), **said})


def posted(endpoint: Endpoint, number: int = 1, **said: Any) -> Notice:
    return a_notice(number, channel=endpoint.slug, endpoint=endpoint, **said)


def an_open_clock(**said: Any) -> OpenClock:
    usual = {
        "agreement": "acme",
        "version": 1,
        "commitment": "speed",
        "kind": "speed_to_lead",
        "clock": "lead",
        "party": "sales",
        "src": "crm",
        "lead_id": "L-1",
        "episode": 1,
        "start_at": NOW - HOUR,
        "due_at": NOW + HOUR,
        "allowance_us": 1,
        "count": 0,
        "need": 0,
    }
    return OpenClock.objects.create(**{**usual, **said})


def at(now: datetime = NOW) -> Tick:
    return lambda: now


def sweep(lane: Lane = MAIL, now: datetime = NOW, holder: str = "one") -> Any:
    return send_notices(lane, holder, at(now))


def state(notice: Notice) -> tuple[str, str]:
    notice.refresh_from_db()
    return notice.state, notice.reason


# mail


def test_a_notice_arrives_in_the_readers_language(box: Mailbox, rita: Person) -> None:
    notice = a_notice(person=rita)
    assert sweep().n_sent == 1
    mail = box.taken[0]
    assert mail["To"] == "Rita Serrano <rita@example.com>"
    assert {part.get_content_type() for part in mail.walk()} >= {"text/plain", "text/html"}
    notice.refresh_from_db()
    assert (notice.state, notice.message_id, notice.sent_at) == ("sent", mail["Message-ID"], NOW)
    assert sweep().n_sent == 0 and len(box.taken) == 1


def test_e06_every_mail_says_that_a_machine_wrote_it(box: Mailbox, rita: Person) -> None:
    from django.core.mail import send_mail

    a_notice(person=rita)
    sweep()
    send_mail("An invitation", "Come in", None, ["new@example.com"])
    assert [mail["Auto-Submitted"] for mail in box.taken] == ["auto-generated"] * 2


def test_e05_an_address_that_bounced_gets_no_mail_of_any_kind(box: Mailbox, rita: Person) -> None:
    from django.core.mail import send_mail

    Bounce.objects.create(address="rita@example.com", since_at=NOW, reason="hard")
    notice = a_notice(person=rita)
    sweep()
    send_mail("A new password", "Here", None, ["Rita <RITA@example.com>", "sam@example.com"])
    assert state(notice) == ("suppressed", "bounced")
    assert box.readers == [["sam@example.com"]]


def test_e05_nobody_there_is_remembered(box: Mailbox, rita: Person) -> None:
    box.script = ["rcpt_nobody"]
    first, second = a_notice(1, person=rita), a_notice(2, person=rita)
    sweep()
    assert (state(first), state(second)) == (("failed", "bounced"), ("suppressed", "bounced"))
    assert Bounce.objects.get().reason == "hard" and box.taken == []


SERVERS = ["rcpt_4xx", "rcpt_greylist", "mail_4xx", "mail_5xx", "data_4xx", "data_5xx", "drop_before"]


@pytest.mark.parametrize("trouble", SERVERS)
def test_f6_what_the_server_did_not_take_is_sent_later_once(box: Mailbox, rita: Person, trouble: str) -> None:
    box.script = [trouble] * 3
    notice = a_notice(person=rita)
    for hour in range(3):
        sweep(now=NOW + hour * HOUR)
        assert state(notice)[0] == "waiting" and box.taken == []
    sweep(now=NOW + 4 * HOUR)
    assert state(notice)[0] == "sent" and len(box.taken) == 1


def test_f6_a_reader_that_is_refused_does_not_hold_up_others(box: Mailbox, rita: Person) -> None:
    sam = Person.objects.create_user("sam@example.com")
    box.script = ["rcpt_5xx"]
    first, second = a_notice(1, person=rita), a_notice(2, person=sam)
    sweep()
    assert (state(first), state(second)[0]) == (("failed", "refused"), "sent")
    assert not Bounce.objects.exists()


def test_f6_a_server_that_is_down_for_six_hours_loses_nothing(rita: Person, settings: Any, monkeypatch: Any) -> None:
    open_this_machine(monkeypatch)
    settings.EMAIL_BACKEND = "smarketing.records.outbound.HeldBackend"
    with mail_server() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    notices = [a_notice(number, person=rita) for number in range(5)]
    now = NOW
    while now < NOW + 6 * HOUR:
        swept = sweep(now=now)
        assert swept.rest
        now += swept.rest
    with mail_server() as box:
        settings.EMAIL_PORT = box.port
        sweep(now=now)
    assert {state(notice)[0] for notice in notices} == {"sent"} and len(set(box.ids)) == 5


def test_e13_a_lost_answer_repeats_with_the_same_id(box: Mailbox, rita: Person) -> None:
    box.script = ["drop_after_dot"]
    notice = a_notice(person=rita)
    sweep()
    assert state(notice)[0] == "waiting" and notice.is_possible_duplicate
    sweep(now=NOW + HOUR)
    assert state(notice)[0] == "sent"
    assert len(box.ids) == 2 and len(set(box.ids)) == 1
    assert [mail["X-Smarketing-Possible-Duplicate"] for mail in box.taken] == [None, "yes"]


def test_e13_another_installation_uses_other_ids(box: Mailbox, rita: Person) -> None:
    a_notice(person=rita)
    sweep()
    Notice.objects.update(state="waiting")
    Installation.objects.all().delete()
    sweep()
    assert len(set(box.ids)) == 2


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Late\r\nBcc: evil@example.com", "Late Bcc: evil@example.com"),
        ("Late\nX: y", "Late X: y"),
        ("x" * 10_000, "x" * 179 + "…"),
        ("🔥 tarde", "🔥 tarde"),
        ("متأخر \u202etxt", "متأخر txt"),
        ("a\x00b\u2028c", "a b c"),
    ],
)
def test_e14_nothing_in_a_name_or_subject_becomes_a_header(text: str, seen: str) -> None:
    message = Message("k" * 64, "breach", text, "en", NOW, (text,), ((text, text),), (Link(text[:50], "https://x"),))
    mail = mail_of(message, text, "rita@bücher.example", message_id="<1@x>", sender="us@example.com")
    raw = mail.message()
    assert mail.subject == seen
    names = [name.lower() for name, _ in raw.items()]
    assert "bcc" not in names and "x" not in names and len(names) == len(set(names))
    assert mail.to[0].endswith("rita@xn--bcher-kva.example>")
    assert all(len(line) < 998 for line in raw.as_bytes().split(b"\n"))


def test_e14_html_is_escaped() -> None:
    message = Message("k", "breach", "<script>alert(1)</script>", "en", NOW, ("<img src=x onerror=y>",))
    mail = mail_of(message, "", "a@example.com", message_id="<1@x>", sender="us@example.com")
    page = str(mail.alternatives[0][0])
    assert "<script>" not in page and "<img" not in page


def test_only_summaries_can_be_stopped_from_a_mail(box: Mailbox, rita: Person) -> None:
    whole = a_notice(1, person=rita, occasion="digest", src="", lead_id="", commitment="", episode=None)
    a_notice(2, person=rita, digest=whole)
    a_notice(3, person=rita)
    sweep()
    by_parts = {("Summary" if mail["List-Unsubscribe"] else "single"): mail for mail in box.taken}
    assert by_parts["Summary"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert set(by_parts) == {"Summary", "single"}
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_a_stopped_summary_still_tells_managers_what_was_missed(box: Mailbox, rita: Person) -> None:
    Preference.objects.create(person=rita, muted=["digest"])
    whole = a_notice(1, person=rita, occasion="digest", src="", lead_id="", commitment="", episode=None)
    missed = a_notice(2, person=rita, digest=whole, payload={"roles": ["manager"]})
    other = a_notice(3, person=rita, digest=whole, occasion="celebration", src="", lead_id="")
    sweep()
    assert (state(missed)[0], state(other)) == ("sent", ("suppressed", "muted")) and len(box.taken) == 1


def test_what_joins_a_summary_while_it_leaves_is_said_afterwards(
    box: Mailbox, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction that wrote it had seen the summary waiting; its commit came after the mail was worded."""
    whole = a_notice(1, person=rita, occasion="digest", src="", lead_id="", commitment="", episode=None)
    told = a_notice(2, person=rita, digest=whole)
    late: list[Notice] = []
    real = send_notices_module._out

    def out(*given: Any) -> Any:
        late.append(a_notice(3, person=rita, digest=whole))
        return real(*given)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(send_notices_module, "_out", out)
        sweep()
    assert (state(whole)[0], state(told)[0], state(late[0])[0]) == ("sent", "sent", "waiting")
    rehome_parts(NOW + HOUR)
    sweep(now=NOW + HOUR)
    assert state(late[0])[0] == "sent" and len(box.taken) == 2


def test_a_summary_that_fails_leaves_nothing_waiting_inside(
    box: Mailbox, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by the server it fails with all it carried; what cannot be worded as a whole is said piece by piece."""
    refused = a_notice(1, person=rita, occasion="digest", src="", lead_id="", commitment="", episode=None)
    inside = a_notice(2, person=rita, digest=refused)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(send_notices_module, "_out", lambda *_: Refused("smtp_554"))
        sweep()
    assert state(refused) == state(inside) == ("failed", "refused")
    broken = a_notice(3, person=rita, occasion="digest", src="", lead_id="", commitment="", episode=None)
    part = a_notice(4, person=rita, digest=broken)
    real = send_notices_module.word_notice

    def worded(notice: Notice, *given: Any) -> Any:
        if notice.id == broken.id:
            raise ValueError("no picture")
        return real(notice, *given)

    monkeypatch.setattr(send_notices_module, "word_notice", worded)
    sweep()
    assert (state(broken), state(part)[0], len(box.taken)) == (("failed", "unreadable"), "sent", 1)


def test_a_restored_copy_sends_nothing(box: Mailbox, rita: Person) -> None:
    from smarketing.records.outbound import installation

    installation(NOW)
    Installation.objects.update(is_sending_held=True)
    notice = a_notice(person=rita)
    assert lanes_due(NOW) == [] and state(notice)[0] == "waiting" and box.taken == []


# is it still worth saying


def test_e10_a_clock_that_closed_since_is_not_spoken_of(box: Mailbox, rita: Person) -> None:
    reminder = a_notice(1, person=rita, occasion="reminder", due_at=NOW + HOUR)
    later = a_notice(2, person=rita, occasion="escalation", commitment="depth")
    an_open_clock(lead_id="L-2", commitment="depth", due_at=NOW - HOUR)
    sweep()
    assert state(reminder) == ("suppressed", "clock_closed") and state(later)[0] == "sent"
    assert len(box.taken) == 1


def test_a_reminder_never_comes_after_its_deadline(box: Mailbox, rita: Person) -> None:
    an_open_clock()
    late = a_notice(1, person=rita, occasion="reminder", due_at=NOW)
    moved = a_notice(2, person=rita, lead_id="L-1", occasion="reminder", due_at=NOW + 2 * HOUR)
    sweep()
    assert (state(late), state(moved)) == (("suppressed", "too_late"), ("suppressed", "moved")) and not box.taken


def test_what_was_snoozed_waits(box: Mailbox, rita: Person) -> None:
    an_open_clock()
    Snooze.objects.create(person=rita, src="crm", lead_id="L-1", until_at=NOW + HOUR / 2, at=NOW)
    notice = a_notice(person=rita, occasion="reminder", due_at=NOW + HOUR)
    sweep()
    assert state(notice)[0] == "waiting" and notice.not_before_at == NOW + HOUR / 2
    sweep(now=NOW + HOUR / 2)
    assert len(box.taken) == 1


def test_whoever_has_left_is_told_nothing(box: Mailbox, rita: Person) -> None:
    Person.objects.filter(id=rita.id).update(is_active=False)
    notice = a_notice(person=rita)
    sweep()
    assert state(notice) == ("suppressed", "left") and not box.taken


def test_whoever_may_not_see_a_lead_is_not_told_which(box: Mailbox, rita: Person) -> None:
    a_notice(person=rita, payload={"roles": ["manager"], "owner_name": "Zed"})
    sweep()
    assert "L-1" not in str(box.taken[0]) and "Zed" not in str(box.taken[0])


def test_what_does_not_fit_its_words_is_told_plainly(box: Mailbox, rita: Person) -> None:
    notice = a_notice(person=rita, occasion="pulse", src="", lead_id="", payload={"on": "no day"})
    after = a_notice(2, person=rita)
    sweep()
    assert state(notice)[0] == state(after)[0] == "sent" and len(box.taken) == 2


# several senders


def test_e02_two_senders_send_one_message(listener: Listener) -> None:
    endpoint = an_endpoint(listener)
    listener.script["/hook"] = ["503", "200"]
    notice = posted(endpoint)
    lane = Lane("", endpoint.id)
    sweep(lane, holder="one")
    assert lanes_due(NOW) == []
    later = NOW + HOUR
    taken = outbox.claim(lane, "one", later)
    assert taken is not None and outbox.claim(lane, "two", later) is None
    outbox.give_back(taken, later)
    for holder in ("one", "two"):
        sweep(lane, later, holder)
    assert [post.headers["webhook-id"] for post in listener.posts] == [notice.key] * 2
    assert state(notice)[0] == "sent"


def test_e02_whoever_slept_through_its_lease_marks_nothing(rita: Person) -> None:
    a_notice(person=rita)
    slept = outbox.claim(MAIL, "one", NOW)
    taken = outbox.claim(MAIL, "two", NOW + HOUR)
    assert slept and taken and slept.id == taken.id
    assert not outbox.is_still_held(slept) and not outbox.mark_sent(slept, NOW + HOUR)
    assert taken.is_possible_duplicate and outbox.mark_sent(taken, NOW + HOUR)


def test_a_clock_that_goes_back_keeps_no_message(rita: Person) -> None:
    """What somebody took an hour ahead of now, and never told the end of, is sent now and not in an hour."""
    a_notice(person=rita)
    dead = outbox.claim(MAIL, "dead", NOW + HOUR)
    taken = outbox.claim(MAIL, "two", NOW)
    assert dead and taken and taken.is_possible_duplicate and not outbox.is_still_held(dead)
    assert outbox.claim(MAIL, "three", NOW) is None


# endpoints


def test_e12_slack_gets_one_message_a_second_and_is_left_alone_when_it_asks(listener: Listener) -> None:
    endpoint = an_endpoint(listener, "slack")
    listener.script["/hook"] = ["200", "429 Retry-After=3600", "200"]
    for number in range(3):
        posted(endpoint, number)
    lane, second = Lane("", endpoint.id), timedelta(seconds=1)
    sweep(lane)
    sweep(lane, NOW + second / 2)
    assert len(listener.posts) == 1
    sweep(lane, NOW + second)
    for minutes in (1, 10, 59):
        assert lanes_due(NOW + timedelta(minutes=minutes)) == []
        sweep(lane, NOW + timedelta(minutes=minutes))
    assert len(listener.posts) == 2
    sweep(lane, NOW + HOUR + second)
    sweep(lane, NOW + HOUR + 3 * second)
    assert len(listener.posts) == 4 and set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_f8_a_receiver_that_failed_while_a_clock_was_ahead_is_asked_by_the_right_clock(listener: Listener) -> None:
    endpoint, ahead = an_endpoint(listener, "slack"), NOW + timedelta(days=3)
    listener.script["/hook"] = ["429 Retry-After=86400"]
    posted(endpoint, 1)
    sweep(Lane("", endpoint.id), ahead)
    posted(endpoint, 2)
    assert len(listener.posts) == 1
    assert lanes_due(ahead) == [] and lanes_due(NOW) == [Lane("", endpoint.id)]
    sweep(Lane("", endpoint.id), NOW)
    assert len(listener.posts) == 2


LEAD_AWAY = "301 Location=http://169.254.169.254/"
MANNERS = [
    "hang",
    "drip",
    "close",
    "nonsense",
    "500",
    "503",
    "404",
    "410",
    "401",
    "429 Retry-After=60",
    "429",
    LEAD_AWAY,
]


@pytest.mark.parametrize("manner", MANNERS)
def test_f7_a_receiver_that_behaves_badly_rests_and_is_asked_again(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, manner: str
) -> None:
    monkeypatch.setattr(egress, "ANSWER_S", 0.3)
    monkeypatch.setattr(egress, "IN_ALL_S", 0.6)
    endpoint = an_endpoint(listener)
    listener.script["/hook"] = [manner, "200"]
    notice, lane = posted(endpoint), Lane("", endpoint.id)
    sweep(lane)
    assert state(notice)[0] == "waiting" and lanes_due(NOW) == []
    sweep(lane, NOW + HOUR)
    assert state(notice)[0] == "sent" and len(listener.posts) == 2
    assert notice.is_possible_duplicate == (manner in ("hang", "drip", "close", "nonsense"))
    endpoint.refresh_from_db()
    assert (endpoint.n_failures, endpoint.broken_since) == (0, None)


@pytest.mark.parametrize("manner", ["large", "bomb"])
def test_f7_whatever_stands_in_an_answer_is_not_read(listener: Listener, manner: str) -> None:
    endpoint = an_endpoint(listener)
    listener.script["/hook"] = [manner]
    notice = posted(endpoint)
    sweep(Lane("", endpoint.id))
    assert state(notice)[0] == "sent"


def test_what_a_sender_took_and_lost_does_not_wait_for_an_endpoint_that_is_off(listener: Listener) -> None:
    endpoint = an_endpoint(listener)
    notice = posted(endpoint)
    assert outbox.claim(Lane("", endpoint.id), "died", NOW) is not None
    Endpoint.objects.update(is_enabled=False)
    lanes_due(NOW)
    assert state(notice)[0] == "claimed"
    lanes_due(NOW + HOUR)
    assert state(notice) == ("suppressed", "endpoint_off")


def test_f7_after_three_days_an_endpoint_is_turned_off_and_admins_hear_of_it(listener: Listener) -> None:
    olu = Person.objects.create_user("olu@example.com", is_admin=True)
    endpoint = an_endpoint(listener)
    listener.script["/hook"] = ["500"]
    notice, now, lane = posted(endpoint), NOW, Lane("", endpoint.id)
    while endpoint.is_enabled and now < NOW + timedelta(days=4):
        swept = sweep(lane, now)
        now += swept.rest
        endpoint.refresh_from_db()
    assert timedelta(days=3) <= now - NOW < timedelta(days=3, hours=1)
    lanes_due(now)
    assert state(notice) == ("suppressed", "endpoint_off")
    told = Notice.objects.filter(person=olu, occasion="endpoint_off")
    assert sorted(told.values_list("channel", flat=True)) == ["email", "in_app"]


def test_e17_both_secrets_sign_for_a_day(listener: Listener) -> None:
    old, new = standard.new_secret(), standard.new_secret()
    endpoint = an_endpoint(listener, secret=seal(new), previous_secret=seal(old), previous_until_at=NOW + 24 * HOUR)
    lane = Lane("", endpoint.id)
    posted(endpoint, 1)
    sweep(lane)
    posted(endpoint, 2)
    later = NOW + 24 * HOUR
    sweep(lane, later)
    first, second = (Signed("POST", "", post.headers, post.body) for post in listener.posts)
    standard.check(first, [old], NOW)
    standard.check(first, [new], NOW)
    standard.check(second, [new], later)
    with pytest.raises(BadSignature):
        standard.check(second, [old], later)


def test_e18_a_retry_keeps_its_id_and_is_signed_anew(listener: Listener) -> None:
    endpoint = an_endpoint(listener, secret=seal(standard.new_secret()))
    listener.script["/hook"] = ["500", "200"]
    posted(endpoint)
    for now in (NOW, NOW + HOUR):
        sweep(Lane("", endpoint.id), now)
    first, second = listener.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert [int(post.headers["webhook-timestamp"]) for post in (first, second)] == [
        int(NOW.timestamp()),
        int((NOW + HOUR).timestamp()),
    ]
    assert first.said["timestamp"] == second.said["timestamp"] == "2026-03-02T09:00:00Z"
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_no_secret_and_no_address_stands_in_what_is_sent(listener: Listener) -> None:
    endpoint = an_endpoint(listener, secret=seal(standard.new_secret()))
    posted(endpoint)
    sweep(Lane("", endpoint.id))
    said = listener.posts[0].said
    assert said["type"] == "notice.breach" and said["data"]["lead"] == {"src": "crm", "id": "L-1"}
    assert "whsec_" not in json.dumps(said)


def test_names_mention_nobody_in_chat_rooms() -> None:
    hostile = "<!channel> *x* [y](https://evil.example) <https://evil.example|z>"
    message = Message("k", "breach", hostile, "en", NOW, (hostile,), ((hostile, hostile),))
    said = slack.body_of(message)
    assert "<" not in said["text"]
    texts = [block["text"]["type"] for block in said["blocks"] if "text" in block]
    assert set(texts) == {"plain_text"}
    card = teams.body_of(message)["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}


def test_notices_of_the_site_are_there_at_once(rita: Person) -> None:
    notice, snoozed = a_notice(1, person=rita, channel="in_app"), a_notice(2, person=rita, channel="in_app")
    Person.objects.filter(id=rita.id).update(is_active=True)
    assert lanes_due(NOW) == [Lane("in_app")] and sweep(Lane("in_app")).n_sent == 2
    assert state(notice)[0] == state(snoozed)[0] == "sent"


@pytest.mark.django_db(transaction=True)
def test_f7_one_bad_endpoint_does_not_delay_another(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    from smarketing.cli import notice_sender
    from smarketing.cli.notice_sender import NoticeSender

    monkeypatch.setattr(notice_sender, "instant", lambda: NOW)
    monkeypatch.setattr(notice_sender, "LOOK_EVERY_S", 0.02)
    for limit in ("ANSWER_S", "IN_ALL_S"):
        monkeypatch.setattr(egress, limit, 120.0)
    bad, good = an_endpoint(listener, path="/bad"), an_endpoint(listener, path="/good")
    listener.script["/bad"] = ["hang"]
    posted(bad, 1)
    for number in range(2, 12):
        posted(good, number)
    leaving = threading.Event()
    thread = NoticeSender("test", leaving).start()
    for _ in range(3_000):
        # The database in memory may send a sender away, who then comes to the bad one later than to the good one.
        if len(listener.of("/good")) == 10 and listener.of("/bad"):
            break
        leaving.wait(0.02)
    is_hanging = state_of(bad) == "claimed"
    listener.done.set()
    leaving.set()
    thread.join(timeout=20)
    assert len(listener.of("/good")) == 10 and is_hanging


def state_of(endpoint: Endpoint) -> str:
    """Of its only notice; the database in memory lets nobody look while the sender writes."""
    for _ in range(500):
        try:
            return str(Notice.objects.get(endpoint=endpoint).state)
        except OperationalError:
            time.sleep(0.02)
    pytest.fail("the sender never let anybody look")
