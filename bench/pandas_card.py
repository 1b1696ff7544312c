"""A peer: pandas for joins and groups, the businesstimedelta package for business time, row by row.

Only SAMPLE leads are done, as in `one_by_one`; the report multiplies. Short days (24 December) are outside the sample.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import businesstimedelta
import pandas as pd
import pytz

from bench.company import CALENDARS, NOW, company
from bench.one_by_one import ANSWERS, COUNTS, HOURS, SAMPLE
from smarketing.terms.calendar import Calendar


def rules(calendar: Calendar) -> Any:
    """The calendar in the package's own terms; a shift past midnight is two rules there."""
    zone, parts = pytz.timezone(calendar.zone), []
    for weekday, windows in enumerate(calendar.week):
        for window in windows:
            if window.closes > window.opens:
                parts.append((weekday, window.opens, window.closes))
            else:
                parts += [(weekday, window.opens, 1440), ((weekday + 1) % 7, 0, window.closes)]
    work = [
        businesstimedelta.WorkDayRule(start_time=_clock(a), end_time=_clock(b), working_days=[day], tz=zone)
        for day, a, b in parts
    ]
    holidays = dict.fromkeys(calendar.holidays.dates, "closed")
    return businesstimedelta.Rules([*work, businesstimedelta.HolidayRule(holidays, tz=zone)])


def _clock(minute: int) -> dt.time:
    return dt.time(23, 59, 59, 999_999) if minute == 1440 else dt.time(minute // 60, minute % 60)


def card(folder: Path) -> dict[str, Any]:
    """Verdicts of speed and disposition of the first SAMPLE leads by month and tier."""
    calendars = [rules(calendar) for calendar in company().agreement.calendars[:CALENDARS]]
    flat = {name: pd.read_parquet(folder / "flat" / f"{name}.parquet") for name in ("leads", "touches", "stages")}
    leads = flat["leads"].query("lead < @SAMPLE and void == 0")
    stages, touches = (flat[name].query("lead < @SAMPLE") for name in ("stages", "touches"))
    starts = stages[stages.stage == 1].groupby("lead")["at"].min().rename("start")
    clocks = leads.merge(starts, on="lead")
    clocks = clocks[clocks.start <= pd.Timestamp(NOW, unit="us")]
    calls = touches[(touches["flags"] & COUNTS) == COUNTS].merge(clocks[["lead", "start"]], on="lead")
    answers = stages[stages.stage.isin(ANSWERS)].merge(clocks[["lead", "start"]], on="lead")
    stops = {
        "respond": calls[calls["at"] >= calls.start].groupby("lead")["at"].min(),
        "dispose": answers[answers["at"] >= answers.start].groupby("lead")["at"].min(),
    }
    n_met = 0
    for name, hours in HOURS.items():
        frame = clocks.merge(stops[name].rename("stop"), on="lead", how="left")
        frame["elapsed_s"] = [
            _elapsed(calendars[owner % CALENDARS], start, stop)
            for owner, start, stop in zip(frame.owner, frame.start, frame.stop, strict=True)
        ]
        allowance = frame.grade.map(dict(enumerate(hours))) * 3600
        frame["is_met"] = frame.elapsed_s <= allowance
        cells = frame.groupby([frame.start.dt.month, "grade"]).agg(
            n_met=("is_met", "sum"), median_s=("elapsed_s", "median"), p90_s=("elapsed_s", lambda s: s.quantile(0.9))
        )
        n_met += int(cells.n_met.sum())
    return {"sample": SAMPLE, "n_met": n_met}


def _elapsed(calendar: Any, start: pd.Timestamp, stop: pd.Timestamp) -> float | None:
    if pd.isna(stop):
        return None
    begin, end = (pytz.utc.localize(at.to_pydatetime()) for at in (start, stop))
    return float(calendar.difference(begin, end).timedelta.total_seconds())
