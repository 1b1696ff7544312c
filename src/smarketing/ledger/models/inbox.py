"""What was sent to us, as it was sent: one row for each event, kept before the sender is answered, and its counts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class RowState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"  # cannot become a fact; `trouble` says why
    CONFLICT = "conflict"  # set aside by a person's decision
    HELD = "held"  # of the future, or about something that has not come yet; waits until `not_before_at`


class InboxRow(models.Model):
    """One event of a source. `key` tells it from others of its source, `body_digest` the versions of one event.

    `identity` is source and key in 64 bits, and `n_before` how many rows had the same before this one. Keys are random
    words: each new one would touch a page of an index of its own, and of the few bytes ten times as many lie on a page.
    `receipt` is the delivery that brought it first, `seq` the merge that took it; `trouble` is a sentence as code and
    arguments, so that everybody reads it in their language.
    """

    src = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    identity = models.BigIntegerField()
    n_before = models.PositiveIntegerField(default=0)
    body_digest = models.CharField(max_length=64)
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    receipt = models.UUIDField()
    occurred_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RowState.choices, default=RowState.WAITING)
    is_conflict = models.BooleanField(default=False)  # another version of this event came before
    n_tries = models.PositiveIntegerField(default=0)
    not_before_at = models.DateTimeField(null=True)  # of a row that is held
    needs = models.CharField(max_length=200, blank=True)  # the first thing that must come before it: "lead:17"
    trouble = models.JSONField(null=True)
    drained_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_inbox"
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["identity", "n_before"], name="one_row_at_each_turn"),)
        indexes = (
            models.Index(fields=["id"], condition=Q(state="waiting"), name="inbox_waiting"),
            models.Index(fields=["state", "src", "-id"], condition=~Q(state="done"), name="inbox_not_done"),
            models.Index(fields=["src", "-id"], condition=Q(is_conflict=True), name="inbox_conflicts"),
            models.Index(fields=["not_before_at"], condition=Q(state="held"), name="inbox_held"),
            models.Index(fields=["src", "needs"], condition=Q(state="held"), name="inbox_needing"),
        )

    def __str__(self) -> str:
        return f"{self.src} {self.key[:12]}"


class InboxTally(models.Model):
    """What a source sent in one hour: received = stored + duplicates + rejected, which the database itself insists on.

    Conflicts are among the stored; the dead are stored rows that could not become facts later.
    """

    src = models.CharField(max_length=60)
    hour_at = models.DateTimeField()
    n_received = models.BigIntegerField(default=0)
    n_stored = models.BigIntegerField(default=0)
    n_duplicate = models.BigIntegerField(default=0)
    n_rejected = models.BigIntegerField(default=0)
    n_conflict = models.BigIntegerField(default=0)
    n_dead = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("-hour_at", "src")
        constraints = (
            models.UniqueConstraint(fields=["src", "hour_at"], name="one_tally_an_hour"),
            models.CheckConstraint(
                condition=Q(n_received=F("n_stored") + F("n_duplicate") + F("n_rejected")), name="no_event_is_lost"
            ),
        )

    def __str__(self) -> str:
        return f"{self.src} {self.hour_at:%Y-%m-%d %H}"


class PatchMarks(models.Model):
    """How old each column of a row is that was told a few columns at a time (facts.patches); by table, src and key."""

    pk = models.CompositePrimaryKey("src", "table", "key")
    src = models.TextField()
    table = models.CharField(max_length=40)
    key = models.TextField()  # the rest of the row's key as JSON
    marks = models.JSONField()

    class Meta:
        db_table = "ledger_patch_marks"

    def __str__(self) -> str:
        return f"{self.table} {self.src}:{self.key}"
