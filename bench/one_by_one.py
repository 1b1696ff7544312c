"""A peer: each lead by itself, walking the days of its calendar, as ticket systems compute a deadline.

Only SAMPLE leads are done; the report multiplies by the number of leads, which flatters this peer (no cache misses,
no database). The day loop is ours, written the way the field writes it: local date by local date, with zoneinfo.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from bench.company import CALENDARS, GRADES, NOW, company
from smarketing.terms.calendar import Calendar

SAMPLE = 2_000
COUNTS = 1 | 2 | 4  # out, human, done
REACHED = 8 | 16  # connected, inbound
ANSWERS = (2, 3, 4, 5, 6)
HOURS = {"respond": (1, 4, 16), "dispose": (16, 24, 40)}
DAYS = (5, 10, 15)


def windows_on(calendar: Calendar, on: date) -> list[tuple[datetime, datetime]]:
    """The open stretches that begin on a local date, as UTC."""
    zone = ZoneInfo(calendar.zone)
    hours = {day.on: day.windows for day in calendar.exceptions}.get(on)
    if hours is None:
        hours = () if on in calendar.holidays.dates else calendar.week[on.weekday()]
    midnight = datetime(on.year, on.month, on.day, tzinfo=zone)
    stretches = []
    for window in hours:
        closes = window.closes if window.closes > window.opens else window.closes + 1440
        opens_at = (midnight + timedelta(minutes=window.opens)).astimezone(UTC)
        stretches.append((opens_at, (midnight + timedelta(minutes=closes)).astimezone(UTC)))
    return stretches


def due(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    day = start.astimezone(ZoneInfo(calendar.zone)).date() - timedelta(days=1)
    while True:
        for opens_at, closes_at in windows_on(calendar, day):
            begin = max(opens_at, start)
            open_s = (closes_at - begin).total_seconds()
            if open_s >= seconds and open_s > 0:
                return begin + timedelta(seconds=seconds)
            seconds -= max(0.0, open_s)
        day += timedelta(days=1)


def elapsed(calendar: Calendar, start: datetime, stop: datetime) -> float:
    zone, total = ZoneInfo(calendar.zone), 0.0
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= stop.astimezone(zone).date():
        for opens_at, closes_at in windows_on(calendar, day):
            total += max(0.0, (min(closes_at, stop) - max(opens_at, start)).total_seconds())
        day += timedelta(days=1)
    return total


def closing_of(calendar: Calendar, start: datetime, n_days: int) -> datetime:
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    closes_at = start
    while n_days:
        day += timedelta(days=1)
        stretches = windows_on(calendar, day)
        if stretches:
            closes_at, n_days = stretches[-1][1], n_days - 1
    return closes_at


def card(folder: Path) -> dict[str, Any]:
    """Verdicts of the first SAMPLE leads by month and tier."""
    calendars = company().agreement.calendars
    leads = pl.scan_parquet(folder / "flat" / "leads.parquet").filter(pl.col("lead") < SAMPLE).collect()
    touches = _by_lead(folder, "touches", ("at", "flags"))
    stages = _by_lead(folder, "stages", ("at", "stage"))
    now = datetime.fromtimestamp(NOW / 1e6, UTC)
    cells: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in leads.iter_rows(named=True):
        start = next((at.replace(tzinfo=UTC) for at, stage in stages[row["lead"]] if stage == 1), None)
        if start is None or start > now or row["void"]:
            continue
        calendar, tier = calendars[row["owner"] % CALENDARS], row["grade"]
        after = [(at.replace(tzinfo=UTC), flags) for at, flags in touches[row["lead"]]]
        after = [(at, flags) for at, flags in after if start <= at <= now]
        answers = [at.replace(tzinfo=UTC) for at, stage in stages[row["lead"]] if stage in ANSWERS]
        calls = [at for at, flags in after if flags & COUNTS == COUNTS]
        stops = {"respond": calls[:1], "dispose": sorted(at for at in answers if start <= at <= now)[:1]}
        for name, hours in HOURS.items():
            due_at = due(calendar, start, hours[tier] * 3600)
            stop = stops[name][0] if stops[name] else None
            elapsed(calendar, start, stop or now)
            _count(cells[(name, start.month, GRADES[tier])], stop, due_at, now)
        end_at = closing_of(calendar, start, DAYS[tier])
        reached = next((at for at, flags in after if flags & REACHED), None)
        fifth = calls[4] if len(calls) > 4 else None
        stop = min((at for at in (reached, fifth) if at), default=None)
        _count(cells[("attempts", start.month, GRADES[tier])], stop, end_at, now)
    return {"sample": SAMPLE, "n_cells": len(cells), "n_met": sum(cell[0] for cell in cells.values())}


def _count(cell: list[int], stop: datetime | None, due_at: datetime, now: datetime) -> None:
    cell[0 if stop and stop <= due_at else 1 if due_at < now else 2] += 1


def _by_lead(folder: Path, name: str, columns: tuple[str, str]) -> dict[int, list[tuple[Any, ...]]]:
    frame = pl.scan_parquet(folder / "flat" / f"{name}.parquet").filter(pl.col("lead") < SAMPLE).collect()
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in frame.select("lead", *columns).iter_rows():
        rows[row[0]].append(row[1:])
    return rows
