"""Answers one time case with the program itself; a case is a dict as the `schema` of its file describes.

`complaint` returns None when the answer is right, else a sentence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from smarketing.engine.business_time import Pauses, Tables, compile_tables
from smarketing.engine.one_lead import one_calendar
from smarketing.facts.local_time import instants, local_to_utc
from smarketing.terms.calendar import Calendar, DayHours, Holidays, Window
from smarketing.terms.errors import TermsError
from smarketing.terms.period import Grain, Period, period_of, read_period
from smarketing.terms.zones import tzdb_version, zone

US = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_S = 1.0  # a calendar that never opens must say so within this time

Case = Mapping[str, Any]
Calendars = Mapping[str, Calendar]


def calendar_of(name: str, form: Mapping[str, Any]) -> Calendar:
    """A calendar as time cases write it: `tz`, `week` by day name, `holidays`, `overrides` by date."""
    return Calendar(
        id=name,
        zone=form["tz"],
        week=tuple(_windows(form.get("week", {}).get(day, ())) for day in DAYS),
        holidays=Holidays(dates=tuple(map(date.fromisoformat, form.get("holidays", ())))),
        exceptions=tuple(
            DayHours(on=date.fromisoformat(on), windows=_windows(hours))
            for on, hours in form.get("overrides", {}).items()
        ),
    )


def complaint(case: Case, calendars: Calendars) -> str | None:
    """What is wrong with our answer to a case; nothing when it is right."""
    try:
        wrong = KINDS[case["kind"]](case, calendars)
    except Exception as error:  # a case that raises is a wrong answer, and the others must still be counted
        wrong = f"raised {type(error).__name__}: {error}"
    return f"{case['id']} {case['kind']} ({case.get('why', '')}): {wrong}" if wrong else None


def _windows(hours: Any) -> tuple[Window, ...]:
    return tuple(Window(opens=_minute(a), closes=_minute(b)) for a, b in hours if a != b)


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _us(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def _rfc(at: int | None) -> str | None:
    if at is None:
        return None
    moment = EPOCH + timedelta(microseconds=int(at))
    return moment.isoformat().replace("+00:00", "Z")


def _one(at: int) -> np.ndarray:
    return np.array([at], np.int64)


def _tables(case: Case, calendars: Calendars) -> Tables:
    times = [_us(case[name]) for name in ("start", "end", "at") if name in case]
    times += [_us(edge) for pause in case.get("pauses", ()) for edge in pause]
    return compile_tables([calendars[case["calendar"]]], min(times), max(times) + 1)


def _pauses(case: Case) -> Pauses:
    return Pauses.of([[(_us(start), _us(end)) for start, end in case["pauses"]]])


def _written(answer: datetime | None, accepted: Sequence[str]) -> str:
    """An imported instant, spelled as the case spells it where it spells it."""
    if answer is None:
        return "reject"
    same = [text for text in accepted if text[:1].isdigit() and datetime.fromisoformat(text) == answer]
    return same[0] if same else answer.isoformat()


def _differs(got: object, expected: object) -> str | None:
    return None if got == expected else f"{got}, expected {expected}"


def _instant_differs(got: int, expected: str) -> str | None:
    return None if got == _us(expected) else f"{_rfc(got)}, expected {expected}"


def _elapsed(case: Case, calendars: Calendars) -> str | None:
    start, end = _us(case["start"]), _us(case["end"])
    column = int(_tables(case, calendars).elapsed(0, _one(start), _one(end))[0])
    alone = one_calendar(calendars[case["calendar"]], min(start, end), max(start, end)).elapsed(start, end)
    if column != alone:
        return f"the column says {column}, the single lead {alone}"
    return _differs(column / US, case["expect_seconds"])


def _due_us(case: Case, calendars: Calendars) -> int:
    start, amount = _us(case["start"]), case["duration_seconds"] * US
    column = int(_tables(case, calendars).due(0, _one(start), amount)[0])
    alone = one_calendar(calendars[case["calendar"]], start, start).due(start, amount)
    assert column == alone, f"the column says {_rfc(column)}, the single lead {_rfc(alone)}"
    return column


def _due(case: Case, calendars: Calendars) -> str | None:
    return _instant_differs(_due_us(case, calendars), case["expect_due"])


def _elapsed_pauses(case: Case, calendars: Calendars) -> str | None:
    tables = _tables(case, calendars)
    got = tables.elapsed_paused(0, _one(_us(case["start"])), _one(_us(case["end"])), _pauses(case))
    return _differs(int(got[0]) / US, case["expect_seconds"])


def _due_pauses(case: Case, calendars: Calendars) -> str | None:
    tables, amount = _tables(case, calendars), case["duration_seconds"] * US
    got = tables.due_paused(0, _one(_us(case["start"])), amount, _pauses(case))
    return _instant_differs(int(got[0]), case["expect_due"])


def _reminder(case: Case, calendars: Calendars) -> str | None:
    due = _due_us(case, calendars)
    got = _tables(case, calendars).reminder(0, _one(_us(case["start"])), _one(due), case["offset_seconds"] * US)
    return _instant_differs(due, case["expect_due"]) or _instant_differs(int(got[0]), case["expect_reminder"])


def _next_open(case: Case, calendars: Calendars) -> str | None:
    return _instant_differs(int(_tables(case, calendars).next_open(0, _one(_us(case["at"])))[0]), case["expect"])


def _never(case: Case, calendars: Calendars) -> str | None:
    began = time.perf_counter()
    try:
        if "duration_seconds" in case:
            answer = _due_us(case, calendars)
        else:
            answer = int(_tables(case, calendars).next_open(0, _one(_us(case.get("at", case.get("start")))))[0])
    except TermsError:
        passed = time.perf_counter() - began
        return None if passed < LONGEST_S else f"took {passed:.2f} s to say never"
    return f"{_rfc(answer)}, expected never"


def _local_to_utc(case: Case, _: Calendars) -> str | None:
    local = _us(case["local"] + "Z")
    meant = local_to_utc(case["tz"], local)
    candidates = sorted(map(_us, case["candidates_utc"]))
    wrong = _differs(meant.status, case["expect_status"]) or _differs([*meant.candidates], candidates)
    accepted = case.get("accept", case["candidates_utc"])
    written = _written(instants(pl.Series([case["local"]]), zone=case["tz"]).at.to_list()[0], accepted)
    return wrong or (None if written in accepted else f"an import makes it {written}, not one of {accepted}")


def _bounds_differ(case: Case, period: Period) -> str | None:
    start, end = period.bounds(case["tz"])
    is_missing = start == end
    got = (None, None) if is_missing else (_rfc(start), _rfc(end))
    return _differs(got, (case["expect_start"], case["expect_end"])) or _differs(
        (end - start) / US, case["expect_seconds"]
    )


def _day_bounds(case: Case, _: Calendars) -> str | None:
    return _bounds_differ(case, read_period(case["date"]))


def _period_bounds(case: Case, _: Calendars) -> str | None:
    if case["period"] == "week_sun":
        sunday = date.fromisoformat(case["label"])
        return _bounds_differ(case, period_of(Grain.WEEK, sunday, week_starts_on="sunday"))
    return _bounds_differ(case, read_period(case["label"]))


def _of_our_tzdb(case: Case) -> str:
    answers = next(value for name, value in case.items() if name.endswith("by_tzdb"))
    return str(answers[tzdb_version()])


def _tz_update(case: Case, _: Calendars) -> str | None:
    expected = datetime.fromisoformat(_of_our_tzdb(case))
    got = datetime.fromisoformat(case["utc"]).astimezone(zone(case["tz"]))
    return _differs(got.isoformat(), expected.isoformat())


def _tz_update_due(case: Case, calendars: Calendars) -> str | None:
    return _instant_differs(_due_us(case, calendars), _of_our_tzdb(case))


def _parse(case: Case, _: Calendars) -> str | None:
    formats = case.get("formats") or ([case["format"]] if case.get("format") else [])
    parsed = instants(pl.Series([case["input"]]), zone=case["tz"], formats=formats)
    at, reason = parsed.at.to_list()[0], parsed.reason.to_list()[0]
    expected = str(case["expect"])
    if expected == "reject_unless_format_declared":
        return None if formats or reason else f"{at}, but no form was declared"
    accepted = expected.removeprefix("reject_or:").split("|") + (["reject"] if "reject_or:" in expected else [])
    got = "null" if at is None and reason is None else _written(at, accepted)
    return None if got in accepted else f"{got}, expected {expected}"


KINDS: dict[str, Callable[[Case, Calendars], str | None]] = {
    "elapsed": _elapsed,
    "due": _due,
    "elapsed_pauses": _elapsed_pauses,
    "due_pauses": _due_pauses,
    "reminder": _reminder,
    "next_open": _next_open,
    "never": _never,
    "local_to_utc": _local_to_utc,
    "day_bounds": _day_bounds,
    "period_bounds": _period_bounds,
    "tz_update": _tz_update,
    "tz_update_due": _tz_update_due,
    "parse": _parse,
}
