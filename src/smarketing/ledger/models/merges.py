"""Which merge brought what: the ledger's sequence, and what it takes to follow it and to take a merge back."""

from __future__ import annotations

from django.db import models


class LedgerId(models.Model):
    """Tells this ledger from another that took its place; one row."""

    ledger_id = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.ledger_id


class Merge(models.Model):
    """One change of the facts. Numbers are given under the writer's lock, so whoever sees N sees everything before it.

    `stamp` tells it from another merge that had its number before a backup was restored. `streamed_at` is when events
    brought it, for which whoever looks need not wait; null for what people did and wait for.
    """

    seq = models.BigIntegerField(primary_key=True)
    stamp = models.CharField(max_length=32)
    undoes = models.BigIntegerField(null=True)
    streamed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"merge {self.seq}"


class Overwritten(models.Model):
    """Rows as they were before a merge wrote over them, as Parquet: the table's columns and `brought_by`."""

    seq = models.BigIntegerField(db_index=True)
    table = models.CharField(max_length=40)
    rows = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.table} before merge {self.seq}"


class Removed(models.Model):
    """Keys that went with a merge that was taken back, as Parquet; who mirrors the facts removes them too."""

    seq = models.BigIntegerField(db_index=True)
    table = models.CharField(max_length=40)
    rows = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.table} removed by merge {self.seq}"
