"""Are these facts ready for an agreement? Every symptom found, and what can be measured in spite of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import polars as pl

from smarketing.facts.finding import Facts, Finding, Severity
from smarketing.facts.schema import TABLES
from smarketing.facts.symptoms import SYMPTOMS
from smarketing.terms.commitment import Kind


class Measurable(StrEnum):
    YES = "yes"
    DOUBTFUL = "doubtful"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Readiness:
    """`n_rows` of each table; findings in the order of SYMPTOMS, the gravest first."""

    n_rows: Mapping[str, int]
    findings: tuple[Finding, ...]

    def measurable(self, kind: Kind) -> Measurable:
        if any(kind in finding.symptom.blocks for finding in self.findings):
            return Measurable.NO
        grave = (finding for finding in self.findings if finding.severity is not Severity.INFORMS)
        return Measurable.DOUBTFUL if any(kind in finding.symptom.spoils for finding in grave) else Measurable.YES

    @property
    def is_anything_measurable(self) -> bool:
        return any(self.measurable(kind) is not Measurable.NO for kind in Kind)


def readiness(tables: Mapping[str, pl.LazyFrame], now: datetime) -> Readiness:
    """What a look at the facts finds.

    Takes    tables  canonical tables by name, unread; one that is left out is empty
             now     UTC; what lies after it is in the future
    Raises   nothing of its own
    """
    facts = Facts(tables, now)
    looked = ((symptom, symptom.look(facts)) for symptom in SYMPTOMS)
    found = [Finding(symptom, evidence) for symptom, evidence in looked if evidence is not None]
    gravest_first = sorted(found, key=lambda finding: list(Severity).index(finding.severity))
    return Readiness({name: facts.n(name) for name in TABLES}, tuple(gravest_first))
