"""Whatever goes wrong is a problem in JSON: wrong methods and paths, sizes, pace, and mistakes of ours."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.cast import Cast
from tests.web.programs import ROOT, Program, program, refused, said, token_of

from smarketing.web.api import door, imports
from smarketing.web.api.pace import Meter


def test_a_method_that_is_not_there_is_named(cast: Cast) -> None:
    for asks in (Program(), program(cast.sam)):
        for method, path, allowed in (
            ("PUT", "agreements", "GET, HEAD"),
            ("PATCH", "imports/x", "GET, DELETE, HEAD"),
            ("DELETE", "imports", "GET, POST, HEAD"),
            ("GET", "agreements/drafts/x", ""),
            ("OPTIONS", "leads", "GET, HEAD"),
            ("TRACE", "leads", "GET, HEAD"),
        ):
            if allowed:
                response = asks.ask(method, path)
                refused(response, 405)
                assert response.headers["Allow"] == allowed


def test_a_path_that_is_not_there(cast: Cast) -> None:
    for path in ("nothing", "leads/", "leads/crm", "agreements/a/b/c", "", "../health", "/api/", "/api/v2/leads"):
        response = program(cast.olu, "admin").get(path)
        assert response.status_code in (200, 404)
        if response.status_code == 404:
            refused(response, 404)


@pytest.mark.parametrize("path", ["agreements/a%00b", "leads?q=%00", "leads/crm/%00", "imports/%00"])
def test_characters_that_are_none(cast: Cast, path: str) -> None:
    refused(program(cast.olu, "admin").get(path), 400)


def test_what_is_no_json_is_said_so(cast: Cast) -> None:
    client = Client(headers={"Authorization": f"Bearer {token_of(cast.olu, 'admin')}"})
    for body in ("{", "[]", '"a"', "null", "\xff"):
        response = client.generic("POST", f"{ROOT}/agreements/drafts", body, content_type="application/json")
        assert response.status_code in (400, 422)
        refused(response, response.status_code)


def test_a_text_has_a_size(cast: Cast) -> None:
    asks = program(cast.olu, "admin")
    refused(asks.ask("POST", "agreements/drafts", {"text": "x" * 1_000_001}), 422)
    refused(asks.ask("POST", "agreements/drafts", {"text": "x" * door.MOST_JSON}), 413)


@pytest.mark.parametrize("length", ["-1", "x", "9" * 40])
def test_a_length_that_is_none(cast: Cast, length: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {token_of(cast.olu, 'admin')}"})
    response = client.generic("POST", f"{ROOT}/agreements/drafts", "{}", CONTENT_LENGTH=length)
    refused(response, 413)


def test_one_token_may_ask_so_often_in_a_minute(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "METER", Meter(most=3))
    first, other = program(cast.sam), program(cast.olu)
    for _ in range(3):
        said(first.get("agreements"))
    response = first.get("agreements")
    refused(response, 429)
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    said(other.get("agreements"))


@pytest.mark.django_db
def test_processes_share_the_count() -> None:
    at = datetime(2026, 1, 15, 9, 0, 20, tzinfo=UTC)
    one, other = Meter(most=12, step=5), Meter(most=12, step=5)
    assert not any(one.wait_s("7", at) for _ in range(10))
    assert [other.wait_s("7", at) for _ in range(5)] == [0, 0, 0, 0, 40]
    assert other.wait_s("8", at) == 0
    assert other.wait_s("7", at.replace(minute=1)) == 0


def test_a_mistake_of_ours_tells_nothing_of_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("the secret plan")

    monkeypatch.setattr(imports, "_seen", broken)
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token_of(cast.olu, 'admin')}"})
    logging.disable(logging.CRITICAL)
    response = client.get(f"{ROOT}/imports")
    logging.disable(logging.NOTSET)
    assert "secret" not in str(refused(response, 500))
    assert "Retry" not in response.headers
