"""Everything written in the CRM's activity list: attempts, answers, machine mails, plans, and notes made days later."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from smarketing.sources.demo_company import story
from smarketing.sources.demo_company.arrivals import Arrivals, Codes
from smarketing.sources.demo_company.cast import habit
from smarketing.sources.demo_company.deals import Deals
from smarketing.sources.demo_company.follow_up import Work
from smarketing.sources.demo_company.handover import SPAM, Handovers
from smarketing.sources.demo_company.open_time import OpenTime
from smarketing.sources.demo_company.story import HOUR_US, MINUTE_US, NEVER, Instants, Story
from smarketing.terms.offsets import DAY_US, US

CALL, EMAIL, MEETING, MESSAGE = range(4)
KINDS = ("Call", "Email", "Meeting", "WhatsApp")
OUTCOMES = ("", "Connected", "No answer", "Voicemail", "Busy", "Sent", "Received", "Held", "Planned", "Cancelled")
(_, REACHED, NO_ANSWER, VOICEMAIL, BUSY, SENT, RECEIVED, HELD, PLANNED, CANCELLED) = range(len(OUTCOMES))
OF_MACHINE = -2
MOST_MEETINGS = 32


@dataclass(frozen=True, slots=True)
class Touches:
    """One row per activity; `rep` OF_MACHINE for automation; `lead` −1 where only the deal is known."""

    lead: Codes
    deal: Codes
    rep: Codes
    at: Instants
    logged_at: Instants
    kind: Codes
    is_inbound: NDArray[np.bool_]
    outcome: Codes
    duration_s: Codes  # −1 unknown

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: NDArray[np.bool_] | Codes) -> Self:
        return type(self)(*(getattr(self, f.name)[rows] for f in fields(self)))


def touches(
    tale: Story, coming: Arrivals, given: Handovers, work: Work, sales: Deals, hours: OpenTime, seed: int
) -> Touches:
    """All activities up to the export, in the order they were written down."""
    rng = story.stream(seed, 5)
    attempts, reached = _attempts(rng, work)
    parts = [
        attempts,
        _replies(rng, attempts, reached),
        _early_birds(rng, coming, given, work),
        _machine_mails(rng, coming, given, work),
        _plans(rng, attempts),
        _deal_work(rng, sales, hours, tale),
    ]
    every = Touches(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Touches)))
    order = np.lexsort((every.at, every.logged_at))
    every = every.take(order)
    return every.take((every.logged_at < tale.exported_us) & ((every.at < tale.exported_us) | _is_plan(every)))


def _is_plan(every: Touches) -> NDArray[np.bool_]:
    return np.asarray(every.outcome == PLANNED)


def _rows(lead: Codes, rep: Codes | int, at: Instants, **columns: Codes | NDArray[np.bool_] | int) -> Touches:
    n = len(at)
    defaults = {"deal": -1, "kind": EMAIL, "is_inbound": False, "outcome": SENT, "duration_s": -1, "logged_at": at}
    values = {"lead": lead, "rep": rep, "at": at, **defaults, **columns}
    return Touches(*(np.broadcast_to(np.asarray(values[f.name]), (n,)) for f in fields(Touches)))


def _attempts(rng: np.random.Generator, work: Work) -> tuple[Touches, NDArray[np.bool_]]:
    """Calls mostly, mails, a few messages, and which of them reached the person."""
    row, column = np.nonzero(work.tried_at != NEVER)
    at, rep = work.tried_at[row, column], work.answering[row]
    n = len(at)
    reached = at == work.connected_at[row]
    kind = np.array([CALL, EMAIL, MESSAGE])[story.choice(rng, np.array([0.60, 0.32, 0.08]), n)]
    unheard = np.array([NO_ANSWER, VOICEMAIL, BUSY])[story.choice(rng, np.array([0.62, 0.27, 0.11]), n)]
    outcome = np.where(kind == CALL, np.where(reached, REACHED, unheard), SENT)
    talk = story.spread(rng, 260.0, 0.7, n).astype(np.int64)
    duration_s = np.where(kind == CALL, np.where(reached, talk, rng.integers(4, 40, n)), -1)
    late = rng.random(n) < habit("late_log")[rep]
    wait = np.where(late, rng.uniform(1.1, 6.0, n) * DAY_US, story.spread(rng, 35.0, 0.8, n) * US)
    columns = {"kind": kind, "outcome": outcome, "duration_s": duration_s, "logged_at": at + _whole(wait)}
    return _rows(work.lead[row], rep, at, **columns), reached


def _replies(rng: np.random.Generator, attempts: Touches, reached: NDArray[np.bool_]) -> Touches:
    """Answers to the written attempts that reached somebody, and a few out of the blue."""
    is_written = attempts.kind != CALL
    answered = np.flatnonzero(is_written & (reached | (rng.random(len(attempts)) < 0.012)))
    at = attempts.at[answered] + _whole(story.spread(rng, 25.0, 0.9, len(answered)) * MINUTE_US)
    return _rows(attempts.lead[answered], attempts.rep[answered], at, is_inbound=True, outcome=RECEIVED)


def _early_birds(rng: np.random.Generator, coming: Arrivals, given: Handovers, work: Work) -> Touches:
    """Reps who call a lead that is still marketing's; such a call does not answer the handover."""
    warming = given.mql_at[work.lead] - coming.created_at[work.lead] > 2 * DAY_US
    early = np.flatnonzero(warming & (rng.random(len(work.lead)) < 0.06))
    at = coming.created_at[work.lead[early]] + _whole(rng.uniform(3, 30, len(early)) * HOUR_US)
    return _rows(work.lead[early], work.rep[early], at, kind=CALL, outcome=NO_ANSWER, duration_s=21)


