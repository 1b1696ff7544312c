"""When a dispute is to be decided: the time that the agreement gives, on the calendar of whoever decides."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from smarketing.engine.business_time import compile_tables, due_at, unit_code
from smarketing.terms.agreement import Agreement, Party
from smarketing.terms.instants import instant_at, micros

YEAR_US = 366 * 86_400_000_000


def decided_by(terms: Agreement, party: Party, raised_at: datetime) -> datetime:
    """The instant by which `party` is to decide on what was raised at `raised_at`."""
    calendar = next((each for each in terms.calendars if each.id == party.calendar), terms.calendars[0])
    start, allowance = micros(raised_at), terms.disputes.decide_within
    tables = compile_tables((calendar,), start - YEAR_US, start + 12 * YEAR_US)
    due = due_at(tables, 0, np.array([start], np.int64), unit_code(allowance), allowance.amount)
    return instant_at(int(due[0]))
