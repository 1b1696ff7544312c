"""The pages of the desk: what they show, what their forms do, and that the board answers when nothing changed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from tests.desk import DeskSite, desk
from tests.drained import site

from smarketing.records.models import Absence, Event, Membership, OwnerLink, Person
from smarketing.web.views import board, lead_entry
from smarketing.web.views import desk as desk_views

__all__ = ["desk", "site"]


@pytest.fixture(autouse=True)
def clocks(desk: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the site is the pages' clock."""
    from smarketing.workflows import list_board

    for module in (desk_views, board, lead_entry):
        monkeypatch.setattr(module, "timezone", SimpleNamespace(now=lambda: desk.now))
    monkeypatch.setattr(list_board, "every_agreement", lambda: desk.site.terms)
    monkeypatch.setattr(list_board, "open_facts", lambda *_, **__: desk.site.ledger)


@pytest.fixture
def rita(desk: DeskSite) -> Client:
    return desk.cast.client_of(desk.cast.rita)


def sent(client: Client, path: str, **said: Any) -> str:
    answer = client.post(path, said, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_tap_notes_a_touch_and_offers_the_way_back(desk: DeskSite, rita: Client) -> None:
    desk.lead("7", person_key="ann@example.com", channel="organic", campaign="Spring")
    page = rita.get("/desk/").content.decode()
    assert "ann@example.com" in page
    assert "organic search · Spring" in page
    assert "1 h left" in re.sub(r"\s", " ", page)
    assert "Counts as accepted in" in page
    desk.later(1)
    page = sent(rita, "/desk/touches/", lead="crm:7", what="call:no_answer")
    assert "Noted for ann@example.com: call, no answer." in page
    assert "1 of 3 attempts" in page
    desk.later(1)
    seq = re.search(r'name="seq" value="(\d+)"', page)
    assert seq
    page = sent(rita, "/desk/undoings/", seq=seq[1])
    assert "0 of 3 attempts" in page
    assert "Take back" not in page


def test_htmx_is_given_the_list_alone_with_what_went_wrong(desk: DeskSite, rita: Client) -> None:
    desk.lead("7")
    headers = {"HX-Request": "true", "HX-Target": "desk"}
    said = {"lead": "crm:7", "answer": "disqualified", "reason": "because"}
    part = rita.post("/desk/dispositions/", said, headers=headers).content.decode()
    assert part.lstrip().startswith("<div")
    assert "does not list the reason" in part
    said["reason"] = "no_budget"
    part = rita.post("/desk/dispositions/", said, headers=headers).content.decode()
    assert "7 is disqualified now." in part


def test_reasons_are_those_of_the_agreement(desk: DeskSite, rita: Client) -> None:
    desk.lead("7")
    page = rita.get("/desk/").content.decode()
    offered = re.findall(r'name="reason" value="(\w+)"', page)
    assert offered == ["no_budget", "not_a_fit", "spam", "not_now", "call_back_later"]


def test_a_lead_is_put_off_and_taken_up_again(desk: DeskSite, rita: Client) -> None:
    desk.lead("7")
    assert "put off until" in sent(rita, "/desk/snoozes/", lead="crm:7", until="tomorrow")
    desk.later(1)
    assert "put off until" not in sent(rita, "/desk/snoozes/", lead="crm:7", until="now")
    assert "is no day" in sent(rita, "/desk/snoozes/", lead="crm:7", until="day", on="soon")


def test_forms_about_foreign_leads_tell_nothing(desk: DeskSite, rita: Client) -> None:
    desk.lead("8", owner="u-901")
    there = sent(rita, "/desk/touches/", lead="crm:8", what="call:connected")
    not_there = sent(rita, "/desk/touches/", lead="crm:nothing", what="call:connected")
    said = [re.findall(r'class="flash error">([^<]*)<', page) for page in (there, not_there)]
    assert said[0] == said[1] != []
    assert not Event.objects.filter(verb="log_touch").exists()


@pytest.mark.parametrize("back", ["//elsewhere.example/", "https://elsewhere.example/", "javascript:alert(1)", ""])
def test_a_form_leads_back_to_this_site_only(desk: DeskSite, rita: Client, back: str) -> None:
    desk.lead("7")
    answer = rita.post("/desk/touches/", {"lead": "crm:7", "what": "call:busy", "back": back})
    assert answer["Location"] == "/desk/"


def test_chosen_leads_are_handed_over_from_the_board(desk: DeskSite, rita: Client) -> None:
    berta = Person.objects.create_user("berta@example.com", "x" * 12, name="Berta Vidal", zone="UTC")
    Membership.objects.create(person=berta, team=desk.cast.sales, role="rep", from_on=date(2025, 1, 1))
    OwnerLink.objects.create(person=berta, src="crm", owner_id="u-103")
    Absence.objects.create(person=berta, from_on=desk.now.date(), until_on=date(2026, 3, 9))
    desk.lead("7")
    desk.lead("8")
    sam = desk.cast.client_of(desk.cast.sam)
    page = sam.get("/at-risk/?commitment=speed").content.decode()
    assert "Berta Vidal (away until Mon 9 Mar 2026)" in page
    page = sent(sam, "/desk/handovers/", lead=["crm:7", "crm:8"], to=berta.pk, back="/at-risk/?commitment=speed")
    assert "2 leads handed over to Berta Vidal." in page
    assert page.count("Berta Vidal") > 2
    assert "leads wait for you" not in rita.get("/desk/").content.decode()


def test_the_board_asked_again_says_that_nothing_changed(desk: DeskSite) -> None:
    desk.lead("7")
    sam, asked = desk.cast.client_of(desk.cast.sam), {"HX-Request": "true", "HX-Target": "board"}
    first = sam.get("/at-risk/", headers=asked)
    assert (first.status_code, "no-store" in first["Cache-Control"]) == (200, True)
    again = sam.get("/at-risk/", headers=asked | {"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    desk.lead("8", at=desk.now - timedelta(minutes=1))
    anew = sam.get("/at-risk/", headers=asked | {"If-None-Match": first["ETag"]})
    assert (anew.status_code, anew.content.decode().count("crm:8")) == (200, 3)
    assert sam.get("/at-risk/", headers={"If-None-Match": anew["ETag"]}).status_code == 200  # a page is a page


def test_the_board_says_next_steps_when_it_is_empty(desk: DeskSite, rita: Client) -> None:
    assert "No clock runs" in rita.get("/at-risk/").content.decode()
    desk.lead("7")
    assert "No clock fits" in rita.get("/at-risk/?bucket=later&commitment=speed").content.decode()
    sam = desk.cast.client_of(desk.cast.sam)
    assert "You own no leads" in sam.get("/desk/").content.decode()


def test_the_board_says_who_is_off_today_to_who_knows_the_names(desk: DeskSite) -> None:
    desk.lead("7")
    sam, maya = (desk.cast.client_of(person) for person in (desk.cast.sam, desk.cast.maya))
    assert "Off today" not in sam.get("/at-risk/").content.decode()
    until = date(2026, 3, 9)
    absence = Absence.objects.create(person=desk.cast.rita, from_on=desk.now.date(), until_on=until)
    assert off_today(sam) == ["Rita Serrano until Mon 9 Mar 2026"]
    assert "away until Mon 9 Mar 2026" in sam.get("/at-risk/").content.decode()
    assert off_today(maya) == [] and "Rita" not in maya.get("/at-risk/").content.decode()
    absence.substitute = desk.cast.sam
    absence.save()
    assert off_today(sam) == ["Rita Serrano until Mon 9 Mar 2026, Sam Whitlock stands in"]
    Absence.objects.update(from_on=desk.now.date() + timedelta(days=1))
    assert off_today(sam) == [], "tomorrow is not today"


def test_who_is_off_today_is_named_with_no_clock_that_runs(desk: DeskSite) -> None:
    """A lead that arrives now is given to somebody: who is away matters before it is."""
    desk.lead("8", owner="u-103")
    Absence.objects.create(person=desk.cast.rita, from_on=desk.now.date(), until_on=date(2026, 3, 9))
    assert off_today(desk.cast.client_of(desk.cast.sam)) == ["Rita Serrano until Mon 9 Mar 2026"]


def test_the_team_filter_of_the_board_parts_two_teams(desk: DeskSite) -> None:
    for lead, owner in (("7", "u-102"), ("8", "u-103"), ("9", "u-901")):
        desk.lead(lead, owner=owner)
    olu, sam = (desk.cast.client_of(person) for person in (desk.cast.olu, desk.cast.sam))
    page = olu.get("/at-risk/").content.decode()
    assert re.findall(r'<option value="([^"]*)"', page.split('name="team"')[1].split("</select>")[0]) == [
        "",
        "Iberia",
        "Partners",
    ]
    assert on_board(olu) == {"7", "8", "9"}
    assert on_board(olu, team="Iberia") == {"7", "8"}
    assert on_board(olu, team="Partners") == {"9"}
    assert on_board(olu, team="Partners", rep="crm:u-102") == set()
    assert on_board(sam, team="Iberia") == {"7", "8"} and on_board(sam, team="Partners") == set()
    counts = [olu.get("/at-risk/", {"team": team}).content.decode().split("buckets")[1] for team in ("Iberia", "")]
    assert [sum(map(int, re.findall(r"<strong>(\d+)</strong>", each))) for each in counts] == [6, 9]


def off_today(client: Client) -> list[str]:
    _, _, rest = client.get("/at-risk/").content.decode().partition("Off today")
    return [" ".join(each.split()) for each in re.findall(r"<li>([^<]*)</li>", rest.partition("</ul>")[0])]


def on_board(client: Client, **asked: str) -> set[str]:
    return set(
        re.findall(r'<th scope="row"><a href="/leads/crm/([^/]+)/', client.get("/at-risk/", asked).content.decode())
    )


def test_that_everything_rests_is_said_once(desk: DeskSite, rita: Client) -> None:
    sam, said = desk.cast.client_of(desk.cast.sam), "closed now, goes on"
    desk.lead("7")
    desk.later(12 * 60)
    alone = rita.get("/desk/").content.decode()
    assert (alone.count(said), alone.count("desk-resting")) == (1, 0)
    desk.lead("8")
    for page in (rita.get("/desk/"), sam.get("/at-risk/")):
        assert page.content.decode().count(said) == page.content.decode().count("desk-resting") == 1


def test_names_and_people_stay_hidden_from_marketing(desk: DeskSite) -> None:
    desk.lead("7", person_key="ann@example.com")
    page = desk.cast.client_of(desk.cast.maya).get("/at-risk/").content.decode()
    assert "Rep " in page
    assert "U-102" not in page
    assert "ann@example.com" not in page
    assert 'name="lead"' not in page


def test_pasted_rows_are_shown_before_they_come_in(desk: DeskSite, rita: Client) -> None:
    text = "E-mail\tScore\nann@example.com\t40\nbob@example.com\tmany\n"
    page = rita.post("/leads/pasted/", {"text": text}).content.decode()
    assert "2 rows: 1 can be kept, 1 cannot, 0 are there twice." in page
    assert "This is no number." in page
    assert not desk.site.facts()
    page = sent(rita, "/leads/pasted/", text=text, agreed="1")
    assert "1 lead came in. 1 rejected, 0 known already." in page
    refused = rita.post("/leads/pasted/", {"text": "Colour\nred\n"})
    assert (refused.status_code, "No column says whom to reach." in refused.content.decode()) == (400, True)


def test_a_lead_is_entered_on_a_form(desk: DeskSite, rita: Client) -> None:
    said = {"person": "ann@example.com", "source": "phone", "owner": str(desk.cast.rita.pk), "key": "c" * 32}
    answer = rita.post("/leads/new", said)
    assert answer["Location"] == "/leads/desk/cccccccccccc/"
    assert "ann@example.com" in rita.get("/desk/").content.decode()
    late = rita.post("/leads/new", said | {"created_at": datetime(2026, 3, 9, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M")})
    assert "later than now" in late.content.decode()
