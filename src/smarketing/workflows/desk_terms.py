"""What the agreement in force says about answering a lead: which words there are, and which reasons one may give."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from smarketing.engine.as_of import reach
from smarketing.engine.compiled import compile_terms
from smarketing.engine.history import NEVER
from smarketing.engine.rejections import accepted_by_silence
from smarketing.facts.schema import LIFECYCLE
from smarketing.ledger.models import OpenClock
from smarketing.ledger.names import names_of
from smarketing.ledger.replica_refresh import made_anew
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import UserError
from smarketing.terms.instants import instant_at, micros
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone
from smarketing.workflows.time_left import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smarketing.ledger.database import Ledger

ACCEPT, DISQUALIFY, RECYCLE = "sal", "disqualified", "recycled"
ANSWERS = (ACCEPT, DISQUALIFY, RECYCLE)
USUAL = {  # where the agreement lists no reasons
    DISQUALIFY: ("no_budget", "no_need", "not_a_fit", "unreachable", "duplicate", "spam", "test"),
    RECYCLE: ("not_now", "call_back_later", "information_missing", "nurture"),
}


def agreement_slug(src: str, lead_id: str, terms: Terms) -> str:
    """The agreement that judges this lead: one of its open clocks, else the first there is; empty without any."""
    judging = (
        OpenClock.objects.filter(src=src, lead_id=lead_id).order_by("agreement").values_list("agreement", flat=True)
    )
    return next((each for each in judging if each in terms), next(iter(terms), ""))


def versions_for(src: str, lead_id: str, terms: Terms) -> Sequence[Agreement]:
    """The versions of that agreement, oldest first."""
    return terms.get(agreement_slug(src, lead_id, terms), ())


def in_force(versions: Sequence[Agreement], now: datetime) -> Agreement | None:
    """The version in force at an instant; the latest of all where none is."""
    holding = [
        each
        for each in versions
        if each.in_force.from_on <= (day := now.astimezone(zone(each.zone)).date())
        and (each.in_force.until_on is None or day <= each.in_force.until_on)
    ]
    return next(reversed(holding or list(versions)), None)


def reasons_for(agreement: Agreement | None, answer: str) -> tuple[str, ...]:
    """The coded reasons that the agreement lists for an answer; none where it lists none."""
    definition = agreement.definitions.get(answer) if agreement else None
    return definition.reasons if definition else ()


def usual_reasons(answer: str) -> tuple[str, ...]:
    return USUAL.get(answer, ())


def check_reason(agreement: Agreement | None, answer: str, reason: str) -> None:
    """Raises UserError for an answer or reason that the agreement does not know."""
    if answer not in ANSWERS:
        raise UserError(N_('"{answer}" is no answer to a lead.'), where="answer", answer=answer)
    listed = reasons_for(agreement, answer)
    if answer == ACCEPT:
        return
    if not reason:
        hint = N_("The agreement asks for one of its coded reasons.")
        raise UserError(N_("Say why sales does not take this lead."), where="reason", hint=hint)
    if listed and reason not in listed:
        raise UserError(
            N_('The agreement does not list the reason "{reason}".'),
            where="reason",
            hint=", ".join(listed),
            reason=reason,
        )


def stage_said(agreement: Agreement | None, answer: str) -> tuple[str, str]:
    """The field and value by which the facts say this answer: what the agreement counts as it, else the word."""
    definition = agreement.definitions.get(answer) if agreement else None
    values = definition.values if definition else ()
    if not values or answer in values:
        return "lifecycle", answer
    stage = next((value for value in values if value in LIFECYCLE), None)
    return ("lifecycle", stage) if stage else ("status", values[0])


def silently_accepted_at(
    src: str, lead_id: str, versions: Sequence[Agreement], ledger: Ledger, now: datetime
) -> datetime | None:
    """When silence accepted a lead; None where somebody answered first, or its time is not up."""
    if not versions or all(each.acceptance_by_silence is None for each in versions):
        return None
    at, names = micros(now), names_of(ledger)
    lead = pl.DataFrame({"src": [src], "lead_id": [lead_id]}, schema={"src": pl.String(), "lead_id": pl.String()})
    made = made_anew(ledger, names, lead)
    earliest, _ = reach(made.history)
    compiled = compile_terms(versions, names.codebook, start=min(earliest, at), end=at + 1)
    found = accepted_by_silence(made.history, compiled, now=at)
    return instant_at(int(found[0])) if len(found) and found[0] != NEVER else None
