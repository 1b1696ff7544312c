"""Help, glossary and keys in three languages; the gallery of parts; what a reader chooses for themselves."""

from __future__ import annotations

import gzip
import re

import pytest
from tests.cast import Cast

from smarketing.records.models import Event
from smarketing.terms.language import words
from smarketing.web.pages.glossary import anchors, chapters

PAGES = ["/help/", "/help/glossary/", "/help/keys/"]


@pytest.mark.parametrize("path", PAGES)
def test_everybody_who_signed_in_may_read_it(cast: Cast, path: str) -> None:
    for person in (cast.olu, cast.rita, cast.nora):
        assert cast.client_of(person).get(path).status_code == 200
    assert cast.client_of(None).get(path).status_code == 302


def test_every_word_of_the_glossary_has_an_address(cast: Cast) -> None:
    page = cast.client_of(cast.rita).get("/help/glossary/").content.decode()
    assert {"attainment", "speed-to-lead", "mql", "sal", "sql", "business-day", "waiver"} <= anchors()
    assert [anchor for anchor in anchors() if f'id="{anchor}"' not in page] == []


def test_no_word_stands_twice() -> None:
    ids = [entry.id for chapter in chapters(words("en")) for entry in chapter.entries]
    assert len(ids) == len(set(ids))


def test_the_keys_that_are_told_are_those_that_work(cast: Cast) -> None:
    client = cast.client_of(cast.olu)
    told = set(re.findall(r"<kbd>g</kbd> then\s+<kbd>(\w)</kbd>", client.get("/help/keys/").content.decode()))
    wired = set(re.findall(r'data-key="(\w)"', client.get("/help/").content.decode()))
    assert wired and wired <= told


def test_the_gallery_is_for_whoever_runs_the_installation(cast: Cast) -> None:
    assert cast.client_of(cast.maya).get("/help/components/").status_code == 404
    page = cast.client_of(cast.olu).get("/help/components/").content.decode()
    assert "style=" not in page and "These days overlap with version 2." in page


def test_a_chart_can_be_drawn_where_it_is_touched(cast: Cast) -> None:
    client = cast.client_of(cast.olu)
    page = client.get("/help/components/").content.decode()
    assert client.get("/help/components/chart.json").json()["datasets"]
    script = client.get(re.search(r'data-vega="([^"]+)"', page)[1])  # type: ignore[index]
    text = gzip.decompress(script.content).decode()
    assert "immutable" in script.headers["Cache-Control"]
    assert "window.vegaEmbed" in text and "window.vegaLocale" in text
    assert client.get("/charts/0.0-0/vega.en.js").status_code == 404


def test_a_person_keeps_language_and_colours(cast: Cast) -> None:
    client = cast.client_of(cast.rita)
    answer = client.post("/reader/", {"language": "es", "next": "/help/"})
    assert answer.headers["Location"] == "/help/"
    client.post("/reader/", {"scheme": "dark"})
    cast.rita.refresh_from_db()
    assert (cast.rita.language, cast.rita.scheme) == ("es", "dark")
    page = client.get("/help/").content.decode()
    assert '<html lang="es" data-scheme="dark">' in page
    assert Event.objects.filter(verb="choose_reading").count() == 2


def test_nobody_in_particular_keeps_them_in_a_cookie(cast: Cast) -> None:
    client = cast.client_of(None)
    client.post("/reader/", {"language": "it", "scheme": "light"})
    assert '<html lang="it" data-scheme="light">' in client.get("/sign-in/").content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_choice_leads_nowhere_else(cast: Cast, following: str) -> None:
    answer = cast.client_of(cast.rita).post("/reader/", {"language": "xx", "scheme": "pink", "next": following})
    assert answer.headers["Location"] == "/"
    cast.rita.refresh_from_db()
    assert (cast.rita.language, cast.rita.scheme) == ("en", "")
