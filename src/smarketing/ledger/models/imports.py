"""What every import did: its receipt, file by file, so that no row is unaccounted for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Import(models.Model):
    """One import. `seq` is the merge it made, null when it changed nothing; `by` a person's id, null on a terminal."""

    DONE, UNDONE = "done", "undone"

    id = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    profile = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    zone = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, default=DONE)
    sequence = models.BigIntegerField()  # of the facts after it
    tables = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)
    undone_seq = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-at", "-sequence")

    def __str__(self) -> str:
        return self.id


class ImportFile(models.Model):
    """One table of one file: rows in = accepted + rejected + duplicates, which the database itself insists on."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    file = models.TextField()
    sheet = models.TextField(blank=True)
    status = models.CharField(max_length=12)
    read_as = models.TextField(blank=True)
    kind = models.CharField(max_length=40, blank=True)
    form = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=128, blank=True, db_index=True)
    n_rows = models.BigIntegerField(default=0)
    n_accepted = models.BigIntegerField(default=0)
    n_rejected = models.BigIntegerField(default=0)
    n_duplicates = models.BigIntegerField(default=0)
    n_blank = models.BigIntegerField(default=0)
    n_unused = models.BigIntegerField(default=0)
    n_twice = models.BigIntegerField(default=0)
    n_emptied = models.BigIntegerField(default=0)
    reasons = models.JSONField(default=dict)
    examples = models.JSONField(default=list)
    lost_ids = models.JSONField(default=list)
    rejects_file = models.TextField(blank=True)  # beneath the home
    unread_columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    problem = models.TextField(blank=True)
    sentences = models.JSONField(default=dict)  # of notes and problem, for readers of another language

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["of", "position"], name="one_import_file_of_each_position"),
            models.CheckConstraint(
                condition=Q(n_rows=F("n_accepted") + F("n_rejected") + F("n_duplicates")), name="no_row_is_lost"
            ),
        )

    def __str__(self) -> str:
        return self.file
