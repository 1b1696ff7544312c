"""What the gate runs: small, strict about answers, nearly silent about seconds."""

from __future__ import annotations

from bench.ledger import import_ratio
from bench.load import check_short
from bench.protocol import one_round
from bench.report import compare_answers
from bench.store import prepare
from bench.verify import compare

LEADS, SAMPLE = 100_000, 200
REPETITIONS = {"scan": 6, "engine": 5, "duckdb": 2, "polars": 2}
IMPORTED, MOST_IMPORT_RATIO = 20_000, 5.0  # leads; the goal at a million is 1.5, and small imports pay their start


def check_gate() -> int:
    """1 when two engines count other verdicts, a clock differs from the slow twin, an import costs a multiple, or an
    event that was acknowledged under load is not there exactly once.

    Ratios to the scan are printed and not judged: on a shared machine they move by a factor of four within minutes.
    """
    try:
        turn = one_round(prepare(LEADS), ["engine", "duckdb", "polars"], REPETITIONS)
        compare_answers([turn])
        ratio = import_ratio(IMPORTED)
        told = check_short()
    except RuntimeError as error:
        print(error)
        return 1
    print("  ".join(f"{name} {found:.1f}× the scan" for name, found in turn["ratios"].items()))
    print(f"import {ratio:.2f}× the CPU of the bare load ({MOST_IMPORT_RATIO:.0f}× at the most)")
    print(told)
    return compare(LEADS, SAMPLE) or int(ratio > MOST_IMPORT_RATIO)
