"""What a message about a pulse or a week holds: numbers and ids, never words, and only leads its reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from smarketing.scorecard.activity import Activity
from smarketing.scorecard.card import Line, Shape
from smarketing.scorecard.short_line import short_line
from smarketing.terms.period import Grain
from smarketing.workflows.compose_pulse import Pulse
from smarketing.workflows.compose_week import Week

MOST_LEADS = 5
NOT_DRAWN = ("deliverable", "follow_up_cadence")


def pulse_told(pulse: Pulse, team_slug: str) -> dict[str, Any]:
    line = line_to_draw(pulse.lines)
    return {
        "path": f"/pulse/{team_slug}/",
        "team": pulse.team,
        "role": pulse.party.role.value,
        "on": pulse.on.isoformat(),
        "since_on": pulse.since_on.isoformat(),
        "has_leads": pulse.card is not None and pulse.has_leads,
        "currency": pulse.agreement.currency,
        "promises": [_promise(each, Grain.MONTH) for each in pulse.lines],
        "activity": _activity(pulse.activity),
        "waiting": [asdict(each) for each in pulse.waiting],
        "urgent": [
            {
                "src": row.src,
                "lead": row.lead_id,
                "name": row.name,
                "due_at": row.due_at.isoformat() if row.due_at else "",
            }
            for row in pulse.urgent
        ],
        "line": short_line(line) if line else None,
    }


def week_told(week: Week, party_role: str) -> dict[str, Any]:
    return {
        "path": f"/weeks/{week.agreement.id}/{week.period.label}/",
        "role": party_role,
        "week": week.period.label,
        "has_leads": week.activity is not None,
        "currency": week.agreement.currency,
        "promises": [_promise(each, Grain.WEEK) for each in week.card.lines] if week.card else [],
        "activity": _activity(week.activity),
        "days": [[day.on.isoformat(), day.n_handed_over, day.n_touches] for day in week.activity.days]
        if week.activity
        else [],
        "hot": [asdict(each) for each in week.hot[:MOST_LEADS]],
    }


def line_to_draw(lines: Iterable[Line]) -> Line | None:
    """The promise that a morning's chart is about: the first that grows, else the first that is judged lead by lead."""
    drawn = [line for line in lines if line.kind not in NOT_DRAWN]
    growing = (line for line in drawn if line.shape is Shape.TOTAL)
    judged = (line for line in drawn if line.shape is Shape.CLOCKS)
    return next(growing, None) or next(judged, None)


def _promise(line: Line, of: Grain) -> dict[str, Any]:
    """`owed` is what a total promises for these days, where it says so for longer or shorter ones."""
    names = ("id", "party", "kind", "title", "target", "actual", "n_met", "n_breached", "n_running", "n_at_risk")
    told = {name: getattr(line, name) for name in names}
    gap = line.pace.gap if line.pace and line.shape is Shape.TOTAL else None
    owed = line.target_value if line.shape is Shape.TOTAL and line.period is not of else None
    return told | {
        "unit": line.actual_unit,
        "word": line.word.value,
        "gap": gap,
        "grain": line.period.value,
        "owed": owed,
    }


def _activity(found: Activity | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "steps": found.steps,
        "n_touches": found.n_touches,
        "opened": found.opened,
        "won": found.won,
        "reasons": [[each.id, each.n] for each in found.reasons],
        "sources": [[each.id, each.n] for each in found.sources],
    }
