"""Sales' classic: how long leads wait, and how many are answered in time, against the promise."""

from __future__ import annotations

from collections.abc import Callable

from smarketing.charts._parts import columns, frame_layer, from_zero, kept_colour, one_colour, path, promise
from smarketing.charts._theme import of_role
from smarketing.charts.chart import Chart, Records, Spec, Table
from smarketing.charts.numbers import epoch_ms, rough, shown
from smarketing.charts.stretches import Stretch, frame, is_kept, promised, stretches
from smarketing.scorecard.card import Line
from smarketing.terms.allowance import Unit
from smarketing.terms.language import N_, Words
from smarketing.terms.period import Grain
from smarketing.terms.target import Measure, Target

HOUR_S = 3600
WAITING = {
    True: N_("Bars are the mean of answered leads, dots the median; the dashed line is the time that was promised."),
    False: N_("Bars are the median of answered leads, dots the mean; the dashed line is the time that was promised."),
}


def waiting_times(
    line: Line, *, role: str, words: Words, grain: Grain | None = None, measure: Measure = Measure.MEDIAN
) -> Chart:
    """Median and mean open time to the answer, beside the allowance where that is a length of time.

    Takes    measure  which of the two is drawn as bars; the other is dots
    """
    every = stretches(line, grain)
    is_mean = measure is Measure.MEAN
    bars = [bar for bar in every if bar.standing.median_s is not None]
    allowance_s = allowance(line)
    return Chart(
        id=f"waiting-{line.id}",
        title=words("How long a lead waits"),
        desc=words(WAITING[is_mean]),
        sentence=_waiting_sentence(line, words),
        spec=waiting_spec(role, measure),
        records={
            "waits": _waits(bars, words),
            "allowance": _allowed(every if bars else [], allowance_s, words),
            "frame": frame(every) if bars else [],
        },
        table=_waiting_table(bars, words),
        legend=(
            (of_role(role), words("mean") if is_mean else words("median")),
            ("dot", words("median") if is_mean else words("mean")),
            *((("goal", words("promised")),) if allowance_s else ()),
        ),
    )


def in_time(line: Line, *, role: str, words: Words, grain: Grain | None = None) -> Chart:
    """Share of clocks met by day, the pooled share so far, and the promised share."""
    every = stretches(line, grain)
    bars = [bar for bar in every if bar.standing.n_judged]
    target = line.target_value if line.measure == "share" else None
    running = [{"at": b.edges["middle"], "share": getattr(b.standing, "cumulative", None)} for b in bars]
    return Chart(
        id=f"in-time-{line.id}",
        title=words("Answered in time") if line.kind == "speed_to_lead" else (line.title or line.id),
        desc=words("Bars are the share of each day's decided leads that was met; the line is the share so far."),
        sentence=_share_sentence(line, words),
        spec=share_spec(role),
        records={
            "shares": [_share(bar, target, words) for bar in bars],
            "running": [row for row in running if row["share"] is not None],
            "target": promised(every if bars and target else [], target, _named_share(words)),
            "frame": frame(every) if bars else [],
        },
        table=_share_table(bars, words),
        legend=(
            (of_role(role), words("kept")),
            (f"{of_role(role)}_soft", words("not kept")),
            *((("ink", words("so far")),) if any(row["share"] is not None for row in running) else ()),
            *((("goal", words("promised")),) if target else ()),
        ),
    )


def allowance(line: Line) -> int | None:
    """Seconds of the promise, None where it is counted in days."""
    try:
        within = Target.model_validate(line.target).within
    except ValueError:
        return None
    return None if within is None or within.is_days or within.unit is Unit.ROLLED_DAYS else within.amount


def waiting_spec(role: str, measure: Measure = Measure.MEDIAN) -> Spec:
    hours = from_zero(labelExpr="datum.label + ' h'")
    bar, dot = ("mean", "median") if measure is Measure.MEAN else ("median", "mean")
    dots = path("waits", hours, dot, "ink", at="middle", type="point", filled=True, size=34, opacity=1)
    bars = columns("waits", hours, bar, one_colour(of_role(role)))
    return {"layer": [frame_layer(), bars, dots, *promise("allowance", hours)]}


