"""What the field calls a bad agreement: it can be obeyed, and will not be.

Each rule looks at a whole agreement and yields doubts; `RULES` is the list. A concern is advice, never a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from smarketing.terms import lint_alerts, lint_document, lint_promises
from smarketing.terms.agreement import Agreement
from smarketing.terms.concern import Concern, Doubt
from smarketing.terms.language import N_, Words

RULES: tuple[Callable[[Agreement], Iterator[Doubt]], ...] = (
    lint_document.both_promise,
    lint_document.marketing_brings_leads,
    lint_promises.measurable,
    lint_document.definitions,
    lint_promises.contacts,
    lint_promises.capacity,
    lint_promises.periods,
    lint_promises.weights,
    lint_document.tiers,
    lint_promises.teams,
    lint_document.nights,
    lint_document.exceptions,
    lint_document.consequences,
    lint_document.reviews,
    lint_document.cancellation,
    lint_alerts.alerts,
    lint_document.disputes,
    lint_document.signatures,
)


def lint(agreement: Agreement, words: Words) -> tuple[Concern, ...]:
    """What people who run such agreements would warn about, in the order of RULES."""
    return tuple(doubt.said(words) for rule in RULES for doubt in rule(agreement))


def lint_versions(versions: Sequence[Agreement], words: Words) -> tuple[Concern, ...]:
    """Concerns about the versions of one agreement together: overlaps and gaps in time."""
    return tuple(doubt.said(words) for pair in pairwise(versions) for doubt in _succession(*pair))


def _succession(earlier: Agreement, later: Agreement) -> Iterator[Doubt]:
    begins, ends = later.in_force.from_on, earlier.in_force.until_on
    values: dict[str, object] = {"earlier": earlier.version, "later": later.version, "begins": begins, "ends": ends}
    where = f"version {later.version}"
    if ends is not None and begins <= ends:
        yield Doubt(
            "overlapping_versions",
            where,
            N_("Version {later} begins on {begins}, while version {earlier} says that it holds until {ends}."),
            N_("The later one holds from its first day; let the earlier one end the day before, or leave its end out."),
            values,
        )
    elif ends is not None and begins - ends > timedelta(days=1):
        yield Doubt(
            "gap_between_versions",
            where,
            N_("No version holds between {ends} and {begins}: leads of those days are judged by nothing."),
            N_("Let version {later} begin on the day after."),
            values,
        )
