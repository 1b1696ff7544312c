"""The plan as its page shows it: fields, the chain in sentences, hours, warnings and the tracker."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from smarketing.plan.sentences import number, percent
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.plan_tracker import TrackerRow, tracker_headers, tracker_rows
from smarketing.workflows.plan_worksheet import LENGTHS, RATIOS, STAGES, Worksheet

# name, label, example, help
CHAIN_FIELDS = (
    ("quota", N_("Sales quota"), "100000", N_("Revenue that sales must close in the period.")),
    ("marketing_share", N_("Marketing's share of revenue"), "60%", N_("How much of it comes from marketing's leads.")),
    ("leads", N_("Leads expected"), "210", N_("The other way round: the quota that this many leads support.")),
    ("average_deal", N_("Average deal"), "7000", N_("Revenue of one customer.")),
    ("close_rate", N_("Close rate"), "3%", N_("Share of leads that become customers: 3%, or 10/200.")),
    ("win_rate", N_("Win rate"), "25%", N_("Share of opportunities won; adds the pipeline needed.")),
)
HOUR_FIELDS = (
    ("reps", N_("Reps"), "5", N_("People who share the leads.")),
    ("attempts", N_("Attempts per lead"), "6", N_("Follow-up attempts promised for a lead.")),
    ("minutes_per_attempt", N_("Minutes per attempt"), "5", N_("Notes included.")),
    ("hours_per_rep", N_("Hours of a rep in a month"), "140", N_("Working hours of one rep.")),
    ("time_share", N_("Share for marketing's leads"), "50%", N_("Of those hours.")),
    ("automated_share", N_("Automated attempts"), "0%", N_("Attempts that cost nobody time.")),
)
PERIODS = {"month": N_("Month"), "quarter": N_("Quarter"), "year": N_("Year")}
COUNTED = {"lead": N_("Leads"), "mql": N_("MQLs"), "sql": N_("SQLs")}
ORIGINS = {"facts": N_("measured"), "agreement": N_("from the agreement")}
LENGTH_IN_MONTHS = {"month": 1, "quarter": 3, "year": 12}
AMOUNT_STEPS = ("revenue_goal", "pipeline_needed")
STEPS = {
    "revenue_goal": N_("Revenue goal"),
    "customers_needed": N_("Customers needed"),
    "leads_needed": N_("Leads needed"),
    "pipeline_needed": N_("Pipeline needed"),
}
PIECES = {
    "month": N_("a month"),
    "week": N_("a week"),
    "day": N_("a day"),
    "rep": N_("a rep"),
    "rep_week": N_("a rep in a week"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One number that can be typed. `filled` is the number reckoned with when nothing is typed, and `origin` whence."""

    name: str
    label: str
    help: str
    value: str
    filled: str
    origin: str
    problem: str


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    title: str
    value: str
    sentence: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """What the leads needed ask of the reps."""

    used: str
    used_share: float
    is_affordable: bool
    sentence: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    agreement: str
    agreement_slug: str
    chain_fields: tuple[Field, ...]
    hour_fields: tuple[Field, ...]
    periods: tuple[tuple[str, str, bool], ...]
    stages: tuple[tuple[str, str, bool], ...]
    months: tuple[tuple[int, bool], ...]
    leads_needed: str
    leads_unit: str
    why: str
    steps: tuple[Step, ...]
    rounding: str
    per: tuple[tuple[str, str], ...]
    hours: Hours | None
    compared: str
    is_promise_short: bool
    warnings: tuple[str, ...]
    baseline: tuple[tuple[str, str, str], ...]
    baseline_sentence: str
    baseline_warnings: tuple[str, ...]
    headers: tuple[str, ...]
    tracker: tuple[TrackerRow, ...]
    no_facts: str
    query: str
    version: int | None
    supported: tuple[tuple[str, str], ...]
    supported_sentence: str
    odds: str
    odds_share: float | None
    what_if: tuple[tuple[str, str, str, str], ...]
    tiers: tuple[tuple[str, str, str], ...]


