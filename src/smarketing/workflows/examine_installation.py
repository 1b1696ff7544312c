"""Look at everything an installation stands on, and say of each thing whether it holds and what to do if not."""

from __future__ import annotations

import os
import platform
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from smarketing.ledger.file_system import probed
from smarketing.records.models import Moment, MomentState
from smarketing.records.outbound import is_sending_held
from smarketing.records.queue import database_now
from smarketing.terms.marked import N_
from smarketing.workflows.check_health import check_health

# Until there two connections that write and tidy the log at the same instant could damage the database.
MENDED_SQLITE = (3, 51, 3)
MENDED_BRANCHES = {(3, 50): 7, (3, 44): 6}  # older branches that got the same repair
LITTLE_ROOM, NO_ROOM = 1 << 30, 100 << 20
SLOW_FSYNC_MS = 200
MOST_SKEW = timedelta(seconds=30)
OLD_BACKUP = timedelta(days=7)


class Level(StrEnum):
    WELL = "well"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` and `hint` are sentences of the catalogue; `values` fill them in."""

    name: str
    level: Level
    what: str
    hint: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def examine_installation(*, now: datetime) -> Iterator[Finding]:
    """Every finding, the grounds first. Whatever cannot be asked because its ground is broken is left out."""
    yield Finding("python", Level.WELL, N_("Python {version}."), values={"version": platform.python_version()})
    yield from _home(Path(settings.HOME))
    if connection.vendor == "sqlite":
        yield _sqlite(sqlite3.sqlite_version_info)
    parts = check_health(now=now)
    for part in parts:
        hint = HINTS.get(part.name, "")
        level = Level.WELL if part.is_well else Level.WARNING if part.name in ("worker", "jobs") else Level.BAD
        yield Finding(part.name, level, part.what, "" if part.is_well else hint, part.values)
    if all(part.is_well for part in parts if part.name in ("database", "migrations")):
        yield from _database(now)
        yield from _parked()
    yield _backup(Path(settings.HOME) / "backups", now)
    yield from _deployment()


HINTS = {
    "database": N_("Start it, or correct its address."),
    "migrations": N_("Run: smarketing migrate."),
    "worker": N_("Start one: smarketing worker, or smarketing serve for both."),
    "jobs": N_("See which under Settings, Background work."),
    "inbox": N_("See the log of the worker; it is written there what keeps it."),
    "drain": N_("Start a worker: smarketing worker, or smarketing serve for both."),
    "open clocks": N_("See the agreement that is named, and the log of the worker."),
    "alerts": N_("See the log of the worker; it is written there what keeps them."),
    "mirror": N_("It catches up when the facts are next read; or run: smarketing rebuild."),
}


def _home(home: Path) -> Iterator[Finding]:
    said = {"home": str(home)}
    try:
        found = probed(home)
    except OSError as error:
        values = {**said, "reason": error}
        yield Finding("home", Level.BAD, N_("Nothing can be written to {home}: {reason}."), values=values)
        return
    yield _owner(home)
    if found.broken:
        broken = {**said, "what": ", ".join(found.broken)}
        advice = N_("Put the home on a disk of this machine.")
        yield Finding("files", Level.BAD, N_("The file system of {home} does not do this: {what}."), advice, broken)
    elif found.is_shared:
        advice = N_("SQLite may lose data there: put the home on a disk of this machine, or use PostgreSQL.")
        yield Finding("files", Level.WARNING, N_("{home} is on {kind}."), advice, {**said, "kind": found.kind})
    else:
        yield Finding("files", Level.WELL, N_("Files, renames and locks work in {home}."), values=said)
    if found.fsync_ms > SLOW_FSYNC_MS:
        slow = {"n": round(found.fsync_ms)}
        yield Finding("disk", Level.WARNING, N_("The disk takes {n} ms to keep a small file."), values=slow)
    room = {"n": round(found.n_free_bytes / 1e9, 1)}
    level = (
        Level.BAD if found.n_free_bytes < NO_ROOM else Level.WARNING if found.n_free_bytes < LITTLE_ROOM else Level.WELL
    )
    advice = N_("Make room: imports need about four times the size of their files.") if level is not Level.WELL else ""
    yield Finding("room", level, N_("{n} GB are free."), advice, room)
    yield from _secret(home / "secret.key")


def _owner(home: Path) -> Finding:
    """Files that another user made here could not be written by the server later."""
    about = home.stat()
    if hasattr(os, "geteuid") and about.st_uid != os.geteuid():
        advice = N_("Run as that user.")
        return Finding("owner", Level.BAD, N_("Another user owns {home}."), advice, {"home": str(home)})
    if os.name == "posix" and about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        advice = N_("Close it: chmod 700 {home}")
        return Finding("owner", Level.WARNING, N_("Other users may look into {home}."), advice, {"home": str(home)})
    return Finding("owner", Level.WELL, N_("Only this user may look into {home}."), values={"home": str(home)})


def _secret(path: Path) -> Iterator[Finding]:
    if settings.ENVIRONMENT.secret_key:
        yield Finding("secret", Level.WELL, N_("The key that signs sessions comes from the environment."))
    elif path.exists() and os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        advice = N_("Close it: chmod 600 {path}")
        yield Finding("secret", Level.BAD, N_("Other users may read {path}."), advice, {"path": str(path)})
    elif path.exists():
        yield Finding("secret", Level.WELL, N_("The key that signs sessions is readable by its owner alone."))


def _sqlite(version: tuple[int, int, int]) -> Finding:
    said = {"version": ".".join(map(str, version))}
    is_mended = version >= MENDED_SQLITE or version[2] >= MENDED_BRANCHES.get(version[:2], 1 << 30)
    if is_mended:
        return Finding("sqlite", Level.WELL, N_("SQLite {version}."), values=said)
    return Finding(
        "sqlite",
        Level.WARNING,
        N_("SQLite {version} has a fault that can, very rarely, damage a database that several processes write."),
        N_("Use a Python with SQLite 3.51.3 or later, or PostgreSQL; and take a backup every day."),
        said,
    )


def _database(now: datetime) -> Iterator[Finding]:
    skew = abs(database_now(now) - now)
    if skew > MOST_SKEW:
        values = {"n": round(skew.total_seconds())}
        advice = N_("Let both machines ask a time server.")
        yield Finding("clock", Level.BAD, N_("The database's clock differs by {n} seconds."), advice, values)
    if connection.vendor == "sqlite":
        yield from _pragmas()
    if is_sending_held():
        advice = N_("If this is no clone of one that still runs: smarketing sending release")
        yield Finding("sending", Level.WARNING, N_("Nothing is sent: this installation was restored."), advice)


def _parked() -> Iterator[Finding]:
    n = Moment.objects.filter(state=MomentState.PARKED).count()
    if n:
        advice = N_("The log of the worker says what broke; when that is mended: smarketing alert retry")
        what = N_("{n} moments broke whoever raised them, and nobody was warned.")
        yield Finding("set aside", Level.WARNING, what, advice, {"n": n})


def _pragmas() -> Iterator[Finding]:
    """Settings of the connection as SQLite itself sees them, not as they were asked for."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if found != value:
                values = {"name": name, "found": found, "value": value}
                yield Finding("pragmas", Level.BAD, N_("SQLite's {name} is {found}, not {value}."), values=values)


def _backup(folder: Path, now: datetime) -> Finding:
    advice = N_("Take one: smarketing backup")
    taken = [path.stat().st_mtime for path in folder.glob("*.tar.gz")] if folder.is_dir() else []
    if not taken:
        return Finding("backup", Level.WARNING, N_("There is no backup in this home."), advice)
    n_days = int((now.timestamp() - max(taken)) // 86_400)
    is_old = n_days > OLD_BACKUP.days
    level = Level.WARNING if is_old else Level.WELL
    what = N_("The latest backup here is {n} days old.")
    return Finding("backup", level, what, advice if is_old else "", {"n": n_days})


def _deployment() -> Iterator[Finding]:
    """What Django would say of this configuration on the open network."""
    if not settings.IS_PRODUCTION:
        advice = N_("For others than yourself set SMARKETING_URL=https://… and put a proxy with TLS before it.")
        yield Finding("deployment", Level.WELL, N_("Not in production mode: for this machine only."), advice)
        return
    said = [message for message in run_checks(include_deployment_checks=True) if not message.is_silenced()]
    for message in said:
        yield Finding("deployment", Level.BAD, f"{message.msg} ({message.id})")
    if not settings.ENVIRONMENT.email_url:
        advice = N_("Set SMARKETING_EMAIL_URL: invitations and lost passwords need it.")
        yield Finding("mail", Level.WARNING, N_("No mail can be sent."), advice)
    if not said:
        yield Finding("deployment", Level.WELL, N_("Production mode: cookies, redirects and headers are strict."))
