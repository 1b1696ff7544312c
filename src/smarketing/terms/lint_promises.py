"""Advice about the promises themselves: can they be measured, and can the people keep them?"""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.terms.agreement import Agreement, HandoverMoment, Party
from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.concern import Doubt
from smarketing.terms.language import N_
from smarketing.terms.period import Grain
from smarketing.terms.target import Measure

DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 90, Grain.YEAR: 365}
PER_MONTH = {Grain.DAY: 21.0, Grain.WEEK: 52 / 12, Grain.MONTH: 1.0, Grain.QUARTER: 1 / 3, Grain.YEAR: 1 / 12}
ON_PEOPLE = (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.DISPOSITION_TIME)
LARGEST_PLAIN_WEIGHT = 10
MONEY = (Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE)


def measurable(agreement: Agreement) -> Iterator[Doubt]:
    """Promises whose words name something that the facts will never show."""
    for commitment in agreement.commitments:
        where = f"commitments.{commitment.id}"
        for stage in _stages(agreement, commitment):
            definition = agreement.definitions.get(stage)
            if not definition or not (definition.marked_by or definition.values):
                yield Doubt(
                    "not_measurable",
                    where,
                    N_('"{id}" counts leads that became "{stage}", and nobody is named who marks that.'),
                    N_('Define "{stage}" with marked_by, or with the values that the CRM uses.'),
                    {"id": commitment.id, "stage": stage},
                )
        for tier in (tier for tier in agreement.tiers if tier.id in commitment.only.tiers):
            takes_the_rest = len(agreement.tiers) > 1 and tier is agreement.tiers[-1]
            if not (takes_the_rest or tier.grades or tier.sources or tier.score_from is not None):
                yield Doubt(
                    "not_measurable",
                    where,
                    N_('"{id}" is about tier "{tier}", and nothing says which leads that is.'),
                    N_("Give the tier grades, sources or a lowest score."),
                    {"id": commitment.id, "tier": tier.id},
                )
        if commitment.kind in MONEY and not agreement.counting.marketing_sources:
            yield Doubt(
                "not_measurable",
                where,
                N_("\"{id}\" counts marketing's deals, and every source passes for marketing's."),
                N_("List marketing_sources under counting."),
                {"id": commitment.id},
            )
        if commitment.kind is Kind.LEAD_VALUE and len({tier.worth for tier in agreement.tiers}) < 2:
            yield Doubt(
                "not_measurable",
                where,
                N_('"{id}" weighs leads, and all of them weigh the same.'),
                N_("Give the tiers different worths."),
                {"id": commitment.id},
            )


def _stages(agreement: Agreement, commitment: Commitment) -> list[str]:
    stages = [commitment.stage, commitment.to_stage]
    if agreement.handover.at is HandoverMoment.STAGE and commitment.kind in ON_PEOPLE:
        stages.append(agreement.handover.stage)
    if commitment.kind is Kind.DISPOSITION_TIME:
        stages += ["disqualified", "recycled"]
    return [stage for stage in dict.fromkeys(stages) if stage and not stage.startswith("status:")]


def contacts(agreement: Agreement) -> Iterator[Doubt]:
    for commitment in agreement.commitments:
        if not commitment.contact:
            yield Doubt(
                "no_contact",
                f"commitments.{commitment.id}",
                N_('Nobody answers for "{id}".'),
                N_("Name its point of contact."),
                {"id": commitment.id},
            )


def capacity(agreement: Agreement) -> Iterator[Doubt]:
    """Promises that people must keep by hand need hours; and the hours must be enough."""
    for party in agreement.parties:
        kept_by_hand = [c for c in agreement.commitments if c.party == party.id and c.kind in ON_PEOPLE]
        if not kept_by_hand:
            continue
        if party.capacity is None:
            yield Doubt(
                "no_capacity",
                f"parties.{party.id}",
                N_('"{id}" promises speed or depth without saying how many people and hours it has.'),
                N_("Write its capacity: reps, hours_per_rep, minutes_per_attempt."),
                {"id": party.id},
            )
        else:
            yield from _enough_hours(agreement, party, kept_by_hand)


