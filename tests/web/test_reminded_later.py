"""An urgent reminder put off, by the link of its mail or on its page: it comes back at its time while there is need."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from tests.alerts import HOUR, PARTIES, a_lead, a_touch, raised, warned
from tests.builders import a_commitment, an_agreement
from tests.drained import NOW, Site, site
from tests.receivers import Mailbox, box

from smarketing.records.models import Notice, Person
from smarketing.records.outbox import Lane
from smarketing.records.signed_links import HOLDS
from smarketing.terms.alert_rule import AlertRule
from smarketing.web.views import message_links, messages
from smarketing.workflows.send_notices import send_notices

__all__ = ["box", "site"]
MINUTE = timedelta(minutes=1)
WAYS = ("in_app", "email")
URGENT = AlertRule(id="half", on="reminder", at="0.5", to=("owner",), channels=WAYS, urgent=True)
SLA = an_agreement(
    a_commitment("speed_to_lead", "90 % within 4 business hours", contact="Mara"),
    id="sla",
    parties=PARTIES,
    alerts=(URGENT,),
)


@pytest.fixture
def rita(site: Site, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Half of the four hours for her lead are over, and she was told, on the site and by mail."""
    for module in (messages, message_links):
        monkeypatch.setattr(module, "timezone", SimpleNamespace(now=lambda: site.now))
    people = warned(site, monkeypatch, SLA)
    a_lead(site)
    raised(site, NOW + 2 * HOUR)
    sent(site)
    assert len(box.taken) == 1 and told() == each_way("sent")
    return people["rita"]


def sent(site: Site) -> None:
    for way in WAYS:
        send_notices(Lane(way), "one", lambda: site.now)


def told() -> dict[str, list[str]]:
    """What became of every message, way by way."""
    rows = list(Notice.objects.order_by("id").values_list("channel", "reason", "state"))
    return {way: [reason or state for channel, reason, state in rows if channel == way] for way in WAYS}


def each_way(*states: str) -> dict[str, list[str]]:
    return {way: [*states] for way in WAYS}


def links(box: Mailbox) -> dict[str, str]:
    """The address of each link of the last mail, by its text."""
    page = box.taken[-1].get_body(("html",))
    assert page is not None
    html = page.get_content()
    return {
        text.strip(): href for href, text in re.findall(r'<a [^>]*href="[^"/]*//[^"/]*(/[^"]*)"[^>]*>([^<]*)</a>', html)
    }


def inbox_of(rita: Person) -> Client:
    client = Client()
    client.force_login(rita, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.usefixtures("rita")
def test_the_link_of_a_mail_puts_it_off_and_it_comes_back(site: Site, box: Mailbox) -> None:
    found = links(box)
    assert {"I take care of it", "Remind me later"} <= set(found)
    later = found["Remind me later"]
    anybody = Client(enforce_csrf_checks=True)
    assert "Remind you in an hour?" in anybody.get(later).content.decode()
    assert told() == each_way("sent")
    assert "You are reminded in an hour" in anybody.post(later).content.decode()
    for minutes, state in ((0, "waiting"), (59, "waiting"), (1, "sent"), (1, "sent")):
        site.now += minutes * MINUTE
        sent(site)
        assert told() == each_way("sent", state)
    assert len(box.taken) == 2 and box.taken[0]["Subject"].split(":")[0] == box.taken[1]["Subject"].split(":")[0]
    assert links(box)["Remind me later"] != later


def test_the_page_puts_it_off_until_the_last_instant_that_was_chosen(site: Site, box: Mailbox, rita: Person) -> None:
    client, notice = inbox_of(rita), Notice.objects.get(channel="in_app")
    for until in ("1h", "30min"):
        page = client.post(f"/messages/{notice.id}/snooze/", {"until": until}, follow=True).content.decode()
        assert "Reminders about it wait until" in page
    site.now += 29 * MINUTE
    sent(site)
    assert len(box.taken) == 1 and "1 unread message" not in client.get("/messages/unread/").content.decode()
    site.now += MINUTE
    sent(site)
    assert told() == each_way("sent", "sent") and len(box.taken) == 2
    assert "1 unread message" in client.get("/messages/unread/").content.decode()


@pytest.mark.usefixtures("rita")
def test_what_was_answered_meanwhile_does_not_come_back(site: Site, box: Mailbox) -> None:
    Client().post(links(box)["Remind me later"])
    site.now += 30 * MINUTE
    a_touch(site)
    site.now += 30 * MINUTE
    sent(site)
    assert len(box.taken) == 1 and told() == each_way("sent", "clock_closed")


def test_nothing_comes_back_after_its_deadline(site: Site, box: Mailbox, rita: Person) -> None:
    notice = Notice.objects.get(channel="in_app")
    inbox_of(rita).post(f"/messages/{notice.id}/snooze/", {"until": "tomorrow"})
    site.now += timedelta(days=1)
    sent(site)
    assert len(box.taken) == 1 and told() == each_way("sent", "too_late")


@pytest.mark.usefixtures("rita")
@pytest.mark.parametrize("fault", ["tampered", "expired"])
def test_a_link_that_does_not_hold_is_refused_with_a_sentence(site: Site, box: Mailbox, fault: str) -> None:
    later = links(box)["Remind me later"]
    if fault == "tampered":
        later = f"{later[:-2]}{'a' if later[-2] != 'a' else 'b'}/"
    else:
        site.now += HOLDS
    for answer in (Client().get(later), Client().post(later)):
        assert answer.status_code == 404
        assert "The address may be wrong, or what it names is not yours to see." in answer.content.decode()
    assert told() == each_way("sent")


def test_a_length_of_time_that_is_none_is_refused_with_a_sentence(rita: Person) -> None:
    notice = Notice.objects.get(channel="in_app")
    page = inbox_of(rita).post(f"/messages/{notice.id}/snooze/", {"until": "soon"}, follow=True).content.decode()
    assert "Say until when." in page and told() == each_way("sent")
