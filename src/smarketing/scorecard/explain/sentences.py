"""How a clock stands, as two whole sentences, its start and its outcome, so that every language keeps its grammar."""

from __future__ import annotations

from typing import Any

from smarketing.engine.clocks import Verdict
from smarketing.terms.commitment import Clock, Commitment, Kind, Start, Stop
from smarketing.terms.language import N_, Words

MET, BREACHED, RUNNING, VOID = (verdict.name.lower() for verdict in Verdict)
LATE, CLOSED, PAUSED, TAKEN = "late", "closed", "paused", "taken"
TOUCH, CONNECTION, SYSTEM, REP = "touch", "connection", "system", "rep"
DEPTH, REACHED, DISPOSITION, CONVERSION, CADENCE = "depth", "reached", "disposition", "conversion", "cadence"

STARTS = {
    Start.HANDOVER: N_("The lead was handed over on {start}."),
    Start.CREATION: N_("The lead came in on {start}."),
    Start.ASSIGNMENT: N_("The lead was assigned on {start}."),
    REP: N_("{owner} received the lead on {start}."),
    CONVERSION: N_('The lead was first "{stage}" on {start}.'),
    CADENCE: N_("The opportunity was opened, or touched before, on {start}."),
}
OUTCOMES = {
    (TOUCH, MET): N_(
        "It had to be answered by {due}; the first human touch came on {stop}, after {elapsed} of open time: "
        "the promise was kept."
    ),
    (TOUCH, LATE): N_(
        "It had to be answered by {due}; the first human touch came on {stop}, {late} of open time too late: "
        "the promise was broken right after {due}."
    ),
    (TOUCH, CLOSED): N_(
        "It had to be answered by {due}; the first human touch came on {stop}, with no open time in between: "
        "the promise was broken right after {due}."
    ),
    (TOUCH, BREACHED): N_(
        "It had to be answered by {due} and nobody has touched it: the promise was broken right after {due}."
    ),
    (TOUCH, RUNNING): N_("Nobody has touched it yet; {left} of open time remain until {due}."),
    (CONNECTION, MET): N_(
        "It had to be reached by {due}; it was reached on {stop}, after {elapsed} of open time: the promise was kept."
    ),
    (CONNECTION, LATE): N_(
        "It had to be reached by {due}; it was reached on {stop}, {late} of open time too late: "
        "the promise was broken right after {due}."
    ),
    (CONNECTION, CLOSED): N_(
        "It had to be reached by {due}; it was reached on {stop}, with no open time in between: "
        "the promise was broken right after {due}."
    ),
    (CONNECTION, BREACHED): N_(
        "It had to be reached by {due} and nobody has reached it: the promise was broken right after {due}."
    ),
    (CONNECTION, RUNNING): N_("Nobody has reached it yet; {left} of open time remain until {due}."),
    (SYSTEM, MET): N_(
        "It had to have an owner by {due}; somebody received it on {stop}, after {elapsed} of open time: "
        "the promise was kept."
    ),
    (SYSTEM, LATE): N_(
        "It had to have an owner by {due}; somebody received it on {stop}, {late} of open time too late: "
        "the promise was broken right after {due}."
    ),
    (SYSTEM, CLOSED): N_(
        "It had to have an owner by {due}; somebody received it on {stop}, with no open time in between: "
        "the promise was broken right after {due}."
    ),
    (SYSTEM, BREACHED): N_(
        "It had to have an owner by {due} and nobody has received it: the promise was broken right after {due}."
    ),
    (SYSTEM, RUNNING): N_("Nobody has received it yet; {left} of open time remain until {due}."),
    (REP, TAKEN): N_("Somebody else took it over before the answer was due on {due}, so this clock counts for nobody."),
    (DEPTH, MET): N_("The touches promised until {due} ({wanted}) were complete on {stop}: the promise was kept."),
    (REACHED, MET): N_(
        "The person was reached on {stop} (touches by then: {count}), so no more were owed: the promise was kept."
    ),
    (DEPTH, BREACHED): N_(
        "Touches promised until {due}: {wanted}; it had {count} and was not reached: "
        "the promise was broken right after {due}."
    ),
    (DEPTH, RUNNING): N_("Touches promised until {due}: {wanted}; it has {count}, and {left} of open time remain."),
    (DISPOSITION, MET): N_(
        "It needed a decision by {due}; it came on {stop} ({decision}), after {elapsed} of open time: "
        "the promise was kept."
    ),
    (DISPOSITION, LATE): N_(
        "It needed a decision by {due}; it came on {stop} ({decision}), {late} of open time too late: "
        "the promise was broken right after {due}."
    ),
    (DISPOSITION, CLOSED): N_(
        "It needed a decision by {due}; it came on {stop} ({decision}), with no open time in between: "
        "the promise was broken right after {due}."
    ),
    (DISPOSITION, BREACHED): N_(
        "It needed a decision by {due} and there is none: the promise was broken right after {due}."
    ),
    (DISPOSITION, RUNNING): N_("It waits for a decision; {left} of open time remain until {due}."),
    (CONVERSION, MET): N_('It had until {due} to become "{to_stage}" and did on {stop}: it counts as converted.'),
    (CONVERSION, LATE): N_('It had until {due} to become "{to_stage}" and did only on {stop}: it does not count.'),
    (CONVERSION, BREACHED): N_('It had until {due} to become "{to_stage}" and did not: it does not count.'),
    (CONVERSION, RUNNING): N_('It has until {due} to become "{to_stage}".'),
    (CADENCE, MET): N_(
        "It had to be touched again by {due} and was touched, or closed, on {stop}: the promise was kept."
    ),
    (CADENCE, LATE): N_(
        "It had to be touched again by {due} and was touched, or closed, only on {stop}, {late} of open time too late: "
        "the promise was broken right after {due}."
    ),
    (CADENCE, CLOSED): N_(
        "It had to be touched again by {due} and was touched, or closed, only on {stop}, with no open time in between: "
        "the promise was broken right after {due}."
    ),
    (CADENCE, BREACHED): N_(
        "It had to be touched again by {due} and was not: the promise was broken right after {due}."
    ),
    (CADENCE, RUNNING): N_("It waits for its next touch; {left} of open time remain until {due}."),
}
ANY = {
    VOID: N_("It counts for nobody ({void}), so there is no verdict."),
    PAUSED: N_('The clock stands still while the lead is "{status}"; {left} of open time remain once that ends.'),
}
TALLIES = {
    Kind.LEAD_VOLUME: N_('This lead counted in "{title}" of {period} because it first reached "{stage}" on {at}.'),
    Kind.LEAD_VALUE: N_(
        'This lead counted in "{title}" of {period}, with a worth of {amount}, because it first reached "{stage}" '
        "on {at}."
    ),
    Kind.PIPELINE_CONTRIBUTION: N_(
        'A deal of {amount} from this lead counted in "{title}" of {period} because it was opened on {at}.'
    ),
    Kind.SOURCED_REVENUE: N_(
        'A deal of {amount} from this lead counted in "{title}" of {period} because it was won on {at}.'
    ),
    Kind.OPPORTUNITIES_CREATED: N_(
        'An opportunity with this lead counted in "{title}" of {period} because it was opened on {at}.'
    ),
}
CREATED = ("", "lead")
OF_CREATION = {
    Kind.LEAD_VOLUME: N_('This lead counted in "{title}" of {period} because it came in on {at}.'),
    Kind.LEAD_VALUE: N_(
        'This lead counted in "{title}" of {period}, with a worth of {amount}, because it came in on {at}.'
    ),
}
VOID_TALLY = N_('What happened on {at} would belong to "{title}" of {period}, but it counts for nobody ({void}).')


