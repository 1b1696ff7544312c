"""The `spec` fixture: small tables of what happened in, a small table of what it comes to out.

    spec(
        leads='''lead | created_at
                 ana  | Fri 7 Jun 16:30''',
        touches='''lead | at
                   ana  | Mon 10 Jun 10:00''',
        target="95 % within 2 business hours",
        expect='''lead | due              | elapsed    | verdict
                  ana  | Mon 10 Jun 10:30 | 1 h 30 min | met''',
    )

Tables have the columns of tests.builders.a_history. `expect` names the columns it is about: lead, owner, tier, source,
calendar, episode, start, risk, due, stop, connected, elapsed, count, verdict, void; of a total lead, owner, tier,
source, at, amount, void. One row per clock or tally, in the order of the leads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from tests.builders import EPOCH, Past, a_calendar, a_commitment, a_history, an_agreement, instant

from smarketing.engine.clocks import Clocks, Tallies, Verdict, void_reason
from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import Evaluation, evaluate
from smarketing.engine.history import NEVER
from smarketing.terms.agreement import Agreement
from smarketing.terms.offsets import US
from smarketing.terms.zones import zone as zone_of

YEAR = 2024
INSTANTS = {name: f"{name}_at" for name in ("start", "risk", "due", "stop", "connected")}


class Judged(NamedTuple):
    """What a spec was about, for further questions."""

    evaluation: Evaluation
    past: Past
    compiled: Compiled
    now: int


@pytest.fixture
def spec() -> Callable[..., Judged]:
    return judged


def judged(
    *,
    leads: str,
    touches: str = "",
    stages: str = "",
    assignments: str = "",
    deals: str = "",
    owners: Mapping[str, Mapping[str, Any]] | None = None,
    expect: str,
    kind: str = "speed_to_lead",
    target: str = "95 % within 1 business hour",
    office: str = "mon-fri 09:00-17:00",
    zone: str = "UTC",
    now: str = "2024-12-31 00:00",
    agreement: Mapping[str, Any] | None = None,
    versions: Sequence[Agreement] = (),
    **commitment: Any,
) -> Judged:
    """Evaluates one commitment and compares it with the table `expect`.

    `agreement` says what differs in the agreement; `versions` replaces it, with the commitment's id "speed" in each.
    """
    past = a_history(
        leads=table(leads),
        touches=table(touches),
        stages=table(stages),
        assignments=table(assignments),
        deals=table(deals),
        owners=owners,
        zone=zone,
    )
    promised = a_commitment(kind, target, **commitment)
    defaults = {"calendars": (a_calendar("office", office, zone),), "zone": zone}
    terms = versions or [an_agreement(promised, **(defaults | dict(agreement or {})))]
    at = instant(now, zone, YEAR)
    compiled = compile_terms(terms, past.codebook, start=instant("2023-01-01 00:00"), end=instant("2025-01-01 00:00"))
    evaluation = evaluate(past.history, compiled, now=at)
    rows = evaluation.clocks["speed"] if "speed" in evaluation.clocks else evaluation.tallies["speed"]
    wanted = table(expect)
    columns = list(wanted[0]) if wanted else ["lead"]
    assert shown(rows, columns, past, compiled, at, zone) == wanted
    return Judged(evaluation, past, compiled, at)


def table(text: str) -> list[dict[str, str]]:
    """Rows of an ASCII table with a header; cells are stripped."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def shown(
    rows: Clocks | Tallies, columns: Sequence[str], past: Past, compiled: Compiled, now: int, zone: str
) -> list[dict[str, str]]:
    """The rows in words, only the columns asked for."""
    book = past.codebook
    spelled: dict[str, Sequence[str]] = {
        "lead": past.leads,
        "owner": (*book.owners, ""),
        "tier": (*compiled.tiers, ""),
        "source": (*book.sources, ""),
        "calendar": (*(calendar.id for calendar in compiled.calendars), "always"),
    }

    def cell(name: str, row: int) -> str:
        if name == "verdict" and isinstance(rows, Clocks):
            return Verdict(rows.verdicts(now)[row]).name.lower()
        if name == "elapsed" and isinstance(rows, Clocks):
            return length(int(rows.elapsed_us[row]))
        value = getattr(rows, INSTANTS.get(name, name))[row].item()
        if name in spelled:
            return spelled[name][value]
        if name in (*INSTANTS, "at"):
            return said(value, zone)
        if name == "void":
            return void_reason(value, book)
        return f"{value / 10_000:g}" if name == "amount" and value >= 10_000 else str(value)

    return [{name: cell(name, row) for name in columns} for row in range(len(rows))]


def said(at: int, zone: str) -> str:
    """An instant as it is read on the wall: "Mon 10 Jun 10:30", with seconds only where there are any."""
    if at == NEVER:
        return "never"
    local = (EPOCH + timedelta(microseconds=at)).astimezone(zone_of(zone))
    return local.strftime("%a %-d %b %H:%M" if local.second == 0 else "%a %-d %b %H:%M:%S")


def length(us: int) -> str:
    if us == NEVER:
        return "never"
    minutes, seconds = divmod(us // US, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min"), (seconds, "s")) if n]
    return " ".join(parts) or "0 min"
