"""Ways out that belong to nobody in particular: a chat room, another program."""

from __future__ import annotations

from django.db import models


class EndpointKind(models.TextChoices):
    SLACK = "slack"
    TEAMS = "teams"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


class Endpoint(models.Model):
    """An address that notices are posted to; agreements name it by `slug` in the channels of a rule.

    Address and secrets are sealed (records/sealed.py). The previous secret signs too until `previous_until_at`.
    An endpoint that fails is asked again from `retry_at` on; `broken_since` is when it began to fail.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=EndpointKind.choices)
    address = models.TextField()
    host = models.CharField(max_length=255, blank=True)  # what may be shown of the address
    secret = models.TextField(blank=True)
    previous_secret = models.TextField(blank=True)
    previous_until_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=5, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    is_enabled = models.BooleanField(default=True)
    n_failures = models.PositiveIntegerField(default=0)
    broken_since = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    trouble = models.JSONField(null=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "slug")

    def __str__(self) -> str:
        return self.name
