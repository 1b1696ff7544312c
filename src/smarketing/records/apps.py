"""Tells Django about the records."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "smarketing.records"
    label = "records"
