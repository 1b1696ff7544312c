"""One thing that counted towards a total: what it was, when, and in which period of the promise."""

from __future__ import annotations

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Tallies, void_reason
from smarketing.scorecard.explain.case import Case, local_date, name_of
from smarketing.scorecard.explain.explanation import TallyExplained, instant
from smarketing.scorecard.explain.promise import clause_seen, version_seen
from smarketing.scorecard.explain.sentences import tally_sentence
from smarketing.terms.code_names import REASONS, said
from smarketing.terms.commitment import Kind
from smarketing.terms.period import period_of

TEN_THOUSANDTHS = 10_000
COUNTS = (Kind.LEAD_VOLUME, Kind.OPPORTUNITIES_CREATED)


def tally_explained(case: Case, tallies: Tallies, row: int) -> TallyExplained:
    at, amount = int(tallies.at[row]), int(tallies.amount[row])
    version, clause = case.judges(at)
    agreement, commitment = version.agreement, clause.commitment
    on, seen = local_date(agreement.zone, at), instant(at, agreement.zone)
    period = period_of(commitment.period, on, week_starts_on=agreement.week_starts_on).label
    void = void_reason(int(tallies.void[row]), version.codebook)
    values = {
        "title": commitment.title or commitment.id,
        "period": period,
        "stage": commitment.stage or "lead",
        "at": case.words.instant(seen.utc, agreement.zone),
        "amount": _amount(case, amount, agreement.currency, clause),
        "void": said(void, REASONS, case.words),
    }
    return TallyExplained(
        sentence=tally_sentence(commitment, values, case.words),
        version=version_seen(version, case.words),
        clause=clause_seen(version, clause, case.words),
        at=seen,
        period=period,
        amount=amount if commitment.kind in COUNTS else amount / TEN_THOUSANDTHS,
        owner=name_of(version.codebook.owner_names, int(tallies.owner[row])),
        tier=name_of(case.compiled.tiers, int(tallies.tier[row])),
        source=name_of(version.codebook.sources, int(tallies.source[row])),
        void=void,
    )


def _amount(case: Case, amount: int, currency: str, clause: Clause) -> str:
    number = amount / TEN_THOUSANDTHS
    if clause.commitment.target.unit == "points":
        return case.words.number(number, 0 if number == int(number) else 2)
    return case.words.money(number, currency)
