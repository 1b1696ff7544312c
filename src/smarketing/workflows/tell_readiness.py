"""Readiness in the reader's words: what is wrong with the facts, and what can be measured in spite of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarketing.facts.finding import Finding, Severity
from smarketing.facts.readiness import Measurable, Readiness
from smarketing.sources.rejection import shown_value
from smarketing.terms.commitment import Kind
from smarketing.terms.language import Words
from smarketing.workflows.check_readiness import check_readiness
from smarketing.workflows.open_facts import open_ledger


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """`severity` is blocks, warns or informs; `share` of the rows that could be wrong, None where there are none."""

    code: str
    severity: str
    title: str
    why: str
    advice: str
    n: int
    total: int
    share: float | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldKind:
    """Whether promises of a kind can be kept count of: yes, doubtful or no, and because of which findings."""

    kind: str
    verdict: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldReadiness:
    n_rows: tuple[tuple[str, int], ...]
    findings: tuple[ToldFinding, ...]
    kinds: tuple[ToldKind, ...]


def tell_readiness(*, now: datetime, words: Words) -> ToldReadiness | None:
    """None while there are no facts.

    Raises FactsError when they cannot be read
    """
    facts = open_ledger()
    if not facts.sequence:
        return None
    found = check_readiness(facts, now=now)
    return ToldReadiness(
        tuple((name, n) for name, n in found.n_rows.items() if n and name != "source"),
        tuple(_finding(each, words) for each in found.findings),
        tuple(ToldKind(kind.value, found.measurable(kind).value, _causes(found, kind, words)) for kind in Kind),
    )


def _finding(found: Finding, words: Words) -> ToldFinding:
    symptom, evidence = found.symptom, found.evidence
    return ToldFinding(
        code=symptom.code,
        severity=found.severity.value,
        title=words(symptom.title),
        why=words(symptom.why),
        advice=words(symptom.advice),
        n=evidence.n,
        total=evidence.total,
        share=found.share_ratio,
        examples=tuple(shown_value(each) for each in evidence.examples),
    )


def _causes(found: Readiness, kind: Kind, words: Words) -> tuple[str, ...]:
    """What blocks a kind hides what only spoils it."""
    verdict = found.measurable(kind)
    if verdict is Measurable.YES:
        return ()
    return tuple(
        words(each.symptom.title)
        for each in found.findings
        if (kind in each.symptom.blocks if verdict is Measurable.NO else _spoils(each, kind))
    )


def _spoils(found: Finding, kind: Kind) -> bool:
    return kind in found.symptom.spoils and found.severity is not Severity.INFORMS