def _machine_mails(rng: np.random.Generator, coming: Arrivals, given: Handovers, work: Work) -> Touches:
    """A welcome within minutes, then a sequence until sales has spoken to the person; none of it counts."""
    n = len(coming)
    spoken_at = np.full(n, NEVER)
    spoken_at[work.lead] = work.connected_at
    steps = np.array([0, 3, 8, 15, 27]) * DAY_US
    jitter = _whole(rng.uniform(50, 240, (n, len(steps))) * US)
    at = coming.created_at[:, None] + steps + jitter
    gets = rng.random((n, len(steps))) < np.array([0.97, 0.72, 0.60, 0.45, 0.30])
    gets &= (at < spoken_at[:, None]) & (given.fate != SPAM)[:, None]
    row, column = np.nonzero(gets)
    return _rows(row, OF_MACHINE, at[row, column])


def _plans(rng: np.random.Generator, attempts: Touches) -> Touches:
    """Calls and meetings that were planned, and mostly happened as another row, or were called off."""
    some = np.flatnonzero(rng.random(len(attempts)) < 0.045)
    n = len(some)
    at = attempts.at[some] + _whole(rng.uniform(0.8, 4.0, n) * DAY_US)
    logged_at = attempts.at[some] + 3 * MINUTE_US
    outcome = np.where(rng.random(n) < 0.3, CANCELLED, PLANNED)
    kind = np.where(rng.random(n) < 0.5, MEETING, CALL)
    return _rows(attempts.lead[some], attempts.rep[some], at, kind=kind, outcome=outcome, logged_at=logged_at)


def _deal_work(rng: np.random.Generator, sales: Deals, hours: OpenTime, tale: Story) -> Touches:
    """Meetings, mails and calls on an opportunity until it closes; now and then one is forgotten for weeks."""
    n = len(sales)
    calm = np.clip(6.0 / habit("stamina")[sales.rep], 0.8, 2.2)[:, None] * 8.5 * 3.1
    hours_apart = calm * np.exp(0.5 * rng.standard_normal((n, MOST_MEETINGS)))
    forgets = rng.random((n, MOST_MEETINGS)) < 0.0015
    waits = _whole(
        np.where(forgets, 3.5 * calm, np.minimum(hours_apart, rng.uniform(38, 58, hours_apart.shape))) * HOUR_US
    )
    at = hours.moment(hours.position(sales.created_at)[:, None] + np.cumsum(waits, axis=1))
    row, column = np.nonzero(at < np.minimum(sales.closed_at, tale.exported_us)[:, None])
    kind = story.choice(rng, np.array([0.35, 0.35, 0.30]), len(row))
    outcome = np.array([REACHED, SENT, HELD])[kind]
    minutes = np.where(kind == EMAIL, -1, story.spread(rng, 1500.0, 0.4, len(row)).astype(np.int64))
    lead = sales.lead[row]
    return _rows(lead, sales.rep[row], at[row, column], deal=row, kind=kind, outcome=outcome, duration_s=minutes)


def _whole(us: NDArray[np.float64]) -> Instants:
    """Whole seconds, as a CRM writes them."""
    return (us // US).astype(np.int64) * US
