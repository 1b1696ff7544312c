"""Calendars that agreements take over."""

from __future__ import annotations

from django.db import models

from smarketing.records.models.people import Person


class OwnCalendar(models.Model):
    """A working calendar in the YAML of terms; an agreement holds a copy, so a change here changes no signed text."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    text = models.TextField()
    updated_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
