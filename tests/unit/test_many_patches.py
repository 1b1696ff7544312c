"""Patches fold to the same rows, marks and waiting records column by column as one by one."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

import polars as pl
from tests.drained import NOW
from tests.unit.test_drain_clocks import some_events

from smarketing.facts.many_patches import fold_many
from smarketing.facts.patch_marks import MARKS, said_columns
from smarketing.facts.patches import Folded, fold, marks_schema, patch_schema
from smarketing.facts.schema import TABLES, Table
from smarketing.sources.webhook.shapes import SHAPES, SourceReading


def test_both_ways_give_the_same_for_events() -> None:
    n_rows = n_waiting = 0
    for seed in range(30):
        body = json.dumps({"events": some_events(Random(seed), 25)}).encode()
        raw = [event.raw for event in SHAPES["generic"].split(body, {})]
        for name, frame in SHAPES["generic"].rows(raw, SourceReading("crm"), NOW).frames.items():
            table = TABLES[name]
            some = fold(table, frame.head(frame.height // 2), *nothing(table))
            whole = fold(table, frame, some.rows, kept(some.marks))
            assert told(table, fold_many(table, frame, some.rows, kept(some.marks))) == told(table, whole)
            n_rows, n_waiting = n_rows + whole.rows.height, n_waiting + len(whole.waiting)
    assert n_rows > 300 and n_waiting > 20


def test_both_ways_give_the_same_for_anything() -> None:
    """Few keys, few instants, few values: ties, nulls, repeats, rows written whole since and rows of unknown age."""
    for seed in range(300):
        random = Random(seed)
        table = TABLES[random.choice(("lead", "deal", "stage_change", "deal_lead", "touch"))]
        stored, marks = nothing(table)
        for _ in range(random.randint(1, 4)):
            patches = some_patches(table, random)
            one_by_one, by_columns = fold(table, patches, stored, marks), fold_many(table, patches, stored, marks)
            assert told(table, by_columns) == told(table, one_by_one)
            stored = latest(stored, by_columns.rows, table)
            marks = latest(marks, kept(by_columns.marks), table)
            if random.random() < 0.3:
                stored = written_whole(stored, random)
            assert told(table, fold_many(table, patches.clear(), stored, marks)) == ([], [], {})


def some_patches(table: Table, random: Random) -> pl.DataFrame:
    rows = [a_patch(table, random, number) for number in range(random.randint(1, 40))]
    schema = patch_schema(table)
    return pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=schema)


def a_patch(table: Table, random: Random, number: int) -> dict[str, Any]:
    required = [column.name for column in table.columns if column.required]
    said = random.sample(said_columns(table), min(len(said_columns(table)), random.randint(0, 4)))
    if random.random() < 0.7:
        said = list(dict.fromkeys([*said, *(name for name in required if name in said_columns(table))]))
    at = NOW + timedelta(seconds=random.randint(0, 3))
    row = {name: None if random.random() < 0.2 else a_value(table.schema[name], random) for name in said}
    key = {name: random.choice("abcdef") for name in table.key}
    updated = {"updated_at": at + timedelta(seconds=random.choice((0, 0, 1)))} if "updated_at" in table.names else {}
    seen = NOW + timedelta(seconds=random.randint(0, 2))
    patch = {"_row": number // 2, "_at": at, "_set": " ".join(said)}
    return {"src": "crm", **row, **key, **updated, "seen_at": seen, **patch}


def a_value(dtype: pl.DataType, random: Random) -> Any:
    number = random.randint(0, 3)
    if isinstance(dtype, pl.Datetime):
        return NOW + timedelta(days=number)
    if isinstance(dtype, pl.Date):
        return (NOW + timedelta(days=number)).date()
    return (
        pl.Series([number]).cast(dtype)[0] if dtype.is_numeric() else number > 1 if dtype == pl.Boolean else str(number)
    )


def written_whole(stored: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Some rows are as old as an import says, or of unknown age."""
    if "updated_at" not in stored.columns:
        return stored
    updated = [
        before if random.random() < 0.7 else random.choice([None, *(NOW + timedelta(seconds=n) for n in range(6))])
        for before in stored["updated_at"]
    ]
    return stored.with_columns(pl.Series("updated_at", updated, dtype=stored.schema["updated_at"]))


def nothing(table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    return pl.DataFrame(schema=table.schema), pl.DataFrame(schema=marks_schema(table))


def kept(marks: pl.DataFrame) -> pl.DataFrame:
    return marks.filter(pl.col(MARKS).is_not_null())


def latest(before: pl.DataFrame, after: pl.DataFrame, table: Table) -> pl.DataFrame:
    return pl.concat([before, after]).unique(table.key, keep="last", maintain_order=True)


def told(table: Table, folded: Folded) -> tuple[Any, ...]:
    marks = [(*row[:-1], row[-1] and json.loads(row[-1])) for row in folded.marks.rows()]
    rows = {tuple(row[name] for name in table.key): row for row in folded.rows.to_dicts()}
    return [rows[key] for key in sorted(rows)], sorted(marks, key=lambda row: row[:-1]), folded.waiting
