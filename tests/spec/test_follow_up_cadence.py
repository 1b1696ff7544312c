"""How long an open opportunity waits between touches."""

from __future__ import annotations

from typing import Any


def test_every_silence_on_an_open_deal_is_a_clock(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 3 Jun 09:00""",
        deals="""lead | created_at      | closed_at        | status | owner
                 ana  | Mon 3 Jun 10:00 | Mon 24 Jun 10:00 | won    | rita""",
        touches="""lead | at               | how
                   ana  | Fri 31 May 10:00 |
                   ana  | Wed 5 Jun 10:00  |
                   ana  | Wed 5 Jun 10:00  | connected
                   ana  | Thu 6 Jun 10:00  | automated
                   ana  | Thu 20 Jun 10:00 |
                   ana  | Mon 1 Jul 10:00  |""",
        kind="follow_up_cadence",
        target="at most 5 business days",
        expect="""episode | owner | start            | due              | stop             | verdict
                  0       | rita  | Mon 3 Jun 10:00  | Mon 10 Jun 17:00 | Wed 5 Jun 10:00  | met
                  1       | rita  | Wed 5 Jun 10:00  | Wed 12 Jun 17:00 | Thu 20 Jun 10:00 | breached
                  2       | rita  | Thu 20 Jun 10:00 | Thu 27 Jun 17:00 | Mon 24 Jun 10:00 | met""",
    )


def test_a_deal_that_is_still_open_has_a_silence_that_still_runs(spec: Any) -> None:
    spec(
        leads="""lead | created_at      | owner
                 ana  | Mon 3 Jun 09:00 | rita""",
        deals="""lead | created_at
                 ana  | Mon 3 Jun 10:00""",
        touches="""lead | at
                   ana  | Wed 5 Jun 10:00""",
        kind="follow_up_cadence",
        target="at most 5 business days",
        now="Fri 7 Jun 10:00",
        expect="""episode | owner | stop            | verdict
                  0       | rita  | Wed 5 Jun 10:00 | met
                  1       | rita  | never           | running""",
    )


def test_a_lead_without_a_deal_has_no_cadence_to_keep(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 3 Jun 09:00""",
        kind="follow_up_cadence",
        target="at most 5 business days",
        expect="lead",
    )
