"""My leads asked again by the page itself: nothing new is said in no words, and a deed's answer is known by its tag."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.desk import DeskSite, desk
from tests.drained import site

from smarketing.web.views import desk as desk_views

__all__ = ["desk", "site"]
ASKED = {"HX-Request": "true", "HX-Target": "desk"}


@pytest.fixture(autouse=True)
def clocks(desk: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_views, "timezone", SimpleNamespace(now=lambda: desk.now))


def again(rita: Client, shown: HttpResponse) -> HttpResponse:
    """What the page asks that shows this."""
    tag = re.search(r'data-etag="(\w+)"', shown.content.decode())
    assert tag and shown["ETag"] == f'"{tag[1]}"'
    return rita.get("/desk/", headers=ASKED | {"If-None-Match": shown["ETag"]})  # type: ignore[return-value]


def test_a_list_asked_again_says_that_nothing_changed(desk: DeskSite) -> None:
    rita = desk.cast.client_of(desk.cast.rita)
    whole = rita.get("/desk/")
    assert "no-store" in whole["Cache-Control"]
    assert again(rita, whole).status_code == 304
    desk.lead("7")
    shown = again(rita, whole)
    assert (shown.status_code, shown.content.decode().count('id="row-')) == (200, 1)
    assert rita.get("/desk/", headers={"If-None-Match": shown["ETag"]}).status_code == 200  # a page is a page
    desk.site.now += timedelta(minutes=1)
    assert again(rita, shown).status_code == 200


@pytest.mark.parametrize(
    ("path", "said"), [("snoozes", {"until": "tomorrow"}), ("touches", {"what": "call:busy"}), ("snoozes", {})]
)
def test_the_answer_to_a_deed_is_what_the_list_shows(desk: DeskSite, path: str, said: dict[str, str]) -> None:
    """Also where it was refused: what is said of that stays until something else happens."""
    rita = desk.cast.client_of(desk.cast.rita)
    desk.lead("7")
    before = rita.get("/desk/", headers=ASKED)
    answer = rita.post(f"/desk/{path}/", {"lead": "crm:7", **said}, headers=ASKED)
    assert again(rita, answer).status_code == 304
    assert again(rita, before).status_code == (200 if said else 304)
