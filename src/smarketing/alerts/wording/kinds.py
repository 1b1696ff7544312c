"""Which file words which kind of message."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smarketing.alerts.wording import (
    brake,
    breach,
    burn_rate,
    capacity,
    celebration,
    digest,
    dispute,
    endpoint_off,
    escalation,
    pace,
    plain,
    pulse,
    reminder,
    silent_source,
    test,
    unassigned,
    weekly_summary,
)
from smarketing.alerts.wording.told import Told, Worded
from smarketing.terms.marked import N_

WORDINGS: Mapping[str, Callable[[Told], Worded]] = {
    "reminder": reminder.worded,
    "breach": breach.worded,
    "escalation": escalation.worded,
    "unassigned": unassigned.worded,
    "pace": pace.worded,
    "burn_rate": burn_rate.worded,
    "capacity": capacity.worded,
    "silent_source": silent_source.worded,
    "celebration": celebration.worded,
    "pulse": pulse.worded,
    "weekly_summary": weekly_summary.worded,
    "dispute": dispute.worded,
    "digest": digest.worded,
    "brake": brake.worded,
    "endpoint_off": endpoint_off.worded,
    "test": test.worded,
}
NAMES = {
    "reminder": N_("reminder"),
    "breach": N_("missed deadline"),
    "escalation": N_("escalation"),
    "unassigned": N_("lead without an owner"),
    "pace": N_("behind the goal line"),
    "burn_rate": N_("too many misses"),
    "capacity": N_("more leads than hours"),
    "silent_source": N_("silent source"),
    "celebration": N_("target reached"),
    "pulse": N_("daily pulse"),
    "weekly_summary": N_("weekly summary"),
    "dispute": N_("dispute"),
    "digest": N_("summary"),
    "brake": N_("too many messages"),
    "endpoint_off": N_("endpoint turned off"),
    "test": N_("test"),
}


def worded(occasion: str, told: Told) -> Worded:
    return WORDINGS.get(occasion, plain.worded)(told)
