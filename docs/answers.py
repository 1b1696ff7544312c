"""Every key that `--json` answers with, from real answers: the demo company, small, walked through each command."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NOW = "2026-10-21T15:30:00Z"
OFFICE = "id: office\nzone: Europe/Madrid\nhours:\n  mon-fri: 09:00-17:00\n"
CHAIN = ("--quota", "5000", "--marketing-share", "100%", "--average-deal", "100", "--close-rate", "50%")
TIERS = "tiers:\n- {id: a, share: 100%, worth: 900, leads: 3}\n"

# Keys that are names of something: shown once, in braces.
NAMES = {
    "check.rows": "table",
    "check.measurable": "kind",
    "demo.exports": "file",
    "demo.findings": "code",
    "plan.inputs": "input",
    "baseline.proposal.inputs": "input",
    "plan.funnel": "stage",
    "import.tables": "table",
    "import.files[].reasons": "reason",
    "explain.clocks[].calendar.hours": "weekday",
}
WHOLE = {"agreement show.agreement", "demo.import", "demo.explanation", "plan.baseline"} | {
    "explain without --commitment.explanations"
}  # described elsewhere

INSTANT = {"utc", "local"}  # keys of an object that is one moment


def answers() -> dict[str, list[Any]]:
    """By command: the documents it printed."""
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("office.yaml").write_text(OFFICE, encoding="utf-8")
        demo = answer("demo", "--pipeline", "--directory", "demo", "--leads", "600")
        terms, facts = ("--agreement", "demo/agreement"), ("--facts", "demo/facts", "--now", NOW)
        lead = demo["explanation"]["lead_id"]
        first, second = "demo/agreement/version-1.yaml", "demo/agreement/version-2.yaml"
        loose = [line for line in Path(first).read_text("utf-8").splitlines() if "marketing_sources" not in line]
        Path("loose.yaml").write_text("\n".join(loose), encoding="utf-8")
        Path("tiers.yaml").write_text(TIERS, encoding="utf-8")
        clock = ("--calendar", "office.yaml", "--start", "2026-06-12T16:30:00+02:00")
        pause = ("--pause", "2026-06-15T07:00:00Z/2026-06-15T07:30:00Z")
        team = ("--reps", "2", "--working-days", "21", "--attempts", "6", "--minutes-per-attempt", "5")
        team += ("--hours-per-rep", "150", "--funnel", "demo=50%", "--win-rate", "20%")
        return {
            "demo": [demo],
            "import": [
                answer("import", "demo/exports/leads.csv", "--profile", "demo/profile.yaml", "--facts", "facts")
            ],
            "import --guess": [answer("import", "demo/exports/leads.csv", "--guess", "guess.yaml")],
            "check": [answer("check", *facts)],
            "explain": [
                answer("explain", lead, "--commitment", each, *terms, *facts) for each in ("speed", "depth", "mqls")
            ],
            "explain without --commitment": [answer("explain", lead, *terms, *facts)],
            "plan": [
                answer("plan", *CHAIN, *team, "--tiers", "tiers.yaml"),
                answer("plan", "--leads", "40", *CHAIN[2:], *team[:2]),
                answer("plan", "--quota", "5000", "--from-facts", *facts[1:], *terms),
            ],
            "baseline": [answer("baseline", *facts, *terms, "--quota", "150000")],
            "backtest": [answer("backtest", *terms, *facts)],
            "agreement new": [answer("agreement", "new"), answer("agreement", "new", "--starter", "small_b2b")],
            "agreement check": [
                answer("agreement", "check", "demo/agreement"),
                answer("agreement", "check", "loose.yaml"),
                answer("agreement", "check", "office.yaml"),
            ],
            "agreement show": [answer("agreement", "show", first)],
            "agreement diff": [answer("agreement", "diff", first, second)],
            "agreement fingerprint": [answer("agreement", "fingerprint", first)],
            "clock due": [answer("clock", "due", *clock, "--allowance", "2 business hours", *pause)],
            "clock elapsed": [answer("clock", "elapsed", *clock, "--end", "2026-06-15T10:00:00+02:00", *pause)],
            "any command, when it fails": [answer("plan")],
        }


def answer(*words: str) -> Any:
    """What `smarketing WORDS --json` prints."""
    from smarketing.cli.__main__ import main

    out, typed = io.StringIO(), sys.argv
    sys.argv = ["smarketing", *words, "--json"]
    try:
        mute = contextlib.redirect_stderr(io.StringIO())
        with contextlib.redirect_stdout(out), mute, contextlib.suppress(SystemExit):
            main()
    finally:
        sys.argv = typed
    return json.loads(out.getvalue())


def keys(command: str, documents: list[Any]) -> dict[str, set[str]]:
    """By path within the answer: the kinds of value seen there, in the order of the answer."""
    found: dict[str, set[str]] = {}
    for document in documents:
        for path, kind in _walk(document, "", command):
            found.setdefault(path, set()).add(kind)
    return found


def _walk(value: Any, path: str, command: str) -> Iterator[tuple[str, str]]:
    if path:
        yield path, _kind(value)
    where = f"{command}.{path}"
    if isinstance(value, dict) and where not in WHOLE and set(value) != INSTANT:
        name = NAMES.get(where)
        for key, inner in value.items():
            yield from _walk(inner, ".".join(filter(None, (path, f"{{{name}}}" if name else key))), command)
    elif isinstance(value, list) and where not in WHOLE:
        for inner in value:
            if isinstance(inner, dict):
                for key, deeper in inner.items():
                    yield from _walk(deeper, f"{path}[].{key}", command)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "instant" if set(value) == INSTANT else "object"
    kinds = {bool: "true or false", int: "number", float: "number", str: "text", list: "list"}
    return kinds[type(value)]
