"""Invitations: the only way in for somebody who is not there yet."""

from __future__ import annotations

from django.db import models

from smarketing.records.models.people import Person
from smarketing.records.models.teams import MemberRole, Team


class Invitation(models.Model):
    """Only the digest of its link is kept; it works once, until `expires_at`."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, blank=True)
    is_admin = models.BooleanField(default=False)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    role = models.CharField(max_length=8, choices=MemberRole.choices, default=MemberRole.REP)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.email
