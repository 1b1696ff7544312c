"""What the running program writes about itself: its workers, its schedules, and which installation it is."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """A process that does jobs; it says every few seconds that it is alive."""

    name = models.CharField(max_length=100, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """Up to when a regular job was asked for; what is due since then is found by comparing, never by a timer."""

    kind = models.CharField(max_length=60, unique=True)
    asked_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind


class Installation(models.Model):
    """One row. A copy restored elsewhere has another identity and sends nothing until somebody says so."""

    identity = models.UUIDField(unique=True)
    since_at = models.DateTimeField()
    is_sending_held = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.identity)
