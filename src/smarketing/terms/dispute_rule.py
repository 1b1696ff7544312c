"""How the parties settle what they disagree about: who decides on a verdict that is contested, and how fast."""

from __future__ import annotations

from pydantic import Field

from smarketing.terms.allowance import Allowance, Unit
from smarketing.terms.term import Term

USUAL = Allowance(amount=2, unit=Unit.BUSINESS_DAYS)  # where the agreement says nothing


class DisputeRule(Term):
    """What holds for every dispute; the parties themselves decide where no arbiter is named."""

    decide_within: Allowance = Field(USUAL, description="time to decide, on the calendar of whoever decides")
    arbiter: str = Field("", description="who decides: a contact's name or address; the other party when left out")
    silence_accepts: bool = Field(False, description="whether a dispute that nobody decided in time is accepted")
