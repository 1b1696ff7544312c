"""Who a program is: scopes, tokens that do not hold any more, and what a session opens."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cast import Cast
from tests.web.programs import LONG_AGO, NOW, ROOT, Program, program, refused, said, token_of

from smarketing.records.models import ApiToken
from smarketing.workflows.disable_person import disable_person
from smarketing.workflows.revoke_token import revoke_token

READ = ("agreements", "scorecards", "leads", "clocks")


def test_nobody_is_told_how_to_sign_in(cast: Cast) -> None:  # noqa: ARG001 — somebody lives here
    response = Program().get("agreements")
    assert "Authorization: Bearer smk_" in refused(response, 401)["detail"]
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
def test_before_the_first_run_programs_are_not_sent_to_a_page() -> None:
    refused(Program().get("agreements"), 401)


def test_the_scheme_may_be_written_small(cast: Cast) -> None:
    raw = token_of(cast.sam)
    for scheme in ("Bearer", "bearer", "BEARER"):
        said(Program().get("agreements", Authorization=f"{scheme} {raw}"))


@pytest.mark.parametrize(
    "header",
    ["", " ", "Bearer", "Bearer ", "Bearer smk_", "Basic c21rXzo=", "smk_x", "Bearer é", "Bearer " + "x" * 9000],
)
def test_what_is_no_token_opens_nothing(cast: Cast, header: str) -> None:  # noqa: ARG001 — somebody lives here
    response = Program().get("agreements", Authorization=header)
    refused(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_two_tokens_at_once_are_none(cast: Cast) -> None:
    raw, other = token_of(cast.sam), token_of(cast.olu)
    refused(Program().get("agreements", Authorization=f"Bearer {raw},Bearer {other}"), 401)
    refused(Program().get("agreements", Authorization=f"Bearer {raw} {other}"), 401)


def test_a_token_in_the_address_is_refused_even_where_it_is_good(cast: Cast) -> None:
    raw = token_of(cast.sam)
    for query in (f"token={raw}", f"q=a&access_token={raw}"):
        assert raw not in str(refused(Program(raw).get(f"leads?{query}"), 400))


def test_tokens_end(cast: Cast) -> None:
    refused(Program(token_of(cast.sam, expires_at=LONG_AGO)).get("agreements"), 401)
    refused(Program(token_of(cast.sam, revoked_at=LONG_AGO)).get("agreements"), 401)
    refused(Program(token_of(cast.dora)).get("agreements"), 401)


def test_revoked_and_disabled_are_shut_out_at_the_next_request(cast: Cast) -> None:
    sam, rita = program(cast.sam), program(cast.rita)
    said(sam.get("agreements"))
    revoke_token(token=ApiToken.objects.get(person=cast.sam), by=cast.sam, now=NOW)
    disable_person(person=cast.rita, by=cast.olu, now=NOW)
    refused(sam.get("agreements"), 401)
    refused(rita.get("agreements"), 401)


def test_a_session_opens_no_api(cast: Cast) -> None:
    refused(cast.client_of(cast.olu).get(f"{ROOT}/agreements"), 401)


def test_a_token_needs_no_form_of_ours(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token_of(cast.olu, 'admin')}"})
    response = client.post(f"{ROOT}/agreements/drafts", {"text": "id: [1"}, content_type="application/json")
    refused(response, 422)


def test_a_token_opens_no_page(cast: Cast) -> None:
    response = program(cast.olu, "admin").get("/settings/people/")
    assert response.status_code == 302


def test_an_ingest_token_reads_no_numbers(company: Cast) -> None:
    asks = program(company.olu, "ingest")
    for path in (*READ, "scorecards/company", "agreements/company", "leads/crm/L0001"):
        refused(asks.get(path), 404)
    assert said(asks.get("imports"))["n"] == 0


def test_a_read_token_writes_nothing(company: Cast) -> None:
    asks = program(company.olu)
    refused(asks.ask("POST", "agreements/drafts", {"text": "id: a"}), 404)
    refused(asks.upload([], profile="generic"), 404)
    refused(asks.ask("DELETE", "imports/any"), 404)
    refused(asks.get("imports"), 404)


def test_an_admin_token_does_what_its_person_does(company: Cast) -> None:
    asks = program(company.olu, "admin")
    for path in (*READ, "imports", "jobs", "scorecards/company?period=2025-03"):
        said(asks.get(path))
    assert set(said(asks.get("/api/v1/"))["links"]) == {*READ, "imports", "jobs", "sources", "openapi"}


def test_an_admin_token_of_somebody_else_is_no_administrator(company: Cast) -> None:
    assert said(program(company.rita, "admin").get("leads"))["n"] == 0
    refused(program(company.rita, "admin").get("imports"), 404)


def test_a_stranger_finds_nothing(company: Cast) -> None:
    for person in (company.zed, company.zoe):
        asks = program(person, "admin")
        assert said(asks.get("agreements")) == said(asks.get("scorecards")) == []
        assert said(asks.get("leads"))["n"] == 0
        paths = ["agreements/company", "agreements/company/versions", "scorecards/company"]
        paths += [f"agreements/company/versions/1{part}" for part in ("", "/yaml", "/changes")]
        paths += ["scorecards/company/commitments/speed", "leads/crm/L0001", "leads/crm/L0001/explanations"]
        paths += ["leads?agreement=company", "clocks?agreement=company", "imports/none", "jobs/1"]
        for path in paths:
            foreign, absent = refused(asks.get(path), 404), refused(asks.get(path.replace("company", "nobody")), 404)
            assert foreign["title"] == absent["title"]
