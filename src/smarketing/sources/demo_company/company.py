"""The whole story in one piece: everything that happened at the demo company, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from smarketing.sources.demo_company.arrivals import Arrivals, arrivals
from smarketing.sources.demo_company.deals import Deals, deals
from smarketing.sources.demo_company.follow_up import Work, follow_up
from smarketing.sources.demo_company.handover import Handovers, handovers
from smarketing.sources.demo_company.open_time import open_time
from smarketing.sources.demo_company.story import Story
from smarketing.sources.demo_company.touches import Touches, touches
from smarketing.terms.calendar import Calendar
from smarketing.terms.holiday_dates import closed_dates


@dataclass(frozen=True, slots=True)
class Company:
    tale: Story
    coming: Arrivals
    given: Handovers
    work: Work
    sales: Deals
    done: Touches


def company(tale: Story, calendars: dict[str, Calendar], *, n_leads: int, seed: int) -> Company:
    """Live the story once. `calendars` are the agreement's, by id: one for each office of the cast."""
    offices = {name: open_time(calendar, tale.first_on, tale.until_on) for name, calendar in calendars.items()}
    madrid = calendars["madrid"]
    holidays = closed_dates(madrid, tale.first_on, tale.until_on + timedelta(days=1))
    coming = arrivals(tale, n_leads, seed, holidays)
    given = handovers(coming, seed)
    work = follow_up(tale, coming, given, offices, seed)
    sales = deals(tale, coming, work, offices["madrid"], seed)
    done = touches(tale, coming, given, work, sales, offices["madrid"], seed)
    return Company(tale, coming, given, work, sales, done)
