"""What is not there at all: leads, touches, stage history, deals, deliveries."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted
from smarketing.terms.commitment import Kind
from smarketing.terms.marked import N_

ABOUT_DEALS = (Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE, Kind.FOLLOW_UP_CADENCE)
ABOUT_STAGES = (
    Kind.LEAD_VOLUME,
    Kind.LEAD_VALUE,
    Kind.CONVERSION_RATE,
    Kind.DISPOSITION_TIME,
    Kind.OPPORTUNITIES_CREATED,
)
ABOUT_TOUCHES = (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.FOLLOW_UP_CADENCE)
IS_DERIVED = pl.col("origin").eq_missing(pl.lit("derived"))
IS_CREATION = IS_DERIVED & pl.col("to_value").eq_missing(pl.lit("lead"))
IS_STAGE = (pl.col("entity") == "lead") & pl.col("field").is_in(["lifecycle", "status", "stage"])


def _missing(facts: Facts, table: str) -> Evidence | None:
    return None if facts.n(table) else Evidence(0, 0)


def _n_changes(facts: Facts, which: pl.Expr) -> int:
    return int(facts["stage_change"].filter(IS_STAGE & which).select(pl.len()).collect().item())


def no_stage_history(facts: Facts) -> Evidence | None:
    n_leads = facts.n("lead")
    return Evidence(n_leads, n_leads) if n_leads and not _n_changes(facts, ~IS_CREATION) else None


def derived_history(facts: Facts) -> Evidence | None:
    n_changes = _n_changes(facts, ~IS_CREATION)
    if not n_changes or _n_changes(facts, ~IS_DERIVED):
        return None
    return Evidence(n_changes, n_changes)


def leads_without_history(facts: Facts) -> Evidence | None:
    told = facts["stage_change"].filter(IS_STAGE).select("src", lead_id="entity_id", told=pl.lit(value=True)).unique()
    if told.head(1).collect().is_empty():
        return None
    leads = facts["lead"].join(told, on=["src", "lead_id"], how="left")
    return counted(leads, pl.col("told").is_null(), pl.col("lead_id"))


def inexact_history(facts: Facts) -> Evidence | None:
    changes = facts["stage_change"].filter(IS_STAGE)
    return counted(changes, ~pl.col("exact") & pl.col("prec").ne_missing("day"), pl.col("entity_id"))


SYMPTOMS = (
    Symptom(
        "no_leads",
        N_("There are no leads"),
        N_("Nothing can be counted or timed without them."),
        N_("Import the export of leads, or of deals if each deal is a request."),
        Severity.BLOCKS,
        (),
        lambda facts: _missing(facts, "lead"),
        blocks=tuple(kind for kind in Kind if kind is not Kind.DELIVERABLE),
    ),
    Symptom(
        "no_touches",
        N_("There are no touches"),
        N_("Without calls, mails and meetings every lead looks unanswered."),
        N_("Import the calls, mails, meetings and finished tasks."),
        Severity.BLOCKS,
        (),
        lambda facts: _missing(facts, "touch"),
        blocks=ABOUT_TOUCHES,
    ),
    Symptom(
        "no_stage_history",
        N_("There is no history of stages"),
        N_("Only today's stage is known, not when a lead reached it: who became an MQL in May cannot be told."),
        N_("Import the field history of the lifecycle stage or status, or count leads from their creation."),
        Severity.BLOCKS,
        (Kind.LEAD_VOLUME, Kind.LEAD_VALUE, Kind.CONVERSION_RATE, Kind.OPPORTUNITIES_CREATED),
        no_stage_history,
        blocks=(Kind.DISPOSITION_TIME,),
    ),
    Symptom(
        "derived_history",
        N_("Stages are known only where a record carries their date"),
        N_("A closing date tells when a lead was won or lost, but not when it became an MQL or SQL."),
        N_("Import the field history of the lifecycle stage or status."),
        Severity.WARNS,
        ABOUT_STAGES,
        derived_history,
    ),
    Symptom(
        "leads_without_history",
        N_("Leads without any stage in the history"),
        N_("They count as created and never as anything more."),
        N_("Look whether the history was exported for the same leads and the same months."),
        Severity.INFORMS,
        ABOUT_STAGES,
        leads_without_history,
    ),
    Symptom(
        "inexact_history",
        N_("Stage changes whose moment is not exact"),
        N_("They happened some time before the moment that is known, between two looks at the source."),
        N_("Switch the field's history on at the source, or look more often."),
        Severity.INFORMS,
        (Kind.DISPOSITION_TIME, Kind.CONVERSION_RATE),
        inexact_history,
    ),
    Symptom(
        "no_deals",
        N_("There are no deals"),
        N_("Pipeline and revenue from marketing's leads cannot be summed."),
        N_("Import the export of deals or opportunities."),
        Severity.BLOCKS,
        (),
        lambda facts: _missing(facts, "deal"),
        blocks=ABOUT_DEALS,
    ),
    Symptom(
        "no_deliveries",
        N_("There are no deliveries"),
        N_("Whether promised reports or goods were handed over cannot be told."),
        N_("Import a list of deliveries if the agreement promises any."),
        Severity.INFORMS,
        (),
        lambda facts: _missing(facts, "delivery"),
        blocks=(Kind.DELIVERABLE,),
    ),
)
