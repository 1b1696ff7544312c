"""How many leads marketing delivers: those that first reach a stage in the period."""

from __future__ import annotations

from typing import Any


def test_a_stage_counts_once_the_first_time(spec: Any) -> None:
    spec(
        leads="""lead  | created_at
                 again | Mon 6 May 09:00
                 once  | Mon 6 May 09:00
                 never | Mon 6 May 09:00""",
        stages="""lead  | at               | stage
                  again | Mon 13 May 09:00 | mql
                  again | Mon 20 May 09:00 | recycled
                  again | Mon 10 Jun 09:00 | mql
                  once  | Tue 14 May 09:00 | mql""",
        kind="lead_volume",
        target="140 mqls",
        party="marketing",
        stage="mql",
        expect="""lead  | at               | amount
                  again | Mon 13 May 09:00 | 1
                  once  | Tue 14 May 09:00 | 1""",
    )


def test_only_marketings_sources_count_when_marketing_promises(spec: Any) -> None:
    facts = {
        "leads": """lead | created_at      | source
                    ana  | Mon 6 May 09:00 | organic
                    bea  | Mon 6 May 09:00 | referral
                    cleo | Mon 6 May 09:00 |""",
        "kind": "lead_volume",
        "target": "140 leads",
        "agreement": {"counting": {"marketing_sources": ["organic", "email"]}},
    }
    spec(
        **facts,
        party="marketing",
        expect="""lead
                  ana""",
    )
    spec(
        **facts,
        party="sales",
        expect="""lead
                  ana
                  bea
                  cleo""",
    )


def test_a_duplicate_is_void_for_marketing_too(spec: Any) -> None:
    spec(
        leads="""lead | created_at      | void
                 ana  | Mon 6 May 09:00 | duplicate
                 bea  | Mon 6 May 09:00 |""",
        kind="lead_volume",
        target="140 leads",
        party="marketing",
        expect="""lead | void
                  ana  | duplicate
                  bea  |""",
    )


def test_what_comes_later_than_now_has_not_happened(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 6 May 09:00
                 bea  | Tue 7 May 09:00""",
        kind="lead_volume",
        target="140 leads",
        now="Tue 7 May 08:59",
        expect="""lead
                  ana""",
    )
