"""Times that cannot be: in the future, before the beginning, written down before they happened, or only a day."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted, shown, text_of
from smarketing.facts.symptoms.absence import ABOUT_STAGES, ABOUT_TOUCHES
from smarketing.terms.commitment import Kind
from smarketing.terms.marked import N_

SKEW = pl.duration(minutes=1)  # clocks of servers differ by seconds
COARSE = {"minute": pl.duration(minutes=1), "day": pl.duration(days=1)}


def _coarseness(column: str) -> pl.Expr:
    return pl.when(pl.col(column) == "day").then(COARSE["day"]).otherwise(SKEW)


def touches_logged_before(facts: Facts) -> Evidence | None:
    is_done = ~pl.col("outcome").is_in(["scheduled", "cancelled"]).fill_null(value=False)
    is_before = pl.col("logged_at") + _coarseness("prec") < pl.col("occurred_at")
    example = text_of(pl.col("touch_id"), ": ", shown("occurred_at"), " → ", shown("logged_at"))
    return counted(facts["touch"], is_before & is_done, example, among=pl.col("logged_at").is_not_null())


def touches_before_lead(facts: Facts) -> Evidence | None:
    leads = facts["lead"].select("src", "lead_id", "created_at", "created_prec")
    touches = facts["touch"].filter(pl.col("direction") == "out").join(leads, on=["src", "lead_id"])
    is_before = pl.col("occurred_at") + _coarseness("prec") < pl.col("created_at")
    example = text_of(
        pl.col("touch_id"), ": ", shown("occurred_at"), " < ", pl.col("lead_id"), " ", shown("created_at")
    )
    return counted(touches, is_before, example)


def future_dates(facts: Facts) -> Evidence | None:
    is_past_kind = ~pl.col("outcome").is_in(["scheduled", "cancelled"]).fill_null(value=False)
    moments = [
        facts["lead"].select(id="lead_id", at="created_at"),
        facts["touch"].filter(is_past_kind).select(id="touch_id", at="occurred_at"),
        facts["stage_change"].select(id="entity_id", at="changed_at"),
        facts["deal"].select(id="deal_id", at="created_at"),
        facts["deal"].filter(pl.col("status") != "open").select(id="deal_id", at="closed_at").drop_nulls("at"),
    ]
    example = text_of(pl.col("id"), ": ", shown("at"))
    return counted(pl.concat(moments), pl.col("at") > facts.now, example)


def only_days(facts: Facts) -> Evidence | None:
    moments = [
        facts["lead"].select(id="lead_id", prec="created_prec"),
        facts["touch"].select(id="touch_id", prec="prec"),
    ]
    return counted(pl.concat(moments), pl.col("prec") == "day", pl.col("id"))


def history_of_days(facts: Facts) -> Evidence | None:
    return counted(
        facts["stage_change"], pl.col("prec") == "day", pl.col("entity_id"), among=pl.col("entity") == "lead"
    )


SYMPTOMS = (
    Symptom(
        "touches_logged_before",
        N_("Touches written down before they happened"),
        N_("Two clocks disagree, or a planned activity was taken for a finished one."),
        N_("Check the zone of the profile, and that open tasks are mapped as scheduled."),
        Severity.WARNS,
        (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH),
        touches_logged_before,
    ),
    Symptom(
        "touches_before_lead",
        N_("Outbound touches before their lead existed"),
        N_("A touch before the handover answers nothing; many of them hint at a wrong zone or creation date."),
        N_("Compare a few in the CRM; check the zones of both files."),
        Severity.INFORMS,
        ABOUT_TOUCHES,
        touches_before_lead,
    ),
    Symptom(
        "future_dates",
        N_("Dates in the future"),
        N_("They are ignored until they come."),
        N_("Check the date format (day and month) and the zone of the profile."),
        Severity.WARNS,
        (*ABOUT_STAGES, *ABOUT_TOUCHES),
        future_dates,
    ),
    Symptom(
        "only_days",
        N_("Leads and touches known only to the day"),
        N_("Their hour is missing, so a reply within minutes cannot be told from one within a day."),
        N_("Export the time beside the date, or promise business days instead of hours."),
        Severity.WARNS,
        (Kind.SPEED_TO_LEAD,),
        only_days,
    ),
    Symptom(
        "history_of_days",
        N_("Stage changes known only to the day"),
        N_("Time until a decision is right to the day and no better."),
        N_("Export the time beside the date, or promise business days instead of hours."),
        Severity.INFORMS,
        (Kind.DISPOSITION_TIME,),
        history_of_days,
    ),
)
