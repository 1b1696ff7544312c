"""What each operation answers: numbers, leads, clocks, explanations, agreements, pages, ETags."""

from __future__ import annotations

import re

import pytest
from tests.cast import Cast
from tests.negotiations import changed
from tests.web.programs import COMPANY, Program, program, refused, said

from smarketing.records.models import Event, Version

MARCH = "scorecards/company?period=2025-03"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def sam(company: Cast) -> Program:
    return program(company.sam)


def test_the_index_names_what_the_token_opens(sam: Program) -> None:
    links = said(sam.get("/api/v1/"))["links"]
    assert set(links) == {"agreements", "scorecards", "leads", "clocks", "jobs", "sources", "openapi"}
    for href in links.values():
        assert sam.get(href).status_code == 200


def test_scorecards(sam: Program) -> None:
    assert [each["id"] for each in said(sam.get("scorecards"))] == ["company"]
    card = said(sam.get(MARCH))
    assert [line["id"] for line in card["commitments"]] == ["volume", "speed"]
    assert INSTANT.fullmatch(card["now"])


def test_one_promise_is_the_line_of_its_card(sam: Program) -> None:
    line = said(sam.get("scorecards/company/commitments/volume?period=2025-03"))
    assert line["id"] == "volume" and line["actual"] == said(sam.get(MARCH))["commitments"][0]["actual"]
    refused(sam.get("scorecards/company/commitments/none?period=2025-03"), 404)


def test_numbers_agree_with_the_leads_behind_them(sam: Program) -> None:
    speed = said(sam.get("scorecards/company/commitments/speed?period=2025-03"))
    asked = "leads?agreement=company&commitment=speed&period=2025-03&verdict="
    for verdict in ("met", "breached"):
        assert said(sam.get(f"{asked}{verdict}"))["n"] == speed[f"n_{verdict}"]


def test_a_scorecard_of_one_team_says_what_its_leads_say(sam: Program) -> None:
    whole = said(sam.get("scorecards/company/commitments/speed?period=2025-03"))
    assert said(sam.get("scorecards/company/commitments/speed?period=2025-03&team=nobody"))["n_met"] == 0
    for verdict in ("met", "breached"):
        asked = f"leads?agreement=company&commitment=speed&period=2025-03&verdict={verdict}&size=200"
        teams = {each["team"] or "-" for each in said(sam.get(asked))["leads"]}
        cards = [said(sam.get(f"scorecards/company/commitments/speed?period=2025-03&team={team}")) for team in teams]
        assert len(cards) > 1 and sum(card[f"n_{verdict}"] for card in cards) == whole[f"n_{verdict}"]


