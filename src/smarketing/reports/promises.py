"""The promise board: each promise with what happened, its line, its projection and a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

from smarketing.charts.numbers import bare, shown
from smarketing.charts.trend import standing_of
from smarketing.reports.spoken import KINDS, target_words
from smarketing.reports.waived_words import waived_words
from smarketing.scorecard.card import Line, PartyCard, Scorecard, Shape, Trend
from smarketing.scorecard.part import is_divided
from smarketing.scorecard.word import SIGNS, WORDS, Word
from smarketing.terms.code_names import REASONS, said
from smarketing.terms.language import Words


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar in shares of its own width: what happened, where the line is today, where the promise ends."""

    fill: float
    line: float | None
    goal: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One of the promise's own periods inside the card's."""

    name: str
    standing: str  # met, missed, open
    text: str


@dataclass(frozen=True, slots=True)
class Promise:
    id: str
    title: str
    kind: str
    target: str
    actual: str
    unit: str
    word: str
    word_id: str
    sign: str
    meter: Meter | None
    pace: str
    counts: str
    notes: tuple[str, ...]
    contact: str
    weight: str
    dots: tuple[Dot, ...]
    description: str
    waived: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """One party with its promises and the sum of them."""

    id: str
    name: str
    role: str
    kept: str  # by weight, each promise at most in full: one kept twice over hides no other
    share: float  # of a full ring
    summary: str
    promises: tuple[Promise, ...]


def teams(card: Scorecard, words: Words) -> tuple[Team, ...]:
    """Every party that promised something, marketing first and sales second."""
    order = {"marketing": 0, "sales": 1}
    parties = sorted(card.parties, key=lambda party: order.get(party.role, 2))
    found = (_team(party, [line for line in card.lines if line.party == party.id], card, words) for party in parties)
    return tuple(team for team in found if team.promises)


def _team(party: PartyCard, lines: list[Line], card: Scorecard, words: Words) -> Team:
    return Team(
        id=party.id,
        name=party.name,
        role=party.role if party.role in ("marketing", "sales") else "other",
        kept=_whole_percent(party.total.kept, words),
        share=party.total.kept or 0.0,
        summary=_summary(lines, card, words),
        promises=tuple(promise(line, words) for line in lines),
    )


def judged_of(lines: Iterable[Line], card: Scorecard) -> list[Line]:
    """The lines that the card's sums speak of: of a narrowed card those that are about its leads."""
    return [line for line in lines if is_divided(line) or not card.only]


def _whole_percent(kept: float | None, words: Words) -> str:
    """Rounded down, so that 100 % is said only where nothing was missed."""
    return words.percent(None if kept is None else floor(kept * 100 + 1e-9) / 100, 0)


def _summary(lines: list[Line], card: Scorecard, words: Words) -> str:
    lines = judged_of(lines, card)
    good = sum(line.word in (Word.ON_TRACK, Word.MET) for line in lines)
    known = sum(line.word not in (Word.NO_DATA, Word.PART) for line in lines)
    if not known and any(line.word is Word.PART for line in lines):
        return words("What these leads bring to the whole promises")
    if not known:
        return words("Nothing has been measured yet.")
    facts = {"n": words.number(good), "m": words.number(known)}
    if card.period.is_over:
        return words("{n} of {m} promises kept", **facts)
    return words("{n} of {m} promises kept or on track", **facts)


def promise(line: Line, words: Words) -> Promise:
    is_repeated = line.kind == "deliverable" and len(line.periods) > 1
    return Promise(
        id=line.id,
        title=line.title or words(KINDS.get(line.kind, line.kind)),
        kind=words(KINDS.get(line.kind, line.kind)),
        target=_target(line, words),
        actual=words("{n} of {m}", n=line.n_met, m=line.n_met + line.n_breached)
        if is_repeated
        else bare(line.actual, line.actual_unit, words),
        unit=words("deliveries in time") if is_repeated else _unit(line, words),
        word=words(WORDS[line.word]),
        word_id=line.word.value,
        sign=SIGNS[line.word],
        meter=None if is_repeated else _meter(line, words),
        pace=_pace(line, words),
        counts=_counts(line, words),
        notes=tuple(_notes(line, words)),
        contact=line.contact,
        weight=words.number(line.weight, 0 if line.weight % 1 == 0 else 1),
        dots=tuple(_dot(period, line, words) for period in line.periods) if _has_dots(line) else (),
        description=line.description,
        waived=waived_words(line, words),
    )


def _has_dots(line: Line) -> bool:
    return len(line.periods) > 1 and line.word is not Word.PART


