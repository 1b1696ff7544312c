"""The plan as a workbook that goes on reckoning: quota to leads, hours, what the past says, and the monthly tracker."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import polars as pl

from smarketing.plan.baseline import Baseline
from smarketing.plan.calculator import Inputs, lead_plan
from smarketing.plan.capacity import CapacityUse, capacity_use
from smarketing.plan.pieces import DAYS, Pieces, pieces
from smarketing.reports.live_sheet import LiveSheet, Looks, Value, down, up, when
from smarketing.reports.tracker_sheet import BASELINE, baseline_sheet, tracker_sheet
from smarketing.terms.agreement import Capacity
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain

MONTH_DAYS = "30.436875"  # of 400 years, exactly
DEFAULTS = {"reps": Fraction(1), "time_share": Fraction(1), "automated_share": Fraction(0)}
ORIGINS = {"typed": N_("typed"), "facts": N_("measured on the facts"), "agreement": N_("from the agreement")}
ASKED = (
    ("quota", N_("Sales quota"), "money"),
    ("marketing_share", N_("Share from marketing's leads"), "percent"),
    ("average_deal", N_("Average deal"), "money"),
    ("close_rate", N_("Close rate, lead to customer"), "percent"),
    ("win_rate", N_("Win rate, opportunity to customer"), "percent"),
)
HOURS = (
    ("reps", N_("Reps who share the leads"), "whole"),
    ("attempts", N_("Attempts promised per lead"), "number"),
    ("minutes_per_attempt", N_("Minutes of one attempt"), "number"),
    ("hours_per_rep", N_("Hours of one rep in a month"), "number"),
    ("time_share", N_("Share of those hours for marketing's leads"), "percent"),
    ("automated_share", N_("Share of attempts that are automated"), "percent"),
)


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """What the workbook is made from.

    numbers   what the plan was reckoned with, by name: those of ASKED and HOURS that are known
    origins   where each came from: typed, facts, agreement
    period    what the quota is for: month, quarter or year
    promised  leads a month that the agreement promises; None without one
    tracker   one row per month (plan.tracker.TRACKER), the running month last; None without facts
    warnings  sentences, in the reader's language
    """

    title: str
    currency: str
    numbers: Mapping[str, Fraction]
    origins: Mapping[str, str]
    period: Grain = Grain.MONTH
    promised: Fraction | None = None
    tracker: pl.DataFrame | None = None
    baseline: Baseline | None = None
    now_on: date | None = None
    warnings: Sequence[str] = ()


def plan_xlsx(plan: PlanSheet, *, words: Words, at: datetime) -> bytes:
    """The workbook. Cells that people may change look like it; every other number is a formula.

    A formula carries the value that the plan itself has, so the file reads the same before it is reckoned again.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": words("Plan"), "created": at.replace(tzinfo=None)})
    book.set_calc_mode("auto")
    looks = Looks(book, words, plan.currency)
    sheet = LiveSheet(book.add_worksheet(words("Plan")), looks)
    complete = _complete(plan)
    _plan_sheet(book, sheet, plan, words, has_past=complete is not None)
    if plan.tracker is not None and plan.now_on is not None and complete is not None and plan.baseline is not None:
        past, months = book.add_worksheet(words("Baseline")), book.add_worksheet(words("Tracker"))
        tracker_sheet(book, LiveSheet(months, looks), plan.tracker, plan.now_on, words)
        baseline_sheet(book, LiveSheet(past, looks), plan.baseline, complete, words)
    book.close()
    return file.getvalue()


def _complete(plan: PlanSheet) -> pl.DataFrame | None:
    """The complete months, where there is a past to reckon with."""
    if plan.tracker is None or plan.baseline is None or plan.now_on is None:
        return None
    months = plan.tracker.filter(pl.col("month") < plan.now_on.replace(day=1))
    return months if months.height else None


def _plan_sheet(book: object, sheet: LiveSheet, plan: PlanSheet, words: Words, *, has_past: bool) -> None:
    page = sheet.sheet
    page.set_column(0, 0, 46)
    page.set_column(1, 1, 18)
    page.set_column(2, 2, 58)
    page.hide_gridlines(2)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R&P / &N")
    page.freeze_panes(2, 0)
    sheet.text(0, plan.title or words("Plan"), "title")
    page.set_row(0, 28)
    sheet.row = 1
    sheet.text(0, words("Cells like this one are yours to change; everything else follows."), "note")
    sheet.value(1, None, "general", "input")
    sheet.row = 2
    cells = _Cells(book, sheet, words)
    _asked(cells, plan, has_past=has_past)
    _chain(cells, plan)
    _hours(cells, plan)
    _realism(cells, plan)


@dataclass
class _Cells:
    """Rows of label, value and note; each value has a name that formulas call it by."""

    book: object
    sheet: LiveSheet
    words: Words

    def put(
        self, name: str, label: str, value: Value, code: str, *, note: str = "", formula: str = "", role: str = ""
    ) -> None:
        sheet = self.sheet
        sheet.text(0, label)
        if formula:
            sheet.formula(1, formula, value, code, role or "derived")
        else:
            sheet.value(1, value, code, role or "input")
        sheet.text(2, note, "note")
        reference = sheet.sheet.get_name().replace("'", "''")
        self.book.define_name(name, f"='{reference}'!$B${sheet.row + 1}")  # type: ignore[attr-defined]
        sheet.row += 1


