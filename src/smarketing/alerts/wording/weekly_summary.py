"""The week of an agreement: what marketing tells sales, and sales marketing; the reader's own news come first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from smarketing.alerts.wording import promised
from smarketing.alerts.wording.told import Section, Told, Worded
from smarketing.charts.chart import Chart
from smarketing.charts.week_days import week_days
from smarketing.scorecard.activity import ActivityDay
from smarketing.terms.code_names import CHANNELS, said
from smarketing.terms.language import Words
from smarketing.terms.period import read_period


def worded(told: Told) -> Worded:
    words, payload = told.words, told.payload
    week = week_name(payload["week"], words)
    subject = words("{week}: {agreement}", week=week, agreement=told.agreement)
    page = {"path": payload["path"], "path_text": words("Open the week")}
    activity = payload["activity"]
    if activity is None:
        return Worded(subject, (words("There were no leads to tell of in this week."),), (), "", **page)
    if not activity["n_touches"] and not any(activity["steps"].values()):
        quiet = words("A quiet week: no lead came, nobody was contacted and nothing changed.")
        return Worded(subject, (quiet, promised.standing(told)), promised.promises(told), promised.tone(told), **page)
    news = [_of_marketing(told, activity), _of_sales(told, activity)]
    ordered = news if payload["role"] != "marketing" else news[::-1]
    return Worded(
        subject,
        (promised.standing(told), *(line for part in ordered for line in part)),
        (*_numbers(told, activity), *promised.promises(told)),
        promised.tone(told),
        tuple(_hot(each, words) for each in payload["hot"]),
        chart_of(told),
        **page,
    )


def week_name(label: str, words: Words) -> str:
    if "-W" in label:
        year, number = label.split("-W")
        return words("Week {week} of {year}", week=int(number), year=year)
    week = read_period(label)
    return f"{words.day(week.from_on)} – {words.day(week.latest_on)}"


def chart_of(told: Told) -> Chart:
    """The days of the week, as on the page."""
    days = [ActivityDay(date.fromisoformat(on), *n) for on, *n in told.payload["days"]]
    return week_days(days, words=told.words)


def _of_marketing(told: Told, activity: Mapping[str, Any]) -> tuple[str, ...]:
    words = told.words
    came = f"{words('From marketing to sales:')} {promised.handed(activity, words)}"
    return (f"{came} {words('The hottest are below.')}",) if told.payload["hot"] else (came,)


def _of_sales(told: Told, activity: Mapping[str, Any]) -> tuple[str, ...]:
    words = told.words
    return (f"{words('From sales to marketing:')} {promised.contacts(activity, words)}",)


def _numbers(told: Told, activity: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    words = told.words
    found = (
        (words("Where they came from"), promised.sources(activity, words)),
        (words("Changes of stage"), promised.changes(activity, words)),
        (words("Why sales said no"), promised.reasons(activity, words)),
        (words("Revenue"), promised.revenue(activity, told.payload["currency"], words)),
    )
    return tuple((name, value) for name, value in found if value)


def _hot(told: Mapping[str, Any], words: Words) -> Section:
    """A hot contact with what is known of it."""
    score = words("score {n}", n=words.number(told["score"])) if told["score"] is not None else ""
    came = [told["tier"], score, said(told["source"], CHANNELS, words), told["campaign"], told["page"]]
    return promised.lead_section(told, told["lead_id"], (" · ".join(filter(None, came)), history(told, words)), words)


def history(told: Mapping[str, Any], words: Words) -> str:
    """What happened with somebody so far, in a line."""
    parts = [
        words.plural("{n} earlier request", "{n} earlier requests", told["n_earlier"]) if told["n_earlier"] else "",
        words.plural("wrote or called {n} time", "wrote or called {n} times", told["n_replies"])
        if told["n_replies"]
        else "",
        words.plural("contacted {n} time", "contacted {n} times", told["n_touches"])
        if told["n_touches"]
        else words("not contacted yet"),
        words("reached") if told["is_connected"] else "",
    ]
    return ", ".join(part for part in parts if part)
