"""Every part of the interface in every state, with values that a page could have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms

from smarketing.charts.chart import Chart
from smarketing.charts.funnel import funnel
from smarketing.reports.figures import Figure, figure
from smarketing.scorecard.card import Funnel, FunnelStage
from smarketing.terms.language import Words
from smarketing.web.forms.gallery import gallery_form

TONES = ("", "good", "bad", "open", "muted", "marketing", "sales", "other")


@dataclass(frozen=True, slots=True)
class Pager:
    text: str
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What `ui.progress` reads of a job."""

    status: str
    share_done: float
    progress: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    state: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    now: datetime
    form: forms.Form
    chart: Figure
    no_chart: Figure
    pager: Pager
    jobs: tuple[Progress, ...]
    steps: tuple[Step, ...]
    tones: tuple[str, ...] = TONES


def gallery(words: Words, now: datetime) -> Gallery:
    return Gallery(
        now=now,
        form=gallery_form(words),
        chart=figure(example_chart(words), words),
        no_chart=figure(funnel(Funnel(0, 0, (), 0, 0), words=words), words),
        pager=Pager(words("{first} to {last} of {n}", first=51, last=100, n=812), "?page=1", "?page=3"),
        jobs=_jobs(words),
        steps=(
            Step(words("Administrator"), "done", "?step=1"),
            Step(words("Teams"), "here"),
            Step(words("Data"), "", "?step=3"),
        ),
    )


def example_chart(words: Words) -> Chart:
    return funnel(_journey(), words=words)


def _jobs(words: Words) -> tuple[Progress, ...]:
    return (
        Progress("waiting", 0.0),
        Progress("running", 0.42, words("{n} rows read", n=words.number(42_000))),
        Progress("done", 1.0),
        Progress("failed", 0.3, problem="leads.csv: no column names."),
    )


def _journey() -> Funnel:
    counts = (("lead", 180), ("mql", 132), ("sal", 96), ("sql", 51), ("customer", 14))
    before = (None, 180, 132, 96, 51)
    stages = tuple(
        FunnelStage(stage, n, n / of if of else None, n / 180, 90_000.0, 200_000.0, n, False)
        for (stage, n), of in zip(counts, before, strict=True)
    )
    return Funnel(180, 4, stages, 12, 7)
