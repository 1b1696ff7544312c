"""Sales' other classic: how often people try before they give up, against the promise."""

from __future__ import annotations

from smarketing.charts._parts import categories, columns, frame_layer, from_zero, kept_colour, outline, promise
from smarketing.charts._theme import colour, of_role
from smarketing.charts.chart import Chart, Spec, Table
from smarketing.charts.numbers import shown
from smarketing.charts.stretches import Stretch, frame, is_kept, promised, stretches
from smarketing.scorecard.card import Line
from smarketing.terms.language import Words
from smarketing.terms.period import Grain


def depth_by_day(line: Line, *, role: str, words: Words, grain: Grain | None = None) -> Chart:
    """Mean attempts on leads that nobody reached, by the day they were handed over."""
    every = stretches(line, grain)
    bars = [bar for bar in every if bar.standing.depth is not None]

    def say(depth: float) -> str:
        return words("Promised {n}", n=_number(depth, words))

    return Chart(
        id=f"depth-{line.id}",
        title=line.title or words("Attempts on leads not reached"),
        desc=words("Bars are the mean attempts on leads that were not reached; the dashed line is the promise."),
        sentence=_sentence(line, words),
        spec=daily_spec(role),
        records={
            "depths": [
                {
                    **bar.edges,
                    "zero": 0,
                    "depth": bar.standing.depth,
                    "is_kept": is_kept(bar, bar.standing.depth or 0, line.target_value),
                    "say": words("{day}: {n}", day=bar.name(words), n=shown(bar.standing.depth, "touches", words)),
                }
                for bar in bars
            ],
            "target": promised(every if bars else [], line.target_value, say),
            "frame": frame(every) if bars else [],
        },
        table=_daily_table(bars, words),
        legend=(
            (of_role(role), words("kept")),
            (f"{of_role(role)}_soft", words("not kept")),
            ("goal", words("promised")),
        ),
    )


def depth_spread(line: Line, *, role: str, words: Words) -> Chart:
    """How many unreached leads got no attempt, one, two and so on."""
    touches = _gathered(line.depth.touches if line.depth else (), _promised(line))
    total = sum(touches)
    labels = [f"{n}+" if n and n == len(touches) - 1 else str(n) for n in range(len(touches))]
    rows, cells = [], []
    for position, (label, n) in enumerate(zip(labels, touches, strict=True)):
        share = words.percent(n / total if total else None)
        say = words("{n} attempts: {leads} leads, {share}", n=label, leads=words.number(n), share=share)
        is_enough = position >= _promised(line)
        rows.append({"attempts": label, "leads": n, "is_kept": is_enough, "text": words.number(n), "say": say})
        cells.append((label, words.number(n), share))
    return Chart(
        id=f"attempts-{line.id}",
        title=words("Attempts on each lead that was not reached"),
        desc=words("One bar for each number of attempts, high for many leads; the strong ones kept the promise."),
        sentence=_spread_sentence(line, words),
        spec=spread_spec(role),
        records={"attempts": rows if total else []},
        table=Table((words("Attempts"), words("Leads"), words("Share")), tuple(cells)),
        legend=(
            (of_role(role), words("promise kept")),
            (f"{of_role(role)}_soft", words("fewer attempts than promised")),
        ),
    )


def daily_spec(role: str) -> Spec:
    number = from_zero(format=",.0f")
    bars = columns("depths", number, "depth", kept_colour(role), edge=of_role(role))
    return {"layer": [frame_layer(), bars, *promise("target", number)]}


def spread_spec(role: str) -> Spec:
    bar = {"type": "bar", "cornerRadiusEnd": 2, "width": {"band": 0.72}} | outline(of_role(role))
    label = {"type": "text", "dy": -8, "color": colour("muted"), "aria": False}
    return {
        "data": {"name": "attempts"},
        "encoding": {"x": categories("attempts", labelAngle=0), "y": {"field": "leads", **from_zero()}},
        "layer": [
            {"mark": bar, "encoding": {"color": kept_colour(role), "description": {"field": "say"}}},
            {"mark": label, "encoding": {"text": {"field": "text"}}},
        ],
    }


def _gathered(touches: tuple[int, ...], promised: float) -> tuple[int, ...]:
    """No long tail of empty bars: the last position holds all above it, a little beyond the promise."""
    most = max((k for k, n in enumerate(touches) if n), default=0)
    size = min(max(most, int(promised) + 1), 12) + 1
    return (*touches[: size - 1], sum(touches[size - 1 :])) if len(touches) > size else touches


def _promised(line: Line) -> float:
    return line.target_value or 0.0


def _number(value: float, words: Words) -> str:
    return words.number(value, 1 if value % 1 else 0)


def _sentence(line: Line, words: Words) -> str:
    depth = line.depth
    if depth is None or depth.mean is None:
        return words("No window has closed yet on a lead that was not reached.")
    return words(
        "Leads that nobody reached were tried {mean} times on average; {target} were promised.",
        mean=words.number(depth.mean, 2),
        target=_number(_promised(line), words),
    )


def _spread_sentence(line: Line, words: Words) -> str:
    depth = line.depth
    if depth is None or not depth.n_unconnected:
        return words("No window has closed yet on a lead that was not reached.")
    enough = sum(n for k, n in enumerate(depth.touches) if k >= _promised(line))
    return words(
        "{enough} of {n} leads that were not reached got the promised attempts; {none} got none at all.",
        enough=words.number(enough),
        n=words.number(depth.n_unconnected),
        none=words.number(depth.touches[0] if depth.touches else 0),
    )


def _daily_table(bars: list[Stretch], words: Words) -> Table:
    headers = (words("Day"), words("Leads"), words("Attempts"))
    rows = ((b.name(words), words.number(b.standing.n), words.number(b.standing.depth, 2)) for b in bars)
    return Table(headers, tuple(rows))
