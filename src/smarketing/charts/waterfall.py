"""Marketing's classic: what has come in so far, day by day, against the goal line."""

from __future__ import annotations

from datetime import timedelta

from smarketing.charts._parts import SHORTENED, columns, from_zero, one_colour, path, utc
from smarketing.charts._theme import of_role
from smarketing.charts.chart import Chart, Records, Spec, Table
from smarketing.charts.numbers import bare, epoch_ms, is_currency, short_day, shown
from smarketing.scorecard.card import Day, Line
from smarketing.scorecard.word import Word
from smarketing.terms.language import Words


def waterfall(line: Line, *, role: str, words: Words) -> Chart:
    """The waterfall of a line whose shape is TOTAL; no records when it has no days."""
    unit = line.actual_unit
    return Chart(
        id=f"waterfall-{line.id}",
        title=line.title or line.id,
        desc=words(
            "Bars climb by what each day brought, from zero to the sum so far; the dashed line is the goal of each day."
        ),
        sentence=_sentence(line, words),
        spec=spec(role, is_currency(unit)),
        records={
            "days": _days(line, words),
            "goal": _goal(line),
            "ahead": _ahead(line),
            "labels": _labels(line, words),
        },
        table=_table(line, words),
        legend=(
            (of_role(role), words("so far")),
            ("goal", words("goal line of the whole promise") if line.word is Word.PART else words("goal line")),
            *((("quiet", words("projection")),) if _ahead(line) else ()),
        ),
    )


def spec(role: str, is_money: bool) -> Spec:
    """Fixed: four named data sets, one y axis that begins at zero, time on a UTC axis."""
    name = of_role(role)
    amount = from_zero(**(SHORTENED if is_money else {"format": ",.0f"}))
    below = columns("days", amount, "before", one_colour(f"{name}_soft"))
    return {
        "layer": [
            {**below, "mark": {"type": "rect", "aria": False}},
            columns("days", amount, "sum", one_colour(name), foot="before"),
            path("ahead", amount, "amount", name, strokeDash=[2, 4]),
            path("goal", amount, "amount", "goal", strokeDash=[6, 4], strokeWidth=1.75),
            *(_labels_layer(place, amount) for place in ("above", "below")),
        ]
    }


def _labels_layer(place: str, y: Spec) -> Spec:
    look = {"type": "text", "align": "right", "fontWeight": 600, "dy": -9 if place == "above" else 14, "dx": -2}
    return {
        "data": {"name": "labels"},
        "transform": [{"filter": f"datum.place === '{place}'"}],
        "mark": look | {"aria": False},
        "encoding": {"x": utc("at"), "y": {"field": "amount", **y}, "text": {"field": "text"}},
    }


MOST_BARS = 100


def _steps(line: Line) -> list[Day]:
    """The ends of the bars: every day, or every seventh of a long period and the latest two that must not be lost."""
    days = line.days
    if len(days) <= MOST_BARS:
        return list(days)
    kept = {*range(6, len(days), 7), len(_known(line)) - 1, len(days) - 1}
    return [day for position, day in enumerate(days) if position in kept]


def _known(line: Line) -> list[Day]:
    return [day for day in line.days if day.cumulative is not None]


def _days(line: Line, words: Words) -> Records:
    records, before = [], 0.0
    start = epoch_ms(line.days[0].on) if line.days else 0
    for day in _steps(line):
        if day.cumulative is None:
            break
        total = float(day.cumulative)
        say = words(
            "{day}: {sum} so far, goal line {goal}",
            day=short_day(day.on, words),
            sum=shown(total, line.actual_unit, words),
            goal=bare(day.goal, line.actual_unit, words),
        )
        end = epoch_ms(day.on + timedelta(days=1))
        thin = end - (end - start) // 14  # a gap between bars
        records.append({"from": start, "until": thin, "zero": 0, "before": before, "sum": total, "say": say})
        before, start = total, end
    return records


def _goal(line: Line) -> Records:
    """The line through the end of each day, from zero on the first morning."""
    goals = [day for day in line.days if day.goal is not None]
    if not goals:
        return []
    start = {"at": epoch_ms(goals[0].on), "amount": 0}
    steps = [day for day in _steps(line) if day.goal is not None]
    return [start, *({"at": epoch_ms(day.on + timedelta(days=1)), "amount": day.goal} for day in steps)]


def _ahead(line: Line) -> Records:
    known = _known(line)
    if not known or line.pace is None or line.pace.projected_end is None or len(known) == len(line.days):
        return []
    today, end = known[-1], line.days[-1]
    return [
        {"at": epoch_ms(today.on + timedelta(days=1)), "amount": today.cumulative},
        {"at": epoch_ms(end.on + timedelta(days=1)), "amount": line.pace.projected_end},
    ]


def _labels(line: Line, words: Words) -> Records:
    goal, ahead = _goal(line), _ahead(line)
    if not goal:
        return []
    ends = ahead or [{"at": goal[-1]["at"], "amount": _known(line)[-1].cumulative}] if _known(line) else []
    final = ends[-1]["amount"] if ends else 0
    above = goal[-1]["amount"] >= final
    text = words("Goal {n}", n=bare(goal[-1]["amount"], line.actual_unit, words))
    labels = [{**goal[-1], "text": text, "place": "above" if above else "below"}]
    if ahead:
        text = words("Heading for {n}", n=bare(final, line.actual_unit, words))
        labels.append({**ahead[-1], "text": text, "place": "below" if above else "above"})
    return labels


def _sentence(line: Line, words: Words) -> str:
    pace = line.pace
    if line.word is Word.PART and pace and pace.actual is not None and line.target_value:
        return words(
            "{actual}, {share} of the {goal} of the whole promise.",
            actual=shown(pace.actual, line.actual_unit, words),
            share=words.percent(pace.actual / line.target_value, 0),
            goal=bare(line.target_value, line.actual_unit, words),
        )
    if pace is None or pace.actual is None or pace.line is None or pace.gap is None:
        return words("Nothing has come in yet, or nothing can be counted.")
    unit = line.actual_unit
    facts = {"actual": shown(pace.actual, unit, words), "line": bare(pace.line, unit, words)}
    facts["gap"] = bare(abs(pace.gap), unit, words)
    if line.word in (Word.MET, Word.MISSED):
        if pace.gap >= 0:
            return words("{actual} came in; the goal was {line}, kept with {gap} to spare.", **facts)
        return words("{actual} came in; the goal was {line}, missed by {gap}.", **facts)
    if pace.gap >= 0:
        return words("{actual} so far, {gap} ahead of the goal line of {line}.", **facts)
    return words("{actual} so far, {gap} behind the goal line of {line}.", **facts)


def _table(line: Line, words: Words) -> Table:
    unit, before, rows = line.actual_unit, 0.0, []
    for day in _steps(line):
        total = None if day.cumulative is None else float(day.cumulative)
        brought = None if total is None else total - before
        cells = (bare(brought, unit, words), bare(total, unit, words), bare(day.goal, unit, words))
        rows.append((short_day(day.on, words), *cells))
        before = before if total is None else total
    return Table((words("Day"), words("Brought"), words("So far"), words("Goal line")), tuple(rows))
