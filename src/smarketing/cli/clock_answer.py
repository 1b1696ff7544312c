"""What `smarketing clock` answers: instants in UTC and on the calendar's clock, and every open segment used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from rich.table import Table

from smarketing.cli.console import say, terminal
from smarketing.engine.business_time import Pauses, Tables, compile_tables, due_at, unit_code
from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar
from smarketing.terms.instants import instant_at
from smarketing.terms.offsets import US
from smarketing.terms.promise_words import allowance_words
from smarketing.terms.zones import tzdb_version, zone

MOST_SHOWN = 14

Stretch = tuple[int, int]


def due_answer(calendar: Calendar, start: int, allowance: Allowance, pauses: list[Stretch]) -> dict[str, Any]:
    """Start and due instant, and what was open and not paused between them."""
    tables = _tables(calendar, start, start, pauses)
    table = Pauses.of([pauses]) if pauses else None
    due = int(due_at(tables, 0, _column(start), unit_code(allowance), allowance.amount, table)[0])
    return {"allowance": str(allowance), **_moment("due", due, calendar), **_between(calendar, start, due, pauses)}


def elapsed_answer(calendar: Calendar, start: int, end: int, pauses: list[Stretch]) -> dict[str, Any]:
    """Business time between two instants, and the segments it is made of."""
    return _moment("end", end, calendar) | _between(calendar, start, end, pauses)


def show_due(answer: dict[str, Any]) -> None:
    _print(say("Due {when}", when=_spoken(answer["due_local"])), style="bold")
    allowance = allowance_words(Allowance.model_validate(answer["allowance"]), say)
    _print(say("{allowance} from {when}", allowance=allowance, when=_spoken(answer["start_local"])))
    _show_segments(answer)


def show_elapsed(answer: dict[str, Any]) -> None:
    _print(say("{passed} of business time", passed=say.duration(answer["elapsed_s"])), style="bold")
    _print(say("from {start} to {end}", start=_spoken(answer["start_local"]), end=_spoken(answer["end_local"])))
    _show_segments(answer)


def _tables(calendar: Calendar, start: int, end: int, pauses: list[Stretch]) -> Tables:
    edges = [edge for pause in pauses for edge in pause]
    return compile_tables([calendar], min([start, *edges]), max([end, *edges]) + 1)


def _between(calendar: Calendar, start: int, stop: int, pauses: list[Stretch]) -> dict[str, Any]:
    tables = _tables(calendar, start, stop, pauses)
    begins, ends = tables.segments(0, start, stop)
    counted = tables.elapsed_paused(0, begins, ends, Pauses.of([pauses] * len(begins)))
    passed = tables.elapsed_paused(0, _column(start), _column(stop), Pauses.of([pauses]))
    return {
        **_moment("start", start, calendar),
        "elapsed_s": _seconds(int(passed[0])),
        "clock_s": _seconds(stop - start),
        "segments": [
            _moment("opens", int(a), calendar) | _moment("closes", int(b), calendar) | {"counted_s": _seconds(int(n))}
            for a, b, n in zip(begins, ends, counted, strict=True)
        ],
        "pauses": [_moment("start", a, calendar) | _moment("end", b, calendar) for a, b in pauses],
        "calendar": calendar.id,
        "zone": calendar.zone,
        "tzdb_version": tzdb_version(),
    }


def _moment(name: str, at: int, calendar: Calendar) -> dict[str, str]:
    """An instant twice, RFC 3339: `<name>_at` in UTC and `<name>_local` on the calendar's clock."""
    moment = instant_at(at)
    utc, local = moment.isoformat().replace("+00:00", "Z"), moment.astimezone(zone(calendar.zone)).isoformat()
    return {f"{name}_at": utc, f"{name}_local": local}


def _seconds(length_us: int) -> int | float:
    return length_us // US if length_us % US == 0 else length_us / US


def _column(number: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([number], np.int64)


def _show_segments(answer: dict[str, Any]) -> None:
    segments = answer["segments"]
    table = Table(box=None, pad_edge=False)
    for heading in (say("Open from"), say("until"), say("counted")):
        table.add_column(heading, no_wrap=True)
    for segment in segments[:MOST_SHOWN]:
        opens, closes = (datetime.fromisoformat(segment[edge]) for edge in ("opens_local", "closes_local"))
        until = _time(closes) if closes.date() == opens.date() else f"{say.day(closes.date())}, {_time(closes)}"
        table.add_row(f"{say.day(opens.date())}, {_time(opens)}", until, say.duration(segment["counted_s"]))
    terminal().print(table)
    if len(segments) > MOST_SHOWN:
        _print(say.plural("and {n} more segment", "and {n} more segments", len(segments) - MOST_SHOWN))
    for pause in answer["pauses"]:
        start, end = _spoken(pause["start_local"]), _spoken(pause["end_local"])
        _print(say("Paused from {start} to {end}", start=start, end=end))
    names = {"calendar": answer["calendar"], "zone": answer["zone"], "version": answer["tzdb_version"]}
    _print(say("Calendar {calendar} on the clock of {zone}, time zone database {version}", **names), style="dim")


def _spoken(local: str) -> str:
    """Fri 12 Jun 2026, 14:30:00 (+02:00)"""
    moment = datetime.fromisoformat(local)
    return f"{say.day(moment.date())}, {_time(moment)} ({local[-6:]})"


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"


def _print(sentence: str, style: str | None = None) -> None:
    terminal().print(sentence, style=style, markup=False, soft_wrap=True)
