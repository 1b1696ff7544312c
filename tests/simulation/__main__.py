"""Replays worlds: python -m tests.simulation --seed N [--long] [--until STEP] | --seeds A..B"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ.setdefault("POLARS_MAX_THREADS", "1")

import django

django.setup()

from tests.simulation.simulation import Failed, simulate  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="one world, told step by step")
    parser.add_argument("--until", type=int, default=0, help="stop before the comparison, after so many steps")
    parser.add_argument("--long", action="store_true", help="long worlds also where the seed makes a short one")
    parser.add_argument("--seeds", help="worlds A..B, B included")
    parser.add_argument("--trace", action="store_true", help="print only the hash of each world")
    given = parser.parse_args()
    if given.seed is not None:
        return one(given.seed, given.until, is_long=given.long, is_short=given.trace)
    first, _, last = (given.seeds or "0..9").partition("..")
    return many(range(int(first), int(last or first) + 1), is_long=given.long, is_short=given.trace)


def one(seed: int, until: int, *, is_long: bool, is_short: bool) -> int:
    try:
        found = simulate(seed, is_long=is_long, until_step=until)
    except Failed as failed:
        print(*failed.lines, sep="\n")
        import traceback

        traceback.print_exc()
        return 1
    if not is_short:
        print(*found.lines, sep="\n")
        print(dict(sorted(found.saw.items())))
    print(seed, found.trace, found.steps)
    return 0


def many(seeds: range, *, is_long: bool, is_short: bool) -> int:
    began, seen, n_failed = time.process_time(), Counter[str](), 0
    for seed in seeds:
        try:
            found = simulate(seed, is_long=is_long)
        except Failed as failed:
            n_failed += 1
            print(f"seed {seed}: {failed}", flush=True)
            continue
        seen.update(set(+found.saw))
        if is_short:
            print(seed, found.trace, flush=True)
    took = time.process_time() - began
    if not is_short:
        for name, n in sorted(seen.items()):
            print(f"{name:20} {n / len(seeds):6.1%}")
    print(
        f"{len(seeds)} worlds, {n_failed} failed, {1000 * took / len(seeds):.0f} ms of processor each", file=sys.stderr
    )
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
