"""The ruler of an explanation: open time is long, closed time narrow, every mark where it happened, words for all."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from tests.builders import a_commitment, a_history, an_agreement, instant

from smarketing.charts import _theme
from smarketing.charts.chart import Chart
from smarketing.charts.render import Size, complete_spec, render
from smarketing.charts.ruler import ruler, rulers
from smarketing.charts.touch_names import touch_name
from smarketing.charts.working_time import BEFORE_DUE, GAP, axis_of
from smarketing.engine.compiled import compile_terms
from smarketing.facts.schema import OUTCOMES as TOUCH_OUTCOMES
from smarketing.facts.schema import TOUCH_KINDS
from smarketing.scorecard.explain import Explanation, explain
from smarketing.terms.code_names import OUTCOMES, TOUCHES
from smarketing.terms.language import words

EN = words("en")
FRIDAY = "2024-06-07 16:30"
HELD = {"at": "2024-06-07 16:40", "stage": "status:On hold"}
Rows = Sequence[dict[str, Any]]


def explained(now: str, *, touches: Rows = (), stages: Rows = (), created: str = FRIDAY, **promise: Any) -> Explanation:
    """One lead of Friday afternoon, an office open Monday to Friday from nine to five, one hour to answer."""
    past = a_history(
        leads=[{"lead": "ana", "created_at": created}],
        touches=[{"lead": "ana", "owner": "rita"} | row for row in touches],
        stages=[{"lead": "ana"} | row for row in stages],
        assignments=[{"lead": "ana", "at": created, "owner": "rita"}],
    )
    at = instant(now)
    compiled = compile_terms(
        [an_agreement(a_commitment(**promise))], past.codebook, start=instant("2024-01-01 00:00"), end=at + 1
    )
    return explain(past.history, 0, compiled, "speed", now=at, words=EN, lead_id="ana")


LATE = explained(
    "2024-06-12 12:00",
    touches=[{"at": "2024-06-08 10:00", "how": "out automated"}, {"at": "2024-06-10 10:00"}],
)
CASES = {
    "late": LATE,
    "in time": explained("2024-06-12 12:00", touches=[{"at": "2024-06-07 16:40"}]),
    "running": explained("2024-06-07 16:45"),
    "never": explained("2024-09-12 12:00"),
    "early and after": explained(
        "2024-06-12 12:00",
        touches=[{"at": "2024-06-07 16:00"}, {"at": "2024-06-10 09:10"}, {"at": "2024-06-11 10:00"}],
    ),
    "paused": explained(
        "2024-06-12 12:00",
        pauses=["On hold"],
        stages=[
            {"at": "2024-06-07 16:40", "stage": "status:On hold"},
            {"at": "2024-06-10 11:00", "stage": "status:New"},
        ],
        touches=[{"at": "2024-06-10 11:30"}],
    ),
    "paused still": explained("2024-06-12 12:00", pauses=["On hold"], stages=[HELD]),
    "depth": explained(
        "2024-06-20 12:00",
        kind="follow_up_depth",
        target="5 touches within 5 business days",
        touches=[{"at": f"2024-06-{day} 10:00"} for day in (10, 11, 12)],
    ),
    "at night": explained("2024-06-10 12:00", created="2024-06-08 23:00", touches=[{"at": "2024-06-09 23:30"}]),
}
each_case = pytest.mark.parametrize("found", CASES.values(), ids=CASES.keys())


def drawn(found: Explanation) -> Chart:
    return ruler(found, EN)


@each_case
def test_every_mark_stands_on_the_ruler(found: Explanation) -> None:
    chart = drawn(found)
    for name, records in chart.records.items():
        for record in records:
            for edge in ("at", "from", "until"):
                assert 0 <= record.get(edge, 0) <= 1, (name, record)
            for level in ("y", "top", "foot"):
                assert 0 <= record.get(level, 0) <= chart.height, (name, record)
    assert {node["data"]["name"] for node in chart.spec["layer"]} == set(chart.records)
    assert '"values"' not in json.dumps(chart.spec)


@each_case
def test_it_draws_at_both_sizes_in_colours_of_the_theme(found: Explanation) -> None:
    chart, light = drawn(found), {pair[0] for pair in _theme.PALETTE.values()}
    for size in Size:
        svg = render(chart, language="en", size=size)
        assert "Start Fri 7, 16:30" in svg or "Start Sat 8, 23:00" in svg
        assert not re.search(r'<g [^>]*role="graphics-symbol"[^>]*(?:/>|></g>)', svg), "a picture of nothing"
        painted = {part.split('"')[0] for part in svg.split('fill="')[1:] + svg.split('stroke="')[1:]}
        assert {colour for colour in painted if colour.startswith("#")} <= light
        assert complete_spec(chart, size)["datasets"] == chart.records


@each_case
def test_the_table_tells_every_touch_with_its_reason_in_the_order_of_time(found: Explanation) -> None:
    chart, clock = drawn(found), found.clocks[-1]
    assert chart.sentence == clock.sentence and chart.title.endswith(clock.verdict)
    told = [row for row in chart.table.rows if row[1].startswith("Touch ")]
    assert len(told) == len(clock.touches)
    for row, touch in zip(told, clock.touches, strict=True):
        assert row[2].startswith("counts" if touch.is_counted else "does not count") and touch.why in row[2]


def test_a_weekend_is_a_narrow_gap_and_an_hour_is_long() -> None:
    clock = LATE.clocks[0]
    axis = axis_of(clock, clock.start.utc)
    gap = next(piece for piece in axis.pieces if not piece.is_open)
    assert gap.right - gap.left == pytest.approx(GAP)
    assert gap.start == datetime(2024, 6, 7, 17, tzinfo=UTC) and gap.end == datetime(2024, 6, 10, 9, tzinfo=UTC)
    opened = [(p.right - p.left) / (p.end - p.start).total_seconds() for p in axis.pieces if p.is_open]
    assert opened == pytest.approx([opened[0]] * len(opened)) and not axis.is_bent
    assert axis.pieces[0].left == 0 and axis.pieces[-1].right == pytest.approx(1)
    assert all(a.right == b.left and a.end == b.start for a, b in pairwise(axis.pieces))


def test_a_lead_forgotten_for_months_still_shows_its_hour() -> None:
    clock = CASES["never"].clocks[0]
    axis = axis_of(clock, clock.segments[-1].end.utc)
    assert clock.due and axis.is_bent
    assert axis.place(clock.due.utc) > BEFORE_DUE * 0.6
    assert "drawn shorter" in drawn(CASES["never"]).desc


def test_what_is_before_and_after_stands_in_the_gutters() -> None:
    places = [record["at"] for record in drawn(CASES["early and after"]).records["touches"]]
    clock = CASES["early and after"].clocks[0]
    axis = axis_of(clock, clock.segments[-1].end.utc)
    assert places[0] < axis.pieces[0].left and places[-1] > axis.pieces[-1].right


def test_colours_of_the_bar_say_used_late_left_and_paused() -> None:
    tones = {name: {bar["tone"] for bar in drawn(found).records["bars"]} for name, found in CASES.items()}
    assert {"good", "bad"} <= tones["late"] and "bad" not in tones["in time"]
    assert {"good", "axis"} <= tones["in time"] and {"sales", "axis"} <= tones["running"]
    assert "open" in tones["paused"] and "good" not in tones["depth"]
    marks = {mark["text"].split()[0] for mark in drawn(CASES["paused still"]).records["rules"]}
    assert marks == {"Start", "Now"}


def test_counted_touches_are_full_and_others_hollow() -> None:
    assert [record["inside"] for record in drawn(LATE).records["touches"]] == ["none", "ink"]
    assert {tone for tone, _ in drawn(LATE).legend} >= {"good", "bad", "grid", "ink", "quiet"}


def test_the_three_clocks_stand_below_with_their_owner() -> None:
    names = [record["text"] for record in drawn(LATE).records["names"]]
    assert [name.split(" · ")[0] for name in reversed(names)] == ["Lead clock", "System clock", "Rep clock"]
    assert any("judged" in name and "rita" in name for name in names)


def test_every_kind_and_outcome_of_the_facts_has_a_name() -> None:
    assert set(TOUCHES) == set(TOUCH_KINDS) and set(TOUCH_OUTCOMES) == set(OUTCOMES)
    assert touch_name("email", "no_answer", EN) == "e-mail · no answer"
    assert touch_name("pigeon", "", EN) == "pigeon" and touch_name("", "", EN) == ""
    assert any(row[1] == "Touch 1: call · rita" for row in drawn(CASES["in time"]).table.rows)


def test_without_a_clock_it_says_why() -> None:
    found = explained("2024-06-07 16:00")
    chart = drawn(found)
    assert chart.is_empty and chart.sentence and rulers(found, EN) == ()


def test_many_touches_have_no_numbers() -> None:
    touches = [{"at": f"2024-06-10 09:{minute:02}"} for minute in range(1, 20)]
    marks = drawn(explained("2024-06-12 12:00", touches=touches)).records["touches"]
    assert len(marks) == 19 and not any(mark["text"] for mark in marks)


@pytest.mark.parametrize("language", ["es", "it"])
def test_days_are_in_the_language_of_the_reader(language: str) -> None:
    texts = [record["text"] for record in ruler(LATE, words(language)).records["days"]]
    assert texts[0] == {"es": "vie 7 jun", "it": "ven 7 giu"}[language]
