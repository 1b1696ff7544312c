"""Patches that are alone with a new record come to the same column by column as one by one."""

from __future__ import annotations

import json
from random import Random

from tests.drained import NOW
from tests.unit.test_drain_clocks import some_events

from smarketing.facts.fresh_patches import fold_fresh
from smarketing.facts.patches import fold
from smarketing.facts.schema import TABLES
from smarketing.sources.webhook.shapes import SHAPES, SourceReading


def test_both_ways_give_the_same_rows_and_marks() -> None:
    n_fresh = n_rest = 0
    for seed in range(30):
        events = some_events(Random(seed), 25)
        raw = [event.raw for event in SHAPES["generic"].split(as_body(events), {})]
        for name, frame in SHAPES["generic"].rows(raw, SourceReading("crm"), NOW).frames.items():
            table = TABLES[name]
            some = fold(table, frame.head(frame.height // 2), frame.head(0).select(table.names), {})
            whole = fold(table, frame, some.rows, some.marks)
            fresh, rest = fold_fresh(table, frame, some.rows)
            found = fold(table, rest, some.rows, some.marks)
            rows = {tuple(row[key] for key in table.key): row for row in whole.rows.to_dicts()}
            both = [*fresh.rows.to_dicts(), *found.rows.to_dicts()]
            assert {tuple(row[key] for key in table.key): row for row in both} == rows
            assert {**fresh.marks, **found.marks} == whole.marks
            assert found.waiting == whole.waiting
            n_fresh, n_rest = n_fresh + fresh.rows.height, n_rest + rest.height
    assert min(n_fresh, n_rest) > 100


def as_body(events: list[dict[str, object]]) -> bytes:

    return json.dumps({"events": events}).encode()
