"""Put a backup in the place of this installation: checked first, and silent towards the world afterwards."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection

from smarketing.failpoints import reach
from smarketing.records.events import chain_faults, head, one_write
from smarketing.records.models import ApiToken, Installation, Invitation, Job, Worker
from smarketing.records.queue import OPEN
from smarketing.records.snapshot import is_empty, load_snapshot
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.ready_database import ready_database
from smarketing.workflows.take_backup import KEPT_FOLDERS, SECRET, read_back

ALIVE = timedelta(seconds=15)
MIRROR = "facts"


@dataclass(frozen=True, slots=True)
class Restored:
    """`n_faults` places at which the chain of events does not hold; 0 where all is well."""

    taken_at: str
    n_events: int
    n_faults: int
    n_sessions: int
    n_tokens: int


def restore_backup(path: Path, *, is_forced: bool, now: datetime) -> Restored:
    """Restore into an empty home, or with `is_forced` over what is there.

    Who was signed in is not any more, tokens and invitations are void, jobs that were open are cancelled, and nothing
    is sent to anybody until that is allowed again: the original may be alive.
    Raises   FactsError for a backup that is not whole, UserError for a home in use
    """
    manifest = read_back(path)
    home = Path(settings.HOME)
    _check_place(home, manifest, is_forced, now)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as place:
        folder = Path(place)
        with tarfile.open(path, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        shutil.rmtree(home / MIRROR, ignore_errors=True)  # made again from the database that is restored
        load_snapshot(folder, manifest["migrations"])
        _put_files(folder, home)
    ready_database()
    reach("restore.quiet.before")
    return _quieted(manifest, now)


def _check_place(home: Path, manifest: dict[str, Any], is_forced: bool, now: datetime) -> None:
    if manifest["database"] != connection.vendor:
        raise UserError(
            N_("This backup is of a {theirs} database, and this installation uses {ours}."),
            where="DATABASE_URL",
            hint=N_("Restore it into an installation of the same kind."),
            theirs=manifest["database"],
            ours=connection.vendor,
        )
    if _is_alive(now):
        raise UserError(N_("This installation is running."), where=str(home), hint=N_("End it first."))
    if not is_forced and not is_empty():
        raise UserError(
            N_("There is an installation here already."),
            where=str(home),
            hint=N_("Name an empty home in SMARKETING_HOME, or overwrite this one with --force."),
        )


def _is_alive(now: datetime) -> bool:
    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        return False
    try:
        return Worker.objects.filter(seen_at__gt=now - ALIVE).exists()
    except DatabaseError:
        return False


def _put_files(folder: Path, home: Path) -> None:
    for name in KEPT_FOLDERS:
        shutil.rmtree(home / name, ignore_errors=True)
        if (folder / name).is_dir():
            shutil.move(folder / name, home / name)
    if (folder / SECRET).exists():
        (folder / SECRET).chmod(0o600)
        (folder / SECRET).replace(home / SECRET)


def _quieted(manifest: dict[str, Any], now: datetime) -> Restored:
    """Another identity, nobody signed in, nothing sent; the chain of events is walked before it grows."""
    n_faults = sum(1 for _ in chain_faults())
    kept = manifest["latest_event"]
    n_faults += head() != (kept["seq"], kept["digest"])
    with one_write(verb="restore_backup", by=None, now=now) as write:
        n_sessions = Session.objects.all().delete()[0]
        n_tokens = ApiToken.objects.filter(revoked_at=None).update(revoked_at=now)
        Invitation.objects.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
        Job.objects.filter(status__in=OPEN).update(status="cancelled", ended_at=now, leased_by="", leased_until=None)
        Worker.objects.all().delete()
        Installation.objects.all().delete()
        identity = Installation.objects.create(identity=uuid4(), since_at=now, is_sending_held=True).identity
        write.about("installation", identity, was=manifest["installation"], taken_at=manifest["taken_at"])
    return Restored(manifest["taken_at"], kept["seq"], n_faults, n_sessions, n_tokens)
