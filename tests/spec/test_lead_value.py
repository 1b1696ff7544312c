"""What the leads that marketing delivers are worth: T6 of the worked examples, and how a lead finds its tier."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def test_t6_twelve_leads_of_three_tiers_are_worth_seven_hundred(spec: Any) -> None:
    grades = ["CEO"] * 3 + ["director"] * 4 + ["manager"] * 5
    leads = "\n".join(f"lead{n} | Mon 6 May 09:00 | {grade}" for n, grade in enumerate(grades))
    worth = {"CEO": "100", "director": "50", "manager": "40"}
    judged = spec(
        leads=f"lead | created_at | grade\n{leads}",
        kind="lead_value",
        target="700 points",
        party="marketing",
        agreement={"tiers": [{"id": g, "grades": [g], "worth": Decimal(w)} for g, w in worth.items()]},
        expect="lead | tier | amount\n"
        + "\n".join(f"lead{n} | {grade} | {worth[grade]}" for n, grade in enumerate(grades)),
    )
    assert judged.evaluation.tallies["speed"].amount.sum() == 700 * 10_000


def test_the_first_tier_that_fits_is_the_leads_tier(spec: Any) -> None:
    spec(
        leads="""lead  | created_at      | grade | source | score
                 ana   | Mon 6 May 09:00 | A     | fair   | 10
                 bea   | Mon 6 May 09:00 | A     | web    | 90
                 cleo  | Mon 6 May 09:00 | A     | web    | 80
                 dora  | Mon 6 May 09:00 | B     | web    |
                 emma  | Mon 6 May 09:00 |       | web    | 79.5""",
        kind="lead_value",
        target="700 points",
        agreement={
            "tiers": [
                {"id": "met us", "sources": ["fair"], "worth": 9},
                {"id": "hot", "grades": ["A"], "score_from": 80, "worth": "5.5"},
                {"id": "warm", "grades": ["A", "B"], "worth": 2},
            ]
        },
        expect="""lead  | tier   | amount
                  ana   | met us | 9
                  bea   | hot    | 5.5
                  cleo  | hot    | 5.5
                  dora  | warm   | 2
                  emma  |        | 0""",
    )
