"""What share of a cohort goes on to another stage, each lead within the same time."""

from __future__ import annotations

from typing import Any

HAPPENED: dict[str, str] = {
    "leads": """lead    | created_at      | source
                soon    | Mon 1 Jan 09:00 | web
                late    | Mon 1 Jan 09:00 | web
                never   | Mon 1 Jan 09:00 | fair
                not mql | Mon 1 Jan 09:00 | web
                young   | Mon 1 Jul 09:00 | web""",
    "stages": """lead  | at              | stage
                 soon  | Tue 2 Jan 10:00 | mql
                 soon  | Mon 5 Feb 10:00 | mql
                 soon  | Fri 1 Mar 10:00 | customer
                 late  | Tue 2 Jan 10:00 | mql
                 never | Tue 2 Jan 10:00 | mql
                 young | Tue 2 Jul 10:00 | mql""",
    "deals": """lead  | created_at       | closed_at      | status
                late  | Mon 5 Feb 10:00  | Tue 2 Apr 10:00 | won
                never | Mon 5 Feb 10:00  | Tue 6 Feb 10:00 | lost""",
}


def test_a_cohort_matures_before_it_is_judged(spec: Any) -> None:
    spec(
        **HAPPENED,
        kind="conversion_rate",
        target="20 %",
        stage="mql",
        to_stage="customer",
        lag="90 clock days",
        now="Mon 2 Sep 00:00",
        expect="""lead  | start           | due              | stop            | verdict
                  soon  | Tue 2 Jan 10:00 | Mon 1 Apr 10:00  | Fri 1 Mar 10:00 | met
                  late  | Tue 2 Jan 10:00 | Mon 1 Apr 10:00  | Tue 2 Apr 10:00 | breached
                  never | Tue 2 Jan 10:00 | Mon 1 Apr 10:00  | never           | breached
                  young | Tue 2 Jul 10:00 | Mon 30 Sep 10:00 | never           | running""",
    )


def test_marketing_answers_for_its_own_sources(spec: Any) -> None:
    spec(
        **HAPPENED,
        kind="conversion_rate",
        target="20 %",
        party="marketing",
        stage="mql",
        lag="90 clock days",
        agreement={"counting": {"marketing_sources": ["fair"]}},
        expect="""lead
                  never""",
    )


def test_without_a_stage_every_lead_is_in_the_cohort(spec: Any) -> None:
    spec(
        **HAPPENED,
        kind="conversion_rate",
        target="20 %",
        to_stage="opportunity",
        lag="60 clock days",
        expect="""lead    | verdict
                  soon    | breached
                  late    | met
                  never   | met
                  not mql | breached
                  young   | breached""",
    )
