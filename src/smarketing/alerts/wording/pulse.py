"""A team's morning: how its promises stand, what came in since its last working day, and what waits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from smarketing.alerts.wording import promised
from smarketing.alerts.wording.told import Section, Told, Worded
from smarketing.charts.chart import Chart
from smarketing.charts.numbers import short_day
from smarketing.charts.speed import in_time
from smarketing.charts.waterfall import waterfall
from smarketing.scorecard.card import Shape
from smarketing.scorecard.short_line import line_of


def worded(told: Told) -> Worded:
    words, payload = told.words, told.payload
    on = date.fromisoformat(payload["on"])
    subject = words("{team} on {day}", team=payload["team"], day=short_day(on, words))
    page = {"path": payload["path"], "path_text": words("Open the pulse")}
    if not payload["has_leads"]:
        return Worded(subject, (words("The facts know no lead of this team yet."),), (), "", **page)
    activity = payload["activity"]
    since = words("Since {day}:", day=short_day(date.fromisoformat(payload["since_on"]), words))
    is_marketing = payload["role"] == "marketing"
    came = promised.handed(activity, words)
    latest = came if is_marketing else f"{came} {promised.contacts(activity, words)}"
    return Worded(
        subject,
        (promised.standing(told), f"{since} {latest}", *_waits(told)),
        (*promised.promises(told), *_more(told, activity, is_marketing=is_marketing)),
        promised.tone(told),
        tuple(_urgent(told)),
        chart_of(told),
        **page,
    )


def chart_of(told: Told) -> Chart | None:
    """The goal line of what grows, or the days of what is judged lead by lead; as on the page."""
    if not told.payload.get("line"):
        return None
    line, role, words = line_of(told.payload["line"]), told.payload["role"], told.words
    return (waterfall if line.shape is Shape.TOTAL else in_time)(line, role=role, words=words)


def _waits(told: Told) -> list[str]:
    """What runs now, in one sentence for each promise that has something."""
    words, found = told.words, []
    for each in told.payload["waiting"]:
        if not each["n_running"] + each["n_never"]:
            continue
        n_risk, n_never = each["n_at_risk"], each["n_never"]
        parts = (
            words.plural("{n} waits", "{n} wait", each["n_running"]),
            words.plural("{n} of them at risk", "{n} of them at risk", n_risk) if n_risk else "",
            words.plural("{n} never answered in time", "{n} never answered in time", n_never) if n_never else "",
        )
        found.append(f"{each['title']}: {', '.join(part for part in parts if part)}.")
    return found


def _more(told: Told, activity: dict[str, Any], *, is_marketing: bool) -> tuple[tuple[str, str], ...]:
    words, currency = told.words, told.payload["currency"]
    found = (
        (words("Where they came from"), promised.sources(activity, words) if is_marketing else ""),
        (words("Changes of stage"), promised.changes(activity, words)),
        (words("Why sales said no"), promised.reasons(activity, words)),
        (words("Revenue"), promised.revenue(activity, currency, words) if activity["steps"]["deal_won"] else ""),
        (words("Agreement"), told.agreement),
    )
    return tuple((name, value) for name, value in found if value)


def _urgent(told: Told) -> list[Section]:
    words, found = told.words, []
    for each in told.payload["urgent"]:
        due = told.clock(datetime.fromisoformat(each["due_at"])) if each["due_at"] else "–"
        line = words("Due: {at}", at=due)
        found.append(promised.lead_section(each, each["lead"], (line,), words))
    return found
