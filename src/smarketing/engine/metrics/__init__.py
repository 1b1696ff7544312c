"""One kind of promise per file: it measures clocks or counts tallies. A deliverable reads deliveries, not leads."""

from __future__ import annotations

from types import ModuleType

from smarketing.engine.metrics import (
    conversion_rate,
    deliverable,
    disposition_time,
    follow_up_cadence,
    follow_up_depth,
    lead_value,
    lead_volume,
    opportunities_created,
    pipeline_contribution,
    sourced_revenue,
    speed_to_lead,
)
from smarketing.terms.commitment import Kind

METRICS: dict[Kind, ModuleType] = {
    Kind.LEAD_VOLUME: lead_volume,
    Kind.LEAD_VALUE: lead_value,
    Kind.PIPELINE_CONTRIBUTION: pipeline_contribution,
    Kind.SOURCED_REVENUE: sourced_revenue,
    Kind.CONVERSION_RATE: conversion_rate,
    Kind.SPEED_TO_LEAD: speed_to_lead,
    Kind.FOLLOW_UP_DEPTH: follow_up_depth,
    Kind.DISPOSITION_TIME: disposition_time,
    Kind.OPPORTUNITIES_CREATED: opportunities_created,
    Kind.FOLLOW_UP_CADENCE: follow_up_cadence,
    Kind.DELIVERABLE: deliverable,
}

TALLY_KINDS = frozenset(
    {
        Kind.LEAD_VOLUME,
        Kind.LEAD_VALUE,
        Kind.PIPELINE_CONTRIBUTION,
        Kind.SOURCED_REVENUE,
        Kind.OPPORTUNITIES_CREATED,
    }
)
CLOCK_KINDS = frozenset(METRICS) - TALLY_KINDS - {Kind.DELIVERABLE}
