"""The stretches of time that numbers belong to: days, weeks, months, quarters and years of a zone."""

from __future__ import annotations

from enum import StrEnum


class Grain(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