def _asked(cells: _Cells, plan: PlanSheet, *, has_past: bool) -> None:
    words = cells.words
    cells.sheet.section(words("What is asked"))
    for name, label, code in ASKED:
        value, origin = plan.numbers.get(name), plan.origins.get(name, "")
        measured = BASELINE.get(name, "") if origin == "facts" and has_past else ""
        note = words(ORIGINS[origin]) if origin in ORIGINS else ""
        cells.put(name, words(label), value, code, note=note, formula=measured, role="input")
    months = DAYS[plan.period] / DAYS[Grain.MONTH]
    cells.put("period_months", words("Months that the quota is for"), months, "whole", note=words("1, 3 or 12"))


def _chain(cells: _Cells, plan: PlanSheet) -> None:
    words, numbers = cells.words, plan.numbers
    chain = lead_plan(Inputs(**{name: numbers.get(name) for name, _, _ in ASKED}))
    needed = chain.leads_needed
    cells.sheet.section(words("What follows"))
    goal = when("quota", "marketing_share", then="quota*marketing_share")
    cells.put("revenue_goal", words("Revenue goal"), chain.revenue_goal.value, "money", formula=goal,
              note=words("quota × share from marketing's leads"))  # fmt: skip
    cells.put("customers_needed", words("Customers needed"), chain.customers.value, "number",
              formula=when("revenue_goal", "average_deal", then="revenue_goal/average_deal"),
              note=words("revenue goal ÷ average deal"))  # fmt: skip
    cells.put("leads_unrounded", words("Leads needed, exactly"), chain.leads.value, "number",
              formula=when("customers_needed", "close_rate", then="customers_needed/close_rate"),
              note=words("customers ÷ close rate"))  # fmt: skip
    cells.put("leads_needed", words("Leads needed"), needed, "whole", role="result",
              formula=when("leads_unrounded", then=up("leads_unrounded")),
              note=words("Needed leads are rounded up once, at the end."))  # fmt: skip
    cells.put("value_per_lead", words("Worth of a lead"), chain.value_per_lead.value, "money",
              formula='IF(OR(average_deal="",close_rate=""),"",average_deal*close_rate)',
              note=words("average deal × close rate"))  # fmt: skip
    cells.put("pipeline_needed", words("Pipeline needed"), chain.pipeline.value, "money",
              formula=when("revenue_goal", "win_rate", then="revenue_goal/win_rate"),
              note=words("revenue goal ÷ win rate"))  # fmt: skip
    cells.put("pipeline_coverage", words("Pipeline coverage"), chain.pipeline_coverage.value, "number",
              formula=when("pipeline_needed", "revenue_goal", then="pipeline_needed/revenue_goal"),
              note=words("pipeline ÷ revenue goal"))  # fmt: skip
    _pieces(cells, plan, needed)


def _pieces(cells: _Cells, plan: PlanSheet, needed: int | None) -> None:
    words = cells.words
    reps = int(plan.numbers.get("reps", DEFAULTS["reps"]))
    cut: Pieces | None = pieces(needed, DAYS[plan.period], reps=reps) if needed else None
    cells.sheet.section(words("In pieces"))
    days = f"(period_months*{MONTH_DAYS})"
    rows: tuple[tuple[str, str, Value, str], ...] = (
        ("leads_a_month", words("Leads a month"), cut.per_month if cut else None, "leads_needed/period_months"),
        ("leads_a_week", words("Leads a week"), cut.per_week if cut else None, f"leads_needed/{days}*7"),
        ("leads_a_day", words("Leads a day"), cut.per_day if cut else None, f"leads_needed/{days}"),
        ("leads_a_rep", words("Leads of one rep"), cut.per_rep if cut else None, "leads_needed/reps"),
        (
            "leads_a_rep_week",
            words("Leads of one rep in a week"),
            cut.per_rep_week if cut else None,
            f"leads_needed/{days}*7/reps",
        ),
    )
    for name, label, value, formula in rows:
        named = ("leads_needed", "period_months", *(("reps",) if "reps" in formula else ()))
        cells.put(name, label, value, "number", formula=when(*named, then=formula))


