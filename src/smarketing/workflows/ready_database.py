"""Bring the database to the shape that this program knows; refuse one that a newer program has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from smarketing.ledger.lock import in_turn
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

MIGRATION_LOCK = 7_236_612


@dataclass(frozen=True, slots=True)
class Shape:
    """Names of the steps that the database lacks, and of those that it has and this program does not know."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def shape() -> Shape:
    """Raises FactsError when the database cannot be reached."""
    try:
        loader = MigrationLoader(connection)
    except DatabaseError as error:
        raise FactsError(
            N_("The database cannot be reached: {reason}."),
            where="DATABASE_URL",
            hint=N_("Start it, or correct its address."),
            reason=str(error).strip(),
        ) from error
    known, applied = set(loader.disk_migrations), set(loader.applied_migrations)
    ours = {app for app, _ in known}
    replaced = {each for migration in loader.disk_migrations.values() for each in migration.replaces}
    unknown = {(app, name) for app, name in applied - known - replaced if app in ours}
    return Shape(_names(set(loader.graph.nodes) - applied), _names(unknown))


def check_database() -> None:
    """Raises FactsError when it is older or newer than this program."""
    found = shape()
    _refuse_newer(found)
    if found.missing:
        raise FactsError(N_("The database is not of this version."), hint=N_("Run: smarketing migrate."))


def ready_database() -> tuple[str, ...]:
    """Take every missing step, one process at a time; returns the names of the steps that were taken.

    Each step is one transaction: killed between two of them, the next start goes on where it ended.
    Raises FactsError when the database is newer than this program.
    """
    _check_home()
    with in_turn(settings.HOME), _alone():
        found = shape()
        _refuse_newer(found)
        if found.missing:
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    return found.missing


def _check_home() -> None:
    """What another user's process leaves behind, its owner could not write; and nobody debugs in the open."""
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    if hasattr(os, "geteuid") and settings.HOME.stat().st_uid != os.geteuid():
        raise FactsError(
            N_("This folder belongs to another user."), where=str(settings.HOME), hint=N_("Run as that user.")
        )
    if settings.IS_PRODUCTION and settings.DEBUG:
        raise FactsError(
            N_("Debugging shows everybody our insides, so it is refused under an https address."),
            where="SMARKETING_DEBUG",
            hint=N_("Leave it out."),
        )


@contextmanager
def _alone() -> Iterator[None]:
    """Machines that share a server's database take turns."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _refuse_newer(found: Shape) -> None:
    if found.unknown:
        raise FactsError(
            N_("A newer version of this program has changed the database: {names}."),
            hint=N_("Install that version again, or restore the backup made before it."),
            names=", ".join(found.unknown),
        )


def _names(found: set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in found))
