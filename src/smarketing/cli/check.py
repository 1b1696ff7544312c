"""`smarketing check`: what is wrong with the facts, what it spoils and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.cli.app import Json, Lang, Now, app
from smarketing.cli.console import instant, print_json, say

if TYPE_CHECKING:
    from smarketing.facts.finding import Finding

NOTHING_MEASURABLE = 4

Facts = Annotated[Path, typer.Option("--facts", help=say("Folder of facts, as import makes it."))]


@app.command(help=say("Look whether the facts are ready for an agreement."))
def check(
    facts: Facts,
    now: Now = None,
    as_json: Json = False,
    lang: Lang = "en",  # noqa: ARG001 — read before the commands are built
) -> None:
    from smarketing.cli.check_tables import show_readiness
    from smarketing.terms.commitment import Kind
    from smarketing.workflows.check_readiness import check_readiness

    at = instant(now)
    found = check_readiness(facts, now=at)
    answer = {
        "facts": str(facts),
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
