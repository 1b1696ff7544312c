"""Compose the week of an agreement for one reader: what marketing tells sales, and what sales tells marketing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from smarketing.records.access import LeadScope
from smarketing.scorecard.activity import Activity
from smarketing.scorecard.card import Scorecard
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words
from smarketing.terms.period import Period
from smarketing.workflows.count_activity import HotLead, activity_of, hot_leads
from smarketing.workflows.open_facts import open_facts
from smarketing.workflows.score_agreement import ALL
from smarketing.workflows.show_scorecard import A_MOMENT_S, show_scorecard

MOST_HOT = 10
EVERYBODY = LeadScope(everything=True, shows_names=True)  # lines are read without groups: there is nobody in them


@dataclass(frozen=True, slots=True)
class Week:
    """`card` and `activity` are None while they are being counted, or where `trouble` says why there are none."""

    agreement: Agreement
    period: Period
    at: datetime
    card: Scorecard | None = None
    activity: Activity | None = None
    hot: tuple[HotLead, ...] = ()
    trouble: UserError | None = None

    @property
    def is_counting(self) -> bool:
        return self.trouble is None and (self.card is None or self.activity is None)


def compose_week(
    versions: tuple[Agreement, ...],
    *,
    week: Period,
    scope: LeadScope,
    now: datetime,
    words: Words,
    wait_s: float = A_MOMENT_S,
) -> Week:
    """The week as `scope` may see it: the numbers are the same for everybody, leads are named to whom they may be.

    Takes    versions  of one agreement, oldest first
    """
    agreement = versions[-1]
    shown = show_scorecard(versions, scope=EVERYBODY, period=week, now=now, words=words, only=ALL, wait_s=wait_s)
    empty = partial(Week, agreement, week, shown.at)
    if shown.trouble is not None or shown.card is None:
        return empty(trouble=shown.trouble)
    try:
        facts = open_facts(None)
        activity = activity_of(facts, versions, from_on=week.from_on, until_on=week.until_on, now=now, wait_s=wait_s)
        hot = hot_leads(facts, activity, agreement, scope=scope, most=MOST_HOT) if activity else ()
    except UserError as error:
        error.translate(words)
        return empty(trouble=error)
    return empty(card=shown.card, activity=activity, hot=hot)
