"""One elapsed time and one due instant per lead, beside everybody else who computes them.

Every peer gets the same seeded leads on the same New York office. Answers are compared with ours before any time is
printed; a peer that is wrong is shown with how often. Peers that take long get fewer leads.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any, Protocol

import businesstimedelta
import numpy as np
import pytz
from numpy.typing import NDArray

from bench.company import company
from bench.frappe_peer import FrappeCrm, Helpdesk
from bench.walkers import DayByDay, SecondBySecond, Shifts
from smarketing.engine.business_time import compile_tables
from smarketing.engine.one_lead import one_calendar
from smarketing.engine.tables import BLOCK
from smarketing.terms.calendar import Calendar, Holidays, Window
from smarketing.terms.zones import zone

US = 1_000_000
HOUR = 3600 * US
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SEED, ROUNDS, N_LEADS, N_BULK = 20260610, 5, 2_212, 1 << 20
NEW_YORK = "America/New_York"
CLOSED = ("2024-01-01", "2024-05-27", "2024-07-04", "2024-09-02", "2024-11-28", "2024-12-25")
Micros = NDArray[np.int64]


class Peer(Protocol):
    """Naive local time in, naive local time out."""

    def elapsed(self, start: datetime, stop: datetime) -> float: ...
    def due(self, start: datetime, seconds: int) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Leads:
    """Handover, first touch and allowance, in microseconds."""

    start: Micros
    stop: Micros
    amount: Micros


@dataclass(slots=True)
class Result:
    """Nanoseconds per lead of each round, and how many of the compared answers differ from ours."""

    name: str
    n_leads: int
    n_compared: int
    n_wrong_due: int = 0
    n_wrong_elapsed: int = 0
    ns: list[float] = field(default_factory=list)

    @property
    def best_ns(self) -> float:
        return min(self.ns)


def some_leads(n: int, seed: int = SEED) -> Leads:
    """Leads of 2024 as real ones are: half are answered within 12 hours, the mean is 37; targets 1, 4 and 16 hours."""
    drawn = np.random.default_rng(seed)
    begin = (datetime(2024, 1, 8, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    start = begin + np.sort(drawn.integers(0, 300 * 86_400, n)) * US
    waited = np.minimum(drawn.lognormal(np.log(12 * 3600), 1.5, n), 30 * 86_400).astype(np.int64) * US
    return Leads(start, start + waited, drawn.choice(np.array([1, 4, 16]) * HOUR, n))


def office() -> Calendar:
    week = ((Window(opens=540, closes=1020),),) * 5 + ((), ())
    return Calendar(
        id="office", zone=NEW_YORK, week=week, holidays=Holidays(dates=tuple(map(date.fromisoformat, CLOSED)))
    )


def measure(frappe_crm: Path | None = None, helpdesk: Path | None = None) -> dict[str, Any]:
    """Best and median nanoseconds per lead of every peer, errors, and the ratios of goals G7, G8 and G9."""
    crm_path = frappe_crm or _from_environment("FRAPPE_CRM")
    desk_path = helpdesk or _from_environment("FRAPPE_HELPDESK")
    shifts = Shifts(clock_time(9), clock_time(17), frozenset(range(5)), frozenset(map(date.fromisoformat, CLOSED)))
    peers: list[tuple[str, Peer, int]] = [
        ("second by second", SecondBySecond(shifts), 8),
        ("businesstimedelta", BusinessTimeDelta(), 200),
        ("day by day", DayByDay(shifts, zone(NEW_YORK)), N_LEADS),
    ]
    if crm_path:
        peers.append(("Frappe CRM", FrappeCrm(crm_path, shifts), 12))
    if desk_path:
        peers.append(("Frappe Helpdesk", Helpdesk(desk_path, shifts), N_LEADS))
    leads, bulk = some_leads(N_LEADS), some_leads(N_BULK)
    # A walk by the second costs what the lead waited: its few leads are the middle ones, not the first ones.
    chosen = {n: _typical(leads, n) for _, _, n in peers}
    timed = [_compared(name, peer, chosen[n]) for name, peer, n in peers]
    work = [(result, _walk(peer, chosen[n])) for result, (_, peer, n) in zip(timed, peers, strict=True)]
    everywhere = company().agreement.calendars
    which = np.random.default_rng(SEED).integers(0, len(everywhere), N_BULK).astype(np.int16)
    for calendars, of in (((office(),), np.zeros(N_BULK, np.int16)), (everywhere, which)):
        _check_ours(calendars, of[:N_LEADS], leads)
    work += [
        (Result("one lead", N_LEADS, N_LEADS), _alone(leads)),
        (Result("whole column", N_BULK, N_LEADS), _column((office(),), 0, bulk)),
        (Result(f"… {len(everywhere)} calendars", N_BULK, N_LEADS), _column(everywhere, which, bulk)),
    ]
    for _ in range(ROUNDS):
        for result, once in work:
            result.ns.append(_seconds(once) / result.n_leads * 1e9)
    return _summary([result for result, _ in work])


def print_measured(frappe_crm: Path | None = None, helpdesk: Path | None = None) -> None:
    measured = measure(frappe_crm, helpdesk)
    print("Elapsed and due of one lead; New York office, six holidays; best of", ROUNDS, "rounds\n")
    print(f"{'':20} {'µs a lead':>12} {'× one lead':>12} {'× column':>12}   wrong due, wrong elapsed")
    for row in measured["peers"]:
        wrong = f"{row['n_wrong_due']}, {row['n_wrong_elapsed']} of {row['n_compared']}"
        ratios = f"{row['ratio_to_one_lead']:12,.1f} {row['ratio_to_column']:12,.0f}"
        print(f"{row['name']:20} {row['best_ns'] / 1e3:12,.3f} {ratios}   {wrong}")
    print()
    for goal in measured["goals"]:
        print(f"{goal['goal']:4} {goal['what']:52} {goal['ratio']:14,.0f}x   must {goal['must']:,}x  {goal['verdict']}")


class BusinessTimeDelta:
    """The package businesstimedelta, in UTC as it wants it."""

    def __init__(self) -> None:
        zone_of_office = pytz.timezone(NEW_YORK)
        work = businesstimedelta.WorkDayRule(
            start_time=clock_time(9), end_time=clock_time(17), working_days=[*range(5)], tz=zone_of_office
        )
        closed = dict.fromkeys(map(date.fromisoformat, CLOSED), "closed")
        self.zone = zone_of_office
        self.rules = businesstimedelta.Rules([work, businesstimedelta.HolidayRule(closed, tz=zone_of_office)])

    def elapsed(self, start: datetime, stop: datetime) -> float:
        difference = self.rules.difference(self.zone.localize(start), self.zone.localize(stop))
        return float(difference.timedelta.total_seconds())

    def due(self, start: datetime, seconds: int) -> datetime:
        due = self.zone.localize(start) + businesstimedelta.BusinessTimeDelta(self.rules, seconds=seconds)
        return due.astimezone(self.zone).replace(tzinfo=None)


def _from_environment(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


def _typical(leads: Leads, n: int) -> Leads:
    """`n` leads whose mean wait is near that of all: every k-th by the time waited."""
    by_wait = np.argsort(leads.stop - leads.start)
    rows = by_wait[np.linspace(0, len(by_wait) - 1, 2 * n + 1).astype(int)[1::2]] if n < len(by_wait) else by_wait
    return Leads(leads.start[rows], leads.stop[rows], leads.amount[rows])


def _local(at: int) -> datetime:
    return (EPOCH + timedelta(microseconds=at)).astimezone(zone(NEW_YORK)).replace(tzinfo=None)


def _questions(leads: Leads) -> list[tuple[datetime, datetime, int]]:
    return [(_local(start), _local(stop), amount // US) for start, stop, amount in zip(*_rows(leads), strict=True)]


def _compared(name: str, peer: Peer, leads: Leads) -> Result:
    """How often a peer's answers differ from ours."""
    n = len(leads.start)
    tables = compile_tables([office()], int(leads.start.min()), int(leads.stop.max()) + 1)
    dues = [_local(at) for at in tables.due(0, leads.start, leads.amount).tolist()]
    passed = (tables.elapsed(0, leads.start, leads.stop) / US).tolist()
    asked = _questions(leads)
    wrong_due = sum(peer.due(start, amount) != ours for (start, _, amount), ours in zip(asked, dues, strict=True))
    wrong_elapsed = sum(
        abs(peer.elapsed(start, stop) - ours) > 1e-3 for (start, stop, _), ours in zip(asked, passed, strict=True)
    )
    return Result(name, n, n, int(wrong_due), int(wrong_elapsed))


