"""Tells Django about the records."""

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "smarketing.records"
    label = "records"

    def ready(self) -> None:
        post_migrate.connect(_make_cache_table, sender=self)


def _make_cache_table(*, using: str, **_: Any) -> None:
    """Processes share counts and locks through a table of the database, which migrations know nothing of."""
    call_command("createcachetable", database=using, verbosity=0)
