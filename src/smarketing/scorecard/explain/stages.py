"""Which of a lead's stages and deals stop a clock that waits for a decision, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from smarketing.engine.clauses import Version
from smarketing.engine.history import NEVER, History
from smarketing.engine.metrics.conversion_rate import FURTHEST
from smarketing.engine.reading import WON
from smarketing.engine.rejections import ACCEPTED, GIVEN_BACK
from smarketing.scorecard.explain.explanation import StageSeen, instant
from smarketing.scorecard.explain.touches import Window
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.language import N_, Words

DEAL_OPENED, DEAL_WON = "deal opened", "deal won"


class StageReason(StrEnum):
    COUNTS = ""
    AFTER_NOW = "after_now"
    NO_ANSWER = "no_answer"
    BEFORE_START = "before_start"
    AFTER_STOP = "after_stop"


SENTENCES = {
    StageReason.AFTER_NOW: N_("It lies after the moment of this judgement."),
    StageReason.NO_ANSWER: N_("It is not what this promise waits for."),
    StageReason.BEFORE_START: N_("It came before the clock started."),
    StageReason.AFTER_STOP: N_("The clock had stopped by then."),
}
Row = tuple[int, str, str, bool]


def awaited(commitment: Commitment) -> tuple[str, ...]:
    """The words of the agreement that stop the clock; none for promises that wait for a touch."""
    if commitment.kind is Kind.DISPOSITION_TIME:
        return ACCEPTED + GIVEN_BACK
    if commitment.kind is Kind.CONVERSION_RATE:
        return (commitment.to_stage or FURTHEST,)
    return ()


def stages_seen(
    history: History, version: Version, commitment: Commitment, window: Window, *, zone: str, words: Words
) -> tuple[StageSeen, ...]:
    """Every stage, status and deal of one lead in order, later ones than now included, each with its reason.

    Takes    history   of one lead, not cut at now
    """
    answers = awaited(commitment)
    if not answers:
        return ()
    is_conversion = commitment.kind is Kind.CONVERSION_RATE
    seen: list[StageSeen] = []
    for at, stage, given, is_answer in sorted(_rows(history, version, answers)):
        reason = _reason(at, is_answer, window, is_conversion=is_conversion)
        if reason is StageReason.COUNTS and any(other.is_counted for other in seen):
            reason = StageReason.AFTER_STOP
        why = "" if reason is StageReason.COUNTS else words(SENTENCES[reason])
        seen.append(StageSeen(instant(at, zone), stage, given, reason is StageReason.COUNTS, reason.value, why))
    return tuple(seen)


def _rows(history: History, version: Version, answers: Sequence[str]) -> Iterator[Row]:
    """Instant, name, reason given, and whether it is what the promise waits for."""
    book, stages, deals = version.codebook, history.stages, history.deals
    codes = {code for word in answers for code in version.stage_codes(word)}
    for row in range(len(stages)):
        code, given = int(stages.stage[row]), int(stages.reason[row])
        yield int(stages.at[row]), book.stages[code], book.reasons[given] if given >= 0 else "", code in codes
    opens = "opportunity" in answers and not version.is_defined("opportunity")
    wins = "customer" in answers and not version.is_defined("customer")
    for row in range(len(deals)):
        yield int(deals.created_at[row]), DEAL_OPENED, "", opens
    for won_at in deals.closed_at[(deals.status == WON) & (deals.closed_at != NEVER)].tolist():
        yield won_at, DEAL_WON, "", wins


def _reason(at: int, is_answer: bool, window: Window, *, is_conversion: bool) -> StageReason:
    """A conversion that was there before its clock started counts at the start; a decision before it is none."""
    if at > window.now:
        return StageReason.AFTER_NOW
    if not is_answer:
        return StageReason.NO_ANSWER
    if at < window.start_at and not is_conversion:
        return StageReason.BEFORE_START
    return StageReason.AFTER_STOP if at > window.stop_at else StageReason.COUNTS