def _hours(cells: _Cells, plan: PlanSheet) -> None:
    words = cells.words
    known = DEFAULTS | dict(plan.numbers)
    cells.sheet.section(words("The hours behind it"))
    for name, label, code in HOURS:
        origin = plan.origins.get(name, "")
        note = words(ORIGINS[origin]) if origin in ORIGINS else ""
        cells.put(name, words(label), known.get(name), code, note=note)
    use, some = _use(plan, known), _known_hours(plan, known)
    by_hand = "leads_rep_month*attempts*minutes_per_attempt/60"
    team = ("leads_rep_month", "attempts", "minutes_per_attempt")
    able = ("hours_needed", "hours_available")
    one = "leads_rep_month*minutes_per_attempt*(1-automated_share)"
    rows: tuple[tuple[str, str, Value, str, str], ...] = (
        ("leads_rep_month", words("Leads of one rep in a month"), some.get("leads_rep_month"), "number",
         when("leads_needed", "period_months", "reps", then="leads_needed/period_months/reps")),
        ("hours_needed", words("Hours they take of one rep in a month"), some.get("hours_needed"), "number",
         when(*team, then=f"{by_hand}*(1-automated_share)")),
        ("hours_available", words("Hours one rep has for them"), some.get("hours_available"), "number",
         when("hours_per_rep", "time_share", then="hours_per_rep*time_share")),
        ("used_share", words("Share of the hours that is used"), use.used_ratio if use else None, "percent",
         when(*able, then="hours_needed/hours_available")),
        ("affordable_attempts", words("Attempts per lead that fit"), use.affordable_attempts if use else None, "whole",
         when(*able, *team, then=down(f"hours_available*60/({one})"))),
        ("affordable_leads", words("Leads a month that fit, over all reps"),
         use.affordable_leads if use else None, "whole",
         when(*able, *team, then=down(f"hours_available*60*reps/({one})*leads_rep_month/attempts"))),
        ("hours_freed", words("Hours that automation spares one rep"), some.get("hours_freed"), "number",
         when(*team, then=f"{by_hand}*automated_share")),
        ("automation_needed", words("Share of attempts to automate so that it fits"),
         use.automation_needed if use else None, "percent",
         when(*able, then=f"MAX(0,1-hours_available/({by_hand}))")),
        ("reps_needed", words("Reps who would make it fit"), use.reps_needed if use else None, "whole",
         when(*able, then=up("hours_needed*reps/hours_available"))),
    )  # fmt: skip
    for name, label, value, code, formula in rows:
        cells.put(name, label, value, code, formula=formula, role="result" if name == "used_share" else "derived")
    fits, over = words("fits"), words("does not fit")
    said = None if use is None else fits if use.is_affordable else over
    text = f'IF(used_share<=1,"{_quoted(fits)}","{_quoted(over)}")'
    cells.put("does_it_fit", words("Does the promise fit?"), said, "general", formula=when("used_share", then=text))


def _use(plan: PlanSheet, known: Mapping[str, Fraction]) -> CapacityUse | None:
    """What the plan says of the same team; None until enough is known."""
    needed = _needed(plan)
    names = ("reps", "attempts", "minutes_per_attempt", "hours_per_rep", "time_share")
    if not needed or any(known.get(name, Fraction(0)) <= 0 for name in names) or known["automated_share"] >= 1:
        return None
    team = Capacity(
        reps=int(known["reps"]),
        hours_per_rep=_decimal(known["hours_per_rep"]),
        marketing_share=_decimal(known["time_share"]),
        minutes_per_attempt=_decimal(known["minutes_per_attempt"]),
        automated_share=_decimal(known["automated_share"]),
    )
    return capacity_use(Fraction(needed) * DAYS[Grain.MONTH] / DAYS[plan.period], known["attempts"], team)


def _known_hours(plan: PlanSheet, known: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The hours that can be told before everything is known; the same names as their cells."""
    needed, found = _needed(plan), {}
    if all(known.get(name, 0) > 0 for name in ("hours_per_rep", "time_share")):
        found["hours_available"] = known["hours_per_rep"] * known["time_share"]
    if needed and known["reps"] > 0:
        found["leads_rep_month"] = needed * DAYS[Grain.MONTH] / DAYS[plan.period] / known["reps"]
        if all(known.get(name, 0) > 0 for name in ("attempts", "minutes_per_attempt")):
            by_hand = found["leads_rep_month"] * known["attempts"] * known["minutes_per_attempt"] / 60
            found["hours_needed"] = by_hand * (1 - known["automated_share"])
            found["hours_freed"] = by_hand * known["automated_share"]
    return found


def _needed(plan: PlanSheet) -> int | None:
    return lead_plan(Inputs(**{name: plan.numbers.get(name) for name, _, _ in ASKED})).leads_needed


def _realism(cells: _Cells, plan: PlanSheet) -> None:
    """Whether the past has ever brought as much, and whatever else speaks against the plan."""
    words = cells.words
    cells.sheet.section(words("Is it realistic?"))
    if plan.promised is not None:
        cells.put("promised_leads", words("Leads a month that the agreement promises"), plan.promised, "number",
                  note=words(ORIGINS["agreement"]))  # fmt: skip
    complete = _complete(plan)
    if complete is not None and plan.baseline is not None:
        best = int(complete[plan.baseline.counted].max() or 0)  # type: ignore[arg-type]
        cells.put("best_month", words("The best month so far"), best, "whole", formula=BASELINE["best_month"])
    for warning in plan.warnings:
        cells.sheet.sheet.merge_range(cells.sheet.row, 0, cells.sheet.row, 2, "", cells.sheet.looks("text", "note"))
        cells.sheet.text(0, warning, "note")
        cells.sheet.sheet.set_row(cells.sheet.row, 30)
        cells.sheet.row += 1


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _quoted(text: str) -> str:
    return text.replace('"', '""')
