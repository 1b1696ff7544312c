"""Measure the sizes, compare the answers, print the ratios."""

from __future__ import annotations

import itertools
from typing import Any

from bench.delta_batch import measure_delta
from bench.facts import prepare_facts
from bench.machine import describe
from bench.micro_batch import measure_batches
from bench.one_by_one import SAMPLE
from bench.protocol import rounds, summary
from bench.row_batch import measure_rows
from bench.store import made, prepare
from bench.stored_clocks import measure_stored

SAMPLED = ("pandas", "one_by_one")  # measured on SAMPLE leads and multiplied
REPETITIONS = {"scan": 6, "engine": 5, "duckdb": 2, "polars": 2, "pandas": 1, "one_by_one": 1}
LARGE = 5_000_000  # from here on a peer runs once a round


def measure_sizes(sizes: list[int], n_rounds: int, peers: list[str]) -> dict[str, Any]:
    """Rounds at every size.

    Raises RuntimeError when two competitors count other verdicts: a fast wrong answer has no time.
    """
    report: dict[str, Any] = {"machine": describe(), "sizes": {}}
    for size in sizes:
        folder = prepare(size)
        print(f"{size:,} leads, {made(folder)['touches']:,} touches", flush=True)
        repetitions = {name: min(n, 1) if size >= LARGE and name in peers else n for name, n in REPETITIONS.items()}
        kept = rounds(folder, ["engine", *peers], n_rounds, repetitions)
        if not kept:
            raise RuntimeError("No two scans of a round agreed: the machine is too busy to measure on.")
        compare_answers(kept)
        report["sizes"][size] = {"made": made(folder), "summary": scaled(summary(kept), size), "rounds": kept}
        report["sizes"][size]["scan"] = min((turn["scan"] for turn in kept), key=lambda scan: scan["wall_s"])
    report["machine"]["load_after"] = describe()["load"]
    return report


def compare_answers(kept: list[dict[str, Any]]) -> None:
    """Every competitor that does the whole card counts the same verdicts."""
    answers = {
        name: result["answer"]["verdicts"]
        for turn in kept
        for name, result in turn["results"].items()
        if name not in SAMPLED
    }
    if len({tuple(verdicts) for verdicts in answers.values()}) > 1:
        raise RuntimeError(f"The answers differ, so no time counts: {answers}")


def scaled(results: dict[str, Any], size: int) -> dict[str, Any]:
    """Sampled peers multiplied up to all leads."""
    for name in SAMPLED:
        if name in results:
            for key in ("ratio", "least", "greatest", "wall_s", "cpu_s"):
                results[name][key] *= size / SAMPLE
    return results


def print_report(report: dict[str, Any]) -> None:
    machine = report["machine"]
    print(f"\n{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}")
    print(", ".join(f"{name} {version}" for name, version in machine["versions"].items()))
    for size, measured in report["sizes"].items():
        scan = measured["scan"]
        print(f"\n{int(size):,} leads · raw scan {scan['wall_s']:.3f} s wall, {scan['cpu_s']:.3f} s CPU")
        print(f"{'':12}{'÷ scan':>10}{'least':>10}{'most':>10}{'wall s':>12}{'CPU s':>12}{'peak MiB':>10}")
        for name, row in measured["summary"].items():
            print(
                f"{name:12}{row['ratio']:>10.1f}{row['least']:>10.1f}{row['greatest']:>10.1f}"
                f"{row['wall_s']:>12.2f}{row['cpu_s']:>12.2f}{row['peak_mib']:>10.0f}"
            )
    sizes = sorted(int(size) for size in report["sizes"])
    for small, large in itertools.pairwise(sizes):
        walls = [report["sizes"][size]["summary"]["engine"]["wall_s"] for size in (small, large)]
        print(f"\ngrowth {small:,} → {large:,} leads: engine time × {walls[1] / walls[0]:.1f}")


def print_stored(n_leads: int, n_rounds: int) -> None:
    """Micro-batches first, then questions to the stored clocks."""
    path, machine = prepare_facts(n_leads), describe()
    print(f"{machine['processor']}, {machine['cores']} cores, load {machine['load']}; {n_leads:,} leads")
    n_batches = 2 * n_rounds + 1
    took = measure_batches(path, n_leads, n_batches)
    took["delta_s"] = measure_delta(path, n_leads, n_batches)
    took["all ÷ delta"] = (took["append_s"] + took["replica_s"] + took["clocks_s"]) / took["delta_s"]
    rows = measure_rows(n_leads, n_batches)
    took |= {f"database: {name}": value for name, value in rows.items()}
    took["database: after ÷ append"] = rows["drain_s"] / rows["append_s"] - 1
    took["database: all ÷ delta"] = rows["drain_s"] / took["delta_s"]
    took["database: all ÷ whole"] = rows["drain_s"] / took["whole_s"]
    for name, value in took.items():
        print(f"{name:26}{value:>10.3f}")
    print(f"\n{'':26}{'÷ scan':>10}{'least':>10}{'most':>10}{'wall s':>12}")
    for name, row in measure_stored(path, n_rounds).items():
        print(f"{name:26}{row['ratio']:>10.3f}{row['least']:>10.3f}{row['greatest']:>10.3f}{row['wall_s']:>12.4f}")
