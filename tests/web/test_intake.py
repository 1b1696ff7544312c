"""The door for events: what is answered 2xx is in the inbox; what is not was refused with a problem."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import InterfaceError, OperationalError
from django.test import Client
from tests.cast import Cast
from tests.web.programs import token_of
from tests.web.senders import NOW, a_source, post, signed_headers, touched

from smarketing.ledger.group_commit import Full
from smarketing.ledger.models import InboxRow, InboxTally
from smarketing.records.models import Source, SourceKind
from smarketing.records.sealed import seal
from smarketing.records.secrets import digest
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.sources.webhook.signatures.standard import new_secret
from smarketing.web.bucket import Buckets
from smarketing.web.views import intake
from smarketing.workflows import receive_events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def secret() -> str:
    return a_source()[1]


def kept() -> int:
    return InboxRow.objects.count()


def test_c01_the_same_delivery_is_answered_with_the_same_words(secret: str) -> None:
    answers = [post(touched(), secret) for _ in range(5)]
    assert {one.status_code for one in answers} == {202} and len({one.content for one in answers}) == 1
    said = answers[0].json()
    assert {name: said[name] for name in ("received", "stored", "duplicates", "conflicts", "rejected")} == {
        "received": 1,
        "stored": 1,
        "duplicates": 0,
        "conflicts": 0,
        "rejected": 0,
    }
    assert kept() == 1
    row = InboxRow.objects.get()
    assert (row.src, row.state, row.headers["webhook-id"]) == ("crm", "waiting", "msg-1")
    assert "webhook-signature" not in row.headers and str(row.receipt) == said["receipt"]
    assert Source.objects.get().last_received_at is not None


def test_c02_another_body_under_the_same_id_is_kept_and_flagged(secret: str) -> None:
    post(touched(), secret)
    said = post(touched() | {"occurred_at": "2026-10-21T10:00:00Z"}, secret, name="msg-2").json()
    assert (said["stored"], said["conflicts"]) == (1, 1)
    assert list(InboxRow.objects.values_list("is_conflict", flat=True)) == [False, True]


def test_c12_one_poisonous_event_of_a_batch_spoils_none_of_the_others(secret: str) -> None:
    padding = "x" * 90_000
    batch = [touched(n) | {"note": padding} for n in range(100)]
    poison = json.dumps(batch).replace('"evt-50"', '"evt-50", "id": "twice", "n": NaN').encode()
    assert len(poison) > 8_000_000
    response = post(poison, secret)
    assert response.status_code == 202 and response.json()["received"] == 100
    assert kept() == 100


def test_c15_the_signature_is_over_the_bytes_that_came(secret: str) -> None:
    body = json.dumps(touched()).encode()
    headers = signed_headers(secret, body)
    written_again = json.dumps(touched(), indent=1).encode()
    response = Client().post("/in/crm", written_again, content_type="application/json", headers=headers)
    assert (response.status_code, kept()) == (401, 0)


def test_c15_gzip_is_inflated_within_bounds(secret: str) -> None:
    good = gzip.compress(json.dumps(touched()).encode())
    assert post(good, secret, Content_Encoding="gzip").status_code == 202
    bomb = gzip.compress(b"[" + b" " * 200_000_000 + b"]", 1)
    assert post(bomb, secret, Content_Encoding="gzip").status_code == 413
    for broken in (b"no gzip", good[:-9], good + b"more", zlib.compress(b"{}")):
        assert post(broken, secret, Content_Encoding="gzip").status_code == 400
    assert post(good, secret, Content_Encoding="br").status_code == 415
    assert kept() == 1


def test_c15_a_body_in_chunks_is_read_to_its_end(secret: str) -> None:
    from io import BytesIO

    body = json.dumps(touched()).encode()
    chunked: dict[str, Any] = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(body)}
    response = Client().generic(
        "POST", "/in/crm", b"", "application/json", headers=signed_headers(secret, body), **chunked
    )
    assert (response.status_code, kept()) == (202, 1)


def test_c16_a_source_that_is_disabled_answers_like_nothing_and_keeps_what_waits(secret: str) -> None:
    post(touched(), secret)
    nothing = post(touched(), secret, slug="nobody")
    for state in ({"is_enabled": False}, {"is_enabled": True, "retired_at": NOW}):
        Source.objects.update(**state)
        response = post(touched(2), secret)
        assert (response.status_code, response.content) == (404, nothing.content)
    assert Client().get("/in/").content == Client().post("/in/crm/a/b/c").content == nothing.content
    assert InboxRow.objects.filter(state="waiting").count() == 1


def test_c20_the_books_of_the_door_balance(secret: str) -> None:
    for n in (1, 2, 2, 3, 3, 3):
        post(touched(n), secret, name=f"msg-{n}")
    tally = InboxTally.objects.get()
    assert (tally.n_received, tally.n_stored, tally.n_duplicate, tally.n_rejected) == (6, 3, 3, 0)


FORGED: dict[str, Callable[[str, bytes], dict[str, str]]] = {
    "another secret": lambda _, body: signed_headers(new_secret(), body),
    "nothing": lambda *_: {},
    "old": lambda secret, body: signed_headers(secret, body, at=NOW - timedelta(seconds=301)),
    "future": lambda secret, body: signed_headers(secret, body, at=NOW + timedelta(seconds=305)),
}


@pytest.mark.parametrize("name", FORGED)
def test_g17_and_g18_nobody_is_let_in_who_cannot_sign_now(name: str, secret: str) -> None:
    body = json.dumps(touched()).encode()
    response = Client().post("/in/crm", body, content_type="application/json", headers=FORGED[name](secret, body))
    assert (response.status_code, response.headers["Content-Type"]) == (401, "application/problem+json")
    assert kept() == 0 and InboxTally.objects.count() == 0


def test_g17_the_secret_of_one_source_opens_no_other(secret: str) -> None:
    _, others = a_source("other")
    assert post(touched(), others).status_code == 401
    assert post(touched(), secret, slug="other").status_code == 401


def test_g17_the_secret_before_a_rotation_holds_for_its_day() -> None:
    old = new_secret()
    source, new = a_source(previous_secret=seal(old), previous_until_at=NOW + timedelta(hours=1))
    assert post(touched(1), old).status_code == post(touched(2), new).status_code == 202
    Source.objects.update(previous_until_at=NOW - timedelta(seconds=1))
    assert post(touched(3), old).status_code == 401
    assert source.secret not in ("", new) and new not in source.secret


def test_a_system_that_cannot_sign_has_a_secret_in_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive_events, "SHAPES", dict.fromkeys(SourceKind.values, SHAPES["generic"]))
    a_source("zap", "flat", secret="", path_digest=digest("right" * 8))
    client = Client()
    for token, status in (("right" * 8, {202}), ("wrong" * 8, {401})):
        body = json.dumps({"lead_id": "1", "email": "a@example.com"})
        assert client.post(f"/in/zap/{token}", body, content_type="application/json").status_code in status
    assert client.post("/in/zap", b"{}", content_type="application/json").status_code == 401


def test_our_own_ingest_tokens_are_good_enough_for_plain_events(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive_events, "SHAPES", dict.fromkeys(SourceKind.values, SHAPES["generic"]))
    a_source()
    a_source("hub", "hubspot")
    client, body = Client(), json.dumps(touched())
    for scope, slug, status in (("ingest", "crm", 202), ("read", "crm", 401), ("ingest", "hub", 401)):
        headers = {"Authorization": f"Bearer {token_of(cast.olu, scope)}"}
        response = client.post(f"/in/{slug}", body, content_type="application/json", headers=headers)
        assert response.status_code == status, (scope, slug)


UNREADABLE = {
    "nothing": b"",
    "no JSON": b"{",
    "trailing data": b"{} {}",
    "no UTF-8": b'{"a": "\xff"}',
    "a hundred thousand levels": b"[" * 100_000 + b"]" * 100_000,
    "an empty list": b"[]",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_f09_a_body_that_is_no_json_is_refused(name: str, secret: str) -> None:
    response = post(UNREADABLE[name], secret)
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json"), response
    assert kept() == 0


POISON = {
    "a key twice": b'{"type": "touch.logged", "type": "lead.created"}',
    "NaN": b'{"type": "touch.logged", "n": NaN}',
    "infinity": b'{"type": "touch.logged", "n": 1e999}',
    "5,000 digits": b'{"type": "touch.logged", "n": ' + b"9" * 5_000 + b"}",
    "a lone surrogate": b'{"type": "touch.logged", "n": "\\ud800"}',
    "NUL": b'{"type": "touch.logged", "n": "\\u0000"}',
    "a bare number": b"17",
    "null": b"null",
    "2**53 + 1": b'{"type": "touch.logged", "n": 9007199254740993}',
}


@pytest.mark.parametrize("name", POISON)
def test_f09_an_event_that_cannot_be_trusted_is_kept_and_breaks_nothing(name: str, secret: str) -> None:
    response = post(POISON[name], secret)
    assert response.status_code in (202, 400), response.content
    assert kept() == (response.status_code == 202)


def test_sizes_have_bounds(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert post(touched() | {"note": "x" * 2**18}, secret).status_code == 413
    assert post([touched(n) for n in range(1_001)], secret).status_code == 413
    assert post([touched(n) for n in range(1_000)], secret).status_code == 202
    monkeypatch.setattr(intake, "MOST_BATCH", 1_000)
    assert post([touched(n) for n in range(20)], secret).status_code == 413
    body = b"<html>"
    response = Client().post("/in/crm", body, content_type="text/html", headers=signed_headers(secret, body))
    assert response.status_code == 415


def test_a_sender_that_runs_wild_is_told_when_to_come_again(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BUCKETS", Buckets(rate=0.001, depth=2))
    assert post(touched(1), new_secret()).status_code == 401  # strangers do not use its pace up
    assert [post(touched(n), secret, name=f"m{n}").status_code for n in range(3)] == [202, 202, 429]
    assert int(post(touched(9), secret).headers["Retry-After"]) >= 1


def test_a_bucket_fills_again() -> None:
    buckets = Buckets(rate=10, depth=2)
    assert [buckets.wait_s("a", at_s) > 0 for at_s in (0, 0, 0, 0.05, 0.11, 0.11, 100, 100, 100)] == [
        False,
        False,
        True,
        True,
        False,
        True,
        False,
        False,
        True,
    ]
    assert buckets.wait_s("b", 0) == 0


TROUBLES = {
    "locked": (OperationalError("database is locked"), 503),
    "full": (OperationalError("database or disk is full"), 507),
    "read-only": (OperationalError("attempt to write a readonly database"), 503),
    "gone": (InterfaceError("the connection is closed"), 503),
    "queue": (Full(), 503),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_f4_what_cannot_be_kept_is_not_acknowledged(name: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error, status = TROUBLES[name]

    def fail(_: Sequence[Any]) -> None:
        raise error

    monkeypatch.setattr(receive_events.GROUP, "commit", fail)
    response = post(touched(), secret)
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert int(response.headers["Retry-After"]) >= 1
    monkeypatch.undo()
    assert post(touched(), secret).status_code == 202


def test_only_posting_is_answered(secret: str) -> None:
    assert secret
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        response = Client().generic(method, "/in/crm")
        assert (response.status_code, response.headers["Allow"]) == (405, "POST")
