"""One worksheet from the quota to the leads: what is asked, what facts and hours say, what is promised."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from pydantic import ValidationError

from smarketing.ledger.store import Facts
from smarketing.plan.answer import baseline_answer, capacity_answer, chain_answer, lag_answer, pieces_answer
from smarketing.plan.calculator import Inputs, LeadPlan, Supported, lead_plan, supported_quota
from smarketing.plan.capacity import capacity_use
from smarketing.plan.numbers import amount, ratio
from smarketing.plan.odds import Odds, odds
from smarketing.plan.pieces import DAYS, pieces
from smarketing.plan.realism import capacity_cautions, promised_attempts, promised_leads, realism
from smarketing.plan.sentences import caution
from smarketing.plan.tiers import ShareOf, Tier, tier_plan
from smarketing.terms.agreement import Agreement, Capacity, HandoverMoment, Party, Role
from smarketing.terms.commitment import Kind
from smarketing.terms.errors import FactsError, UserError
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.period import Grain, Period, period_of
from smarketing.workflows.measure_baseline import Measured, measure_baseline

AMOUNTS = ("quota", "leads", "average_deal", "attempts", "minutes_per_attempt", "hours_per_rep", "reps")
RATIOS = ("marketing_share", "close_rate", "win_rate", "time_share", "automated_share")
LENGTHS = ("month", "quarter", "year")
STAGES = ("lead", "mql", "sql")
KEPT = 8
DAYS_KNOWN = 365
TENTHS = (Fraction(9, 10), Fraction(11, 10))
MOST_LIKE_ONE = 2  # tiers with promises of their own make a mix


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, as text: `said` by field name; nothing typed is nothing known.

    stage  that customers are measured against; empty is the stage of the agreement's own promise of leads
    """

    said: Mapping[str, str] = field(default_factory=dict)
    period: str = "month"
    months: int = 12
    stage: str = ""

    def text(self, name: str) -> str:
        return self.said.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Worksheet:
    """Everything the plan shows; answers are those of `smarketing plan --json` and `smarketing baseline --json`.

    numbers   the values that were reckoned with, by field: typed, else measured, else the agreement's
    origins   where each came from: typed, facts, agreement
    problems  by field, why what was typed cannot be read
    promised  leads a month that the agreement promises at the stage that is asked for
    odds      the chance that next month brings the leads needed, if days go on as they went
    supported what the leads expected, or else promised, would bring: the chain forwards
    what_if   leads needed if one number were another: name, value and leads
    tiers     the leads of each tier in the past months' mix: name, share, leads
    """

    asked: Asked
    currency: str
    numbers: dict[str, Fraction]
    origins: dict[str, str]
    problems: dict[str, str]
    chain: dict[str, Any]
    plan: LeadPlan
    per: dict[str, Any] | None
    capacity: dict[str, Any] | None
    promised: Fraction | None
    warnings: tuple[str, ...]
    baseline: dict[str, Any] | None
    lag: dict[str, Any] | None
    measured: Measured | None
    no_facts: str
    odds: Odds | None = None
    ahead: Period | None = None
    supported: Supported | None = None
    what_if: tuple[tuple[str, Fraction, int], ...] = ()
    tiers: tuple[tuple[str, Fraction, int], ...] = ()


def plan_worksheet(
    facts: Facts | None, agreement: Agreement | None, asked: Asked, *, now: datetime, words: Words
) -> Worksheet:
    """The worksheet for what was asked; a field that cannot be read is told and left out, the rest is reckoned.

    Takes    facts      None where there are none yet
             agreement  whose zone, currency, stages and capacities read the facts; None before the first one
    """
    asked = replace(asked, stage=asked.stage or _promised_stage(agreement))
    measured, no_facts = _measured(facts, agreement, asked, now, words)
    typed, problems = _typed(asked, words)
    numbers, origins = _known(typed, measured, agreement)
    inputs = Inputs(
        **{name: numbers.get(name) for name in ("quota", "marketing_share", "average_deal", "close_rate", "win_rate")}
    )
    chain = lead_plan(inputs)
    measured_names = frozenset(name for name, origin in origins.items() if origin == "facts")
    promised = promised_leads(agreement) if agreement and asked.stage == _promised_stage(agreement) else None
    months = DAYS[Grain(asked.period)] / DAYS[Grain.MONTH]
    expected = numbers.get("leads") or (promised * months if promised else None)
    chance, ahead = _odds(chain, months, measured)
    currency = agreement.currency if agreement else (measured.agreement.currency if measured else "EUR")
    return Worksheet(
        asked=asked,
        currency=currency,
        numbers=numbers,
        origins=origins,
        problems=problems,
        chain=chain_answer(chain, words, measured_names, currency),
        plan=chain,
        per=_per(chain, asked, numbers),
        capacity=_capacity(chain, asked, numbers, problems, words),
        promised=promised,
        warnings=_warnings(agreement, measured, words),
        baseline=baseline_answer(measured.baseline, words) if measured else None,
        lag=lag_answer(measured.lag) if measured else None,
        measured=measured,
        no_facts=no_facts,
        odds=chance,
        ahead=ahead,
        supported=supported_quota(expected, inputs) if expected else None,
        what_if=tuple(_what_if(inputs, measured)),
        tiers=_tiers(chain, agreement),
    )


