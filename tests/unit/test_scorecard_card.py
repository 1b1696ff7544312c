"""A card as JSON: plain values, stable keys, nothing that JSON does not know."""

from __future__ import annotations

import json

from tests.builders import a_commitment, a_history, an_agreement
from tests.scoring import a_card

from smarketing.scorecard.card import Counts, Group, plain

PIECES = {
    "agreement",
    "period",
    "now",
    "parties",
    "total",
    "commitments",
    "funnel",
    "sources",
    "tiers",
    "heat",
    "steps",
    "only",
}


def test_a_whole_card_survives_the_round_trip() -> None:
    past = a_history(leads=[{"lead": "ana", "created_at": "2024-05-06 10:00", "owner": "rita"}])
    volume = a_commitment("lead_volume", "3 leads", id="volume", party="marketing")
    card = a_card(past, an_agreement(a_commitment(), volume), by=["rep", "tier", "source", "team", "week", "day"])
    answer = card.to_json()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert set(answer) == PIECES | {"provenance"}
    assert answer["now"] == "2024-07-01T00:00:00Z"
    assert answer["commitments"][0]["groups"]["rep"][0]["id"] == "rita"


def test_attainment_stands_beside_its_counts_and_is_null_without_any() -> None:
    assert plain(Group(n_met=3, n_breached=1, id="rita"))["attainment"] == 0.75
    assert Counts(n_running=4, n_void=1).attainment is None
    assert Counts(n_met=1, n_breached=3).n_judged == 4
