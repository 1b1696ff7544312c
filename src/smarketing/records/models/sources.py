"""The systems that send us events, and what each needs to prove who it is."""

from __future__ import annotations

from django.db import models


class SourceKind(models.TextChoices):
    GENERIC = "generic"
    HUBSPOT = "hubspot"
    PIPEDRIVE = "pipedrive"
    SALESFORCE = "salesforce"
    ODOO = "odoo"
    FLAT = "flat"  # Zapier, Make, n8n: fields named as their author likes


class Source(models.Model):
    """One system; `slug` is the `src` of its facts and stands in its address.

    Secrets are sealed (records/sealed.py). The previous one holds until `previous_until_at`, so that a rotation loses
    nothing; `path_digest` is of the token in the address where a system cannot sign.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=SourceKind.choices, default=SourceKind.GENERIC)
    zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, blank=True)
    secret = models.TextField(blank=True)
    previous_secret = models.TextField(blank=True)
    previous_until_at = models.DateTimeField(null=True)
    path_digest = models.CharField(max_length=64, blank=True)
    previous_path_digest = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)  # the sender's names of fields → ours
    is_enabled = models.BooleanField(default=True)
    usual_gap_s = models.PositiveIntegerField(null=True)  # usual time between two deliveries
    last_received_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "slug")

    def __str__(self) -> str:
        return self.name