def _promised_stage(agreement: Agreement | None) -> str:
    """What the agreement counts when it promises leads, where it is a stage that can be planned for."""
    if agreement is None or agreement.handover.at is not HandoverMoment.STAGE:
        return STAGES[0]
    promises = {each.stage for each in agreement.commitments if each.kind is Kind.LEAD_VOLUME}
    stage = agreement.handover.stage
    return stage if stage in promises and stage in STAGES else STAGES[0]


def _odds(chain: LeadPlan, months: Fraction, measured: Measured | None) -> tuple[Odds | None, Period | None]:
    """The chance that next month brings its share of the leads needed, drawn from the past year's days."""
    if measured is None or not chain.leads_needed:
        return None, None
    ahead = period_of(Grain.MONTH, measured.now_on).next()
    past = measured.daily[-DAYS_KNOWN:].astype(np.float64)
    weekdays = (measured.daily_from.weekday() + np.arange(len(measured.daily)))[-DAYS_KNOWN:] % 7
    coming = np.array([on.weekday() for on in ahead.days])
    return odds(past, weekdays, coming, goal=float(chain.leads_needed / months)), ahead


def _what_if(inputs: Inputs, measured: Measured | None) -> Iterator[tuple[str, Fraction, int]]:
    """The ends of the measured close rate, and a tenth more or less of the other numbers."""
    tries: list[tuple[str, Fraction]] = []
    interval = measured.baseline.close_interval if measured else None
    if interval and inputs.close_rate == measured.baseline.inputs().close_rate:  # type: ignore[union-attr]
        tries += [("close_rate", Fraction(end).limit_denominator(10_000)) for end in interval if end > 0]
    elif inputs.close_rate:
        tries += [("close_rate", inputs.close_rate * part) for part in TENTHS]
    for name in ("average_deal", "marketing_share"):
        if value := getattr(inputs, name):
            tries += [(name, value * part) for part in TENTHS if name == "average_deal" or value * part <= 1]
    for name, value in tries:
        needed = lead_plan(replace(inputs, **{name: value})).leads_needed
        if needed is not None:
            yield name, value, needed


def _tiers(chain: LeadPlan, agreement: Agreement | None) -> tuple[tuple[str, Fraction, int], ...]:
    """The agreement's own promises of leads of single tiers say the mix."""
    if agreement is None or not chain.leads_needed:
        return ()
    names = {tier.id: tier.name or tier.id for tier in agreement.tiers}
    promised = {
        each.only.tiers[0]: Fraction(each.target.value)
        for each in agreement.commitments
        if each.kind is Kind.LEAD_VOLUME and len(each.only.tiers) == 1
    }
    total = sum(promised.values(), Fraction(0))
    if len(promised) < MOST_LIKE_ONE or not total:
        return ()
    tiers = [Tier(id=name, share=value / total) for name, value in promised.items()]
    goals = tier_plan(chain, tiers, ShareOf.LEADS).goals
    return tuple(
        (names.get(goal.tier.id, goal.tier.id), goal.tier.share or Fraction(0), goal.leads_needed)
        for goal in goals
        if goal.leads_needed is not None
    )


_RECENT: OrderedDict[tuple[Any, ...], Measured] = OrderedDict()


def _measured(
    facts: Facts | None, agreement: Agreement | None, asked: Asked, now: datetime, words: Words
) -> tuple[Measured | None, str]:
    """The baseline; the latest few are kept, since a plan is asked again with every number that is typed."""
    if facts is None:
        return None, words(N_("There are no facts yet: type the numbers you know."))
    terms = fingerprint(agreement) if agreement else ""
    key = (facts.manifest.id, facts.sequence, terms, asked.months, asked.stage, now.astimezone(UTC).date())
    if key not in _RECENT:
        try:
            found = measure_baseline(
                facts, agreement=agreement, n_months=asked.months, stage=asked.stage, now=now, say=words
            )
        except FactsError as error:
            error.translate(words)
            return None, f"{error.what} {error.hint}"
        _RECENT[key] = found
        while len(_RECENT) > KEPT:
            _RECENT.popitem(last=False)
    return _RECENT[key], ""


