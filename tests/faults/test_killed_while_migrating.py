"""A migration killed at any statement: run again it completes, and the database is the one that the models want."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.databases import Database

ROOT = Path(__file__).parents[2]
KILLED_AT = (7, 61, 30)  # statements that change something, each counted from where the last one left off
CHILD = """
import os, signal, sys
import django; django.setup()
from django.core.management import call_command
from django.db import connection
n_left = int(sys.argv[1])
def count(execute, sql, params, many, context):
    global n_left
    is_change = sql.split(None, 1)[0] in ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE")
    n_left -= is_change
    if is_change and n_left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(count):
    call_command("migrate", verbosity=0)
"""
TELL = """
import json
import django; django.setup()
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
with connection.cursor() as cursor:
    found = {
        model._meta.db_table: sorted(
            {field.column for field in model._meta.local_concrete_fields}
            ^ {column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)}
        )
        for model in apps.get_models() if model._meta.managed
    }
plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
print(json.dumps({"plan": len(plan), "amiss": {name: columns for name, columns in found.items() if columns}}))
"""


def run(database: Database, text: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **database.environment, "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "SMARKETING_LOG_LEVEL": "ERROR"}
    return subprocess.run(
        [sys.executable, "-c", text, *words], env=environment, cwd=ROOT, capture_output=True, text=True
    )


def test_d26_killed_at_some_statements_and_run_again(each_database: Database) -> None:
    for number in KILLED_AT:
        killed = run(each_database, CHILD, str(number))
        assert killed.returncode == -signal.SIGKILL, killed.stderr
    whole = run(each_database, CHILD, "0")
    assert whole.returncode == 0, whole.stderr
    told = run(each_database, TELL)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {"plan": 0, "amiss": {}}
