"""What the gate runs: small, strict about answers, silent about seconds."""

from __future__ import annotations

from bench.report import measure_sizes, print_report
from bench.verify import compare

LEADS, SAMPLE = 100_000, 200


def check_gate() -> int:
    """1 when two engines count other verdicts or a clock differs from the slow twin.

    The ratios are printed and not judged: on a shared machine they move by a factor of four within minutes.
    """
    try:
        report = measure_sizes([LEADS], 1, ["duckdb", "polars"])
    except RuntimeError as error:
        print(error)
        return 1
    print_report(report)
    return compare(LEADS, SAMPLE)
