"""The systems that send us events, as those who run the installation and managers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from smarketing.ledger.models import InboxTally
from smarketing.records.access import Actor, can
from smarketing.records.models import Source
from smarketing.terms.language import Words
from smarketing.web.forms.sources import KIND_NAMES
from smarketing.web.pages.source_setup import Setup
from smarketing.workflows.watch_sources import Counts, Standing, watch_sources

DAYS = 14
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SourceRow:
    slug: str
    name: str
    kind: str
    state: str
    tone: str
    standing: Standing

    @property
    def day(self) -> Counts:
        return self.standing.day


@dataclass(frozen=True, slots=True)
class SourcesPage:
    rows: tuple[SourceRow, ...]
    retired: tuple[Source, ...]
    may_create: bool
    n_dead: int

    @classmethod
    def of(cls, actor: Actor, now: datetime, words: Words) -> SourcesPage:
        rows = tuple(source_row(standing, words) for standing in watch_sources(now))
        retired = tuple(Source.objects.exclude(retired_at=None))
        return cls(rows, retired, can(actor, "source", "create"), sum(row.standing.n_dead for row in rows))


@dataclass(frozen=True, slots=True)
class DayRow:
    on: datetime
    counts: Counts


@dataclass(frozen=True, slots=True)
class SourcePage:
    row: SourceRow
    source: Source
    setup: Setup
    days: tuple[DayRow, ...]
    may_change: bool
    is_both: bool  # the secret before the latest rotation still holds

    @classmethod
    def of(cls, source: Source, actor: Actor, now: datetime, words: Words, setup: Setup) -> SourcePage:
        row = source_row(watch_sources(now, slugs=[source.slug])[0], words)
        is_both = source.previous_until_at is not None and now < source.previous_until_at
        may_change = can(actor, "source", "update") and source.retired_at is None
        return cls(row, source, setup, _days(source.slug, now), may_change, is_both)


def source_row(standing: Standing, words: Words) -> SourceRow:
    source = standing.source
    state, tone = _state(standing, words)
    return SourceRow(source.slug, source.name, words(KIND_NAMES[source.kind]), state, tone, standing)


def _state(standing: Standing, words: Words) -> tuple[str, str]:
    source = standing.source
    if source.retired_at is not None:
        return words("retired"), "muted"
    if not source.is_enabled:
        return words("off"), "muted"
    if standing.last_received_at is None:
        return words("nothing yet"), "open"
    return (words("silent"), "bad") if standing.is_silent else (words("listening"), "good")


def _days(src: str, now: datetime) -> tuple[DayRow, ...]:
    """The latest two weeks by day of UTC, days without events left out."""
    found: dict[datetime, list[int]] = {}
    names = ("n_received", "n_stored", "n_duplicate", "n_rejected", "n_conflict", "n_dead")
    for hour, *counts in InboxTally.objects.filter(src=src, hour_at__gt=now - DAYS * ONE_DAY).values_list(
        "hour_at", *names
    ):
        day = found.setdefault(hour.replace(hour=0), [0] * len(names))
        day[:] = [one + other for one, other in zip(day, counts, strict=True)]
    return tuple(DayRow(day, Counts(*counts)) for day, counts in sorted(found.items(), reverse=True))
