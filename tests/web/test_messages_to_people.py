"""Messages on the site: the inbox, links in mails, how one is told, endpoints (E-16 to E-18) and the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.cast import Cast
from tests.receivers import Listener, http_listener, open_this_machine

from smarketing.config.environment import environment
from smarketing.records.models import Absence, Endpoint, Event, Notice, Person, Preference
from smarketing.records.sealed import seal, unsealed
from smarketing.records.signed_links import HOLDS, act_of, token_for

NOW, FAR = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)
WISHES = {"digest_at": "07:45", "most_per_day": "5", "has_quiet_hours": "on", "muted": ["reminder"]}


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Listener]:
    open_this_machine(monkeypatch)
    with http_listener() as found:
        said = {"egress_hosts": f"127.0.0.1:{found.port}"}
        settings.ENVIRONMENT = environment().model_copy(update=said)
        yield found


def a_notice(person: Person | None, number: int = 1, **said: Any) -> Notice:
    usual = {
        "key": f"{number:064d}",
        "occasion": "breach",
        "channel": "in_app",
        "state": "sent",
        "src": "crm",
        "lead_id": f"L-{number}",
        "payload": {"roles": ["owner"]},
        "created_at": NOW,
        "not_before_at": NOW,
        "due_at": NOW,
        "sent_at": NOW,
    }
    return Notice.objects.create(**{**usual, "person": person, **said})


def text(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


# the inbox


def test_an_empty_inbox_says_when_messages_come(cast: Cast) -> None:
    assert "Nobody has told you anything yet." in text(cast.client_of(cast.rita), "/messages/")


def test_a_message_is_unread_until_it_is_opened(cast: Cast) -> None:
    notice, rita = a_notice(cast.rita), cast.client_of(cast.rita)
    assert "1 unread message" in text(rita, "/messages/unread/")
    assert "Missed: Lead L-1" in text(rita, "/messages/")
    page = text(rita, f"/messages/{notice.id}/")
    assert "/leads/crm/L-1/" in page
    assert "unread message" not in text(rita, "/messages/unread/")


def test_the_bell_is_on_every_page_and_asks_by_itself(cast: Cast) -> None:
    a_notice(cast.rita)
    page = text(cast.client_of(cast.rita), "/settings/")
    assert 'hx-get="/messages/unread/"' in page and "every 15s" in page


def test_asking_for_the_bell_keeps_no_session_alive(cast: Cast) -> None:
    rita = cast.client_of(cast.rita)
    rita.get("/messages/unread/")
    assert "seen_at" not in rita.session
    rita.get("/messages/")
    assert "seen_at" in rita.session


def test_all_can_be_marked_as_read(cast: Cast) -> None:
    a_notice(cast.rita, 1), a_notice(cast.rita, 2), a_notice(cast.sam, 3)
    cast.client_of(cast.rita).post("/messages/")
    assert Notice.objects.filter(read_at=None).get().person == cast.sam


def test_nobody_sees_what_others_were_told(cast: Cast) -> None:
    notice = a_notice(cast.rita)
    for somebody in (cast.sam, cast.olu, cast.zed):
        assert cast.client_of(somebody).get(f"/messages/{notice.id}/").status_code == 404
        assert cast.client_of(somebody).post(f"/messages/{notice.id}/acknowledgement/").status_code == 404


def test_taking_care_of_a_message_is_written_down(cast: Cast) -> None:
    notice = a_notice(cast.rita)
    page = cast.client_of(cast.rita).post(f"/messages/{notice.id}/acknowledgement/", follow=True)
    assert "You took care of it" in page.content.decode()
    assert Event.objects.get().verb == "acknowledge_notice"


# links in mails


def link(act: str, notice: Notice, at: datetime = FAR) -> str:
    return f"/messages/links/{token_for(act, notice.id, notice.person_id or 0, at)}/"


def test_a_link_asks_first_and_needs_no_signing_in(cast: Cast) -> None:
    notice, anybody = a_notice(cast.rita, channel="email"), Client(enforce_csrf_checks=True)
    answer = anybody.get(link("acknowledge", notice))
    assert answer.headers["Referrer-Policy"] == "no-referrer" and b"I take care of it" in answer.content
    assert not Event.objects.exists()
    assert b"Thank you" in anybody.post(link("acknowledge", notice)).content
    notice.refresh_from_db()
    assert notice.acknowledged_at is not None


def test_one_click_stops_summaries(cast: Cast) -> None:
    notice = a_notice(cast.rita, occasion="digest", channel="email")
    answer = Client(enforce_csrf_checks=True).post(link("stop", notice), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Preference.objects.get(person=cast.rita).muted == ["digest"]


def test_a_link_holds_for_some_days_and_cannot_be_made_up(cast: Cast) -> None:
    notice = a_notice(cast.rita)
    token = token_for("acknowledge", notice.id, cast.rita.id, NOW)
    assert act_of(token, NOW) and act_of(token, NOW + HOLDS) is None
    for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), token + "x", "none", token.replace(":", "::")):
        assert act_of(wrong, NOW) is None
        assert Client().get(f"/messages/links/{wrong}/").status_code == 404
    Person.objects.filter(id=cast.rita.id).update(is_active=False)
    assert Client().post(link("acknowledge", notice)).status_code == 404


# how one is told


def test_preferences_are_kept(cast: Cast) -> None:
    rita = cast.client_of(cast.rita)
    assert "Saved." in rita.post("/settings/messages/", WISHES, follow=True).content.decode()
    kept = Preference.objects.get(person=cast.rita)
    assert (kept.most_per_day, kept.muted, kept.is_email_wanted) == (5, ["reminder"], False)
    assert 'value="07:45"' in text(rita, "/settings/messages/")


def test_an_absence_with_somebody_who_stands_in(cast: Cast) -> None:
    rita = cast.client_of(cast.rita)
    away = {"first_on": "2199-08-01", "last_on": "2199-08-14", "substitute": cast.sam.id, "reason": ""}
    page = rita.post("/settings/messages/absences/", away, follow=True).content.decode()
    assert "Sam Whitlock stands in" in page
    rita.post("/settings/messages/absences/", {**away, "substitute": cast.zed.id})
    rita.post("/settings/messages/absences/", {**away, "last_on": "2199-07-01"})
    one = Absence.objects.get()
    assert str(one.until_on) == "2199-08-15"
    assert cast.client_of(cast.sam).post(f"/settings/messages/absences/{one.id}/removal/").status_code == 404
    rita.post(f"/settings/messages/absences/{one.id}/removal/")
    assert not Absence.objects.exists()


# endpoints


def make(client: Client, address: str, kind: str = "webhook") -> Any:
    said = {"slug": "room", "name": "Room", "kind": kind, "address": address, "language": "en", "zone": "Europe/Madrid"}
    return client.post("/settings/endpoints/", said, follow=True)


def test_a_new_endpoint_shows_its_secret_once_and_its_address_never(cast: Cast) -> None:
    olu = cast.client_of(cast.olu)
    page = make(olu, "https://hooks.example.com/secret-path").content.decode()
    endpoint = Endpoint.objects.get()
    secret = unsealed(endpoint.secret)
    assert secret in page and "secret-path" not in page
    for who in (olu, cast.client_of(cast.sam)):
        again = text(who, "/settings/endpoints/room/")
        assert secret not in again and "secret-path" not in again and "hooks.example.com" in again
    assert "secret-path" not in str(list(Event.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    "address", ["http://hooks.example.com/", "https://user:pass@example.com/", "file:///etc/passwd"]
)
def test_an_endpoint_with_a_bad_address_is_not_made(cast: Cast, address: str) -> None:
    page = make(cast.client_of(cast.olu), address)
    assert page.status_code == 200 and not Endpoint.objects.exists() and b"form-errors" in page.content


def test_e16_a_test_goes_to_the_configured_address_only_and_not_often(cast: Cast, listener: Listener) -> None:
    olu = cast.client_of(cast.olu)
    make(olu, listener.url("/configured"))
    for _ in range(5):
        answer = olu.post("/settings/endpoints/room/trial/", {"address": listener.url("/elsewhere")}, follow=True)
    assert [post.path for post in listener.posts] == ["/configured"] * 3
    assert "Wait a little." in answer.content.decode()
    assert cast.client_of(cast.sam).post("/settings/endpoints/room/trial/").status_code == 404


def test_e16_a_test_says_only_how_it_failed(cast: Cast, listener: Listener) -> None:
    olu = cast.client_of(cast.olu)
    make(olu, listener.url("/configured"))
    listener.script["/configured"] = ["500 x-secret=shown-back"]
    page = olu.post("/settings/endpoints/room/trial/", follow=True).content.decode()
    assert "The test did not arrive: the answer 500." in page and "shown-back" not in page


def test_e17_a_rotated_secret_is_shown_once_and_the_old_one_signs_for_a_day(cast: Cast) -> None:
    olu = cast.client_of(cast.olu)
    make(olu, "https://hooks.example.com/x")
    old = unsealed(Endpoint.objects.get().secret)
    page = olu.post("/settings/endpoints/room/secret/").content.decode()
    endpoint = Endpoint.objects.get()
    assert unsealed(endpoint.secret) in page and unsealed(endpoint.previous_secret) == old
    assert endpoint.previous_until_at is not None
    assert endpoint.previous_until_at - Event.objects.get(verb="rotate_endpoint").at == timedelta(hours=24)


def test_an_endpoint_is_turned_off_and_retired(cast: Cast) -> None:
    olu = cast.client_of(cast.olu)
    make(olu, "https://hooks.example.com/x", "slack")
    olu.post("/settings/endpoints/room/pause/", {"is_enabled": "0"})
    assert not Endpoint.objects.get().is_enabled
    olu.post("/settings/endpoints/room/retirement/")
    kept = Endpoint.objects.get()
    assert (kept.address, kept.secret) == ("", "") and kept.retired_at is not None
    assert olu.post("/settings/endpoints/room/trial/").status_code == 404


# the log


def test_the_log_shows_everybody_what_is_theirs_to_see(cast: Cast) -> None:
    a_notice(cast.rita, 1, state="suppressed", reason="too_late"), a_notice(cast.zed, 2)
    endpoint = Endpoint.objects.create(slug="room", name="Room", kind="slack", address=seal("x"), created_at=NOW)
    a_notice(None, 3, endpoint=endpoint, channel="room")
    seen = {
        who.name: {
            lead
            for lead in ("crm:L-1", "crm:L-2", "crm:L-3")
            if lead in text(cast.client_of(who), "/settings/notices/")
        }
        for who in (cast.rita, cast.sam, cast.olu, cast.maya)
    }
    assert seen == {
        "Rita Serrano": {"crm:L-1"},
        "Sam Whitlock": {"crm:L-1"},
        "Olu Adeyemi": {"crm:L-1", "crm:L-2", "crm:L-3"},
        "Maya Olmedo": set(),
    }
    assert "the deadline had passed" in text(cast.client_of(cast.rita), "/settings/notices/?show=suppressed")


def test_e18_what_an_administrator_sends_again_is_marked(cast: Cast) -> None:
    notice = a_notice(cast.rita, channel="email")
    assert cast.client_of(cast.sam).post(f"/settings/notices/{notice.id}/replays/").status_code == 404
    cast.client_of(cast.olu).post(f"/settings/notices/{notice.id}/replays/")
    again = Notice.objects.exclude(id=notice.id).get()
    assert (again.state, again.payload["replay_of"], again.reason) == ("waiting", notice.key, "replay")
    assert again.key != notice.key
    cast.client_of(cast.olu).post(f"/settings/notices/{again.id}/replays/")
    assert Notice.objects.count() == 2
