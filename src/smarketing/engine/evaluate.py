"""Facts and terms in, clocks and tallies out: each commitment's metric on each block of leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smarketing.engine.as_of import as_of, blocks, reach
from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks, Tallies
from smarketing.engine.compiled import Compiled
from smarketing.engine.history import Deliveries, History
from smarketing.engine.metrics import CLOCK_KINDS, METRICS, TALLY_KINDS, deliverable
from smarketing.engine.metrics.speed_to_lead import ThreeClocks
from smarketing.engine.metrics.speed_to_lead import three_clocks as three_clocks_of
from smarketing.engine.reading import Reading
from smarketing.engine.united import joined, united
from smarketing.terms.commitment import Kind


@dataclass(frozen=True, slots=True)
class Evaluation:
    """By commitment id; a commitment has clocks or tallies, whichever its kind makes.

    `three` holds the lead, system and rep clocks of each speed_to_lead commitment, where they were asked for.
    """

    clocks: dict[str, Clocks]
    tallies: dict[str, Tallies]
    three: dict[str, ThreeClocks] = field(default_factory=dict)


def evaluate(history: History, compiled: Compiled, *, now: int, three: bool = False) -> Evaluation:
    """What every commitment makes of some leads.

    Takes    history   any consecutive leads; what happens to one never changes the answer for another
             now       facts later than it are ignored
             three     make the three clocks of every speed_to_lead commitment too, whichever is judged
    Returns  rows by lead. Each belongs to the version of the agreement in force when it started; a lead that two
             versions would start counts for the earlier. Deliverables are not here: evaluate_deliveries
    Units    microseconds UTC, money in ten-thousandths; NEVER for what has not come
    Raises   FactsError for instants outside the range of `compiled`
    """
    parts = [_evaluate_block(as_of(block, now), compiled, now, three) for block in blocks(history)]
    if len(parts) == 1:
        return parts[0]
    return Evaluation(
        clocks={name: joined([part.clocks[name] for part in parts]) for name in parts[0].clocks},
        tallies={name: joined([part.tallies[name] for part in parts]) for name in parts[0].tallies},
        three={
            name: ThreeClocks(*(joined(column) for column in zip(*(part.three[name] for part in parts), strict=True)))
            for name in parts[0].three
        },
    )


def evaluate_deliveries(deliveries: Deliveries, compiled: Compiled, now: int) -> dict[str, Clocks]:
    """The clocks of every deliverable, by commitment id.

    Takes    deliveries  of the whole organisation, in any order
             now         later deliveries are ignored, and periods that begin later
    Returns, Units   as engine.metrics.deliverable
    """
    versions, tables = compiled.versions, compiled.tables
    return {
        name: joined([deliverable.clocks(deliveries, c, versions[c.version], tables, now) for c in clauses])
        for name, clauses in compiled.clauses(frozenset({Kind.DELIVERABLE})).items()
    }


def three_clocks(history: History, compiled: Compiled, commitment: str, *, now: int) -> ThreeClocks:
    """The lead, system and rep clocks of each lead under a speed_to_lead commitment, all with its allowance.

    Takes, Returns, Raises   as evaluate; KeyError for a commitment of another kind
    """
    return evaluate(history, compiled, now=now, three=True).three[commitment]


def _evaluate_block(history: History, compiled: Compiled, now: int, three: bool) -> Evaluation:
    readings = [Reading(history, version, compiled.tables, now) for version in compiled.versions]

    def near(kinds: frozenset[Kind]) -> Mapping[str, Sequence[Clause]]:
        """The clauses that may have something to judge here, of each commitment at least one."""
        every = compiled.clauses(kinds)
        if len(readings) == 1:
            return every
        earliest, latest = reach(history)
        spans = [(version.start_at, version.end_at) for version in compiled.versions]
        return {
            name: [c for c in clauses if spans[c.version][0] <= latest and earliest < spans[c.version][1]]
            or clauses[-1:]
            for name, clauses in every.items()
        }

    found = Evaluation(
        clocks={
            name: united(clauses, [METRICS[c.commitment.kind].clocks(readings[c.version], c) for c in clauses])
            for name, clauses in near(CLOCK_KINDS).items()
        },
        tallies={
            name: united(clauses, [METRICS[c.commitment.kind].tallies(readings[c.version], c) for c in clauses])
            for name, clauses in near(TALLY_KINDS).items()
        },
        three={
            name: ThreeClocks(*(united(clauses, column) for column in zip(*made, strict=True)))
            for name, clauses in near(frozenset({Kind.SPEED_TO_LEAD})).items()
            if three and (made := [three_clocks_of(readings[c.version], c) for c in clauses])
        },
    )
    for reading in readings:
        reading.shared.clear()  # cohorts hold their reading: left alone, the two wait for the garbage collector
    return found
