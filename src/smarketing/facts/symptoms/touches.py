"""How touches were written down: late, by machines, without an outcome."""

from __future__ import annotations

import polars as pl

from smarketing.facts.finding import Evidence, Facts, Severity, Symptom, counted, shown, text_of
from smarketing.terms.commitment import Kind
from smarketing.terms.marked import N_

LATE = pl.duration(days=1)
IS_OUT = pl.col("direction") == "out"
MOSTLY = 0.5


def touches_logged_late(facts: Facts) -> Evidence | None:
    example = text_of(pl.col("touch_id"), ": ", shown("occurred_at"), " → ", shown("logged_at"))
    is_late = pl.col("logged_at") - pl.col("occurred_at") > LATE
    return counted(facts["touch"], is_late, example, among=pl.col("logged_at").is_not_null())


def automated_touches(facts: Facts) -> Evidence | None:
    evidence = counted(facts["touch"], pl.col("automated"), pl.col("touch_id"), among=IS_OUT)
    if evidence is None or evidence.n <= MOSTLY * evidence.total:
        return evidence
    return Evidence(evidence.n, evidence.total, evidence.examples, severity=Severity.WARNS)


def automation_unknown(facts: Facts) -> Evidence | None:
    return counted(facts["touch"], pl.col("automated").is_null(), pl.col("touch_id"), among=IS_OUT)


def outcome_unknown(facts: Facts) -> Evidence | None:
    is_unknown = pl.col("outcome").is_null() | (pl.col("outcome") == "unknown")
    is_call = pl.col("kind").is_in(["call", "meeting", "visit"])
    return counted(facts["touch"], is_unknown, pl.col("touch_id"), among=IS_OUT & is_call)


SYMPTOMS = (
    Symptom(
        "touches_logged_late",
        N_("Touches written down more than a day after they happened"),
        N_("They count when they happened, so a clock that looked breached on the day is met afterwards."),
        N_("Ask the reps to log at once, or connect telephone and mailbox to the CRM."),
        Severity.WARNS,
        (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH),
        touches_logged_late,
    ),
    Symptom(
        "automated_touches",
        N_("Outbound touches sent by machines"),
        N_("They are left out: only people answer a lead."),
        N_("Nothing to do, unless a person's touches are among them."),
        Severity.INFORMS,
        (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH),
        automated_touches,
    ),
    Symptom(
        "automation_unknown",
        N_("Outbound touches that do not say whether a machine sent them"),
        N_("They count as human; sequences and auto-replies would make every lead look answered."),
        N_("Map the column that tells, or leave automatic mails out of the export."),
        Severity.INFORMS,
        (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH),
        automation_unknown,
    ),
    Symptom(
        "outcome_unknown",
        N_("Calls, meetings and visits without an outcome"),
        N_("Whether they reached the lead is not known, so the lead goes on needing attempts."),
        N_("Map the call result or status; make it a required field at the source."),
        Severity.WARNS,
        (Kind.FOLLOW_UP_DEPTH,),
        outcome_unknown,
    ),
)
