"""The plan as a workbook: every number is live, and shows what the plan itself has before anybody reckons."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import polars as pl
import pytest
from tests.reckoning import Reckoner

from smarketing.plan.baseline import baseline
from smarketing.plan.calculator import Inputs, lead_plan
from smarketing.plan.capacity import capacity_use
from smarketing.plan.tracker import TRACKER
from smarketing.reports.plan_xlsx import PlanSheet, plan_xlsx
from smarketing.terms.agreement import Capacity
from smarketing.terms.language import words
from smarketing.terms.period import Grain

AT = datetime(2026, 10, 21, 15, 30, tzinfo=UTC)
TODAY = date(2026, 10, 21)
NUMBERS = {
    "quota": Fraction(150_000),
    "marketing_share": Fraction(3, 5),
    "average_deal": Fraction(7000),
    "close_rate": Fraction(3, 100),
    "win_rate": Fraction(1, 4),
    "reps": Fraction(5),
    "attempts": Fraction(6),
    "minutes_per_attempt": Fraction(5),
    "hours_per_rep": Fraction(150),
    "time_share": Fraction(2, 5),
    "automated_share": Fraction(1, 5),
}


def a_tracker(n_months: int = 15) -> pl.DataFrame:
    """Months up to the running October 2026."""
    rows: list[dict[str, Any]] = []
    for back in range(n_months - 1, -1, -1):
        total = 2026 * 12 + 9 - back
        n, is_quiet = 100 + (back * 37) % 60, back % 5 == 2
        rows.append(
            {
                "month": date(total // 12, total % 12 + 1, 1),
                "n_leads": n,
                "n_mql": n // 2,
                "n_sql": n // 5,
                "n_customers": 0 if is_quiet else n // 15,
                "n_deals": 0 if is_quiet else n // 14,
                "revenue": Decimal(0 if is_quiet else n * 95),
                "total_revenue": Decimal(n * 200),
                "cycle_days": None if is_quiet else 20.5 + back,
            }
        )
    return pl.DataFrame(rows, schema=TRACKER)


def a_plan(*, n_months: int = 15, back: int = 12, lag: int = 2, counted: str = "n_leads", **changes: Any) -> PlanSheet:
    months = a_tracker(n_months)
    complete = months.filter(pl.col("month") < TODAY.replace(day=1))
    found = baseline(complete, n_months=back, lag_months=lag, counted=counted)
    numbers = NUMBERS | {"close_rate": found.close_rate.value, "average_deal": found.average_deal.value}
    known: dict[str, Any] = {
        "title": "Marketing and sales",
        "currency": "EUR",
        "numbers": {name: value for name, value in numbers.items() if value is not None},
        "origins": {"quota": "typed", "close_rate": "facts", "average_deal": "facts", "reps": "agreement"},
        "promised": Fraction(300),
        "tracker": months,
        "baseline": found,
        "now_on": TODAY,
        "warnings": ("The promise of 300 leads a month is more than any past month brought.",),
    }
    return PlanSheet(**(known | changes))


def without_past(**changes: Any) -> PlanSheet:
    return a_plan(**({"numbers": NUMBERS, "origins": {}, "tracker": None, "baseline": None, "now_on": None} | changes))


CASES = {
    "everything": a_plan(),
    "six months, no lag": a_plan(back=6, lag=0),
    "more months than there are": a_plan(back=24, lag=3),
    "measured on MQLs": a_plan(counted="n_mql"),
    "a quarter": a_plan(period=Grain.QUARTER),
    "one month": a_plan(n_months=2, back=12, lag=0),
    "nothing complete": a_plan(n_months=1, lag=0),
    "no past": without_past(),
    "nothing known": without_past(numbers={}, promised=None, warnings=()),
    "no close rate": without_past(numbers={n: v for n, v in NUMBERS.items() if n != "close_rate"}),
    "zero share": without_past(numbers=NUMBERS | {"marketing_share": Fraction(0)}),
    "all automated": without_past(numbers=NUMBERS | {"automated_share": Fraction(1)}),
    "no hours": without_past(numbers={n: v for n, v in NUMBERS.items() if n != "hours_per_rep"}),
    "too much": without_past(numbers=NUMBERS | {"attempts": Fraction(60), "reps": Fraction(1)}),
}


@pytest.mark.parametrize("plan", CASES.values(), ids=CASES.keys())
def test_every_formula_says_what_its_cell_shows(plan: PlanSheet) -> None:
    reckoner = Reckoner(plan_xlsx(plan, words=words("en"), at=AT))
    places = reckoner.formulas()
    assert len(places) >= 20
    for place in places:
        shown, reckoned = reckoner.cached(*place), reckoner.cell(*place)
        if isinstance(reckoned, str) or shown is None or isinstance(shown, str):
            assert (shown or "") == (reckoned or ""), place
        else:
            assert reckoned == pytest.approx(shown, rel=1e-9, abs=1e-9), place


def test_the_numbers_are_those_of_the_plan() -> None:
    plan = a_plan()
    reckoner = Reckoner(plan_xlsx(plan, words=words("en"), at=AT))
    chain = lead_plan(
        Inputs(**{n: plan.numbers[n] for n in ("quota", "marketing_share", "average_deal", "close_rate")})
    )
    assert reckoner.named("leads_needed") == chain.leads_needed
    assert reckoner.cached(*reckoner.place("leads_needed")) == chain.leads_needed
    team = Capacity(
        reps=5, hours_per_rep=150, marketing_share=Decimal("0.4"), minutes_per_attempt=5, automated_share=Decimal("0.2")
    )
    use = capacity_use(Fraction(chain.leads_needed or 0), Fraction(6), team)
    assert reckoner.named("affordable_attempts") == use.affordable_attempts
    assert reckoner.named("affordable_leads") == use.affordable_leads
    assert reckoner.named("reps_needed") == use.reps_needed
    assert plan.baseline and plan.baseline.close_interval
    assert reckoner.named("close_rate_low") == pytest.approx(plan.baseline.close_interval[0])
    assert reckoner.named("close_rate_high") == pytest.approx(plan.baseline.close_interval[1])


def test_it_goes_on_reckoning_when_an_input_changes() -> None:
    reckoner = Reckoner(plan_xlsx(without_past(), words=words("en"), at=AT))
    for name, value in (("quota", 100_000), ("period_months", 3), ("reps", 2)):
        reckoner.change(name, value)
    assert reckoner.named("leads_needed") == 286
    assert reckoner.named("leads_a_month") == pytest.approx(286 / 3)
    assert reckoner.named("leads_rep_month") == pytest.approx(286 / 3 / 2)
    reckoner.change("close_rate", None)
    assert reckoner.named("leads_needed") == "" and reckoner.named("used_share") == ""


def test_another_window_of_the_past_changes_the_plan() -> None:
    reckoner = Reckoner(plan_xlsx(a_plan(), words=words("en"), at=AT))
    reckoner.change("months_back", 6)
    reckoner.change("lag_months", 1)
    six = a_plan(back=6, lag=1).baseline
    assert six and six.close_rate.value and six.average_deal.value
    assert reckoner.named("close_rate") == pytest.approx(float(six.close_rate.value))
    assert reckoner.named("average_deal") == pytest.approx(float(six.average_deal.value))


def test_inputs_look_like_inputs_and_results_do_not() -> None:
    book = openpyxl.load_workbook(io.BytesIO(plan_xlsx(a_plan(), words=words("en"), at=AT)))
    sheet = book["Plan"]
    places = {name: defined.attr_text.split("!")[1].replace("$", "") for name, defined in book.defined_names.items()}
    assert sheet[places["quota"]].fill.fgColor.rgb == sheet[places["reps"]].fill.fgColor.rgb == "FFFFF9E8"
    assert sheet[places["leads_needed"]].fill.fill_type is None and sheet[places["leads_needed"]].font.bold
    assert sheet[places["close_rate"]].value == "=measured_close_rate"
    assert [page.freeze_panes for page in book] == ["A3", "A3", "B3"]
    tracker = book["Tracker"]
    assert tracker.page_setup.orientation == "landscape" and tracker.print_title_rows == "$2:$2"
    assert tracker.max_row >= 18 and tracker["A17"].font.italic  # the running month


@pytest.mark.parametrize(
    ("language", "tabs", "money"),
    [
        ("en", ["Plan", "Baseline", "Tracker"], '"€"#,##0.00'),
        ("es", None, '#,##0.00\\ "€"'),
        ("it", None, '#,##0.00\\ "€"'),
    ],
)
def test_it_is_in_the_language_of_the_reader(language: str, tabs: list[str] | None, money: str) -> None:
    file = plan_xlsx(a_plan(), words=words(language), at=AT)
    book = openpyxl.load_workbook(io.BytesIO(file))
    assert tabs is None or book.sheetnames == tabs
    quota = book.defined_names["quota"].attr_text.split("!")[1].replace("$", "")
    assert book.worksheets[0][quota].number_format == money
    assert words(language)("Customers") in [cell.value for cell in book.worksheets[2][2]]
    reckoner = Reckoner(file)
    assert all(reckoner.cell(*place) is not None for place in reckoner.formulas())


def test_a_title_never_runs_and_the_same_plan_gives_the_same_bytes() -> None:
    plan = a_plan(title='=HYPERLINK("http://x")', warnings=("=1+1",))
    file = plan_xlsx(plan, words=words("en"), at=AT)
    sheet = openpyxl.load_workbook(io.BytesIO(file))["Plan"]
    assert sheet["A1"].data_type == "s" and sheet["A1"].value == '=HYPERLINK("http://x")'
    assert file == plan_xlsx(plan, words=words("en"), at=AT)
