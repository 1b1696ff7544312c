"""A draft edited by forms: what they save, what they refuse beside which field, and who may not."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from tests.cast import Cast
from tests.negotiations import a_draft, a_signed, changed, fingerprint, latest

from smarketing.records.agreements import terms_of
from smarketing.records.models import Version
from smarketing.terms.agreement import Agreement
from smarketing.terms.language import LANGUAGES
from smarketing.terms.starters import starter_text, starters
from smarketing.web.forms.agreement_sections import SECTIONS
from smarketing.workflows.save_draft import save_draft

EDIT = "/agreements/acme/versions/1/edit/"
NOW_TITLE = "Marketing and sales at Acme"


class Form(HTMLParser):
    """What a browser would send of the form with this id when its first button is pressed."""

    def __init__(self, page: str, id: str) -> None:
        super().__init__()
        self.id, self.said, self.is_open = id, dict[str, Any](), False
        self.area, self.choice = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_open = got.get("id") == self.id
        name = got.get("name", "")
        if not self.is_open:
            return
        if tag == "input" and name and (got.get("type") != "checkbox" or "checked" in got):
            self.said.setdefault(name, []).append(got.get("value", ""))
        elif tag == "select":
            self.choice = name
        elif tag == "option" and self.choice and ("selected" in got or self.choice not in self.said):
            self.said[self.choice] = [got["value"]]
        elif tag == "textarea":
            self.area = name
            self.said[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.choice = ""
        elif tag == "textarea":
            self.area = ""
        elif tag == "form":
            self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.area and self.is_open:
            self.said[self.area] = [(self.said[self.area][0] + data).removeprefix("\n")]


def form_of(response: Any) -> str:
    return str(response.content.decode().partition('id="edit-form"')[2])


def form_at(client: Client, path: str) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200, path
    return Form(response.content.decode(), "edit-form").said


def send(client: Client, path: str, said: dict[str, Any], **more: str) -> Any:
    return client.post(path, said | more)


def now_says(version: Version) -> Agreement:
    return terms_of(version.revisions.order_by("-number").first())  # type: ignore[arg-type]


def wrong(response: Any) -> str:
    """What stands in red, and where."""
    return unescape(
        re.sub(
            r"<[^>]+>",
            " ",
            " ".join(re.findall(r'class="(?:wrong|form-errors)".*?</p>', response.content.decode(), re.DOTALL)),
        )
    )


def test_every_section_shows_what_the_draft_says_and_saves_it(cast: Cast) -> None:
    version = a_draft(cast)
    maya = cast.client_of(cast.maya)
    assert "Every part of the agreement" in maya.get(EDIT).content.decode()
    said = form_at(maya, f"{EDIT}general/")
    assert said["title"] == [NOW_TITLE]
    response = send(maya, f"{EDIT}general/", said, title="Our promises", currency="USD")
    assert response.status_code == 302
    assert (now_says(version).title, now_says(version).currency) == ("Our promises", "USD")
    assert "# What we agreed in the kitchen." in version.revisions.last().text  # type: ignore[union-attr]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [each.name for each in starters()])
def test_saving_without_a_change_changes_no_meaning(cast: Cast, name: str, language: str) -> None:
    text = starter_text(name, language)
    version = a_draft(cast, text, by=cast.olu)
    olu, before = cast.client_of(cast.olu), fingerprint(version)
    edit = f"/agreements/{version.agreement.slug}/versions/1/edit/"
    promises = [f"promises/{each.id}/" for each in now_says(version).commitments]
    for place in (*(f"{each.id}/" for each in SECTIONS), *promises):
        response = send(olu, edit + place, form_at(olu, edit + place))
        assert response.status_code == 302, (place, wrong(response))
    assert fingerprint(version) == before
    assert latest(version) == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(cast: Cast) -> None:
    version = a_draft(cast)
    maya = cast.client_of(cast.maya)
    said = form_at(maya, f"{EDIT}general/")
    response = send(maya, f"{EDIT}general/", said, **{"in_force.until_on": "2025-01-01", "title": ""})
    assert response.status_code == 422
    assert "Fill this in." in wrong(response)
    response = send(maya, f"{EDIT}general/", said, currency="EURO")
    assert "EURO" in wrong(response)
    assert "Europe/Atlantis" in wrong(send(maya, f"{EDIT}general/", said, zone="Europe/Atlantis"))
    said = form_at(maya, f"{EDIT}calendars/")
    response = send(maya, f"{EDIT}calendars/", said, **{"calendars.0.hours.mon": "nine to five"})
    assert "nine to five" in wrong(response)
    assert latest(version) == 1


def test_rows_are_added_filled_in_and_removed(cast: Cast) -> None:
    version = a_draft(cast)
    sam, place = cast.client_of(cast.sam), f"{EDIT}meetings/"
    shown = send(sam, place, form_at(sam, place), act="add:reviews")
    assert shown.status_code == 200 and latest(version) == 1
    said = Form(shown.content.decode(), "edit-form").said
    assert said["reviews.n"] == ["1"]
    filled = said | {"reviews.0.name": "Monday numbers", "reviews.0.cadence": "weekly"}
    assert send(sam, place, filled).status_code == 302
    assert [each.name for each in now_says(version).reviews] == ["Monday numbers"]
    shown = send(sam, place, form_at(sam, place), act="remove:reviews.0")
    assert send(sam, place, Form(shown.content.decode(), "edit-form").said).status_code == 302
    assert now_says(version).reviews == ()


def test_a_rule_of_warning_is_written_and_its_mistakes_stand_beside_their_fields(cast: Cast) -> None:
    version = a_draft(cast)
    sam, place = cast.client_of(cast.sam), f"{EDIT}alerts/"
    shown = send(sam, place, form_at(sam, place), act="add:alerts")
    said = Form(shown.content.decode(), "edit-form").said
    filled = said | {"alerts.0.id": "half", "alerts.0.on": "reminder", "alerts.0.to": ["owner", "Sam Whitlock"]}
    mistaken = send(sam, place, filled)
    assert "does not say when it fires" in wrong(mistaken)
    assert "<details open" in form_of(shown)
    assert "<details open" in form_of(mistaken)
    late = filled | {"alerts.0.before.amount": "2", "alerts.0.before.unit": "business hour"}
    assert "no later than the start" in wrong(send(sam, place, late))
    filled |= {"alerts.0.at": "50", "alerts.0.urgent": "true", "seat": "Sam Whitlock"}
    saved = send(sam, place, filled)
    assert saved.status_code == 302, wrong(saved)
    rule = now_says(version).alerts[0]
    assert (rule.id, str(rule.at), rule.to, rule.channels, rule.urgent) == (
        "half",
        "0.5",
        ("owner", "Sam Whitlock"),
        ("in_app",),
        True,
    )
    assert now_says(version).seat == "Sam Whitlock"
    folded = form_of(sam.get(place))
    assert 'class="row-card folds"' in folded and "<details open" not in folded


def test_an_empty_row_is_no_row(cast: Cast) -> None:
    version = a_draft(cast)
    maya, place = cast.client_of(cast.maya), f"{EDIT}meetings/"
    shown = send(maya, place, form_at(maya, place), act="add:reports")
    assert send(maya, place, Form(shown.content.decode(), "edit-form").said).status_code == 302
    assert latest(version) == 1


def test_a_promise_is_changed_and_read_while_it_is_typed(cast: Cast) -> None:
    version = a_draft(cast)
    sam, place = cast.client_of(cast.sam), f"{EDIT}promises/speed/"
    said = form_at(sam, place)
    assert (said["target.value"], said["target.amount"], said["target.unit"]) == (["95"], ["1"], ["business hour"])
    said = said | {"target.value": "90", "target.amount": "30", "target.unit": "business minute"}
    headers = {"HX-Request": "true", "HX-Target": "reading"}
    shown = sam.post(place, said | {"act": "preview"}, headers=headers).content.decode().replace("\xa0", " ")
    assert "90 % within 30 business minutes" in shown and "<html" not in shown
    assert latest(version) == 1
    assert send(sam, place, said).status_code == 302
    assert str(now_says(version).commitments[1].target) == "90 % within 30 business minutes"


def test_a_promise_without_its_number_is_refused_in_words(cast: Cast) -> None:
    a_draft(cast)
    sam, place = cast.client_of(cast.sam), f"{EDIT}promises/speed/"
    response = send(sam, place, form_at(sam, place), **{"target.value": ""})
    assert response.status_code == 422 and "Fill this in." in wrong(response)
    response = send(sam, place, form_at(sam, place), **{"target.value": "120"})
    assert "at most 100 %" in wrong(response)


def test_promises_are_added_moved_and_removed(cast: Cast) -> None:
    version = a_draft(cast)
    maya, place = cast.client_of(cast.maya), f"{EDIT}promises/"
    new = f"{EDIT}new-promise/?kind=follow_up_depth"
    assert send(maya, new, form_at(maya, new), title="Six tries").status_code == 302
    assert [each.id for each in now_says(version).commitments] == ["leads", "speed", "follow_up_depth"]
    assert now_says(version).commitments[2].party == "sales"
    for act in ("up:follow_up_depth", "remove:leads"):
        assert maya.post(place, {"act": act, "revision": latest(version)}).status_code == 302
    assert [each.id for each in now_says(version).commitments] == ["follow_up_depth", "speed"]
    assert maya.post(place, {"act": "up:nothing", "revision": 1}).status_code == 404
    assert maya.get(f"{EDIT}new-promise/?kind=magic").status_code == 404


def test_sams_stale_form_is_told_who_saved_what_and_offers_both_texts(cast: Cast) -> None:
    version = a_draft(cast)
    sam, maya, place = cast.client_of(cast.sam), cast.client_of(cast.maya), f"{EDIT}general/"
    began = form_at(sam, place)
    assert send(maya, place, form_at(maya, place), title="Maya's title").status_code == 302
    response = send(sam, place, began, summary="Sam's summary")
    page = unescape(response.content.decode())
    assert response.status_code == 409
    assert "Maya Olmedo" in page and "Take the saved text" in page and "From the saved text to yours" in page
    assert now_says(version).title == "Maya's title"
    again = Form(response.content.decode(), "edit-form").said
    assert send(sam, place, again).status_code == 302  # now knowing what Maya saved
    assert now_says(version).summary == "Sam's summary"


def test_an_earlier_text_comes_back_in_one_click(cast: Cast) -> None:
    version = a_draft(cast)
    maya = cast.client_of(cast.maya)
    text = changed("140 leads", "90 leads")
    save_draft(version_id=version.id, text=text, revision=1, by=cast.maya, now=version.created_at)
    back = "/agreements/acme/versions/1/revisions/1/restoration"
    assert back in maya.get("/agreements/acme/versions/1/revisions/").content.decode()
    assert maya.post(back, {"revision": 2}).status_code == 302
    assert latest(version) == 3 and str(now_says(version).commitments[0].target) == "140 leads"
    assert maya.post(back.replace("/1/rest", "/9/rest"), {"revision": 3}).status_code == 404


def test_nobody_else_edits_and_nothing_signed_is_edited(cast: Cast) -> None:
    a_draft(cast)
    places = ("", "general/", "promises/", "promises/speed/", "new-promise/?kind=lead_volume", "nothing/")
    for person in (cast.zed, cast.rita, cast.eva):
        client = cast.client_of(person)
        assert {client.get(EDIT + place).status_code for place in places} == {404}
        assert client.post(f"{EDIT}general/", {"title": "Mine"}).status_code == 404


def test_a_signed_version_is_not_edited(cast: Cast) -> None:
    a_signed(cast)
    response = cast.client_of(cast.maya).get(EDIT)
    assert response.status_code == 302 and response.headers["Location"] == "/agreements/acme/versions/1/"