def _target(line: Line, words: Words) -> str:
    """The promise, and for a total in a longer or shorter period what that makes of it."""
    said = target_words(line, words)
    if line.shape is not Shape.TOTAL or line.target_value is None:
        return said
    here = bare(line.target_value, line.actual_unit, words)
    said = said if here in said else words("{target}; {n} in this period", target=said, n=here)
    return words("{target} (of the whole promise)", target=said) if line.word is Word.PART else said


def _unit(line: Line, words: Words) -> str:
    """The name of what is counted, without its number."""
    if line.actual is None:
        return ""
    number, whole = bare(line.actual, line.actual_unit, words), shown(line.actual, line.actual_unit, words)
    return whole.replace(number, "", 1).strip()


def _meter(line: Line, words: Words) -> Meter | None:
    if line.actual is None or line.target_value is None:
        return None
    goal = line.target_value
    now = line.pace.line if line.shape is Shape.TOTAL and line.pace and line.word in OPEN else None
    top = 1.0 if line.actual_unit == "ratio" and goal > 0.5 else max(goal * 1.12, line.actual, 1e-9)
    text = words(
        "{actual} of {target}",
        actual=bare(line.actual, line.actual_unit, words),
        target=bare(goal, line.actual_unit, words),
    )
    return Meter(min(line.actual / top, 1.0), None if now is None else min(now / top, 1.0), min(goal / top, 1.0), text)


OPEN = (Word.ON_TRACK, Word.BEHIND)


def _pace(line: Line, words: Words) -> str:
    """Where the goal line stands today, where this ends, what is needed for the rest."""
    pace = line.pace
    if line.actual is None:
        return words(line.why) if line.why else ""
    if line.word is Word.PART and line.target_value:
        return words("{share} of the whole promise", share=words.percent(line.actual / line.target_value, 0))
    if pace is None or line.word not in OPEN:
        return ""
    unit = line.actual_unit
    if line.shape is not Shape.TOTAL:
        return _burn(line, words)
    parts = [words("goal line today {n}", n=bare(pace.line, unit, words))]
    if pace.projected_end is not None:
        parts.append(words("heading for {n}", n=bare(pace.projected_end, unit, words)))
    if pace.required_per_day:
        parts.append(words("{n} a day still needed", n=bare(pace.required_per_day, unit, words)))
    return " · ".join(parts)


def _burn(line: Line, words: Words) -> str:
    burn = line.pace.burn_rate if line.pace else None
    if burn is None:
        return ""
    if 0.95 <= burn <= 1.05:
        return words("misses are used up exactly as fast as allowed")
    if burn > 1:
        return words("misses are used up {n} times too fast", n=words.number(burn, 1))
    return words("misses are used up at {share} of the speed allowed", share=words.percent(burn, 0))


def _counts(line: Line, words: Words) -> str:
    if line.shape is Shape.TOTAL:
        return left_out(line, words)
    if not (line.n_met + line.n_breached + line.n_running + line.n_void):
        return ""
    parts = [
        words.plural("{n} met", "{n} met", line.n_met),
        words.plural("{n} breached", "{n} breached", line.n_breached),
    ]
    if line.n_running:
        parts.append(words.plural("{n} running", "{n} running", line.n_running))
    if line.n_at_risk:
        parts.append(words.plural("{n} at risk", "{n} at risk", line.n_at_risk))
    if line.n_void:
        parts.append(left_out(line, words))
    return " · ".join(parts)


def left_out(line: Line, words: Words) -> str:
    """How many count for nobody, and why; empty where none does."""
    if not line.n_void:
        return ""
    reasons = ", ".join(f"{said(r.id, REASONS, words)} {words.number(r.n)}" for r in line.voids)
    text = words.plural("{n} left out", "{n} left out", line.n_void)
    return f"{text} ({reasons})" if reasons else text


def _notes(line: Line, words: Words) -> list[str]:
    notes = []
    if line.n_strikes > 1:
        notes.append(words.plural("missed the latest period", "missed {n} periods in a row", line.n_strikes))
    is_news = line.attainment_why and line.attainment_why != line.why
    if line.shape is not Shape.TOTAL and line.attainment is None and is_news:
        notes.append(words(line.attainment_why))
    return notes


def _dot(period: Trend, line: Line, words: Words) -> Dot:
    standing = {True: "met", False: "missed", None: "open"}[period.is_target_met]
    text = f"{bare(period.actual, line.actual_unit, words)} / {bare(period.target, line.actual_unit, words)}"
    return Dot(period.label, standing, f"{period.label}: {text}, {standing_of(period, line.periods, line, words)}")