def plan_page(
    sheet: Worksheet, *, agreement: str, slug: str, query: str, words: Words, version: int | None = None
) -> PlanPage:
    """The worksheet in the reader's words; `query` is what was asked, for links that keep it."""
    chance = sheet.odds.chance_ratio if sheet.odds else None
    return PlanPage(
        agreement=agreement,
        agreement_slug=slug,
        chain_fields=_fields(CHAIN_FIELDS, sheet, words),
        hour_fields=_fields(HOUR_FIELDS, sheet, words),
        periods=tuple((name, words(PERIODS[name]), name == sheet.asked.period) for name in LENGTHS),
        stages=tuple((name, words(COUNTED[name]), name == sheet.asked.stage) for name in STAGES),
        months=tuple((n, n == sheet.asked.months) for n in (6, 12, 24)),
        leads_needed=words.number(sheet.chain["leads_needed"]),
        leads_unit=words(COUNTED[sheet.asked.stage]),
        why=sheet.chain["why"] or "",
        steps=_steps(sheet, words),
        rounding=sheet.chain["rounding"]["sentence"],
        per=_per(sheet, words),
        hours=_hours(sheet, words),
        compared=_compared(sheet, words),
        is_promise_short=_is_short(sheet),
        warnings=sheet.warnings,
        baseline=_baseline(sheet, words),
        baseline_sentence=_window(sheet, words),
        baseline_warnings=tuple(each["sentence"] for each in (sheet.baseline or {}).get("warnings", ())),
        headers=tracker_headers(words),
        tracker=tracker_rows(sheet, words),
        no_facts=sheet.no_facts,
        query=query,
        version=version,
        supported=_supported(sheet, words),
        supported_sentence=_expected(sheet, words),
        odds=_odds(sheet, words),
        odds_share=chance,
        what_if=_what_if(sheet, words),
        tiers=tuple((name, words.percent(float(share), 0), words.number(n)) for name, share, n in sheet.tiers),
    )


def _odds(sheet: Worksheet, words: Words) -> str:
    """The chance in one sentence, with what most months would bring."""
    found = sheet.odds
    if found is None or sheet.ahead is None or found.chance_ratio is None or sheet.chain["leads_needed"] is None:
        return ""
    months = LENGTH_IN_MONTHS[sheet.asked.period]
    return words(
        "{chance} chance of reaching {n} in {month} at the present pace; "
        "eight in ten such months bring {low} to {high}.",
        chance=words.percent(found.chance_ratio, 0),
        n=words.number(-(-sheet.chain["leads_needed"] // months)),
        month=words.month(sheet.ahead.from_on),
        low=words.number(found.low),
        high=words.number(found.high),
    )


def _supported(sheet: Worksheet, words: Words) -> tuple[tuple[str, str], ...]:
    found = sheet.supported
    if found is None or found.revenue.value is None:
        return ()
    rows = [
        (words("Customers"), _number(float(found.customers.value or 0), words)),
        (words("Revenue of marketing's leads"), words.money(float(found.revenue.value), sheet.currency)),
    ]
    if found.quota.value is not None:
        rows.append((words("Quota that they support"), words.money(float(found.quota.value), sheet.currency)))
    return tuple(rows)


def _expected(sheet: Worksheet, words: Words) -> str:
    found = sheet.supported
    if found is None or found.leads.value is None:
        return ""
    n = _number(float(found.leads.value), words)
    if "leads" in sheet.numbers:
        return words("{n} leads at these rates bring:", n=n)
    return words("The {n} leads that the agreement promises bring, at these rates:", n=n)


def _what_if(sheet: Worksheet, words: Words) -> tuple[tuple[str, str, str, str], ...]:
    """What, its value, the leads then needed, and how many more or fewer."""
    now = sheet.chain["leads_needed"]
    labels = {name: label for name, label, _, _ in CHAIN_FIELDS}
    rows = []
    for name, value, needed in sheet.what_if:
        if now is None or needed == now:
            continue
        said = percent(value, words) if name in RATIOS else words.money(float(value), sheet.currency)
        step = f"{'+' if needed > now else '−'}{words.number(abs(needed - now))}"
        rows.append((words(labels[name]), said, words.number(needed), step))
    return tuple(rows)


def _fields(fields: tuple[tuple[str, str, str, str], ...], sheet: Worksheet, words: Words) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=name,
            label=words(label),
            help=words(about),
            value=sheet.asked.text(name),
            filled=_filled(name, sheet, words) or words("for example {value}", value=example),
            origin=words(ORIGINS[sheet.origins[name]]) if sheet.origins.get(name) in ORIGINS else "",
            problem=sheet.problems.get(name, ""),
        )
        for name, label, example, about in fields
    )


def _filled(name: str, sheet: Worksheet, words: Words) -> str:
    value = sheet.numbers.get(name)
    if value is None or sheet.origins[name] == "typed":
        return ""
    return percent(value, words) if name in RATIOS else number(value, words)


