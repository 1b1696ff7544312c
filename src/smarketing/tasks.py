"""Background jobs by name: one line each, they call a workflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from smarketing.records.models import Person
from smarketing.terms.language import Words


class Tell(Protocol):
    def __call__(self, share: float, sentence: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Work:
    """What a task is given: what was asked for, by whom, and how to speak to them.

    `tell` shows how far it is; `is_cancelled` says whether they changed their mind. Both raise LeaseLost in a worker
    that slept through its lease. `check_is_held` does so within the transaction that must not happen twice.
    """

    arguments: Mapping[str, Any]
    by: Person | None
    now: datetime
    words: Words
    tell: Tell
    is_cancelled: Callable[[], bool]
    check_is_held: Callable[[], None]


Task = Callable[[Work], dict[str, Any] | None]


def import_export(work: Work) -> dict[str, Any]:
    from smarketing.workflows.import_in_background import import_in_background

    return import_in_background(
        **work.arguments,
        by=work.by,
        now=work.now,
        words=work.words,
        tell=work.tell,
        is_cancelled=work.is_cancelled,
    )


def bring_demo_facts(work: Work) -> dict[str, Any]:
    from django.conf import settings

    from smarketing.workflows.bring_demo_facts import bring_demo_facts as bring

    return bring(
        home=settings.HOME,
        by=work.by,
        now=work.now,
        words=work.words,
        tell=work.tell,
        is_cancelled=work.is_cancelled,
    )


def refresh_scorecards(work: Work) -> dict[str, Any]:
    from smarketing.workflows.refresh_scorecards import refresh_scorecards as refresh

    return refresh(now=work.now, words=work.words, tell=work.tell)


def sweep(work: Work) -> dict[str, Any]:
    from smarketing.workflows.sweep import sweep as sweep_out

    return sweep_out(now=work.now)


def backtest_version(work: Work) -> dict[str, Any]:
    from smarketing.workflows.backtest_version import backtest_revision

    return backtest_revision(**work.arguments, now=work.now, words=work.words)


def turn_versions(work: Work) -> dict[str, Any]:
    from smarketing.workflows.turn_versions import turn_versions as turn

    return {"n_turned": turn(now=work.now)}


def raise_summaries(work: Work) -> dict[str, Any]:
    from smarketing.workflows.raise_summaries import raise_summaries as raise_them

    return {"n_notices": raise_them(now=work.now)}


def watch_promises(work: Work) -> dict[str, Any]:
    from smarketing.workflows.watch_promises import watch_promises as watch

    return {"n_notices": watch(now=work.now)}


def refresh_open_clocks(work: Work) -> dict[str, Any]:
    from smarketing.workflows.refresh_open_clocks import refresh_open_clocks as refresh

    return {"n_clocks": refresh(now=work.now)}


def accept_by_silence(work: Work) -> dict[str, Any]:
    from smarketing.workflows.decide_dispute import accept_by_silence as accept

    return {"n_accepted": accept(now=work.now)}


def remind_deciders(work: Work) -> dict[str, Any]:
    from smarketing.workflows.tell_disputes import remind_deciders as remind

    return {"n_notices": remind(now=work.now)}


TASKS: Mapping[str, Task] = {
    "accept_by_silence": accept_by_silence,
    "backtest_version": backtest_version,
    "import_export": import_export,
    "bring_demo_facts": bring_demo_facts,
    "refresh_open_clocks": refresh_open_clocks,
    "raise_summaries": raise_summaries,
    "refresh_scorecards": refresh_scorecards,
    "remind_deciders": remind_deciders,
    "sweep": sweep,
    "turn_versions": turn_versions,
    "watch_promises": watch_promises,
}
# How often the clock asks for a job; what was missed while nothing ran is made up for by the first one.
EVERY: Mapping[str, timedelta] = {
    "refresh_open_clocks": timedelta(minutes=10),  # asked for at once where facts or terms moved on
    "accept_by_silence": timedelta(minutes=5),
    "raise_summaries": timedelta(minutes=5),  # mornings begin at other instants for other people
    "refresh_scorecards": timedelta(minutes=5),
    "remind_deciders": timedelta(minutes=5),
    "sweep": timedelta(days=1),
    "watch_promises": timedelta(minutes=5),
    "turn_versions": timedelta(minutes=5),  # days begin at other instants in other zones
}
