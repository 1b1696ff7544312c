"""What a plan is asked for, read from the address: everything that is typed is in it."""

from __future__ import annotations

from django.http import QueryDict

from smarketing.workflows.plan_worksheet import AMOUNTS, LENGTHS, RATIOS, STAGES, Asked

LONGEST = 40  # letters of a number


def asked_of(query: QueryDict) -> Asked:
    """What was typed; choices that do not exist fall back to the usual ones."""
    said = {name: query.get(name, "")[:LONGEST] for name in (*AMOUNTS, *RATIOS)}
    period, stage, months = query.get("period", ""), query.get("stage", ""), query.get("months", "")
    return Asked(
        said=said,
        period=period if period in LENGTHS else "month",
        months=int(months) if months in ("6", "12", "24") else 12,
        stage=stage if stage in STAGES else "",
    )
