"""Who takes care of something is seen by whoever was told of the same, in the list and on the page, and by no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.alerts import HOUR, a_lead, raised, warned
from tests.drained import NOW, Site, site
from tests.web.test_messages_to_people import link

from smarketing.records.models import Notice, Person
from smarketing.workflows.resend_notice import resend_notice

__all__ = ["site"]
SECOND = timedelta(seconds=1)
CARED = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> dict[str, Person]:
    """Two leads of Rita are late: she and Mara, who manages her, were told of each, on the site and by mail."""
    found = warned(site, monkeypatch)
    for lead in ("1", "2"):
        a_lead(site, lead)
    raised(site, NOW + HOUR + SECOND)
    Notice.objects.update(state="sent", sent_at=NOW + HOUR + SECOND)
    return found


def told(person: Person, lead: str = "1", channel: str = "in_app") -> Notice:
    return Notice.objects.get(rule="late", person=person, lead_id=lead, channel=channel)


def text(person: Person, path: str = "/messages/") -> str:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def page_of(notice: Notice) -> str:
    assert notice.person is not None
    return text(notice.person, f"/messages/{notice.id}/")


def cares(person: Person, lead: str = "1") -> None:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    said = client.post(f"/messages/{told(person, lead).id}/acknowledgement/", follow=True).content.decode()
    assert "Everybody can see that you take care of it." in said
    Notice.objects.exclude(acknowledged_at=None).update(acknowledged_at=CARED)


def test_the_others_see_who_takes_care_of_it_and_since_when(people: dict[str, Person]) -> None:
    mara = people["mara"]
    assert "takes care of it" not in page_of(told(mara)) + text(mara)
    cares(people["rita"])
    for channel in ("in_app", "email"):
        assert "Rita takes care of it since " in page_of(told(mara, channel=channel))
    assert "10:05" in page_of(told(mara)) and "You took care of it" not in page_of(told(mara))
    assert text(mara).count("Rita takes care of it") == 1
    assert "takes care of it" not in page_of(told(mara, "2"))


def test_who_takes_care_by_the_link_of_a_mail_is_seen_too(people: dict[str, Person]) -> None:
    mail = told(people["mara"], channel="email")
    assert b"The others see then that somebody does." in Client().get(link("acknowledge", mail)).content
    Client().post(link("acknowledge", mail))
    first = told(people["mara"]).acknowledged_at
    assert "Mara takes care of it since " in page_of(told(people["rita"]))
    assert "Mara takes care of it" in text(people["rita"])
    own = page_of(told(people["mara"]))
    assert "You took care of it on" in own and "takes care of it since" not in own
    Client().post(link("acknowledge", mail))
    assert told(people["mara"]).acknowledged_at == first is not None


def test_who_was_not_told_learns_nothing(people: dict[str, Person]) -> None:
    Notice.objects.create(
        key="s" * 64, rule="late", occasion="breach", person=people["sam"], channel="in_app", state="sent",
        agreement="sla", commitment="speed", src="crm", lead_id="3", episode=0, created_at=NOW, not_before_at=NOW,
        payload={"roles": ["owner"], "arming": 1, "level": 0},
    )  # fmt: skip
    cares(people["rita"])
    sams = Notice.objects.get(person=people["sam"])
    assert "Rita" not in text(people["sam"]) + page_of(sams)
    assert "takes care of it" not in text(people["sam"]) + page_of(sams)


def test_who_may_not_know_whose_lead_it_is_learns_no_name(people: dict[str, Person]) -> None:
    cares(people["rita"])
    stranger = Person.objects.create(email="noah@acme.test", name="Noah", zone="UTC")
    copy = told(people["mara"])
    copy.pk, copy.key, copy.person, copy.payload = None, "n" * 64, stranger, {**copy.payload, "roles": ["viewer"]}
    copy.save()
    assert "Somebody takes care of it since " in page_of(copy)
    assert "somebody takes care of it" in text(stranger)
    assert "Rita" not in page_of(copy) + text(stranger)


def test_who_has_left_takes_care_of_nothing_any_more(people: dict[str, Person]) -> None:
    cares(people["rita"])
    Person.objects.filter(id=people["rita"].id).update(is_active=False)
    assert "takes care of it" not in page_of(told(people["mara"])) + text(people["mara"])


def test_what_was_sent_again_says_so_too(people: dict[str, Person]) -> None:
    cares(people["rita"])
    again = resend_notice(notice=told(people["mara"], channel="email"), by=people["ada"], now=CARED)
    assert "Rita takes care of it since " in page_of(again)


def test_a_summary_says_who_takes_care_of_what_it_carries(people: dict[str, Person]) -> None:
    cares(people["rita"])
    digest = Notice.objects.create(
        key="d" * 64, occasion="digest", person=people["mara"], channel="in_app", state="sent", created_at=NOW,
        not_before_at=NOW, sent_at=NOW,
    )  # fmt: skip
    Notice.objects.filter(person=people["mara"], channel="in_app", rule="late").update(digest=digest)
    page = page_of(digest)
    assert page.count("Rita takes care of it since ") == 1
    assert "I take care of it" not in page
