"""Why a commitment has nothing to say about a lead: it has not come that far, or the promise is not about it."""

from __future__ import annotations

from smarketing.engine.clauses import Clause, Version
from smarketing.engine.history import NEVER
from smarketing.engine.reading import WON, Reading
from smarketing.scorecard.explain.case import Case, local_date, name_of
from smarketing.terms.commitment import Clock, Commitment, Kind, Scope, Start
from smarketing.terms.instants import instant_at
from smarketing.terms.language import Words

OF_DEALS = (
    Kind.FOLLOW_UP_CADENCE,
    Kind.PIPELINE_CONTRIBUTION,
    Kind.SOURCED_REVENUE,
    Kind.OPPORTUNITIES_CREATED,
)
OF_STAGES = (Kind.CONVERSION_RATE, Kind.LEAD_VOLUME, Kind.LEAD_VALUE)


def why_nothing(case: Case) -> str:
    """The reason, as a sentence, why evaluate made neither a clock nor a tally."""
    words, zone = case.words, case.compiled.versions[-1].agreement.zone
    if int(case.whole.leads.created_at[0]) > case.now:
        return words("This lead had not come in by {now}.", now=words.instant(instant_at(case.now), zone))
    started: list[int] = []
    for version, clause in _clauses(case):
        reading = case.reading(version)
        at = _began_at(reading, clause.commitment)
        if version.start_at <= at < version.end_at:
            return _not_about(reading, clause, words)
        started.append(at)
    if all(at == NEVER for at in started):
        return _not_yet(_clauses(case)[-1][1].commitment, _clauses(case)[-1][0], words)
    return _no_promise(case, max(at for at in started if at != NEVER))


def _clauses(case: Case) -> list[tuple[Version, Clause]]:
    return [
        (version, clause)
        for version in case.compiled.versions
        for clause in version.clauses
        if clause.commitment.id == case.commitment
    ]


def _began_at(reading: Reading, commitment: Commitment) -> int:
    """When the promise would have begun to be about the lead; NEVER when it has not come that far."""
    deals = reading.history.deals
    if commitment.kind in OF_STAGES:
        return int(reading.reached_at(commitment.stage)[0])
    if commitment.kind is Kind.SOURCED_REVENUE:
        return int(min(deals.closed_at[deals.status == WON].tolist(), default=NEVER))
    if commitment.kind in OF_DEALS:
        return int(min(deals.created_at.tolist(), default=NEVER))
    if commitment.kind is Kind.SPEED_TO_LEAD and commitment.clock is Clock.REP:
        return int(max(reading.assigned_at[0], reading.start_at(commitment.start)[0]))
    return int(reading.start_at(commitment.start)[0])


def _not_yet(commitment: Commitment, version: Version, words: Words) -> str:
    if commitment.kind is Kind.SOURCED_REVENUE:
        return words("No deal with this lead has been won.")
    if commitment.kind in OF_DEALS:
        return words("No opportunity with this lead has been opened.")
    if commitment.kind in OF_STAGES:
        return words('This lead has not been "{stage}" yet.', stage=commitment.stage or "lead")
    if commitment.clock is Clock.REP or commitment.start is Start.ASSIGNMENT:
        return words("Nobody has received this lead yet.")
    handover = version.agreement.handover
    return words(
        'This lead has not been handed over yet: it passes to sales at "{moment}".',
        moment=handover.stage if handover.at == "stage" else handover.at.value,
    )


def _no_promise(case: Case, at: int) -> str:
    """Something began, at a moment when no version made this promise."""
    words, version = case.words, case.compiled.version_at(at)
    zone = (version or case.compiled.versions[-1]).agreement.zone
    day = words.day(local_date(zone, at))
    if version is None:
        return words("No version of the agreement was in force on {day}, when it would have begun.", day=day)
    return words(
        "Version {version}, in force on {day} when it would have begun, does not make this promise.",
        version=version.agreement.version,
        day=day,
    )


def _not_about(reading: Reading, clause: Clause, words: Words) -> str:
    version, leads = reading.version, reading.history.leads
    if clause.is_marketing_only and reading.is_marketing is not None and not reading.is_marketing[0]:
        source = name_of(version.codebook.sources, int(leads.source[0])) or words("an unknown source")
        return words("This lead came from {source}, which is not one of marketing's sources.", source=source)
    if clause.commitment.kind is Kind.PIPELINE_CONTRIBUTION and clause.commitment.only.is_everything:
        return words("The deals with this lead are lost, and only open and won ones count.")
    return words("This promise is only about {scope}.", scope=_scope(clause.commitment.only, words))


def _scope(only: Scope, words: Words) -> str:
    parts = {
        words("tiers"): only.tiers,
        words("sources"): only.sources,
        words("teams"): only.teams,
        words("reps"): only.reps,
    }
    return "; ".join(f"{name} {', '.join(values)}" for name, values in parts.items() if values)
