"""Columns that are exact on every database: instants in microseconds and money in ten-thousandths, as integers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from smarketing.terms.instants import instant_at, micros

TEN_THOUSANDTH = Decimal("0.0001")


class InstantField(models.BigIntegerField):  # type: ignore[type-arg]
    """An aware datetime, kept as microseconds since 1970 UTC."""

    def from_db_value(self, value: int | None, *_: object) -> datetime | None:
        return None if value is None else instant_at(value)

    def get_prep_value(self, value: Any) -> Any:
        return micros(value) if isinstance(value, datetime) else super().get_prep_value(value)


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]
    """A decimal of four places, kept as ten-thousandths."""

    def from_db_value(self, value: int | None, *_: object) -> Decimal | None:
        return None if value is None else value * TEN_THOUSANDTH

    def get_prep_value(self, value: Any) -> Any:
        return int(value / TEN_THOUSANDTH) if isinstance(value, Decimal) else super().get_prep_value(value)
