"""A period's promise cut into the pieces people work by: a month, a week, a day, a rep."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from smarketing.terms.period import Grain

# 400 Gregorian years are exactly 146,097 days, 20,871 weeks and 4,800 months, so means are exact too.
DAYS: dict[Grain, Fraction] = {
    Grain.DAY: Fraction(1),
    Grain.WEEK: Fraction(7),
    Grain.MONTH: Fraction(146097, 4800),
    Grain.QUARTER: Fraction(146097, 1600),
    Grain.YEAR: Fraction(146097, 400),
}


@dataclass(frozen=True, slots=True)
class Pieces:
    """Leads per stretch of time and per rep, unrounded; None where the reps or working days are not known.

    weekly_reports is the number of whole weeks in the period.
    """

    days: Fraction
    per_month: Fraction
    per_week: Fraction
    per_day: Fraction
    per_working_day: Fraction | None
    per_rep: Fraction | None
    per_rep_week: Fraction | None
    weekly_reports: int


def pieces(
    leads: Fraction | int, days: Fraction | int, *, reps: int | None = None, working_days: int | None = None
) -> Pieces:
    """The pieces of `leads` promised for a period of `days`; a mean month has 30.436875."""
    per_day = Fraction(leads) / days
    return Pieces(
        days=Fraction(days),
        per_month=per_day * DAYS[Grain.MONTH],
        per_week=per_day * 7,
        per_day=per_day,
        per_working_day=Fraction(leads) / working_days if working_days else None,
        per_rep=Fraction(leads) / reps if reps else None,
        per_rep_week=per_day * 7 / reps if reps else None,
        weekly_reports=int(days // 7),
    )
