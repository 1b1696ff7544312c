"""Is everything there that an answer needs: the database, its tables, a worker, facts that are not behind?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from smarketing.ledger.manifest import read_manifest
from smarketing.ledger.models import DrainLease, Import, InboxRow, Merge, OpenClockState, RowState
from smarketing.records.models import Job, Worker
from smarketing.records.models.jobs import JobStatus
from smarketing.terms.errors import FactsError, UserError
from smarketing.terms.marked import N_
from smarketing.workflows.audit_alerts import audit_alerts
from smarketing.workflows.ready_database import shape

SILENT, OVERDUE, BEHIND = timedelta(seconds=15), timedelta(minutes=5), timedelta(minutes=15)
BACKLOG, UNDRAINED, STALE = timedelta(seconds=60), timedelta(seconds=45), timedelta(minutes=5)
MIRROR = "facts"


@dataclass(frozen=True, slots=True)
class Part:
    """`what` is a sentence of the catalogue, `values` fill it in."""

    name: str
    is_well: bool
    what: str
    values: Mapping[str, object] = field(default_factory=dict)


def check_health(*, now: datetime) -> tuple[Part, ...]:
    """Every part, in the order in which they lean on one another; after the first that is broken nothing is asked."""
    first = _told("database", _database, now)
    if not first.is_well:
        return (first,)
    return first, *(_told(name, look, now) for name, look in LOOKS)


def _told(name: str, look: Callable[[datetime], Part], now: datetime) -> Part:
    try:
        return look(now)
    except DatabaseError:
        return Part(name, False, N_("The database does not answer."))
    except UserError as error:
        return Part(name, False, error.sentences[0], error.values)


def _database(_: datetime) -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Part("database", True, N_("The database answers."))


def _tables(_: datetime) -> Part:
    found = shape()
    if found.unknown:
        return Part("migrations", False, N_("The database is of a newer version of this program."))
    if found.missing:
        return Part("migrations", False, N_("The database is not of this version."))
    return Part("migrations", True, N_("The tables are those of this version."))


def _worker(now: datetime) -> Part:
    seen_at = Worker.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    if seen_at is None or now - seen_at > SILENT:
        return Part("worker", False, N_("No worker is alive: imports and recomputations wait."))
    return Part("worker", True, N_("A worker is alive."))


def _jobs(now: datetime) -> Part:
    overdue = Job.objects.filter(status=JobStatus.WAITING, not_before_at__lt=now - OVERDUE).count()
    if overdue and not Job.objects.filter(status=JobStatus.RUNNING, leased_until__gte=now).exists():
        return Part("jobs", False, N_("{n} jobs have waited for more than five minutes."), {"n": overdue})
    return Part("jobs", True, N_("No job waits for long."))


def _mirror(now: datetime) -> Part:
    """Readers bring the mirror up to date by themselves; one that stays behind cannot be written."""
    merged = Merge.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    try:
        mirrored = read_manifest(Path(settings.HOME) / MIRROR).sequence
    except FactsError:
        mirrored = 0
    since = Import.objects.filter(seq__gt=mirrored).order_by("seq").values_list("at", flat=True).first()
    if mirrored < merged and since is not None and now - since > BEHIND:
        return Part(
            "mirror", False, N_("The facts that scorecards read are {n} imports behind."), {"n": merged - mirrored}
        )
    return Part("mirror", True, N_("Scorecards read the latest facts."))


def _inbox(now: datetime) -> Part:
    waiting = InboxRow.objects.filter(state=RowState.WAITING)
    oldest = waiting.order_by("id").values_list("received_at", flat=True).first()
    if oldest is not None and now - oldest > BACKLOG:
        said = {"n": waiting.count(), "seconds": int((now - oldest).total_seconds())}
        return Part("inbox", False, N_("{n} events wait, the first for {seconds} seconds."), said)
    return Part("inbox", True, N_("Events become facts as they come."))


def _drain(now: datetime) -> Part:
    """Whoever drains says so every few seconds, whether anything waits or not."""
    seen_at = DrainLease.objects.values_list("seen_at", flat=True).first()
    if seen_at is not None and now - seen_at > UNDRAINED and InboxRow.objects.exists():
        return Part("drain", False, N_("Nobody empties the inbox: events wait."))
    return Part("drain", True, N_("The inbox is looked after."))


def _open_clocks(now: datetime) -> Part:
    state = OpenClockState.objects.first()
    if state is not None and state.trouble:
        return Part("open clocks", False, N_("Running clocks cannot be told: {reason}"), {"reason": state.trouble})
    if state is not None and state.stale_since is not None and now - state.stale_since > STALE:
        return Part("open clocks", False, N_("Running clocks do not know the latest facts."))
    return Part("open clocks", True, N_("Running clocks know the latest facts."))


def _alerts(now: datetime) -> Part:
    found = audit_alerts(now=now)
    if found.unrecorded_since_at is not None:
        said = {"n": found.n_unrecorded, "seconds": int((now - found.unrecorded_since_at).total_seconds())}
        return Part("alerts", False, N_("{n} warnings are due and nobody wrote them, the first for {seconds} s."), said)
    if found.unsent_since_at is not None:
        said = {"n": found.n_unsent, "seconds": int((now - found.unsent_since_at).total_seconds())}
        return Part("alerts", False, N_("{n} notices should have been sent, the first {seconds} s ago."), said)
    if found.n_parked:
        said = {"n": found.n_parked}
        return Part("alerts", True, N_("Whatever is due is said, but for {n} moments that were set aside."), said)
    return Part("alerts", True, N_("Whatever is due is said."))


LOOKS: tuple[tuple[str, Callable[[datetime], Part]], ...] = (
    ("migrations", _tables),
    ("worker", _worker),
    ("jobs", _jobs),
    ("mirror", _mirror),
    ("inbox", _inbox),
    ("drain", _drain),
    ("open clocks", _open_clocks),
    ("alerts", _alerts),
)
