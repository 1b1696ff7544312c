"""What each kind of commitment may say: the measures it judges and the keys that mean something for it."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.terms.commitment import Kind
from smarketing.terms.language import N_
from smarketing.terms.target import Measure


@dataclass(frozen=True, slots=True)
class KindTerms:
    """`measures` the targets it can be held to, `example` one of them, `keys` what it reads beside the usual ones;
    `is_clock` tells clocks from totals."""

    meaning: str
    example: str
    measures: tuple[Measure, ...]
    keys: tuple[str, ...] = ()
    is_clock: bool = False


USUAL = frozenset({"id", "party", "kind", "target", "title", "description", "contact", "period", "weight"})
TIMES = (Measure.SHARE, Measure.MEAN, Measure.MEDIAN, Measure.P90)
ON_LEADS = ("only", "calendar", "overrides", "remind_at", "pauses")
TOTAL = ("only", "calendar", "pacing")

KIND_TERMS: dict[Kind, KindTerms] = {
    Kind.LEAD_VOLUME: KindTerms(
        N_("leads that first reached a stage in the period"),
        "140 leads",
        (Measure.COUNT,),
        (*TOTAL, "stage"),
    ),
    Kind.LEAD_VALUE: KindTerms(
        N_("the same leads, weighed by the worth of their tier"),
        "700 points",
        (Measure.SUM,),
        (*TOTAL, "stage"),
    ),
    Kind.PIPELINE_CONTRIBUTION: KindTerms(
        N_("amount of the deals that marketing's leads opened in the period"),
        "200000 EUR",
        (Measure.SUM,),
        TOTAL,
    ),
    Kind.SOURCED_REVENUE: KindTerms(
        N_("amount of the deals won in the period from marketing's leads"),
        "80000 EUR",
        (Measure.SUM,),
        TOTAL,
    ),
    Kind.CONVERSION_RATE: KindTerms(
        N_("share of a cohort that went from one stage to another within a lag"),
        "20 %",
        (Measure.RATE, Measure.SHARE),
        ("only", "calendar", "stage", "to_stage", "lag"),
        is_clock=True,
    ),
    Kind.SPEED_TO_LEAD: KindTerms(
        N_("business time from the handover to the first touch"),
        "95 % within 1 business hour",
        TIMES,
        (*ON_LEADS, "clock", "start", "stop"),
        is_clock=True,
    ),
    Kind.FOLLOW_UP_DEPTH: KindTerms(
        N_("touches on leads that are not yet connected, within some business days"),
        "6 touches within 5 business days",
        (Measure.DEPTH, Measure.SHARE),
        (*ON_LEADS, "start"),
        is_clock=True,
    ),
    Kind.DISPOSITION_TIME: KindTerms(
        N_("business time until a lead is accepted, disqualified or recycled"),
        "90 % within 2 business days",
        TIMES,
        (*ON_LEADS, "start"),
        is_clock=True,
    ),
    Kind.OPPORTUNITIES_CREATED: KindTerms(
        N_("opportunities opened in the period"),
        "30 opportunities",
        (Measure.COUNT,),
        TOTAL,
    ),
    Kind.FOLLOW_UP_CADENCE: KindTerms(
        N_("longest silence between touches on an open opportunity"),
        "at most 5 business days",
        (Measure.GAP, Measure.SHARE),
        ON_LEADS,
        is_clock=True,
    ),
    Kind.DELIVERABLE: KindTerms(
        N_("a recurring thing handed over with evidence"),
        "4 reports",
        (Measure.COUNT,),
        ("calendar", "deliverable", "remind_at", "pacing"),
        is_clock=True,
    ),
}
