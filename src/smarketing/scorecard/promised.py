"""Which version's words hold for which period: a promise is kept or broken under the version its period began with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from smarketing.engine.clauses import Version
from smarketing.scorecard.attainment import Promise
from smarketing.scorecard.horizon import Horizon
from smarketing.scorecard.pace import Flags, Goal, Line, counting_days, goal_line
from smarketing.terms.agreement import Agreement, Party
from smarketing.terms.calendar import Calendar
from smarketing.terms.commitment import Commitment
from smarketing.terms.errors import TermsError
from smarketing.terms.marked import N_
from smarketing.terms.period import Grain, Period


@dataclass(frozen=True, slots=True)
class Clauses:
    """One commitment through its versions, as one card sees it.

    `latest` is what holds for the latest of the promise's periods in the card that has begun.
    """

    id: str
    versions: tuple[Version, ...]
    horizon: Horizon
    latest: Commitment
    agreement: Agreement

    @property
    def grain(self) -> Grain:
        return self.latest.period

    @property
    def party(self) -> Party:
        return next(party for party in self.agreement.parties if party.id == self.latest.party)

    @property
    def promise(self) -> Promise:
        return Promise.of(self.latest, calendar_of(self.agreement, self.latest))

    def promise_in(self, period: Period) -> Promise | None:
        """What is promised for the clocks of a period; None when no version was in force."""
        found = holding(self.versions, self.horizon.zone, period, self.id)
        return Promise.of(found[1], calendar_of(*found)) if found else None

    def goals(self, period: Period) -> tuple[Goal, ...]:
        """What the promise's periods that share a day with `period` owe, those under no version left out."""
        covering = ((own, holding(self.versions, self.horizon.zone, own, self.id)) for own in self._covering(period))
        return tuple(
            Goal(own, float(found[1].target.value), counting(*found, own.days)) for own, found in covering if found
        )

    def line(self, period: Period) -> Line:
        """The goal at the end of each day of `period`."""
        return goal_line(self.goals(period), period)

    def counting(self, period: Period) -> Flags:
        return counting(self.agreement, self.latest, period.days)

    def _covering(self, period: Period) -> Sequence[Period]:
        return self.horizon.covering(self.grain, period)


def clauses(versions: Sequence[Version], horizon: Horizon) -> tuple[Clauses, ...]:
    """Every commitment that some version in force in the card's period makes, in the order of the latest version."""
    ids = dict.fromkeys(c.id for v in reversed(concerned(versions, horizon)) for c in v.agreement.commitments)
    return tuple(_clauses(commitment_id, tuple(versions), horizon) for commitment_id in ids)


def latest_version(versions: Sequence[Version], horizon: Horizon) -> Version:
    """The version in force at the end of the card's period, or by now if that is earlier.

    Raises TermsError when none was in force in the period.
    """
    found = concerned(versions, horizon)
    if not found:
        first, last = versions[0].agreement.in_force, versions[-1].agreement.in_force
        raise TermsError(
            N_("No version of the agreement was in force in {period}."),
            hint=N_("It holds from {first} until {last}; choose another period.")
            if last.until_on
            else N_("It holds from {first} on; choose another period."),
            period=horizon.period,
            first=first.from_on,
            last=last.until_on,
        )
    begun = [v for v in found if v.start_at <= horizon.now]
    return begun[-1] if begun else found[0]


def concerned(versions: Sequence[Version], horizon: Horizon) -> list[Version]:
    start, end = horizon.period.bounds(horizon.zone)
    return [v for v in versions if v.start_at < end and start < v.end_at and v.start_at < v.end_at]


def holding(
    versions: Sequence[Version], zone: str, period: Period, commitment_id: str
) -> tuple[Agreement, Commitment] | None:
    """The version in force when the period began, or the first to come into force in it, and its commitment."""
    start, end = period.bounds(zone)
    for version in versions:
        if version.start_at < end and start < version.end_at and version.start_at < version.end_at:
            for commitment in version.agreement.commitments:
                if commitment.id == commitment_id:
                    return version.agreement, commitment
    return None


def calendar_of(agreement: Agreement, commitment: Commitment) -> Calendar:
    """The commitment's calendar, else its party's, else the agreement's first."""
    party = next((party for party in agreement.parties if party.id == commitment.party), None)
    wanted = commitment.calendar or (party.calendar if party else None)
    return next((calendar for calendar in agreement.calendars if calendar.id == wanted), agreement.calendars[0])


def counting(agreement: Agreement, commitment: Commitment, days: Sequence[date]) -> Flags:
    return counting_days(commitment.pacing, calendar_of(agreement, commitment), days)


def _clauses(commitment_id: str, versions: tuple[Version, ...], horizon: Horizon) -> Clauses:
    first = holding(versions, horizon.zone, horizon.period, commitment_id)
    assert first is not None, "only commitments of concerned versions are asked for"
    begun = [p for p in horizon.own(first[1].period) if p.bounds(horizon.zone)[0] <= horizon.now]
    latest = holding(versions, horizon.zone, begun[-1], commitment_id) if begun else None
    agreement, commitment = latest or first
    return Clauses(commitment_id, versions, horizon, commitment, agreement)
