"""Advice about warnings: promises that nobody is reminded of, and rules that tell nobody."""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.terms.agreement import Agreement
from smarketing.terms.alert_rule import OCCASIONS, Occasion
from smarketing.terms.commitment import Kind
from smarketing.terms.concern import Doubt
from smarketing.terms.language import N_


def alerts(agreement: Agreement) -> Iterator[Doubt]:
    yield from _no_reminder(agreement)
    for rule in agreement.alerts:
        where = f"alerts.{rule.id}"
        if not rule.to:
            yield Doubt(
                "alert_to_nobody",
                where,
                N_('The rule "{id}" tells nobody.'),
                N_("Say who hears of it: to: [owner, manager]."),
                {"id": rule.id},
            )
        if OCCASIONS[rule.on].kinds and not any(rule.fits(commitment) for commitment in agreement.commitments):
            yield Doubt(
                "alert_never_fires",
                where,
                N_('The rule "{id}" fits no promise, so it never fires.'),
                N_("Leave it out, or write the promise that it warns about."),
                {"id": rule.id},
            )


def _no_reminder(agreement: Agreement) -> Iterator[Doubt]:
    """Promises of speed that are only heard of once they are broken."""
    speed = [commitment for commitment in agreement.commitments if commitment.kind is Kind.SPEED_TO_LEAD]
    reminders = [rule for rule in agreement.alerts if rule.on is Occasion.REMINDER]
    if speed and not any(rule.fits(commitment) for rule in reminders for commitment in speed):
        yield Doubt(
            "no_reminder",
            "alerts",
            N_("Nobody is reminded before the deadline of {ids}."),
            N_('Add a rule to alerts: "on: reminder", "at: 0.75", "to: [owner]".'),
            {"ids": ", ".join(commitment.id for commitment in speed)},
        )
