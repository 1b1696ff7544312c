"""The whole card from what was gathered: lines, totals, funnel, and what it was made from."""

from __future__ import annotations

from collections.abc import Sequence

from smarketing import __version__
from smarketing.engine.compiled import Compiled
from smarketing.scorecard.card import AgreementCard, Line, PartyCard, Provenance, Scorecard
from smarketing.scorecard.gather import Gather, Gathered
from smarketing.scorecard.horizon import Horizon
from smarketing.scorecard.lines import line
from smarketing.scorecard.part import is_divided, part_of
from smarketing.scorecard.promised import latest_version
from smarketing.scorecard.weigh import steps, total
from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Kind
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.instants import instant_at
from smarketing.terms.zones import tzdb_version


def scorecard(gathered: Gather, *, facts_sequence: int) -> Scorecard:
    """The card of everything that was gathered; the same facts and terms give the same card, whatever the order."""
    compiled, horizon = gathered.compiled, gathered.horizon
    agreement = latest_version(compiled.versions, horizon).agreement
    is_part = bool(gathered.only.flags)
    n_promised = None if is_part else _promised_leads(gathered)
    lines = tuple(line(each, compiled, gathered.axes, n_promised, gathered.waiving.reasons) for each in gathered.lines)
    lines = tuple(map(part_of, lines)) if is_part else lines
    weighed = [each for each in lines if is_divided(each)] if is_part else lines
    ended_at = horizon.period.bounds(horizon.zone)[1]
    return Scorecard(
        agreement=_agreement(agreement),
        period=horizon.span,
        now=instant_at(horizon.now),
        parties=_parties(agreement, lines, weighed),
        total=total(weighed),
        lines=lines,
        funnel=gathered.funnel.funnel(horizon.now - ended_at),
        sources=gathered.funnel.sources(),
        tiers=gathered.funnel.tiers(compiled.tiers),
        heat=gathered.heat.card(),
        steps=() if is_part else steps(lines, agreement),
        provenance=Provenance(
            program=__version__,
            fingerprints=_fingerprints(compiled, horizon),
            facts_sequence=facts_sequence,
            tzdb=tzdb_version(),
            now=instant_at(horizon.now),
            n_leads=gathered.n_leads,
            n_buckets=gathered.n_buckets,
        ),
    )


def _agreement(agreement: Agreement) -> AgreementCard:
    return AgreementCard(
        id=agreement.id,
        version=agreement.version,
        title=agreement.title,
        kind=agreement.kind.value,
        language=agreement.language,
        currency=agreement.currency,
        zone=agreement.zone,
        from_on=agreement.in_force.from_on,
        until_on=agreement.in_force.until_on,
        fingerprint=fingerprint(agreement),
    )


def _parties(agreement: Agreement, lines: Sequence[Line], weighed: Sequence[Line]) -> tuple[PartyCard, ...]:
    return tuple(
        PartyCard(party.id, party.name, party.role.value, total([each for each in weighed if each.party == party.id]))
        for party in agreement.parties
        if any(each.party == party.id for each in lines)
    )


def _promised_leads(gathered: Gather) -> float | None:
    """The leads that some commitment promises for the card's period, if one is about all of them."""
    for each in gathered.lines:
        if each.clauses.latest.kind is Kind.LEAD_VOLUME and each.clauses.latest.only.is_everything:
            return _owed(each, gathered.horizon)
    return None


def _owed(volume: Gathered, horizon: Horizon) -> float | None:
    climb = volume.clauses.line(horizon.period)
    return float(climb[-1]) if climb[-1] == climb[-1] else None


def _fingerprints(compiled: Compiled, horizon: Horizon) -> tuple[str, ...]:
    """Of every version under which a clock of the card's period or of its trend may have started."""
    first, end = horizon.trend[0].bounds(horizon.zone)[0], horizon.period.bounds(horizon.zone)[1]
    judging = (v for v in compiled.versions if v.start_at < min(v.end_at, end) and first < v.end_at)
    return tuple(fingerprint(version.agreement) for version in judging)
