"""The names of values in the facts, as people say them."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing.charts.touch_names import KINDS as TOUCHES
from smarketing.charts.touch_names import OUTCOMES
from smarketing.terms.language import Words
from smarketing.terms.marked import N_

__all__ = ["OUTCOMES", "REASONS", "SOURCES", "STAGES", "TOUCHES", "VERDICTS", "said"]

VERDICTS = {
    "met": N_("met"),
    "breached": N_("breached"),
    "running": N_("running"),
    "at_risk": N_("at risk"),
    "void": N_("void"),
    "counted": N_("all that count"),
}
STAGES = {
    "lead": N_("lead"),
    "mql": "MQL",
    "sal": "SAL",
    "sql": "SQL",
    "opportunity": N_("opportunity"),
    "customer": N_("customer"),
    "disqualified": N_("disqualified"),
    "recycled": N_("recycled"),
}
SOURCES = {
    "direct": N_("direct"),
    "email": N_("e-mail"),
    "event": N_("event"),
    "organic": N_("organic search"),
    "paid_search": N_("paid search"),
    "paid_social": N_("paid social"),
    "social": N_("social"),
    "referral": N_("referral"),
    "webinar": N_("webinar"),
    "partner": N_("partner"),
    "display": N_("display"),
    "offline": N_("offline"),
    "other": N_("other"),
}
REASONS = {
    "duplicate": N_("duplicate"),
    "test": N_("test"),
    "spam": N_("spam"),
    "nurture": N_("to be nurtured"),
    "no_budget": N_("no budget"),
    "merged": N_("merged"),
    "deleted": N_("deleted"),
}


def said(value: str, names: Mapping[str, str], words: Words) -> str:
    """The name of a value; one that has none as the CRM spells it."""
    return words(names[value]) if value in names else value.replace("_", " ")
