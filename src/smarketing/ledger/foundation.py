"""What all that is derived from facts depends on besides them: the terms, and what the program takes for granted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

from smarketing import __version__
from smarketing.engine.compiled import span
from smarketing.terms.agreement import Agreement
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.zones import tzdb_version


def foundation(versions: Sequence[Agreement]) -> list[object]:
    """As JSON has it; equal for two lists of versions when they judge all facts alike.

    A fingerprint leaves the signatures out, and the latest signature may decide when a version took over: so the times
    in force are there as well.
    """
    ordered = sorted(versions, key=lambda agreement: agreement.version)
    terms = [[fingerprint(agreement), *span(number, ordered)] for number, agreement in enumerate(ordered)]
    return [__version__, tzdb_version(), _release_of_holidays(), terms]


@cache
def _release_of_holidays() -> str:
    return version("holidays")