def _typed(asked: Asked, words: Words) -> tuple[dict[str, Fraction], dict[str, str]]:
    numbers: dict[str, Fraction] = {}
    problems: dict[str, str] = {}
    for name in (*AMOUNTS, *RATIOS):
        text = asked.text(name)
        if not text:
            continue
        read = amount if name in AMOUNTS else ratio
        try:
            numbers[name] = read(text, where="", words=words)
        except UserError as error:
            error.translate(words)
            problems[name] = f"{error.what} {error.hint}".strip()
    return numbers, problems


def _known(
    typed: dict[str, Fraction], measured: Measured | None, agreement: Agreement | None
) -> tuple[dict[str, Fraction], dict[str, str]]:
    """What was typed, and under it what the facts and the agreement say."""
    numbers = _of_agreement(agreement)
    origins = dict.fromkeys(numbers, "agreement")
    if measured:
        inputs = measured.baseline.inputs()
        found = {name: getattr(inputs, name) for name in ("marketing_share", "average_deal", "close_rate")}
        known = {name: value for name, value in found.items() if value is not None}
        numbers, origins = numbers | known, origins | dict.fromkeys(known, "facts")
    return numbers | typed, origins | dict.fromkeys(typed, "typed")


def _of_agreement(agreement: Agreement | None) -> dict[str, Fraction]:
    """The hours behind the promise of sales, as the agreement states them."""
    party = _follows_up(agreement) if agreement else None
    if agreement is None or party is None or party.capacity is None:
        return {}
    said = party.capacity
    attempts = promised_attempts(agreement, party)
    numbers = {
        "reps": Fraction(said.reps),
        "hours_per_rep": Fraction(said.hours_per_rep),
        "time_share": Fraction(said.marketing_share),
        "minutes_per_attempt": Fraction(said.minutes_per_attempt),
        "automated_share": Fraction(said.automated_share),
    }
    return numbers | ({"attempts": attempts} if attempts else {})


def _follows_up(agreement: Agreement) -> Party | None:
    return next((party for party in agreement.parties if party.role is Role.SALES), None)


def _per(chain: LeadPlan, asked: Asked, numbers: dict[str, Fraction]) -> dict[str, Any] | None:
    if not chain.leads_needed:
        return None
    reps = numbers.get("reps")
    n_reps = int(reps) if reps and reps >= 1 else None
    return pieces_answer(pieces(chain.leads_needed, DAYS[Grain(asked.period)], reps=n_reps))


def _capacity(
    chain: LeadPlan, asked: Asked, numbers: dict[str, Fraction], problems: dict[str, str], words: Words
) -> dict[str, Any] | None:
    """Whether the reps have the hours for a month's share of the leads needed; None until enough is known."""
    wanted = numbers.get("attempts")
    if not chain.leads_needed or not wanted or "hours_per_rep" not in numbers or "minutes_per_attempt" not in numbers:
        return None
    months = DAYS[Grain(asked.period)] / DAYS[Grain.MONTH]
    try:
        team = _team(numbers)
    except ValidationError as error:
        name = {"marketing_share": "time_share"}.get(str(error.errors()[0]["loc"][0]), str(error.errors()[0]["loc"][0]))
        problems[name] = words("Hours and minutes are above zero, and not every attempt is automated.")
        return None
    use = capacity_use(chain.leads_needed / months, wanted, team)
    found = [caution(each, words) for each in capacity_cautions(use, words("the team"))]
    return capacity_answer(use) | {"reps": team.reps, "warnings": found}


def _team(numbers: dict[str, Fraction]) -> Capacity:
    return Capacity.model_validate(
        {
            "reps": int(numbers.get("reps", Fraction(1))),
            "hours_per_rep": _decimal(numbers["hours_per_rep"]),
            "marketing_share": _decimal(numbers.get("time_share", Fraction(1))),
            "minutes_per_attempt": _decimal(numbers["minutes_per_attempt"]),
            "automated_share": _decimal(numbers.get("automated_share", Fraction(0))),
        }
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _warnings(agreement: Agreement | None, measured: Measured | None, words: Words) -> tuple[str, ...]:
    """What speaks against the agreement's own promises: its hours, its best months, its measured rates."""
    if agreement is None:
        return ()
    found = realism(agreement, measured.complete if measured else None, measured.baseline if measured else None)
    return tuple(caution(each, words) for each in found)


def trailing(sheet: Worksheet, n_months: int) -> dict[str, Any] | None:
    """The latest complete months as one row of the tracker: sums, and the cycle of all their customers."""
    if sheet.measured is None or sheet.measured.complete.is_empty():
        return None
    rows = sheet.measured.complete.tail(n_months)
    counts = ("n_leads", "n_mql", "n_sql", "n_customers", "n_deals", "revenue", "total_revenue")
    totals: dict[str, Any] = {name: rows[name].sum() for name in counts}
    days = (rows["cycle_days"].fill_null(0) * rows["n_customers"]).sum()
    cycle = days / totals["n_customers"] if totals["n_customers"] else None
    return totals | {"cycle_days": cycle, "n_months": rows.height}
