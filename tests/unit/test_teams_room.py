"""A room of Teams: what arrives there, one message a second, and rest where it asks for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.receivers import Listener
from tests.rooms import LEAD, a_message, sent_to
from tests.unit.test_send_notices import HOUR, NOW, an_endpoint, listener, posted, state, sweep

from smarketing.alerts.channels import slack, teams
from smarketing.alerts.message import Message, Refused, Retry, Sent
from smarketing.records.models import Endpoint, Notice
from smarketing.records.outbox import Lane
from smarketing.workflows.send_notices import lanes_due

__all__ = ["listener"]
SECOND = timedelta(seconds=1)
CARD = "application/vnd.microsoft.card.adaptive"

pytestmark = pytest.mark.django_db


def texts(card: Any) -> list[str]:
    return [run["text"] for block in card["body"] for run in block["inlines"]]


def test_a_message_arrives_as_a_card_of_plain_text(listener: Listener) -> None:
    listener.script["/hook"] = ["202"]
    assert sent_to(teams, listener, a_message()) == Sent()
    (post,) = listener.posts
    assert post.headers["content-type"] == "application/json; charset=utf-8"
    assert post.said["type"] == "message"
    (attached,) = post.said["attachments"]
    card = attached["content"]
    assert (attached["contentType"], card["type"], card["lang"]) == (CARD, "AdaptiveCard", "it")
    assert texts(card) == ["Señal *tarde*", "A lead waits.", "Owner: Rita", "• L-2 is late By an hour.", "You own it."]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open the lead", "url": LEAD}]
    assert "Señal".encode() in post.body


def test_a_notice_arrives_by_way_of_the_sender(listener: Listener) -> None:
    notice = posted(an_endpoint(listener, "teams", language="es"), 7)
    sweep(Lane("", notice.endpoint_id))
    (post,) = listener.posts
    card = post.said["attachments"][0]["content"]
    assert state(notice)[0] == "sent" and card["lang"] == "es"
    assert "L-7" in " ".join(texts(card)) and "/leads/crm/L-7/" in card["actions"][0]["url"]


def test_e12_teams_gets_one_message_a_second_and_is_left_alone_when_it_asks(listener: Listener) -> None:
    endpoint = an_endpoint(listener, "teams")
    listener.script["/hook"] = ["202", "429 Retry-After=1800", "202"]
    notices = [posted(endpoint, number) for number in range(3)]
    lane = Lane("", endpoint.id)
    sweep(lane)
    sweep(lane, NOW + SECOND / 2)
    assert len(listener.posts) == 1
    assert sweep(lane, NOW + SECOND).rest == timedelta(minutes=30)
    for minutes in (1, 10, 29):
        assert lanes_due(NOW + timedelta(minutes=minutes)) == []
        sweep(lane, NOW + timedelta(minutes=minutes))
    assert len(listener.posts) == 2 and [state(notice)[0] for notice in notices] == ["sent", "waiting", "waiting"]
    awake = NOW + HOUR / 2 + SECOND
    assert lanes_due(awake) == [lane]
    sweep(lane, awake)
    sweep(lane, awake + SECOND / 2)
    assert len(listener.posts) == 3
    sweep(lane, awake + SECOND)
    assert len(listener.posts) == 4 and {state(notice)[0] for notice in notices} == {"sent"}
    assert listener.posts[1].body == listener.posts[2].body
    assert Endpoint.objects.get().n_failures == 0


def test_a_room_that_rests_holds_up_no_other_room(listener: Listener) -> None:
    resting, well = an_endpoint(listener, "teams", "/resting"), an_endpoint(listener, "teams", "/well")
    listener.script["/resting"] = ["429 Retry-After=1800"]
    first, second = posted(resting, 1), posted(well, 2)
    for endpoint in (resting, well):
        sweep(Lane("", endpoint.id))
    assert (state(first)[0], state(second)[0]) == ("waiting", "sent")


@pytest.mark.parametrize(("status", "code"), [("400", "http_400"), ("413", "http_413")])
def test_a_card_that_teams_does_not_want_lets_the_next_one_pass(listener: Listener, status: str, code: str) -> None:
    endpoint = an_endpoint(listener, "teams")
    listener.script["/hook"] = [status, "202"]
    first, second = posted(endpoint, 1), posted(endpoint, 2)
    lane = Lane("", endpoint.id)
    sweep(lane)
    sweep(lane, NOW + SECOND)
    assert (state(first), state(second)[0]) == (("failed", "given_up"), "sent")
    assert code in str(Notice.objects.filter(id=first.id).values().get())


@pytest.mark.parametrize("channel", [slack, teams], ids=["slack", "teams"])
def test_both_rooms_understand_an_answer_alike(listener: Listener, channel: Any) -> None:
    message = Message("1", "breach", "Late", "en", NOW)
    listener.script["/hook"] = ["429 Retry-After=60", "429", "500", "410", "422", "200"]
    outcomes = [sent_to(channel, listener, message) for _ in range(6)]
    assert outcomes == [
        Retry("http_429", timedelta(minutes=1)),
        Retry("http_429"),
        Retry("http_500"),
        Retry("http_410"),
        Refused("http_422"),
        Sent(),
    ]