def _check_ours(calendars: Sequence[Calendar], which: NDArray[np.int16], leads: Leads) -> None:
    """Raises AssertionError unless the column gives the same bits as each lead by itself."""
    begin, end = int(leads.start.min()), int(leads.stop.max()) + 1
    tables, ones = compile_tables(calendars, begin, end), [one_calendar(each, begin, end) for each in calendars]
    rows = list(zip(which.tolist(), *_rows(leads), strict=True))
    assert tables.elapsed(which, leads.start, leads.stop).tolist() == [ones[k].elapsed(a, b) for k, a, b, _ in rows]
    assert tables.due(which, leads.start, leads.amount).tolist() == [ones[k].due(a, n) for k, a, _, n in rows]


def _rows(leads: Leads) -> tuple[list[int], list[int], list[int]]:
    return leads.start.tolist(), leads.stop.tolist(), leads.amount.tolist()


def _walk(peer: Peer, leads: Leads) -> Callable[[], None]:
    asked = _questions(leads)

    def once() -> None:
        for start, stop, amount in asked:
            peer.elapsed(start, stop)
            peer.due(start, amount)

    return once


def _alone(leads: Leads) -> Callable[[], None]:
    one = one_calendar(office(), int(leads.start.min()), int(leads.stop.max()))
    rows = list(zip(*_rows(leads), strict=True))

    def once() -> None:
        for start, stop, amount in rows:
            one.elapsed(start, stop)
            one.due(start, amount)

    return once