def clock_sentence(commitment: Commitment, state: str, values: dict[str, Any], words: Words) -> str:
    """What to say about one clock.

    Takes    state    a verdict; `late`: stopped after it was due; `closed`: so, without any open time in between;
                      `paused`: stands still without an end; `taken`: somebody else received the lead
             values   what the sentences may name, as the reader's language writes it
    """
    what = _what(commitment)
    start = STARTS.get(what) or STARTS[commitment.start]
    if what == CONVERSION and commitment.stage in CREATED:
        start = STARTS[Start.CREATION]
    if state in ANY:
        outcome = ANY[state]
    elif what == DEPTH and state == MET and values["is_reached"]:
        outcome = OUTCOMES[REACHED, MET]
    else:
        outcome = OUTCOMES[_key(what, state, commitment)]
    return f"{words(start, **values)} {words(outcome, **values)}"


def tally_sentence(commitment: Commitment, values: dict[str, Any], words: Words) -> str:
    """What to say about one thing that counted; `values["void"]` says that it counts for nobody."""
    if values["void"]:
        return words(VOID_TALLY, **values)
    of_creation = OF_CREATION.get(commitment.kind) if commitment.stage in CREATED else None
    return words(of_creation or TALLIES[commitment.kind], **values)


def _key(what: str, state: str, commitment: Commitment) -> tuple[str, str]:
    """A rep's answer is told like the lead's; too few touches too late are too few touches."""
    if what == REP and state != TAKEN:
        what = CONNECTION if commitment.stop is Stop.CONNECTION else TOUCH
    if what in (DEPTH, CONVERSION) and state in (LATE, CLOSED):
        return what, BREACHED if what == DEPTH else LATE
    return what, state


def _what(commitment: Commitment) -> str:
    match commitment.kind:
        case Kind.FOLLOW_UP_DEPTH:
            return DEPTH
        case Kind.DISPOSITION_TIME:
            return DISPOSITION
        case Kind.CONVERSION_RATE:
            return CONVERSION
        case Kind.FOLLOW_UP_CADENCE:
            return CADENCE
        case _ if commitment.clock is Clock.SYSTEM:
            return SYSTEM
        case _ if commitment.clock is Clock.REP:
            return REP
        case _:
            return CONNECTION if commitment.stop is Stop.CONNECTION else TOUCH
