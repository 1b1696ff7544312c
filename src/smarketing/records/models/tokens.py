"""Personal API tokens; only their digests are kept."""

from __future__ import annotations

from django.db import models

from smarketing.records.models.people import Person


class Scope(models.TextChoices):
    INGEST = "ingest"
    READ = "read"
    ADMIN = "admin"


class ApiToken(models.Model):
    """`prefix` is what lists show; the token itself is shown once, when it is made."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=6, choices=Scope.choices, default=Scope.READ)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    latest_use_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"
