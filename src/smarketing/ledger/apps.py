"""Tells Django about the fact tables."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "smarketing.ledger"
    label = "ledger"
