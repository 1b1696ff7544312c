"""Work to do in the background, as rows that a worker leases."""

from __future__ import annotations

from django.db import models

from smarketing.records.models.people import Person


class JobStatus(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """`kind` names a task of smarketing.tasks. A worker holds it until `leased_until`, then it is free again.

    `fence` grows with every lease: a worker that lost its lease can no longer write progress or the result.
    """

    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True)  # one waiting or running job per key
    status = models.CharField(max_length=9, choices=JobStatus.choices, default=JobStatus.WAITING)
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="jobs")
    asked_at = models.DateTimeField()
    not_before_at = models.DateTimeField()
    leased_by = models.CharField(max_length=100, blank=True)
    leased_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    n_tries = models.PositiveIntegerField(default=0)
    max_tries = models.PositiveIntegerField(default=5)
    share_done = models.FloatField(default=0)
    progress = models.CharField(max_length=300, blank=True)
    is_cancel_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["status", "not_before_at"]),)
        constraints = (
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(status__in=["waiting", "running"]) & ~models.Q(key=""),
                name="one_open_job_per_key",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
