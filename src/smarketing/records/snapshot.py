"""The whole database at one instant, as files, and back: SQLite's own copy, or one COPY for each table of a server."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from smarketing.ledger.durable import sync_file, sync_folder
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

SQLITE = "database/smarketing.sqlite3"
TABLES = "database/tables"
REMADE = frozenset(
    {"django_migrations", "django_session", "cache"}
)  # migrations make the first; the others are momentary
DAMAGED = N_("The copy of the database is damaged: {why}.")


def write_snapshot(folder: Path) -> None:
    """Everything that is committed now, whoever writes meanwhile.

    Raises FactsError when the copy does not pass the database's own check.
    """
    if connection.vendor == "sqlite":
        _copy_sqlite(folder / SQLITE)
    else:
        _copy_tables(folder / TABLES)


def steps_taken() -> list[tuple[str, str]]:
    """The migrations that the database has, in their order."""
    rows = MigrationRecorder(connection).migration_qs.order_by("id")
    return [(str(app), str(name)) for app, name in rows.values_list("app", "name")]


def load_snapshot(folder: Path, steps: Sequence[Sequence[str]]) -> None:
    """Put the snapshot in the place of the database; until the last moment the old one stands untouched.

    Nothing is sent from its first moment on: the original may be alive, and whoever restores may be killed.
    """
    if connection.vendor == "sqlite":
        _put_sqlite(folder / SQLITE)
    else:
        _put_tables(folder / TABLES, steps)


def is_empty() -> bool:
    """Whether there is nobody in the database: none, no tables, or no people."""
    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        return True
    if "records_person" not in connection.introspection.table_names():
        return True
    return not apps.get_model("records", "Person").objects.exists()


def _copy_sqlite(path: Path) -> None:
    """The online backup: readers and writers go on; a page written meanwhile is copied again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        source: sqlite3.Connection = connection.connection
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal beside it
        check_sqlite(copy)


def check_sqlite(database: sqlite3.Connection) -> None:
    found = database.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise FactsError(DAMAGED, why=found)


def _put_sqlite(path: Path) -> None:
    """A log left beside the old database would be read into the new one, so it goes first."""
    target = Path(settings.DATABASES["default"]["NAME"])
    with closing(sqlite3.connect(path)) as copy:
        check_sqlite(copy)
        _hold_sending(copy)
        copy.commit()
    sync_file(path)
    connections.close_all()
    for ending in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    path.replace(target)
    target.chmod(0o600)
    sync_folder(target.parent)


def _copy_tables(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in sorted(set(connection.introspection.table_names(cursor)) - REMADE):
            columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
            (folder / f"{table}.columns").write_text("\n".join(columns) + "\n", "utf-8")
            _copy_out(cursor, table, columns, folder / f"{table}.copy")


def _copy_out(cursor: Any, table: str, columns: list[str], path: Path) -> None:
    with path.open("wb") as file, cursor.copy(f"COPY {_names(table, columns)} TO STDOUT") as rows:
        for block in rows:
            file.write(block)


def _put_tables(folder: Path, steps: Sequence[Sequence[str]]) -> None:
    """Tables as they were when the snapshot was taken, its rows, and then what this program needs beyond that."""
    for app, name in _latest(steps).items():
        call_command("migrate", app, name, verbosity=0, interactive=False)
    tables = sorted(path.stem for path in folder.glob("*.copy"))
    with transaction.atomic(), connection.cursor() as cursor:
        emptied = ", ".join(map(connection.ops.quote_name, [*tables, "django_session"]))
        cursor.execute(f"TRUNCATE {emptied} CASCADE")
        for table in tables:
            columns = (folder / f"{table}.columns").read_text("utf-8").split()
            _copy_in(cursor, table, columns, folder / f"{table}.copy")
        _hold_sending(cursor)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)


def _hold_sending(database: Any) -> None:
    table = apps.get_model("records", "Installation")._meta.db_table
    database.execute(f'UPDATE "{table}" SET is_sending_held = true')


def _latest(steps: Sequence[Sequence[str]]) -> dict[str, str]:
    """The last step of each app that this program knows."""
    return {app: name for app, name in steps if app in apps.app_configs}


def _copy_in(cursor: Any, table: str, columns: list[str], path: Path) -> None:
    with path.open("rb") as file, cursor.copy(f"COPY {_names(table, columns)} FROM STDIN") as rows:
        while block := file.read(1 << 20):
            rows.write(block)


def _names(table: str, columns: list[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(map(quote, columns))})"
