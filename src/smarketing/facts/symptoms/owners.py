"""Who owns and who answers: owners that nobody knows, leads that nobody has."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted
from smarketing.terms.commitment import Kind
from smarketing.terms.marked import N_

ANSWERING = (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.DISPOSITION_TIME)


def _mentioned(facts: Facts) -> pl.LazyFrame:
    """src, owner_id of everybody who has a lead or did anything, once."""
    frames = [facts[table].select("src", "owner_id").drop_nulls().unique() for table in ("lead", "touch", "deal")]
    return pl.concat(frames).unique()


def unknown_owners(facts: Facts) -> Evidence | None:
    known = facts["owner"].select("src", "owner_id", known=pl.lit(value=True))
    owners = _mentioned(facts).join(known, on=["src", "owner_id"], how="left")
    return counted(owners, pl.col("known").is_null(), pl.col("owner_id"))


def owners_without_team(facts: Facts) -> Evidence | None:
    return counted(
        facts["owner"], pl.col("team").is_null(), pl.coalesce("name", "owner_id"), among=pl.col("kind") == "person"
    )


def leads_without_owner(facts: Facts) -> Evidence | None:
    return counted(facts["lead"], pl.col("owner_id").is_null(), pl.col("lead_id"))


def leads_in_queues(facts: Facts) -> Evidence | None:
    queues = facts["owner"].filter(pl.col("kind") != "person").select("src", "owner_id", queue="kind")
    leads = facts["lead"].join(queues, on=["src", "owner_id"], how="left")
    return counted(leads, pl.col("queue").is_not_null(), pl.col("lead_id"))


SYMPTOMS = (
    Symptom(
        "unknown_owners",
        N_("Owners that the list of owners does not know"),
        N_("They are taken for persons under their id, in no team; a queue or a robot among them would count as one."),
        N_("Import the list of users and teams of the CRM."),
        Severity.WARNS,
        ANSWERING,
        unknown_owners,
    ),
    Symptom(
        "owners_without_team",
        N_("Persons without a team"),
        N_("Their leads are in no team's numbers."),
        N_("Add the team to the list of owners."),
        Severity.INFORMS,
        ANSWERING,
        owners_without_team,
    ),
    Symptom(
        "leads_without_owner",
        N_("Leads without an owner"),
        N_("Nobody in particular was late with them: they count for the whole and for no rep."),
        N_("Look how leads are assigned; a clock from assignment never starts for these."),
        Severity.WARNS,
        ANSWERING,
        leads_without_owner,
    ),
    Symptom(
        "leads_in_queues",
        N_("Leads that a queue, a team or a system owns"),
        N_("A queue does not answer; the wait in it is the system's clock."),
        N_("Look how long leads stay there; smarketing explain shows the three clocks of a lead."),
        Severity.INFORMS,
        ANSWERING,
        leads_in_queues,
    ),
)
