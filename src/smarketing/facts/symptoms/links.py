"""What hangs together and what hangs loose: touches and deals of no lead, persons met twice, leads of no source."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted
from smarketing.facts.symptoms.absence import ABOUT_TOUCHES
from smarketing.terms.commitment import Kind
from smarketing.terms.marked import N_

VOLUME = (Kind.LEAD_VOLUME, Kind.LEAD_VALUE)
MONEY = (Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE)


def _known(names: pl.LazyFrame, column: str) -> pl.LazyFrame:
    return names.select(column).drop_nulls().unique().with_columns(pl.lit(value=True).alias(f"has_{column}"))


def touches_without_lead(facts: Facts) -> Evidence | None:
    leads = facts["lead"]
    ids = pl.concat(
        [
            leads.select("lead_id"),
            facts["identity"].select(lead_id="from_id"),
            facts["identity"].select(lead_id="to_id"),
        ]
    )
    touches = facts["touch"].select("touch_id", "lead_id", "person_key", "deal_id")
    for names, column in ((ids, "lead_id"), (leads, "person_key"), (facts["deal"], "deal_id")):
        touches = touches.join(_known(names, column), on=column, how="left")
    is_loose = pl.all_horizontal(pl.col("has_lead_id", "has_person_key", "has_deal_id").is_null())
    return counted(touches, is_loose, pl.col("touch_id"))


def deals_without_lead(facts: Facts) -> Evidence | None:
    shared = facts["deal_lead"].select("src", "deal_id", is_shared=pl.lit(value=True)).unique()
    deals = (
        facts["deal"].select("src", "deal_id", "lead_id", "person_key").join(shared, on=["src", "deal_id"], how="left")
    )
    for column in ("lead_id", "person_key"):
        deals = deals.join(_known(facts["lead"], column), on=column, how="left")
    is_loose = pl.all_horizontal(pl.col("is_shared", "has_lead_id", "has_person_key").is_null())
    return counted(deals, is_loose, pl.col("deal_id"))


def persons_met_twice(facts: Facts) -> Evidence | None:
    is_void = pl.any_horizontal(pl.col("duplicate_of", "merged_into", "deleted_at").is_not_null())
    persons = facts["lead"].filter(~is_void).drop_nulls("person_key").group_by("person_key").len()
    return counted(persons, pl.col("len") > 1, pl.col("person_key"))


def leads_without_source(facts: Facts) -> Evidence | None:
    return counted(facts["lead"], pl.coalesce("channel", "source_raw").is_null(), pl.col("lead_id"))


SYMPTOMS = (
    Symptom(
        "touches_without_lead",
        N_("Touches that lead to no lead"),
        N_("They name no lead, person or deal that is here, and answer nobody."),
        N_("Check the mapping of the lead's or contact's id, and whether the leads' export covers the same months."),
        Severity.WARNS,
        ABOUT_TOUCHES,
        touches_without_lead,
    ),
    Symptom(
        "deals_without_lead",
        N_("Deals that come from no lead"),
        N_("They are nobody's credit: their amounts are in no sum of marketing's."),
        N_("Map the deal's lead or contact, or import the links between contacts and deals."),
        Severity.WARNS,
        MONEY,
        deals_without_lead,
    ),
    Symptom(
        "persons_met_twice",
        N_("Persons with several requests"),
        N_("Each request counts as a lead of its own, and a touch of the person answers them all."),
        N_("Mark the repeated ones as duplicates at the source if they are not requests of their own."),
        Severity.INFORMS,
        VOLUME,
        persons_met_twice,
    ),
    Symptom(
        "leads_without_source",
        N_("Leads without a source"),
        N_("An agreement about marketing's sources leaves them out."),
        N_("Map the source or the UTM columns."),
        Severity.INFORMS,
        (*VOLUME, *MONEY),
        leads_without_source,
    ),
)
