"""Disputes over verdicts and counts, the evidence in them, and the waivers that came of those that were accepted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from smarketing.records.models.agreements import Agreement
from smarketing.records.models.people import Person
from smarketing.terms.marked import N_


class Subject(models.TextChoices):
    """What is contested: one clock's verdict, one thing that was counted, or every clock of some hours."""

    CLOCK = "clock"
    COUNT = "count"
    WINDOW = "window"


class DisputeReason(models.TextChoices):
    DUPLICATE = "duplicate", N_("Duplicate")
    WRONG_OWNER = "wrong_owner", N_("Wrong owner")
    CRM_OUTAGE = "crm_outage", N_("CRM outage")
    UNREACHABLE = "unreachable", N_("Lead unreachable")
    WRONG_TIME = "wrong_time", N_("Wrong time")
    OTHER = "other", N_("Other")


class DisputeState(models.TextChoices):
    OPEN = "open", N_("Open")
    ACCEPTED = "accepted", N_("Accepted")
    REJECTED = "rejected", N_("Rejected")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class Dispute(models.Model):
    """One challenge, by one person for one party, decided by somebody else.

    A window names its `commitments` and hours, and perhaps `sources` and `teams`; everything else one commitment and
    one lead. `was` is the verdict that is contested, `owner` and `team` whose clock it is, as the facts spell them.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="disputes")
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=6, choices=Subject.choices)
    clause = models.CharField(max_length=200)
    commitments = models.JSONField(default=list)
    commitment = models.CharField(max_length=120, blank=True)
    src = models.CharField(max_length=120, blank=True)
    lead_id = models.CharField(max_length=255, blank=True)
    episode = models.IntegerField(default=0)
    owner_src = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=255, blank=True)
    team = models.CharField(max_length=255, blank=True)
    was = models.CharField(max_length=8, blank=True)
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    basis = models.CharField(max_length=8, blank=True)  # started, due, either
    sources = models.JSONField(default=list)
    teams = models.JSONField(default=list)
    reason = models.CharField(max_length=12, choices=DisputeReason.choices)
    text = models.TextField()
    becomes = models.CharField(max_length=4, default="void")  # what is asked for: void or met
    party = models.CharField(max_length=60)
    raised_by = models.ForeignKey(Person, models.PROTECT, related_name="disputes")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=DisputeState.choices, default=DisputeState.OPEN)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # null: silence, or the raiser
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        ordering = ("-raised_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["agreement", "commitment", "src", "lead_id", "episode"],
                condition=Q(state="open") & ~Q(subject="window"),
                name="one_open_dispute_of_each_verdict",
            ),
        )
        indexes = (models.Index(fields=["agreement", "state"], name="dispute_state"),)

    def __str__(self) -> str:
        about = f"{self.src}:{self.lead_id}" if self.subject != Subject.WINDOW else f"{self.from_at:%Y-%m-%d}"
        return f"{self.commitment or 'window'} · {about}"

    @property
    def is_open(self) -> bool:
        return self.state == DisputeState.OPEN


class EvidenceKind(models.TextChoices):
    TEXT = "text"
    LINK = "link"
    FILE = "file"


class Evidence(models.Model):
    """Something shown in a dispute. A file lies under its digest, whatever it was called."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=4, choices=EvidenceKind.choices)
    text = models.TextField(blank=True)  # of a link its address
    name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    n_bytes = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.name or self.text[:60]


class Waiver(models.Model):
    """The exception that an accepted dispute made: what it covers is the dispute's, and the verdict becomes this."""

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="waiver")
    becomes = models.CharField(max_length=4)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # null: silence accepted
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"waiver of {self.dispute}"


class Revocation(models.Model):
    """A waiver undone: an entry of its own, so that both stay to be seen."""

    waiver = models.OneToOneField(Waiver, models.PROTECT, related_name="revocation")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.TextField()

    def __str__(self) -> str:
        return f"end of {self.waiver}"
