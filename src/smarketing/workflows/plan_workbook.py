"""Take the plan away as a workbook whose formulas go on reckoning."""

from __future__ import annotations

from datetime import datetime

from smarketing.reports.plan_xlsx import PlanSheet, plan_xlsx
from smarketing.terms.language import Words
from smarketing.terms.period import Grain
from smarketing.workflows.open_plan import OpenedPlan


def plan_workbook(opened: OpenedPlan, *, now: datetime, words: Words) -> bytes:
    """The worksheet as it stands, as a file."""
    sheet, measured = opened.sheet, opened.sheet.measured
    plan = PlanSheet(
        title=opened.title or words("Plan"),
        currency=sheet.currency,
        numbers=sheet.numbers,
        origins=sheet.origins,
        period=Grain(sheet.asked.period),
        promised=sheet.promised,
        tracker=measured.tracker if measured else None,
        baseline=measured.baseline if measured else None,
        now_on=measured.now_on if measured else None,
        warnings=sheet.warnings,
    )
    return plan_xlsx(plan, words=words, at=now)
