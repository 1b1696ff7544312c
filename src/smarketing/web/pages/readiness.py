"""The words for what a readiness check says."""

from __future__ import annotations

from smarketing.terms.marked import N_

SEVERITIES = {"blocks": (N_("blocks"), "bad"), "warns": (N_("warns"), "open"), "informs": (N_("good to know"), "muted")}
VERDICTS = {"yes": (N_("yes"), "good"), "doubtful": (N_("with care"), "open"), "no": (N_("no"), "bad")}
KINDS = {
    "lead_volume": N_("Leads delivered"),
    "lead_value": N_("Value of leads delivered"),
    "pipeline_contribution": N_("Pipeline from marketing"),
    "sourced_revenue": N_("Revenue from marketing"),
    "conversion_rate": N_("Conversion"),
    "speed_to_lead": N_("Speed to lead"),
    "follow_up_depth": N_("Depth of follow-up"),
    "disposition_time": N_("Time to a decision"),
    "opportunities_created": N_("Opportunities created"),
    "follow_up_cadence": N_("Rhythm of follow-up"),
    "deliverable": N_("Deliverables"),
}
