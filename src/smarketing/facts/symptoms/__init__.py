"""The questions of a readiness check, one file per subject; the order here is the order of the report."""

from __future__ import annotations

from smarketing.facts.finding import Symptom
from smarketing.facts.symptoms import absence, deals, ids, links, moments, owners, rhythm, touches

SYMPTOMS: tuple[Symptom, ...] = (
    *absence.SYMPTOMS,
    *owners.SYMPTOMS,
    *links.SYMPTOMS,
    *touches.SYMPTOMS,
    *moments.SYMPTOMS,
    *rhythm.SYMPTOMS,
    *deals.SYMPTOMS,
    *ids.SYMPTOMS,
)
