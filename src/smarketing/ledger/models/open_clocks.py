"""Clocks that nobody has stopped, as rows: what the boards show, what the alerts watch."""

from __future__ import annotations

from django.db import models

from smarketing.ledger.models.fields import InstantField

PLACE = ("agreement", "version", "calendar")  # what tells the working time that a clock runs by


class OpenClock(models.Model):
    """One clock without a stop that is not void; names, not codes.

    `due_at` is null while a pause lasts. `stops_at` is the instant at which it stops by itself (silence accepts), null
    for most. `allowance_us` is the open time it may run, pauses left out. Of a depth clock `count` of `need` touches
    are done. Some start later than now: ask ledger.open_clocks.running.
    `owner` is who is judged by it; `holder` whoever has the lead as its row says, null for nobody.
    """

    pk = models.CompositePrimaryKey("src", "lead_id", "agreement", "commitment", "episode")
    agreement = models.TextField()  # slug
    version = models.IntegerField()
    commitment = models.TextField()
    kind = models.TextField()  # of the commitment
    clock = models.TextField()  # lead, system or rep
    party = models.TextField()
    src = models.TextField()
    lead_id = models.TextField()
    episode = models.IntegerField()
    owner_src = models.TextField(null=True)
    owner = models.TextField(null=True)  # id at the source
    owner_name = models.TextField(null=True)
    team = models.TextField(null=True)
    tier = models.TextField(null=True)
    source = models.TextField(null=True)
    calendar = models.TextField(null=True)  # null: always open
    start_at = InstantField()
    risk_at = InstantField(null=True)
    due_at = InstantField(null=True)
    stops_at = InstantField(null=True)
    allowance_us = models.BigIntegerField()
    count = models.IntegerField()
    need = models.IntegerField()
    holder = models.TextField(null=True)  # id at the source

    class Meta:
        db_table = "ledger_open_clock"
        indexes = (
            models.Index(fields=["due_at"], name="open_clock_due"),
            models.Index(fields=["holder", "src"], name="open_clock_holder"),
            # All that the board counts, so that it need not look through the rows (workflows.list_board).
            models.Index(
                fields=["team", *PLACE, "tier", "commitment", "src", "holder", "start_at", "stops_at", "due_at"],
                name="open_clock_group",
            ),
        )

    def __str__(self) -> str:
        return f"{self.commitment} of {self.src}:{self.lead_id}"


class OpenClockState(models.Model):
    """Which facts and which terms the open clocks are of; one row.

    `seq` is the merge up to which they know everything, `key` stands for the versions of all agreements. Whoever finds
    that either has moved on makes them again. `trouble` is why that could not be done.
    """

    seq = models.BigIntegerField()
    key = models.CharField(max_length=64)
    fresh_at = models.DateTimeField()
    stale_since = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        db_table = "ledger_open_clock_state"

    def __str__(self) -> str:
        return f"open clocks at merge {self.seq}"


class DrainLease(models.Model):
    """Who empties the inbox; one row. `fence` grows whenever somebody takes over, and the one before writes nothing."""

    holder = models.CharField(max_length=100)
    fence = models.PositiveBigIntegerField(default=0)
    leased_until = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_drain_lease"

    def __str__(self) -> str:
        return f"{self.holder} #{self.fence}"
