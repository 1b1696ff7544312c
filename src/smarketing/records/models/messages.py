"""How each person wants to be told, when they are away and who stands in, and addresses that take no mail."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import F, Q

from smarketing.records.models.people import Person


class Preference(models.Model):
    """One row a person; without one the defaults hold.

    Quiet hours are the closed hours of `calendar`, an id of the agreement that speaks; its party's calendar when empty.
    `muted` are occasions that come by no channel but the inbox; a breach to a manager cannot be muted.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="preference")
    calendar = models.CharField(max_length=120, blank=True)
    has_quiet_hours = models.BooleanField(default=True)
    digest_at = models.TimeField(default=time(8, 30))  # in the person's zone
    is_digest_wanted = models.BooleanField(default=False)  # everything that is not urgent, once a day
    muted = models.JSONField(default=list)
    is_email_wanted = models.BooleanField(default=True)
    most_per_day = models.PositiveIntegerField(default=30)  # single messages a channel; the rest in one digest

    def __str__(self) -> str:
        return f"preferences of {self.person}"


class Absence(models.Model):
    """Somebody is away on the local days [from_on, until_on); what is for them goes to the substitute meanwhile."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    substitute = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="stands_in")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("from_on",)
        constraints = (
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=~Q(substitute=F("person")) | Q(substitute=None), name="nobody_stands_in_for_themselves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} away from {self.from_on}"


class Bounce(models.Model):
    """An address that refused mail or answers by itself: it gets none of any kind until somebody clears it."""

    address = models.CharField(max_length=320, unique=True)
    since_at = models.DateTimeField()
    reason = models.CharField(max_length=40)  # hard, auto_reply, complaint
    detail = models.CharField(max_length=300, blank=True)
    cleared_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address


class Snooze(models.Model):
    """Somebody put a lead off until an instant: reminders about it wait, breaches do not."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="snoozes")
    src = models.CharField(max_length=120)
    lead_id = models.CharField(max_length=255)
    until_at = models.DateTimeField()
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "src", "lead_id"], name="one_snooze_of_a_lead"),)

    def __str__(self) -> str:
        return f"{self.src}:{self.lead_id} until {self.until_at}"
