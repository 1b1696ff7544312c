"""How often the rules that hang on no clock would have spoken: what the watch finds, asked for each time that is past.

Totals, misses and hours are looked at once a day, sources by the hours in which they sent.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from smarketing.alerts.firing import Firing
from smarketing.alerts.hours import after
from smarketing.alerts.totals import Finding
from smarketing.ledger.models import InboxTally
from smarketing.ledger.silence import HISTORY, HOUR, silence_of
from smarketing.ledger.store import Facts
from smarketing.records.models import Source
from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import AlertRule
from smarketing.terms.instants import MICROSECOND
from smarketing.workflows.watch_promises import Watch, findings_of

DAY = timedelta(days=1)
Look = tuple[datetime, Sequence[Finding]]


class PastWatch(Watch):
    """The watch as of an instant that is past."""

    def __init__(self, text: Agreement, facts: Facts, at: datetime) -> None:
        super().__init__([text], at)
        self.facts = facts


class Said(NamedTuple):
    """What would have been spoken of: how often, and of how many different things."""

    firing: Firing
    n: int
    n_things: int


@dataclass(slots=True)
class _Told:
    """Something that a rule spoke of: when last, and how often."""

    finding: Finding
    last_at: datetime
    n: int = 1


def watches(text: Agreement, facts: Facts, now: datetime, n_days: int) -> tuple[PastWatch, ...]:
    """The watch as of each past day, the latest first: of several cards of a period that of the latest is kept."""
    every = (PastWatch(text, facts, now - number * DAY) for number in range(n_days))
    return tuple(watch for watch in every if watch.in_force)


def said_by_day(rule: AlertRule, text: Agreement, days: Sequence[PastWatch]) -> list[Said]:
    """What a rule about totals, misses or hours would have spoken of, and how often.

    Raises   as read_scorecard
    """
    looks = [(watch.now, tuple(findings_of(rule, text, watch))) for watch in days]
    return _said(rule, text, reversed(looks), DAY, days[0].now) if looks else []


def said_of_sources(rule: AlertRule, text: Agreement, now: datetime, n_days: int) -> list[Said] | None:
    """What a rule about silence would have spoken of, and how often; None where no source has sent anything."""
    since = (now - n_days * DAY).replace(minute=0, second=0, microsecond=0) + HOUR
    sources = Source.objects.filter(retired_at=None, is_enabled=True).order_by("slug")
    sent = [(source, _hours(source, since)) for source in sources]
    if not any(hours for _, hours in sent):
        return None
    past = [since + number * HOUR for number in range(int((now - since) / HOUR) + 1)]
    looks = ((at, [each for source, hours in sent for each in _silent(rule, source, hours, at)]) for at in past)
    return _said(rule, text, looks, HOUR, now)


def _hours(source: Source, since: datetime) -> list[datetime]:
    rows = InboxTally.objects.filter(src=source.slug, hour_at__gt=since - HISTORY, n_received__gt=0)
    return list(rows.order_by("hour_at").values_list("hour_at", flat=True))


def _silent(rule: AlertRule, source: Source, hours: Sequence[datetime], at: datetime) -> Iterator[Finding]:
    """At the beginning of an hour; so short a silence that no calendar need be asked is none."""
    known, factor = hours[bisect_right(hours, at - HISTORY) : bisect_left(hours, at)], float(rule.gap_factor)
    if not known or (at - known[-1]).total_seconds() < factor * (source.usual_gap_s or HOUR.total_seconds()):
        return
    silence = silence_of(known, at, source.usual_gap_s)
    if silence.usual_gap_s is not None and silence.quiet_s >= factor * silence.usual_gap_s:
        yield Finding((source.slug, known[-1].isoformat()))


def _said(rule: AlertRule, text: Agreement, looks: Iterable[Look], lasts: timedelta, now: datetime) -> list[Said]:
    """Each thing found is told once; where the rule has a cooldown, again after that for as long as it lasts."""
    told: dict[tuple[str, ...], _Told] = {}
    for at, findings in looks:
        for finding in findings:
            known = told.setdefault(finding.subject, _Told(finding, at))
            _again(known, rule, text, at, min(at + lasts, now + MICROSECOND))
    things: dict[str, list[_Told]] = {}
    for subject, known in told.items():
        things.setdefault(subject[0], []).append(known)
    return [Said(_firing(some[0].finding, rule, text), sum(each.n for each in some), 1) for some in things.values()]


def _again(known: _Told, rule: AlertRule, text: Agreement, at: datetime, until: datetime) -> None:
    while rule.cooldown is not None:
        next_at = max(at, after(text.calendars[0], known.last_at, rule.cooldown))
        if next_at >= until:
            return
        known.last_at, known.n = next_at, known.n + 1


def _firing(finding: Finding, rule: AlertRule, text: Agreement) -> Firing:
    return Firing(finding.subject, rule, text, finding.commitment, party=finding.party)
