"""How many opportunities sales opens."""

from __future__ import annotations

from typing import Any

HAPPENED: dict[str, Any] = {
    "leads": """lead | created_at      | source | owner
                ana  | Mon 1 Apr 09:00 | web    | rita
                bea  | Mon 1 Apr 09:00 | cold   | rita""",
    "deals": """lead | created_at      | closed_at        | status | amount | currency | owner
                ana  | Mon 6 May 10:00 |                  | open   | 5000   | EUR      | rita
                ana  | Tue 7 May 10:00 | Mon 10 Jun 10:00 | won    | 700.5  | EUR      | sam
                ana  | Wed 8 May 10:00 | Mon 10 Jun 10:00 | lost   | 900    | EUR      | rita
                ana  | Thu 9 May 10:00 | Tue 11 Jun 10:00 | won    | 80     | USD      | rita
                bea  | Mon 6 May 11:00 | Wed 12 Jun 10:00 | won    | 300    |          | sam""",
}
OURS = {"counting": {"marketing_sources": ["web"]}}


def test_sales_opened_five_opportunities_whatever_became_of_them(spec: Any) -> None:
    spec(
        **HAPPENED,
        kind="opportunities_created",
        target="30 opportunities",
        agreement=OURS,
        expect="""lead | owner | at              | amount
                  ana  | rita  | Mon 6 May 10:00 | 1
                  ana  | sam   | Tue 7 May 10:00 | 1
                  ana  | rita  | Wed 8 May 10:00 | 1
                  ana  | rita  | Thu 9 May 10:00 | 1
                  bea  | sam   | Mon 6 May 11:00 | 1""",
    )


def test_a_promise_may_be_about_one_reps_deals(spec: Any) -> None:
    spec(
        **HAPPENED,
        kind="opportunities_created",
        target="30 opportunities",
        only={"reps": ["sam"]},
        expect="""lead | owner
                  ana  | sam
                  bea  | sam""",
    )
