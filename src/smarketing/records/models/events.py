"""Everything anybody changed, in a chain that shows if a link was altered."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from smarketing.records.models.people import Person


class Event(models.Model):
    """One write. `digest` covers this row and the digest of the row before; rows are only added."""

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # null: the machine itself
    actor = models.CharField(max_length=254, blank=True)  # address at that moment
    verb = models.CharField(max_length=60)  # sign_agreement
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("seq",)
        indexes = (models.Index(fields=["object_kind", "object_id"]), models.Index(fields=["by", "seq"]))

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.object_kind} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        _refuse()


def _refuse() -> NoReturn:
    raise RuntimeError("An event is never changed or deleted; a correction is another event.")
