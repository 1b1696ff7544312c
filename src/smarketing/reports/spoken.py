"""Names, targets and periods of a scorecard in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from smarketing.charts.numbers import shown
from smarketing.scorecard.card import Axis, Line, Span
from smarketing.terms.code_names import CHANNELS
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain, Period
from smarketing.terms.promise_words import EVERY, allowance_words
from smarketing.terms.target import Measure, Target

KINDS = {
    "lead_volume": N_("Leads handed over"),
    "lead_value": N_("Value of leads"),
    "pipeline_contribution": N_("Pipeline"),
    "sourced_revenue": N_("Revenue"),
    "conversion_rate": N_("Conversion"),
    "speed_to_lead": N_("Speed of the first answer"),
    "follow_up_depth": N_("Depth of follow-up"),
    "disposition_time": N_("Time to a decision"),
    "opportunities_created": N_("Opportunities"),
    "follow_up_cadence": N_("Silence on open opportunities"),
    "deliverable": N_("Deliverable"),
}
AXES = {
    Axis.REP: N_("By rep"),
    Axis.TEAM: N_("By team"),
    Axis.TIER: N_("By tier"),
    Axis.SOURCE: N_("By source"),
    Axis.WEEK: N_("By week"),
    Axis.DAY: N_("By day"),
}
FILTERS = {Axis.TEAM: N_("Team"), Axis.REP: N_("Rep"), Axis.TIER: N_("Tier"), Axis.SOURCE: N_("Source")}
CLOCKS = {
    "lead": (N_("Lead clock"), N_("from the handover to the first answer")),
    "system": (N_("System clock"), N_("from the handover until a rep has the lead")),
    "rep": (N_("Rep clock"), N_("from having the lead to the first answer")),
}
TIMES = {
    Measure.MEAN: N_("within {within} on average"),
    Measure.MEDIAN: N_("half of them within {within}"),
    Measure.P90: N_("nine in ten within {within}"),
}


def target_words(line: Line, words: Words) -> str:
    """The promise in a few words; the agreement's own where they say more than we understand."""
    try:
        target = Target.model_validate(line.target)
    except ValueError:
        return line.target
    within = allowance_words(target.within, words) if target.within else ""
    if target.measure is Measure.SHARE:
        share = _plain_percent(float(target.value), words)
        if target.touches:
            facts = {"share": share, "touches": target.touches, "within": within}
            return words("{share} with {touches} touches within {within}", **facts)
        return words("{share} within {within}", share=share, within=within)
    if target.measure is Measure.DEPTH:
        n = words.number(target.value, 0 if target.value % 1 == 0 else 1)
        return words("{n} touches within {within}", n=n, within=within)
    if target.measure is Measure.GAP:
        return words("never more than {within} of silence", within=within)
    if within:
        return words(TIMES[target.measure], within=within)
    return _amount(line, target, words)


def _amount(line: Line, target: Target, words: Words) -> str:
    if target.measure is Measure.RATE:
        return _plain_percent(float(target.value), words)
    return words(EVERY[line.period], target=shown(float(target.value), target.unit, words))


def _plain_percent(ratio: float, words: Words) -> str:
    return words.percent(ratio, 0 if abs(ratio * 100 - round(ratio * 100)) < 1e-9 else 1)


def span_title(span: Span | Period, words: Words) -> str:
    """`October 2026`, `Week 42 of 2026`, `3rd quarter 2026`, `Thursday 1 October 2026`, or the first and last day."""
    if "-W" in span.label and span.grain is Grain.WEEK:
        year, week = span.label.split("-W")
        return words("Week {week} of {year}", week=int(week), year=year)
    if span.grain is not Grain.WEEK and ".." not in span.label:
        text = _whole_span(span, words)
        return text[0].upper() + text[1:]
    latest = span.until_on - timedelta(days=1)
    return f"{day_words(span.from_on, words)} – {day_words(latest, words)}"


def _whole_span(span: Span | Period, words: Words) -> str:
    """The name of a day, month, quarter or year, in the order and with the small words of the language."""
    from babel.dates import format_date, format_skeleton

    if span.grain is Grain.DAY:
        form = "EEEE d MMMM y" if words.language == "en" else "full"
        return str(format_date(span.from_on, form, locale=words.language))
    skeletons = {Grain.MONTH: "yMMMM", Grain.QUARTER: "yQQQQ", Grain.YEAR: "y"}
    return str(format_skeleton(skeletons[span.grain], span.from_on, locale=words.language))


def day_words(on: date, words: Words) -> str:
    from babel.dates import format_date

    return str(format_date(on, "d MMM y", locale=words.language))


def instant_words(at: datetime, zone: str, words: Words) -> str:
    return f"{words.instant(at, zone)} ({zone})"


def group_name(axis: Axis, key: str, name: str, words: Words) -> str:
    """Weeks and days in the reader's language; people, teams and sources as they are called."""
    from babel.dates import format_date

    if axis is Axis.WEEK and "-W" in key:
        year, week = key.split("-W")
        return words("Week {week} of {year}", week=int(week), year=year)
    if axis is Axis.DAY:
        try:
            return str(format_date(date.fromisoformat(key), "EEE d MMM", locale=words.language))
        except ValueError:
            return name or key
    if axis is Axis.SOURCE and key in CHANNELS:
        text = words(CHANNELS[key])
        return text[0].upper() + text[1:]
    return name or key or (words("nobody") if axis in (Axis.REP, Axis.TEAM) else words("none"))
