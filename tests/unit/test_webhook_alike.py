"""Events told together say what they say one by one: the same patches, and the same events refused for the same."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

import polars as pl
import pytest
from tests.webhooks import NOW

from smarketing.facts.patches import AT, ROW, SET
from smarketing.facts.schema import TABLES, Column, DType
from smarketing.sources.webhook import alike, generic
from smarketing.sources.webhook.event import Mapped, SourceReading
from smarketing.sources.webhook.generic_kinds import KINDS
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.sources.webhook.telling import mapped

ODD: tuple[Any, ...] = (
    *(
        None,
        "",
        "  ",
        " padded ",
        "Añadido",
        "e\u0301",
        "\u00a0x",
        "\x1fx",
        'a"b\\c',
        "tab\tin",
        "none",
        "NULL",
        "x" * 256,
    ),
    *(12, -3, 3.5, 1e15, 0.1 + 0.2, 10**30, 123456789012345678, True, False, "yes", "no", "3,5", "7", "eur", "EUR"),
    *([], {}, {"a": 1}, "2026-10-01", "lead", "deal", "status", "owner", "stage", "lifecycle", "mql", "open", "amount"),
)
TIMES: tuple[Any, ...] = (
    *(
        "2026-10-01T09:00:00Z",
        "2026-10-01 09:00:00z",
        "2026-10-01T09:00:00.5+02:00",
        "2026-10-01T09:00:00.123456-03:30",
    ),
    *("2026-10-01T09:00Z", "2026-10-01T09:00:00", "2026-10-01", "2026-03-29T02:30:00", "2026-10-25T02:30:00"),
    *(
        "2026-02-30T09:00:00Z",
        "2026-10-01T24:00:00Z",
        "2026-10-01T23:59:60Z",
        "2026-10-01T09:00:00+0200",
        "1899-01-01T00:00:00Z",
    ),
    *(
        "1900-01-01T00:00:00+14:00",
        "2199-12-31T23:59:59-01:00",
        "2026-10-01T09:00:00+25:00",
        "2026-10-01T09:00:00-00:00",
    ),
    *(" 2026-10-01T09:00:00Z ", "2026-10-01T09:00:00.1234567Z", "2026-10-01T09:00:00.000Z", "2026-10-01T09:00:00+02"),
    *(
        "next monday",
        1_700_000_000,
        None,
        "",
        (NOW + timedelta(minutes=5)).isoformat(),
        (NOW + timedelta(hours=1)).isoformat(),
    ),
    *(
        "1 October 2026 09:00",
        "2026-10-01T9:00:00Z",
        "２０２６-10-01T09:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-10-01t09:00:00Z",
    ),
)


@pytest.mark.parametrize("zone", ["", "Europe/Rome"])
@pytest.mark.parametrize("oddness", [0.0, 0.02, 0.3])
def test_together_is_as_one_by_one(zone: str, oddness: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "SOME", 2)
    n_told = n_alone = 0
    for seed in range(60):
        random = Random(f"{seed} {zone} {oddness}")
        forms = [a_form(random) for _ in range(4)]
        events = [an_event(random.choice(forms), random, oddness) for _ in range(120)]
        raws = [each.raw for each in SHAPES["generic"].split(json.dumps(events).encode(), {})]
        source = SourceReading("crm", zone)
        one_by_one = mapped(raws, source, NOW, generic.tell)
        assert said(SHAPES["generic"].rows(raws, source, NOW)) == said(one_by_one)
        together = mapped(raws, source, NOW, leave, alike.tell_together)
        n_told, n_alone = n_told + 120 - len(together.unused), n_alone + len(together.unused)
        fine = {row for frame in one_by_one.frames.values() for row in frame[ROW]}
        if not oddness:
            assert not set(together.unused) & {n for n in fine if events[n]["type"] in alike._TELL}
    assert min(n_told, n_alone) > 500


def leave(*_: Any) -> None:
    """Tells nothing."""


def a_form(random: Random) -> tuple[str, tuple[str, ...]]:
    name = random.choice([*alike._TELL, *alike._TELL, *KINDS])
    kind = KINDS[name]
    more = random.sample(kind.columns, random.randint(0, min(6, len(kind.columns))))
    return name, tuple(dict.fromkeys([*kind.required, *more]))


def an_event(form: tuple[str, tuple[str, ...]], random: Random, oddness: float) -> Any:
    name, columns = form
    if random.random() < oddness / 10:
        return random.choice(
            [3, [], {"type": []}, {"type": name}, {"_broken": "json_too_deep"}, {"type": "x", "data": {}}]
        )
    table = TABLES[KINDS[name].table]
    data = {column: a_value(table.column(column), random, oddness) for column in columns}
    at = random.choice(TIMES) if random.random() < oddness else an_instant(random)
    event = {"id": random.choice(["a", 3, None]), "type": name, "occurred_at": at, "data": data}
    if random.random() < oddness:
        event["more"] = random.choice([1, {"_broken": "number_too_long", "value": "1"}, [{"a": 1}]])
    return event


def a_value(column: Column, random: Random, oddness: float) -> Any:
    if random.random() < oddness:
        return random.choice(ODD if random.random() < 0.5 else TIMES)
    if not column.required and random.random() < 0.1:
        return None
    if column.values:
        return random.choice(column.values)
    if column.name == "currency":
        return random.choice(("EUR", "usd"))
    if column.dtype is DType.INSTANT:
        return an_instant(random)
    if column.dtype is DType.DAY:
        return "2026-10-01"
    if column.dtype is DType.FLAG:
        return random.random() < 0.5
    number = random.randint(0, 9)
    return number if column.dtype is not DType.TEXT else random.choice((f"x{number}", f"Caffè {number}", number))


def an_instant(random: Random) -> str:
    at = NOW - timedelta(seconds=random.randint(0, 10**7), microseconds=random.choice((0, 1, 500_000)))
    return at.isoformat() if random.random() < 0.9 else at.isoformat().replace("+00:00", "Z").replace("T", " ")


def said(found: Mapped) -> Any:
    names = pl.col(SET).str.split(" ").list.sort().list.join(" ")
    frames = {
        name: sorted(map(repr, frame.with_columns(names).sort(ROW, AT, SET).rows()))
        for name, frame in found.frames.items()
        if frame.height
    }
    schemas = {name: frame.schema for name, frame in found.frames.items() if frame.height}
    return frames, schemas, found.rejected, found.held, found.unused
