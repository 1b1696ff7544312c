"""The exact reason behind a verdict: the engine judges one lead again, and everything it used is laid out."""

from __future__ import annotations

from collections.abc import Sequence

from smarketing.engine.compiled import Compiled
from smarketing.engine.evaluate import Evaluation, evaluate
from smarketing.engine.history import History
from smarketing.scorecard.explain.case import Case, only
from smarketing.scorecard.explain.clock import clock_explained
from smarketing.scorecard.explain.explanation import Explanation, instant
from smarketing.scorecard.explain.nothing import why_nothing
from smarketing.scorecard.explain.tally import tally_explained
from smarketing.scorecard.explain.touches import Note
from smarketing.terms.commitment import Kind
from smarketing.terms.errors import TermsError
from smarketing.terms.language import Words


def explain(
    history: History,
    number: int,
    compiled: Compiled,
    commitment: str,
    *,
    now: int,
    words: Words,
    lead_id: str = "",
    notes: Sequence[Note] = (),
) -> Explanation:
    """Why one lead stands where it stands under one commitment.

    Takes    history   the bucket that holds the lead
             number    of the lead in the whole replica
             notes     what the fact table adds to each of its touches, in their order; or nothing
    Returns  every clock (or tally) that evaluate makes for the lead, its verdict and elapsed time the engine's own
    Units    as evaluate; nothing is rounded
    Raises   TermsError when no version has such a commitment, or it is about deliveries and not about leads
    """
    one = only(history, number)
    return explain_each(one, compiled, (commitment,), now=now, words=words, lead_id=lead_id, notes=notes)[0]


def explain_each(
    whole: History,
    compiled: Compiled,
    commitments: Sequence[str],
    *,
    now: int,
    words: Words,
    lead_id: str = "",
    notes: Sequence[Note] = (),
) -> tuple[Explanation, ...]:
    """The same for several commitments, judged together; `whole` is the history of the one lead."""
    for commitment in commitments:
        check_is_about_leads(compiled, commitment, words)
    evaluation = evaluate(whole, compiled, now=now)
    cases = (Case(whole, compiled, commitment, now, words, notes) for commitment in commitments)
    return tuple(_explained(case, evaluation, lead_id) for case in cases)


def _explained(case: Case, evaluation: Evaluation, lead_id: str) -> Explanation:
    clocks, tallies = evaluation.clocks.get(case.commitment), evaluation.tallies.get(case.commitment)
    judged = tuple(clock_explained(case, clocks, row) for row in range(len(clocks))) if clocks is not None else ()
    counted = tuple(tally_explained(case, tallies, row) for row in range(len(tallies))) if tallies is not None else ()
    nothing = "" if judged or counted else why_nothing(case)
    return Explanation(
        lead_id=lead_id,
        lead_number=case.whole.first,
        commitment=case.commitment,
        now=instant(case.now, case.compiled.versions[-1].agreement.zone),
        sentence=nothing or " ".join([*(each.sentence for each in judged), *(each.sentence for each in counted)]),
        why_nothing=nothing,
        clocks=judged,
        tallies=counted,
    )


def check_is_about_leads(compiled: Compiled, commitment: str, words: Words) -> None:
    kinds = {c.commitment.id: c.commitment.kind for version in compiled.versions for c in version.clauses}
    if commitment not in kinds:
        raise TermsError(
            words('There is no commitment "{id}" in this agreement.', id=commitment),
            hint=words("Its commitments are {ids}.", ids=", ".join(kinds)),
        )
    if kinds[commitment] is Kind.DELIVERABLE:
        raise TermsError(
            words('The commitment "{id}" is about deliveries, not about leads.', id=commitment),
            hint=words("Deliveries are listed on the scorecard."),
        )
