"""What is not there at all: leads, touches, stage history, deals, deliveries."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted
from smarketing.terms.commitment import Kind
from smarketing.terms.language import N_

ABOUT_DEALS = (Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE, Kind.FOLLOW_UP_CADENCE)
ABOUT_STAGES = (
    Kind.LEAD_VOLUME,
    Kind.LEAD_VALUE,
    Kind.CONVERSION_RATE,
    Kind.DISPOSITION_TIME,
    Kind.OPPORTUNITIES_CREATED,
)
ABOUT_TOUCHES = (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.FOLLOW_UP_CADENCE)
IS_STAGE = (pl.col("entity") == "lead") & pl.col("field").is_in(["lifecycle", "status", "stage"])


def _missing(facts: Facts, table: str) -> Evidence | None:
    return None if facts.n(table) else Evidence(0, 0)


def no_stage_history(facts: Facts) -> Evidence | None:
    n_changes = facts["stage_change"].filter(IS_STAGE).select(pl.len()).collect().item()
    n_leads = facts.n("lead")
    return Evidence(n_leads, n_leads) if n_leads and not n_changes else None


def leads_without_history(facts: Facts) -> Evidence | None:
    told = facts["stage_change"].filter(IS_STAGE).select("src", lead_id="entity_id", told=pl.lit(value=True)).unique()
    if told.head(1).collect().is_empty():
        return None
    leads = facts["lead"].join(told, on=["src", "lead_id"], how="left")
    return counted(leads, pl.col("told").is_null(), pl.col("lead_id"))


def inexact_history(facts: Facts) -> Evidence | None:
    changes = facts["stage_change"].filter(IS_STAGE)
    return counted(changes, ~pl.col("exact"), pl.col("entity_id"))


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
        N_("Stage changes noticed only by comparing snapshots"),
        N_("They happened at some time between two snapshots; the later one is taken."),
        N_("Switch the field's history on at the source, or compare more often."),
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
        Severity.BLOCKS,
        (),
        lambda facts: _missing(facts, "delivery"),
        blocks=(Kind.DELIVERABLE,),
    ),
)
