"""When a lead that sales sent back is worth another try."""

from __future__ import annotations

from django.db import models

from smarketing.records.models.people import Person


class NextTry(models.Model):
    """From the local day `on` the lead is its owner's again; until somebody answers it, `done_at`.

    One that nobody has tried is there once a lead. `key` is the deed that said it.
    """

    src = models.CharField(max_length=120)
    lead_id = models.CharField(max_length=255)
    on = models.DateField()
    reason = models.CharField(max_length=120, blank=True)
    field = models.CharField(max_length=20)  # of the lead, which has this value while it is sent back
    value = models.CharField(max_length=255)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["src", "lead_id"], condition=models.Q(done_at=None), name="one_next_try_of_a_lead"
            ),
        )

    def __str__(self) -> str:
        return f"{self.src}:{self.lead_id} from {self.on}"
