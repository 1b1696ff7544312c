"""`smarketing check`: what is wrong with the facts, what it spoils and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.console import instant, print_json, say
from smarketing.cli.opened import FactsPath

if TYPE_CHECKING:
    from smarketing.facts.finding import Finding

NOTHING_MEASURABLE = 4


@app.command(help=say("Look whether the facts are ready for an agreement."))
def check(
    facts: FactsPath = None,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.check_tables import show_readiness
    from smarketing.terms.commitment import Kind
    from smarketing.workflows.check_readiness import check_readiness
    from smarketing.workflows.open_facts import open_facts

    at, opened = instant(now), open_facts(facts)
    found = check_readiness(opened, now=at)
    answer = {
        "facts": str(opened.home),
        "now": at.isoformat().replace("+00:00", "Z"),
        "rows": dict(found.n_rows),
        "findings": [_finding(finding) for finding in found.findings],
        "measurable": {kind.value: found.measurable(kind).value for kind in Kind},
    }
    print_json(answer) if as_json else show_readiness(answer)
    if not found.is_anything_measurable:
        raise typer.Exit(NOTHING_MEASURABLE)


def _finding(finding: Finding) -> dict[str, Any]:
    symptom, evidence = finding.symptom, finding.evidence
    return {
        "code": symptom.code,
        "severity": finding.severity.value,
        "title": say(symptom.title),
        "n": evidence.n,
        "total": evidence.total,
        "share": finding.share_ratio,
        "examples": list(evidence.examples),
        "blocks": [kind.value for kind in symptom.blocks],
        "spoils": [kind.value for kind in symptom.spoils],
        "why": say(symptom.why),
        "advice": say(symptom.advice),
    }
