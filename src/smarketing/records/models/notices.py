"""What is due to be said, and each message that says it: moments of clocks, and the notices that they raise."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from smarketing.records.models.endpoints import Endpoint
from smarketing.records.models.people import Person


class MomentState(models.TextChoices):
    WAITING = "waiting"
    RAISED = "raised"  # its notices are there, or the reasons why there are none
    STOOD_DOWN = "stood_down"  # the clock stopped, or its rule is gone
    PARKED = "parked"  # it broke whoever raised it; `why` names the fault, and the others go on


class Moment(models.Model):
    """An instant at which a rule of an agreement speaks about one clock.

    `arming` grows when a deadline moves to a later instant after the rule has spoken: then it may speak once more, and
    never twice for one deadline. `level` counts the steps of an escalation, 0 for what has one step.
    """

    agreement = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    commitment = models.CharField(max_length=120)
    src = models.CharField(max_length=120)
    lead_id = models.CharField(max_length=255)
    episode = models.IntegerField()
    rule = models.CharField(max_length=120)
    occasion = models.CharField(max_length=20)
    arming = models.PositiveIntegerField(default=1)
    level = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    due_at = models.DateTimeField()  # of the clock when this was written
    start_at = models.DateTimeField(null=True)  # the same
    state = models.CharField(max_length=10, choices=MomentState.choices, default=MomentState.WAITING)
    raised_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True)  # code: why it stood down, or was armed again

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["src", "lead_id", "agreement", "commitment", "episode", "rule", "level", "arming"],
                name="one_moment_of_an_arming",
            ),
        )
        indexes = (models.Index(fields=["at"], condition=Q(state="waiting"), name="moments_waiting"),)

    def __str__(self) -> str:
        return f"{self.rule} of {self.src}:{self.lead_id}"


class NoticeState(models.TextChoices):
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    SUPPRESSED = "suppressed"  # `reason` says why
    FAILED = "failed"  # given up; `reason` says why


class Notice(models.Model):
    """One message about one thing to one recipient by one channel: `key` says which, and there is one of each.

    `payload` holds what the message speaks of, never its words: they are made when it is sent, in the recipient's
    language. A notice with `digest` set goes out as a part of that one. `fence` grows with every claim, and a sender
    that lost its claim writes nothing.
    """

    key = models.CharField(max_length=64, unique=True)
    rule = models.CharField(max_length=120)
    occasion = models.CharField(max_length=20)  # terms.alert_rule.Occasion, or digest, brake, test
    moment = models.ForeignKey(Moment, models.SET_NULL, null=True, related_name="notices")
    agreement = models.SlugField(max_length=60, blank=True)
    version = models.PositiveIntegerField(null=True)
    commitment = models.CharField(max_length=120, blank=True)
    src = models.CharField(max_length=120, blank=True)
    lead_id = models.CharField(max_length=255, blank=True)
    episode = models.IntegerField(null=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="notices")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True, related_name="notices")
    address = models.CharField(max_length=320, blank=True)  # of somebody who has no account here
    channel = models.CharField(max_length=60)  # in_app, email, or the slug of an endpoint
    is_urgent = models.BooleanField(default=False)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # of the clock it is about; a reminder is worth nothing after it
    not_before_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.WAITING)
    reason = models.CharField(max_length=40, blank=True)  # code: why it was suppressed, failed or is a repeat
    digest = models.ForeignKey("self", models.SET_NULL, null=True, related_name="parts")
    claimed_by = models.CharField(max_length=100, blank=True)
    claimed_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)
    n_tries = models.PositiveIntegerField(default=0)
    message_id = models.CharField(max_length=255, blank=True)
    is_possible_duplicate = models.BooleanField(default=False)
    trouble = models.JSONField(null=True)  # what the receiver last said, as code and arguments
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["not_before_at"], condition=Q(state="waiting"), name="notices_waiting"),
            models.Index(fields=["claimed_until"], condition=Q(state="claimed"), name="notices_claimed"),
            models.Index(fields=["person", "channel", "-id"], name="notices_of_a_person"),
            models.Index(fields=["src", "lead_id"], name="notices_of_a_lead"),
            models.Index(fields=["created_at"], name="notices_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.occasion} by {self.channel}"


class Held(models.Model):
    """How many moments were not spoken of, together, by rule and day: over before we learnt of them."""

    agreement = models.SlugField(max_length=60)
    rule = models.CharField(max_length=120)
    day = models.DateField()
    reason = models.CharField(max_length=40)
    n_moments = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agreement", "rule", "day", "reason"], name="one_held_a_day"),)

    def __str__(self) -> str:
        return f"{self.n_moments} of {self.rule} on {self.day}"
