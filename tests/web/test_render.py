"""A page gives out the fragments that it names, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import Cast

from smarketing.web.render import render_page


@pytest.fixture
def request_of(cast: Cast) -> Any:
    def build(**headers: str) -> Any:
        request = cast.client_of(cast.rita).get("/help/").wsgi_request
        request.META |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        del request.__dict__["headers"]
        return request

    return build


def asked(request: Any, *fragments: str) -> str:
    return render_page(request, "help/keys.html", fragments=fragments, shortcuts=()).content.decode()


def test_the_whole_page_is_the_rule(request_of: Any) -> None:
    assert asked(request_of(), "content").startswith("<!doctype html>")


def test_a_listed_fragment_comes_alone_with_the_pieces_it_needs(request_of: Any) -> None:
    part = asked(request_of(hx_request="true", hx_target="content"), "content")
    assert "<html" not in part and "<h1>Keyboard</h1>" in part


@pytest.mark.parametrize("target", ["title", "content", "root", "../../etc/passwd", ""])
def test_a_fragment_that_is_not_listed_is_the_whole_page(request_of: Any, target: str) -> None:
    assert asked(request_of(hx_request="true", hx_target=target), "messages").startswith("<!doctype html>")


def test_a_boosted_link_gets_the_whole_page(request_of: Any) -> None:
    request = request_of(hx_request="true", hx_boosted="true", hx_target="content")
    assert asked(request, "content").startswith("<!doctype html>")


def test_caches_keep_fragments_apart(request_of: Any) -> None:
    answer = render_page(request_of(), "help/keys.html", shortcuts=())
    assert {"HX-Request", "HX-Target", "Cookie"} <= set(answer.headers["Vary"].split(", "))
