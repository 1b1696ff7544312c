"""A card is computed once and read from then on, and what is read is what was computed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from tests.cards import month_card
from tests.fact_rows import rows
from tests.past_company import past_company
from tests.unit.test_score_agreement import AGREEMENT

from smarketing.ledger.folder import Folder
from smarketing.scorecard.card import Axis
from smarketing.scorecard.stored_card import card_from_json, is_final
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import FactsError
from smarketing.terms.period import read_period
from smarketing.terms.read_yaml import read_versions
from smarketing.workflows import read_scorecard as workflow
from smarketing.workflows.read_scorecard import read_scorecard

MAY, AUGUST = read_period("2025-05"), read_period("2025-08")
NOW = datetime(2025, 8, 20, 12, tzinfo=UTC)
LATER = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def facts(tmp_path: Path) -> Folder:
    return past_company(tmp_path / "facts", n_leads=120)


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Agreement, ...]:
    (tmp_path / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    return tuple(read_versions(tmp_path / "agreement.yaml"))


@pytest.fixture
def computed() -> Iterator[mock.Mock]:
    with mock.patch.object(workflow, "score", side_effect=workflow.score) as score:
        yield score


def test_a_card_comes_back_from_text_as_it_was(facts: Folder, versions: tuple[Agreement, ...]) -> None:
    real = read_scorecard(facts, versions, period=MAY, now=NOW, by=tuple(Axis))
    for card in (real, month_card(), month_card(today=31)):
        again = card_from_json(json.loads(json.dumps(card.to_json())))
        assert again == card
        assert json.dumps(again.to_json()) == json.dumps(card.to_json())


@pytest.mark.parametrize("content", [{}, {"commitments": []}, {"commitments": 3, "now": "yesterday"}])
def test_what_is_no_card_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        card_from_json(content)


def test_a_card_is_read_for_five_minutes_and_says_of_when_it_is(
    facts: Folder, versions: tuple[Agreement, ...], computed: mock.Mock
) -> None:
    first = read_scorecard(facts, versions, period=AUGUST, now=NOW)
    assert read_scorecard(facts, versions, period=AUGUST, now=NOW + timedelta(minutes=5)) == first
    assert first.now == NOW
    assert computed.call_count == 1
    second = read_scorecard(facts, versions, period=AUGUST, now=NOW + timedelta(minutes=6))
    assert second.now == NOW + timedelta(minutes=6)
    assert read_scorecard(facts, versions, period=AUGUST, now=second.now, fresh=timedelta(0)) == second
    assert computed.call_count == 2


def test_a_period_that_is_over_and_decided_is_computed_once(
    facts: Folder, versions: tuple[Agreement, ...], computed: mock.Mock
) -> None:
    card = read_scorecard(facts, versions, period=MAY, now=LATER)
    assert is_final(card)
    assert read_scorecard(facts, versions, period=MAY, now=LATER + timedelta(days=400)) == card
    assert computed.call_count == 1


def test_a_period_that_is_over_but_still_waits_is_computed_again(
    facts: Folder, versions: tuple[Agreement, ...], computed: mock.Mock
) -> None:
    assert not is_final(read_scorecard(facts, versions, period=read_period("2025-07"), now=NOW))
    read_scorecard(facts, versions, period=read_period("2025-07"), now=NOW + timedelta(hours=1))
    assert computed.call_count == 2


def test_facts_dated_later_keep_a_card_from_being_final(
    facts: Folder, versions: tuple[Agreement, ...], computed: mock.Mock
) -> None:
    facts.merge({"lead": rows("lead", {"lead_id": "late", "created_at": "2027-01-01T00:00:00Z"})})
    for later in (timedelta(0), timedelta(days=2)):
        read_scorecard(facts, versions, period=MAY, now=LATER + later)
    assert computed.call_count == 2


def test_an_earlier_instant_is_computed_and_does_not_take_the_place_of_the_latest(
    facts: Folder, versions: tuple[Agreement, ...], computed: mock.Mock
) -> None:
    latest = read_scorecard(facts, versions, period=AUGUST, now=NOW)
    assert read_scorecard(facts, versions, period=AUGUST, now=NOW - timedelta(days=3)).now == NOW - timedelta(days=3)
    assert read_scorecard(facts, versions, period=AUGUST, now=NOW) == latest
    assert computed.call_count == 2


def test_other_facts_terms_or_divisions_are_other_cards(
    facts: Folder, versions: tuple[Agreement, ...], computed: mock.Mock
) -> None:
    read_scorecard(facts, versions, period=MAY, now=LATER)
    read_scorecard(facts, versions, period=MAY, now=LATER, by=(Axis.REP,))
    other = versions[0].model_copy(update={"title": "Other"})
    assert read_scorecard(facts, [other], period=MAY, now=LATER).agreement.title == "Other"
    facts.merge({"lead": rows("lead", {"lead_id": "new", "created_at": "2025-05-05T10:00:00Z"})})
    card = read_scorecard(facts, versions, period=MAY, now=LATER)
    assert card.provenance.facts_sequence == facts.sequence
    assert computed.call_count == 4
    assert len(list((facts.path / "cards").glob("*.json"))) == 1


@pytest.mark.parametrize("text", ["", "[]", '{"at": 1, "is_final": true, "card": {}}'])
def test_a_damaged_card_only_costs_time(
    facts: Folder, versions: tuple[Agreement, ...], computed: mock.Mock, text: str
) -> None:
    first = read_scorecard(facts, versions, period=MAY, now=LATER)
    for path in (facts.path / "cards").glob("*.json"):
        path.write_text(text, encoding="utf-8")
    assert read_scorecard(facts, versions, period=MAY, now=LATER) == first
    assert computed.call_count == 2


def test_what_a_killed_writer_left_is_cleared_away(facts: Folder, versions: tuple[Agreement, ...]) -> None:
    torn = facts.path / "cards" / "00000000-000001-0.json.tmp"
    torn.parent.mkdir()
    torn.write_text('{"at": 1', encoding="utf-8")
    read_scorecard(facts, versions, period=MAY, now=LATER)
    assert not torn.exists()


def test_a_card_that_cannot_be_kept_is_a_sentence(facts: Folder, versions: tuple[Agreement, ...]) -> None:
    (facts.path / "cards").write_text("a file where a folder should be")
    with pytest.raises(FactsError, match="The scorecard cannot be kept"):
        read_scorecard(facts, versions, period=MAY, now=LATER)
