"""A scorecard on the terminal: every promise in a row, the charts behind them, and who fell short."""

from __future__ import annotations

from collections.abc import Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from smarketing.charts.numbers import bare, shown
from smarketing.cli.console import say, terminal
from smarketing.cli.score_charts import bands, funnel, sparkline, waterfall
from smarketing.reports.groups import Cell, Grid, grids
from smarketing.reports.spoken import KINDS, instant_words, span_title, target_words
from smarketing.reports.waived_words import waived_words
from smarketing.scorecard.card import Axis, Line, Scorecard, Shape, Step
from smarketing.scorecard.word import SIGNS, WORDS, Word

STYLES = {Word.ON_TRACK: "green", Word.BEHIND: "yellow", Word.MET: "bold green", Word.MISSED: "bold red"}
WIDE, NARROW = 110, 64
CELL_STYLES = {"short": "red", "kept": "green"}


def show_card(card: Scorecard, axes: Sequence[Axis]) -> None:
    """Print the card; `axes` are those asked for, each a table of its own."""
    out = terminal()
    _show_head(card)
    out.print(_promises(card))
    out.print(_totals(card), soft_wrap=True)
    for line in card.lines:
        _show_chart(card, line)
    if card.funnel.n_leads:
        _show_titled(say("How far the leads of the period have come"), funnel(card.funnel))
    for grid in grids(card, say):
        if grid.id in {f"by-{axis.value}" for axis in axes}:
            _show_titled(grid.title, _grid(grid))
    for step in card.steps:
        out.print()
        out.print(_step(card, step), style="yellow", soft_wrap=True)
    for line in card.lines:
        if line.waived:
            out.print(Text(f"{name(card, line)}: {waived_words(line, say)}", style="dim"), soft_wrap=True)
        if line.word is Word.NO_DATA and (line.why or line.attainment_why):
            out.print(Text(f"{name(card, line)}: {say(line.why or line.attainment_why)}", style="dim"), soft_wrap=True)


def name(card: Scorecard, line: Line) -> str:
    """The promise's title; else its kind, and its id where another promise is of that kind too."""
    kind = say(KINDS[line.kind])
    is_alone = [each.kind for each in card.lines if not each.title].count(line.kind) == 1
    return line.title or (kind if is_alone else f"{kind} ({line.id})")


def _show_head(card: Scorecard) -> None:
    out, period, agreement = terminal(), card.period, card.agreement
    out.print(Text(f"{agreement.title} · {span_title(period, say)}", style="bold"), soft_wrap=True)
    days = say("day {n} of {all}", n=period.n_days_passed, all=period.n_days)
    facts = (
        say("version {n}", n=agreement.version),
        say("closed") if period.is_over else days,
        say("as of {instant}", instant=instant_words(card.now, agreement.zone, say)),
        say.plural("{n} lead read", "{n} leads read", card.provenance.n_leads),
    )
    out.print(Text(" · ".join(facts), style="dim"), soft_wrap=True)
    out.print()


def _promises(card: Scorecard) -> Table:
    """A row for each promise; a narrow terminal leaves out whose it is and how it went before, then more."""
    is_wide, is_narrow = terminal().width >= WIDE, terminal().width < NARROW
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("", no_wrap=True)
    for title in (say("Promise"), *((say("Party"),) if is_wide else ()), say("Target")):
        table.add_column(title, overflow="fold")
    for title in (say("Actual"), *(() if is_narrow else (say("Kept"), say("Now due")))):
        table.add_column(title, justify="right", overflow="fold")
    if not is_narrow:
        table.add_column(say("Standing"), no_wrap=True)
    if is_wide:
        table.add_column(say("Last 12"), no_wrap=True)
    parties = {party.id: party.name for party in card.parties}
    for line in card.lines:
        style = STYLES.get(line.word, "dim")
        states: list[str | Text] = (
            [] if is_narrow else [_kept(line), _due(line), Text(say(WORDS[line.word]), style=style)]
        )
        table.add_row(
            Text(SIGNS[line.word], style=style),
            name(card, line),
            *([parties.get(line.party, line.party)] if is_wide else []),
            target_words(line, say),
            bare(line.actual, line.actual_unit, say),
            *states,
            *([Text(sparkline([period.progress for period in line.trend]), style="cyan")] if is_wide else []),
        )
    return table