def _steps(sheet: Worksheet, words: Words) -> tuple[Step, ...]:
    """One step for each link; a broken chain tells its reason once."""
    told: set[str] = set()
    steps = []
    for step in sheet.chain["steps"]:
        value = sheet.chain["leads_needed"] if step["name"] == "leads_needed" else step["value"]
        sentence = "" if step["sentence"] in told else step["sentence"]
        told.add(step["sentence"])
        said = words.money(value, sheet.currency) if step["name"] in AMOUNT_STEPS else _number(value, words)
        steps.append(Step(step["name"], words(STEPS[step["name"]]), said, sentence, value is not None))
    return tuple(steps)


def _per(sheet: Worksheet, words: Words) -> tuple[tuple[str, str], ...]:
    if sheet.per is None:
        return ()
    return tuple(
        (words(title), _number(sheet.per[name], words)) for name, title in PIECES.items() if sheet.per[name] is not None
    )


def _hours(sheet: Worksheet, words: Words) -> Hours | None:
    use = sheet.capacity
    if use is None:
        return None
    said = {
        "attempts": _number(use["attempts_per_lead"], words),
        "affordable": words.number(use["affordable_attempts"]),
    }
    fits = words("{attempts} attempts per lead fit; up to {affordable} would.", **said)
    breaks = words("{attempts} attempts per lead do not fit: {affordable} would.", **said)
    return Hours(
        used=words.percent(use["used_ratio"], 0),
        used_share=use["used_ratio"],
        is_affordable=use["is_affordable"],
        sentence=fits if use["is_affordable"] else breaks,
        facts=(
            (words("Leads of a rep in a month"), _number(use["leads_per_rep"], words)),
            (words("Hours needed"), _number(use["hours_needed"], words)),
            (words("Hours available"), _number(use["hours_available"], words)),
            (words("Reps it would take"), words.number(use["reps_needed"])),
        ),
        warnings=tuple(each for each in use["warnings"]),
    )


def _promised_for_period(sheet: Worksheet) -> Fraction | None:
    """What the agreement promises for the asked period: a month's promise times its months."""
    months = LENGTH_IN_MONTHS[sheet.asked.period]
    return None if sheet.promised is None else sheet.promised * months


def _is_short(sheet: Worksheet) -> bool:
    promised, needed = _promised_for_period(sheet), sheet.chain["leads_needed"]
    return promised is not None and needed is not None and promised < needed


def _compared(sheet: Worksheet, words: Words) -> str:
    promised, needed = _promised_for_period(sheet), sheet.chain["leads_needed"]
    if promised is None or needed is None:
        return ""
    said = {"promised": _number(float(promised), words), "needed": words.number(needed)}
    if _is_short(sheet):
        missing = words.number(needed - int(promised))
        return words(
            "The agreement promises {promised}; the quota needs {needed}: {missing} more.", missing=missing, **said
        )
    return words("The agreement promises {promised}; the quota needs {needed}.", **said)


def _baseline(sheet: Worksheet, words: Words) -> tuple[tuple[str, str, str], ...]:
    """Name, value and note of each measured number."""
    found = sheet.baseline
    if found is None:
        return ()
    close, deal, share = found["close_rate"], found["average_deal"], found["marketing_share"]
    interval = ""
    if close["value"] is not None and close["low"] is not None:
        low, high = words.percent(close["low"]), words.percent(close["high"])
        interval = words("{low} to {high} with 95 % confidence", low=low, high=high)
    money = "–" if deal["value"] is None else words.money(deal["value"], sheet.currency)
    half = (sheet.lag or {}).get("days_until_half")
    rows = [
        (words("Close rate"), words.percent(close["value"]), interval or close["why"] or ""),
        (words("Average deal"), money, deal["why"] or ""),
        (words("Marketing's share of revenue"), words.percent(share["value"]), share["why"] or ""),
    ]
    if half is not None:
        most = words.number((sheet.lag or {})["days_until_90_percent"])
        note = words("90 % within {days} days", days=most)
        rows.append((words("Days until half of the customers are won"), words.number(half), note))
    return tuple(rows)


def _window(sheet: Worksheet, words: Words) -> str:
    found = sheet.baseline
    if found is None or not found["months"] or not found["lead_months"]:
        return ""
    return words(
        "{customers} customers of {first} to {last}, measured against {leads} leads of {early} to {late}.",
        customers=words.number(found["n_customers_paired"]),
        leads=words.number(found["n_leads"]),
        first=found["months"][0],
        last=found["months"][-1],
        early=found["lead_months"][0],
        late=found["lead_months"][-1],
    )


def _number(value: float | None, words: Words) -> str:
    return words.number(value, 0 if value is None or value == int(value) else 1)