def _column(calendars: Sequence[Calendar], which: NDArray[np.int16] | int, leads: Leads) -> Callable[[], None]:
    """Blocks of 64k leads, as the engine reads them: two positions and one moment."""
    tables = compile_tables(calendars, int(leads.start.min()), int(leads.stop.max()) + 1)
    blocks = [slice(begin, begin + BLOCK) for begin in range(0, len(leads.start), BLOCK)]

    def once() -> None:
        for rows in blocks:
            calendar = which if isinstance(which, int) else which[rows]
            begun = tables.position(calendar, leads.start[rows])
            np.subtract(tables.position(calendar, leads.stop[rows]), begun)
            tables.moment(calendar, begun + leads.amount[rows])

    return once


def _seconds(once: Callable[[], None]) -> float:
    begin = time.perf_counter()
    once()
    return time.perf_counter() - begin


def _summary(results: list[Result]) -> dict[str, Any]:
    best = {result.name: result.best_ns for result in results}
    rows = [
        {
            "name": result.name,
            "best_ns": result.best_ns,
            "median_ns": statistics.median(result.ns),
            "ratio_to_one_lead": result.best_ns / best["one lead"],
            "ratio_to_column": result.best_ns / best["whole column"],
            "n_wrong_due": result.n_wrong_due,
            "n_wrong_elapsed": result.n_wrong_elapsed,
            "n_compared": result.n_compared,
        }
        for result in sorted(results, key=lambda result: -result.best_ns)
    ]
    by_second = "Frappe CRM" if "Frappe CRM" in best else "second by second"
    by_day = "Frappe Helpdesk" if "Frappe Helpdesk" in best else "day by day"
    goals = [
        ("G7", by_second, "whole column", 1_000_000, 4_000_000),
        ("G8", by_day, "whole column", 200, 400),
        ("G8", "businesstimedelta", "whole column", 4_000, 8_000),
        ("G9", by_day, "one lead", 5, 12),
        ("G9", "businesstimedelta", "one lead", 100, 300),
    ]
    return {"peers": rows, "goals": [_goal(best, *goal) for goal in goals]}


def _goal(best: dict[str, float], name: str, peer: str, ours: str, must: int, stretch: int) -> dict[str, Any]:
    ratio = best[peer] / best[ours]
    verdict = "stretch reached" if ratio >= stretch else "reached" if ratio >= must else "missed"
    what = f"{peer} ÷ {ours}"
    return {"goal": name, "what": what, "ratio": ratio, "must": must, "stretch": stretch, "verdict": verdict}
