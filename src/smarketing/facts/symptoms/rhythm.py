"""Days on which nothing arrived although something usually does."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from smarketing.facts.finding import MOST_EXAMPLES, Evidence, Severity, Symptom
from smarketing.facts.symptoms.absence import ABOUT_TOUCHES
from smarketing.facts.symptoms.links import VOLUME
from smarketing.terms.marked import N_

ENOUGH_WEEKS = 8
USUALLY = 0.9  # of the same weekdays have rows
ENOUGH_ROWS = 3  # on such a weekday, in the middle
LONG = timedelta(days=2)  # from the first silent day to the latest: three days


def silent_days(instants: pl.LazyFrame) -> pl.DataFrame:
    """The days (UTC) without rows among weekdays that usually have some.

    Takes    instants  one column `at`
    Returns  day, is_silent for every day of such a weekday between the first and the latest row
    """
    per_day = instants.select(day=pl.col("at").dt.date()).group_by("day").len().collect()
    if per_day.is_empty():
        return pl.DataFrame(schema={"day": pl.Date(), "is_silent": pl.Boolean()})
    span = per_day.select(pl.date_range(pl.col("day").min(), pl.col("day").max(), "1d").alias("day"))
    days = span.join(per_day, on="day", how="left").with_columns(pl.col("len").fill_null(0))
    weekday = pl.col("day").dt.weekday()
    usual = days.group_by(weekday.alias("weekday")).agg(
        n_weeks=pl.len(), share=(pl.col("len") > 0).mean(), middle=pl.col("len").median()
    )
    busy = usual.filter(
        (pl.col("n_weeks") >= ENOUGH_WEEKS) & (pl.col("share") >= USUALLY) & (pl.col("middle") >= ENOUGH_ROWS)
    )
    expected = days.join(busy, left_on=weekday, right_on="weekday", how="semi").sort("day")
    return expected.select("day", is_silent=pl.col("len") == 0)


def _gaps(instants: pl.LazyFrame) -> Evidence | None:
    days = silent_days(instants)
    silent = days.filter("is_silent")["day"].to_list()
    if not silent:
        return None
    spans = _spans(silent, days["day"].to_list())
    examples = tuple(_span_text(*span) for span in sorted(spans, key=lambda span: (span[0] - span[1], span[0])))
    is_long = any(stop - start >= LONG for start, stop in spans)
    severity = Severity.WARNS if is_long else Severity.INFORMS
    return Evidence(len(silent), days.height, examples[:MOST_EXAMPLES], severity=severity)


def _spans(silent: list[date], expected: list[date]) -> list[tuple[date, date]]:
    """First and latest day of each run of silent days, where days that are usually silent do not interrupt a run."""
    following = dict(pairwise(expected))
    spans: list[tuple[date, date]] = []
    for day in silent:
        if spans and following.get(spans[-1][1]) == day:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _span_text(start: date, stop: date) -> str:
    return f"{start}" if start == stop else f"{start} – {stop} ({(stop - start + timedelta(days=1)).days} d)"


SYMPTOMS = (
    Symptom(
        "days_without_leads",
        N_("Days without leads although such days usually have some"),
        N_("Holidays, a quiet source, or an export that stopped: the goal line goes on climbing."),
        N_("Compare the days with the CRM; import them again if they are missing here."),
        Severity.WARNS,
        VOLUME,
        lambda facts: _gaps(facts["lead"].select(at="created_at")),
    ),
    Symptom(
        "days_without_touches",
        N_("Days without touches although such days usually have some"),
        N_("Holidays, or calls that were not delivered: leads of those days look unanswered."),
        N_("Compare the days with the CRM; import them again if they are missing here."),
        Severity.WARNS,
        ABOUT_TOUCHES,
        lambda facts: _gaps(facts["touch"].select(at="occurred_at")),
    ),
)
