"""The names of verdicts on pages, as people say them."""

from __future__ import annotations

from smarketing.terms.marked import N_

VERDICTS = {
    "met": N_("met"),
    "breached": N_("breached"),
    "running": N_("running"),
    "at_risk": N_("at risk"),
    "void": N_("void"),
    "counted": N_("all that count"),
}
