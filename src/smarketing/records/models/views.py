"""Views of a table that people keep: its filters, order and columns under a name."""

from __future__ import annotations

from django.db import models

from smarketing.records.models.people import Person


class SavedView(models.Model):
    """`query` is the query string of the page, without the question mark."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "page", "name"], name="one_view_of_each_name"),)
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
