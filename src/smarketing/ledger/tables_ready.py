"""Is the database ready? The embedded one is made so; a server's is its operator's to migrate."""

from __future__ import annotations

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_


def make_ready(using: str = DEFAULT_DB_ALIAS) -> None:
    """Bring an embedded database's tables up to date.

    Raises FactsError when the database cannot be reached, or a server's tables are not those of this program.
    """
    connection = connections[using]
    try:
        if _is_ready(using):
            return
    except DatabaseError as error:
        raise FactsError(
            N_("The database cannot be reached: {reason}."),
            where="DATABASE_URL",
            hint=N_("Start it, or correct its address."),
            reason=error,
        ) from error
    if connection.vendor != "sqlite":
        raise FactsError(
            N_("The database is not of this version."), where="DATABASE_URL", hint=N_("Run: smarketing migrate.")
        )
    call_command("migrate", database=using, verbosity=0, interactive=False)


def _is_ready(using: str) -> bool:
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
