"""One competitor measured in this process: python -m bench.one NAME FOLDER REPETITIONS ANSWER.json."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from bench.machine import measure

# Each names a function of the folder that returns what can be compared.
COMPETITORS = {
    "scan": "bench.scan:scan",
    "engine": "bench.engine_card:card",
    "duckdb": "bench.duckdb_card:card",
    "polars": "bench.polars_card:card",
    "pandas": "bench.pandas_card:card",
    "one_by_one": "bench.one_by_one:card",
}


def main(name: str, folder: str, repetitions: str, answer: str) -> None:
    module, _, function = COMPETITORS[name].partition(":")
    work = getattr(importlib.import_module(module), function)
    result = measure(lambda: work(Path(folder)), int(repetitions), warm_up=int(repetitions) > 1)
    Path(answer).write_text(json.dumps(result, default=float))


if __name__ == "__main__":
    main(*sys.argv[1:])