def _enough_hours(agreement: Agreement, party: Party, commitments: list[Commitment]) -> Iterator[Doubt]:
    """The leads promised in a month, times the touches promised for each, times the minutes of one."""
    assert party.capacity is not None
    leads = sum(
        float(c.target.value) * PER_MONTH[c.period]
        for c in agreement.commitments
        if c.kind is Kind.LEAD_VOLUME and c.only.is_everything and c.party != party.id
    )
    depths = [c.target.touches or c.target.value for c in commitments if c.kind is Kind.FOLLOW_UP_DEPTH]
    touches = float(max(depths, default=1))
    by_hand = float((1 - party.capacity.automated_share) * party.capacity.minutes_per_attempt)
    needed = leads * touches * by_hand / 60
    available = float(party.capacity.reps * party.capacity.hours_per_rep * party.capacity.marketing_share)
    if needed > available:
        yield Doubt(
            "capacity_too_small",
            f"parties.{party.id}",
            N_("{leads} leads a month with {touches} touches each need {needed} hours; {id} has {available}."),
            N_("Promise fewer touches, automate some, or plan for more hours."),
            {
                "id": party.id,
                "leads": round(leads),
                "touches": f"{touches:g}",
                "needed": round(needed),
                "available": round(available),
            },
        )


def periods(agreement: Agreement) -> Iterator[Doubt]:
    for commitment in agreement.commitments:
        within = commitment.lag or commitment.target.within
        is_judged_late = within is not None and _days(within) > DAYS[commitment.period]
        if is_judged_late and commitment.kind is not Kind.CONVERSION_RATE:
            yield Doubt(
                "period_too_short",
                f"commitments.{commitment.id}",
                N_('"{id}" allows {within}, longer than its period: no {period} can be judged when it closes.'),
                N_("Judge it over a longer period."),
                {"id": commitment.id, "within": within, "period": commitment.period},
            )
        if commitment.period is Grain.DAY and commitment.target.measure in (Measure.COUNT, Measure.SUM):
            yield Doubt(
                "period_too_short",
                f"commitments.{commitment.id}",
                N_('"{id}" promises a total every single day, weekends included.'),
                N_("Promise it by the week or the month; the goal line shows every day."),
                {"id": commitment.id},
            )


def _days(allowance: Allowance) -> float:
    """A rough length in calendar days: five business days are a week, a business day has eight hours."""
    return {
        Unit.BUSINESS_DAYS: allowance.amount * 7 / 5,
        Unit.ROLLED_DAYS: float(allowance.amount),
        Unit.CLOCK_TIME: allowance.amount / 86400,
        Unit.BUSINESS_TIME: allowance.amount / (8 * 3600) * 7 / 5,
    }[allowance.unit]


def weights(agreement: Agreement) -> Iterator[Doubt]:
    """Weights that look like percentages or shares should add up to a whole; small whole numbers need not."""
    for party in agreement.parties:
        each = [c.weight for c in agreement.commitments if c.party == party.id]
        whole = 100 if each and max(each) > LARGEST_PLAIN_WEIGHT else 1 if each and max(each) < 1 else None
        if whole is not None and sum(each) != whole:
            yield Doubt(
                "weights_do_not_add_up",
                f"parties.{party.id}",
                N_('The weights of "{id}" add up to {total}.'),
                N_("Let them add up to {whole}, so that everybody sees what counts how much."),
                {"id": party.id, "total": f"{sum(each):f}", "whole": whole},
            )


def teams(agreement: Agreement) -> Iterator[Doubt]:
    known = {team for party in agreement.parties for team in party.teams}
    for commitment in agreement.commitments if known else ():
        scopes = [commitment.only, *(override.only for override in commitment.overrides)]
        for team in dict.fromkeys(team for scope in scopes for team in scope.teams if team not in known):
            yield Doubt(
                "unknown_team",
                f"commitments.{commitment.id}",
                N_('"{id}" is about the team "{team}", which no party has.'),
                N_("List it under the teams of its party, spelled as the facts spell it."),
                {"id": commitment.id, "team": team},
            )