def _kept(line: Line) -> str:
    """The verdicts behind the attainment: 193 of 248, 2 open, 1 at risk; for totals the periods met."""
    judged = line.n_met + line.n_breached
    parts = [say("{n} of {all}", n=say.number(line.n_met), all=say.number(judged))] if judged else []
    if line.shape is not Shape.TOTAL and line.n_running:
        parts.append(say("{n} open", n=say.number(line.n_running)))
    if line.n_at_risk:
        parts.append(say("{n} at risk", n=say.number(line.n_at_risk)))
    return ", ".join(parts) or "–"


def _due(line: Line) -> str:
    """The goal line of a total and the gap to it; the misses used up of a share."""
    pace = line.pace
    if pace is None or pace.line is None:
        return ""
    if line.shape is Shape.TOTAL:
        gap = "" if pace.gap is None else f" ({'+' if pace.gap >= 0 else '−'}{say.number(abs(pace.gap), 0)})"
        return say.number(pace.line, 0) + gap
    return "" if pace.burn_rate is None else say("misses ×{rate}", rate=say.number(pace.burn_rate, 2))


def _totals(card: Scorecard) -> Text:
    """The weighted score of all and of each party, and how many promises stand how."""
    words = [line.word for line in card.lines]
    counts = " · ".join(f"{say(WORDS[word])} {words.count(word)}" for word in Word if word in words)
    if card.total.kept is None:
        return Text(f"\n{counts}. {say(card.total.why)}", style="dim")
    parts = [
        say("{party} {kept}", party=party.name, kept=say.percent(party.total.kept))
        for party in card.parties
        if party.total.kept is not None
    ]
    text = say("Kept, by weight: {kept} of everything promised.", kept=say.percent(card.total.kept))
    return Text(f"\n{counts}\n{text} {' · '.join(parts) if len(parts) > 1 else ''}".rstrip(), style="bold")


def _show_chart(card: Scorecard, line: Line) -> None:
    if line.shape is Shape.TOTAL and any(day.goal for day in line.days) and len(line.days) > 1:
        _show_titled(name(card, line), waterfall(line))
        if line.is_target_met is None and line.pace is not None and line.pace.projected_end is not None:
            terminal().print(Padding(Text(_outlook(line), style="dim"), (0, 0, 0, 2)))
    if line.kind == "speed_to_lead" and line.speed is not None and any(band.n for band in line.speed.bands):
        _show_titled(name(card, line), bands(line.speed))
        times = {
            "mean": say.duration(line.speed.mean_s),
            "median": say.duration(line.speed.median_s),
            "p90": say.duration(line.speed.p90_s),
        }
        sentence = say("Of those answered: mean {mean}, median {median}, nine in ten within {p90}.", **times)
        terminal().print(Padding(Text(sentence, style="dim"), (0, 0, 0, 2)))
        medians = {key: say.duration(speed.median_s) for key, speed in line.clocks.items()}
        sentence = say("Medians: lead clock {lead}, system clock {system}, rep clock {rep}.", **medians)
        terminal().print(Padding(Text(sentence, style="dim"), (0, 0, 0, 2)))


def _outlook(line: Line) -> str:
    """What is still needed, and where it ends as it goes."""
    assert line.pace is not None
    projected = shown(line.pace.projected_end, line.actual_unit, say)
    ends = say("Going on as so far ends at {projected}.", projected=projected)
    if not line.pace.required_per_day:
        return ends
    need = say("From here on {needed} a day are needed.", needed=say.number(line.pace.required_per_day, 1))
    return f"{need} {ends}"


def _grid(grid: Grid) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("")
    for header in grid.headers:
        table.add_column(header, justify="right")
    for row in grid.rows:
        table.add_row(row.name, *(_cell(cell) for cell in row.cells))
    return table


def _cell(cell: Cell) -> Text:
    text = Text(cell.text, style=CELL_STYLES.get(cell.standing, ""))
    return text.append(f"\n{cell.note}", style="dim") if cell.note else text


def _show_titled(title: str, what: object) -> None:
    out = terminal()
    out.print()
    out.print(Text(title, style="bold"))
    out.print(Padding(what, (0, 0, 0, 2)))  # type: ignore[arg-type]


def _step(card: Scorecard, step: Step) -> str:
    title = next((name(card, line) for line in card.lines if line.id == step.commitment), step.commitment)
    n, is_end = step.n_strikes, step.kind == "cancellation"
    missed = say.plural("{title}: missed {n} period in a row.", "{title}: missed {n} periods in a row.", n, title=title)
    if is_end:
        return f"{missed} {say('Ending the agreement is to be proposed: {text}', text=step.text)}"
    return f"{missed} {say('Now due: {text}', text=step.text)}"
