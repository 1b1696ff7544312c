"""How much revenue marketing brings."""

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


def test_revenue_counts_when_the_deal_is_won(spec: Any) -> None:
    spec(
        **HAPPENED,
        kind="sourced_revenue",
        target="80000 EUR",
        party="marketing",
        expect="""lead | at               | amount | void
                  ana  | Mon 10 Jun 10:00 | 700.5  |
                  ana  | Tue 11 Jun 10:00 | 80     | other_currency
                  bea  | Wed 12 Jun 10:00 | 300    |""",
    )


def test_a_deal_won_later_is_no_revenue_yet(spec: Any) -> None:
    spec(**HAPPENED, kind="sourced_revenue", target="80000 EUR", now="Sun 9 Jun 00:00", expect="lead")