def test_an_earlier_card_is_as_it_was(sam: Program) -> None:
    then = said(sam.get(f"{MARCH}&at=2025-03-10T12:00:00Z"))
    assert then["now"].startswith("2025-03-10T12:00:00")
    for wrong in ("2025-03-10", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"):
        refused(sam.get(f"{MARCH}&at={wrong}"), 400)


def test_a_page_is_as_long_as_asked(sam: Program) -> None:
    found = said(sam.get("leads?size=3&page=2"))
    assert (len(found["leads"]), found["page"], found["n_pages"]) == (3, 2, -(-found["n"] // 3))
    first = {each["lead_id"] for each in said(sam.get("leads?size=3"))["leads"]}
    assert not first & {each["lead_id"] for each in found["leads"]}
    for wrong in ("0", "201", "many"):
        refused(sam.get(f"leads?size={wrong}"), 422)


def test_a_lead_its_clocks_and_why(sam: Program) -> None:
    row = said(sam.get("leads?verdict=breached&commitment=speed&size=50"))["leads"][0]
    where = f"leads/{row['src']}/{row['lead_id']}"
    assert said(sam.get(where)) == row
    assert INSTANT.fullmatch(row["created_at"])
    clock = next(each for each in row["clocks"] if each["commitment"] == "speed")
    assert clock["verdict"] == "breached" and INSTANT.fullmatch(clock["due_at"])
    why = said(sam.get(f"{where}/explanations"))
    assert [each["commitment"]["id"] if isinstance(each["commitment"], dict) else each["commitment"] for each in why]
    refused(sam.get("leads/crm/none"), 404)
    refused(sam.get("leads/crm/none/explanations"), 404)


def test_clocks_are_rows_of_the_asked_verdict(sam: Program) -> None:
    found = said(sam.get("clocks?commitment=speed&verdict=breached"))["clocks"]
    assert found and {(each["commitment"], each["verdict"]) for each in found} == {("speed", "breached")}


def test_pages_lead_to_each_other_and_lose_nobody(sam: Program) -> None:
    first = sam.get("leads?size=100&sort=-created")
    page, seen = said(first), []
    assert 'rel="next"' in first.headers["Link"] and 'rel="prev"' not in first.headers["Link"]
    while True:
        seen += [each["lead_id"] for each in page["leads"]]
        if page["next"] is None:
            break
        last = sam.get(page["next"])
        page = said(last)
    assert len(seen) == len(set(seen)) == page["n"] == 260
    assert 'rel="prev"' in last.headers["Link"] and 'rel="next"' not in last.headers["Link"]


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("leads?page=0", "page"),
        ("leads?page=x", "page"),
        ("leads?sort=mood", "sort"),
        ("leads?verdict=late", "verdict"),
        ("leads?day=soon", "day"),
        ("leads?weekday=7", "weekday"),
    ],
)
def test_what_cannot_be_read_is_named(sam: Program, path: str, where: str) -> None:
    assert where in refused(sam.get(path), 400).get("where", "")


def test_a_period_that_is_none_is_refused(sam: Program) -> None:
    for path in ("leads?period=soon", "clocks?period=2025-W60", "scorecards/company?period=2025-13"):
        assert "2024-05" in refused(sam.get(path), 422)["detail"]


def test_names_of_reps_are_for_those_who_may_see_them(company: Cast) -> None:
    def owners(program: Program) -> set[str]:
        return {each["owner"] for each in said(program.get("leads?size=200"))["leads"]}

    assert owners(program(company.olu)) >= {"Rita", "Sam", "Tom"}
    for person in (company.maya, company.eva):
        asks = program(person)
        assert owners(asks) and not owners(asks) & {"Rita", "Sam", "Tom"}
        row = said(asks.get("leads?verdict=met&commitment=speed"))["leads"][0]
        texts = [asks.get(path).content.decode() for path in (MARCH, f"leads/crm/{row['lead_id']}/explanations")]
        assert not re.search(r"\b(Rita|Tom)\b", " ".join(texts))


def test_agreements_versions_yaml_and_changes(company: Cast) -> None:
    asks = program(company.sam, "admin")
    before = len(said(asks.get("agreements/company/versions")))
    text = changed("80 % within", "90 % within", COMPANY).replace("version: 1", "version: 2")
    made = said(asks.ask("POST", "agreements/drafts", {"text": text}), 201)
    assert (made["id"], made["version"], made["status"], before) == ("company", 2, "draft", 1)
    assert Event.objects.filter(verb="draft_agreement", by=company.sam).count() == 1
    assert [each["version"] for each in said(asks.get("agreements/company/versions"))] == [2, 1]
    assert said(asks.get("agreements/company"))["version"] == 1
    assert said(asks.get("agreements/company/versions/2"))["fingerprint"] == made["fingerprint"]
    yaml = asks.get("agreements/company/versions/2/yaml")
    assert yaml.headers["Content-Type"].startswith("application/yaml") and "90 %" in yaml.content.decode()
    changes = said(asks.get("agreements/company/versions/2/changes"))
    assert [each["effect"] for each in changes["differences"] if each["effect"]] == ["stronger"]
    refused(asks.get("agreements/company/versions/1/changes"), 404)
    refused(asks.get("agreements/company/versions/9"), 404)


def test_a_draft_that_cannot_be_obeyed_leaves_nothing(company: Cast) -> None:
    asks = program(company.sam, "admin")
    assert "mood" in refused(asks.ask("POST", "agreements/drafts", {"text": COMPANY + "mood: good\n"}), 422)["title"]
    assert refused(asks.ask("POST", "agreements/drafts", {"words": ""}), 422)["errors"][0]["where"].startswith("body")
    refused(asks.ask("POST", "agreements/drafts"), 422)
    assert Version.objects.count() == 1


def test_a_token_of_another_team_drafts_nothing_here(company: Cast) -> None:
    assert program(company.zoe, "admin").ask("POST", "agreements/drafts", {"text": COMPANY}).status_code in (400, 422)
    refused(program(company.sam).ask("POST", "agreements/drafts", {"text": COMPANY}), 404)
    assert Version.objects.count() == 1


def test_what_did_not_change_is_not_sent_again(sam: Program) -> None:
    first = sam.get("agreements/company")
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    again = sam.get("agreements/company", If_None_Match=f'"other", {tag}')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert sam.get("agreements/company", If_None_Match='"other"').status_code == 200
    assert sam.get("agreements/company", If_None_Match="nonsense").status_code == 200
    assert sam.get("agreements").headers["ETag"] != tag


def test_a_head_is_a_get_without_its_body(sam: Program) -> None:
    whole, head = sam.get("leads"), sam.ask("HEAD", "leads")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Link", "Content-Type"):
        assert head.headers[name] == whole.headers[name]
    assert int(head.headers["Content-Length"]) == len(whole.content)
    assert sam.ask("HEAD", "agreements/none").status_code == 404


def test_caches_keep_nothing_for_others(sam: Program) -> None:
    response = sam.get("leads")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept-Language"} <= set(response.headers["Vary"].split(", "))
    assert "Access-Control-Allow-Origin" not in sam.get("leads", Origin="https://elsewhere.example").headers


def test_problems_speak_the_language_of_the_request(sam: Program) -> None:
    for language in ("en", "es", "it"):
        response = sam.get("agreements/none", Accept_Language=f"{language}-CH,fr;q=0.5")
        assert response.headers["Content-Language"] == language
    assert sam.get("agreements/none", Accept_Language="xx").headers["Content-Language"] == "en"