def share_spec(role: str) -> Spec:
    share = from_zero(format=".0%") | {"scale": {"domain": [0, 1]}}
    bars = columns("shares", share, "share", kept_colour(role), edge=of_role(role))
    return {"layer": [frame_layer(), bars, path("running", share, "share", "ink"), *promise("target", share)]}


def _allowed(every: list[Stretch], allowance_s: int | None, words: Words) -> Records:
    """One piece over the whole period: the allowance of the version that holds."""
    if not every or allowance_s is None:
        return []
    edges = {"from": epoch_ms(every[0].from_on), "until": epoch_ms(every[-1].until_on)}
    return [{**edges, "amount": allowance_s / HOUR_S, "text": words("Promised {n}", n=rough(allowance_s, words))}]


def _named_share(words: Words) -> Callable[[float], str]:
    def say(share: float) -> str:
        digits = 0 if round(share * 100, 6) % 1 == 0 else 1
        return words("Promised {n}", n=words.percent(share, digits))

    return say


def _waits(bars: list[Stretch], words: Words) -> Records:
    records = []
    for bar in bars:
        at = bar.standing
        say = words(
            "{day}: median {median}, mean {mean}",
            day=bar.name(words),
            median=rough(at.median_s, words),
            mean=rough(at.mean_s, words),
        )
        hours = {"median": (at.median_s or 0) / HOUR_S, "mean": (at.mean_s or 0) / HOUR_S}
        records.append({**bar.edges, "zero": 0, **hours, "say": say})
    return records


def _share(bar: Stretch, target: float | None, words: Words) -> dict[str, object]:
    share = bar.standing.attainment or 0.0
    say = words(
        "{day}: {share}, {met} of {judged}",
        day=bar.name(words),
        share=words.percent(share),
        met=words.number(bar.standing.n_met),
        judged=words.number(bar.standing.n_judged),
    )
    return {**bar.edges, "zero": 0, "share": share, "is_kept": is_kept(bar, share, target), "say": say}


def _waiting_sentence(line: Line, words: Words) -> str:
    speed = line.speed
    if speed is None or speed.median_s is None:
        return words("No lead has been answered yet.")
    return words(
        "Half of the answered leads waited {median} or less, one in ten longer than {p90}; the mean is {mean}.",
        median=rough(speed.median_s, words),
        p90=rough(speed.p90_s, words),
        mean=rough(speed.mean_s, words),
    )


def _share_sentence(line: Line, words: Words) -> str:
    if line.attainment is None:
        return words("No lead has come due yet.")
    facts = {"met": words.number(line.n_met), "judged": words.number(line.n_met + line.n_breached)}
    facts["share"] = words.percent(line.attainment)
    if line.kind == "speed_to_lead":
        text = words("{met} of {judged} decided leads were answered in time: {share}.", **facts)
    else:
        text = words("{met} of {judged} decided leads kept the promise: {share}.", **facts)
    if line.n_running:
        return f"{text} {words.plural('{n} is still running.', '{n} are still running.', line.n_running)}"
    return text


def _waiting_table(bars: list[Stretch], words: Words) -> Table:
    headers = (words("Day"), words("Answered"), words("Median"), words("Mean"), words("9 in 10 within"))
    rows = []
    for bar in bars:
        at = bar.standing
        times = (shown(value, "seconds", words) for value in (at.median_s, at.mean_s, at.p90_s))
        rows.append((bar.name(words), words.number(at.n), *times))
    return Table(headers, tuple(rows))


def _share_table(bars: list[Stretch], words: Words) -> Table:
    headers = (words("Day"), words("Met"), words("Breached"), words("Running"), words("In time"))
    rows = []
    for bar in bars:
        counts = (bar.standing.n_met, bar.standing.n_breached, bar.standing.n_running)
        rows.append((bar.name(words), *map(words.number, counts), words.percent(bar.standing.attainment)))
    return Table(headers, tuple(rows))
