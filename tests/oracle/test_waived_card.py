"""A card with waivers is that of a company in which the waived clocks never ran and what came back was never left out.

The plain card stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from tests.oracle.pasts import a_now, a_past, chances, compiled, recorded, some_versions, thorough
from tests.oracle.twin import Rows

from smarketing.engine.clocks import WAIVED, Clocks, Tallies, Verdict
from smarketing.engine.evaluate import evaluate
from smarketing.scorecard.card import Axis, Line, Scorecard
from smarketing.scorecard.compose import scorecard
from smarketing.scorecard.gather import Gather, Gathered
from smarketing.scorecard.horizon import Horizon
from smarketing.scorecard.only import Only
from smarketing.scorecard.waived import DUE, EITHER, MET, STARTED, VOID, Waived, WaivedWindow, Waivers, Waiving
from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Kind
from smarketing.terms.period import read_period

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REASONS = ("duplicate", "crm_outage", "other")
every_kind = pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.DELIVERABLE])


@every_kind
@thorough
@given(chance=chances)
def test_they_agree(kind: Kind, chance: Random) -> None:
    rows, terms = a_past(chance), some_versions(chance, kind)
    now, period = a_now(chance, rows), chance.choice(("2026-03", "2026-04", "2026-W14"))
    wanted = {Axis.SOURCE: "web"} if chance.random() < 0.3 else {}
    waivers = some_waivers(chance, rows, terms, now)
    found = a_card(rows, terms, period, now, wanted, waivers)
    plain = a_card(rows, terms, period, now, wanted)
    without = a_card(rows, terms, period, now, wanted, waivers, gather=Without)
    assert [bare(line) for line in found.lines] == [bare(line) for line in without.lines]
    for line, before in zip(found.lines, plain.lines, strict=True):
        if line.waived is None:
            assert said(line) == said(before)  # its trend may tell of waivers in other periods
        else:
            assert said(line.waived.before) == said(before)
            assert line.waived.word == before.word
            n, n_more = line.waived.n, line.n_void - before.n_void
            counted = [each for each in waivers.ones if (each.commitment, each.becomes) == (line.id, MET)]
            assert n == sum(each.n for each in line.waived.reasons)
            assert 0 <= n - n_more <= 2 * len(counted) and (n - n_more) % 2 == 0  # one that counts is one less void


@thorough
@given(chance=chances)
def test_without_waivers_nothing_changes(chance: Random) -> None:
    rows, terms = a_past(chance), some_versions(chance, Kind.SPEED_TO_LEAD)
    now = a_now(chance, rows)
    told = a_card(rows, terms, "2026-03", now, {}, Waivers()).to_json()
    assert told == a_card(rows, terms, "2026-03", now, {}).to_json()
    assert all("waived" not in line for line in told["commitments"])


class Without(Gather):
    """Leaves the waived rows out, and takes others in, one by one before anything is counted."""

    waivers: Waivers = Waivers()

    def _count(self, line: Gathered, clocks: Clocks | None, tallies: Tallies | None) -> None:
        name = line.clauses.id
        if clocks is not None:
            clocks = clocks.take([row for row in range(len(clocks)) if not self.is_waived(name, clocks, row)])
        if tallies is not None:
            tallies = self.tallied(name, tallies)
        super()._count(line, clocks, tallies)

    def tallied(self, name: str, tallies: Tallies) -> Tallies:
        ones = {int(each.lead_id): each.becomes for each in self.waivers.ones if each.commitment == name}
        void, kept = tallies.void.copy(), list[int]()
        for row in range(len(tallies)):
            becomes, code = ones.get(int(tallies.lead[row])), int(tallies.void[row])
            if becomes == MET and 0 < code < WAIVED:
                void[row] = 0
            if becomes != VOID or code:
                kept.append(row)
        return replace(tallies, void=void).take(kept)

    def is_waived(self, name: str, clocks: Clocks, row: int) -> bool:
        if clocks.void[row]:
            return False
        key = (name, str(int(clocks.lead[row])), int(clocks.episode[row]))
        for each in self.waivers.ones:
            if (each.commitment, each.lead_id, each.episode) == key:
                is_met = clocks.verdicts(self.horizon.now)[row] == Verdict.MET
                if not (each.spares_met and is_met):
                    return True
                break
        return any(self.is_within(each, name, clocks, row) for each in self.waivers.windows)

    def is_within(self, window: WaivedWindow, name: str, clocks: Clocks, row: int) -> bool:
        book = self.compiled.codebook
        owner, source = int(clocks.owner[row]), int(clocks.source[row])
        team = book.teams[book.team_of[owner]] if owner >= 0 and book.team_of[owner] >= 0 else ""
        times = {STARTED: (clocks.start_at,), DUE: (clocks.due_at,), EITHER: (clocks.start_at, clocks.due_at)}
        inside = any(us(window.from_at) <= int(at[row]) < us(window.until_at) for at in times[window.basis])
        fits_source = not window.sources or (source >= 0 and book.sources[source] in window.sources)
        return name in window.commitments and inside and fits_source and (not window.teams or team in window.teams)


def some_waivers(chance: Random, rows: Rows, terms: Sequence[Agreement], now: int) -> Waivers:
    past = recorded(rows)
    found = evaluate(past.history, compiled(list(terms), past), now=now)
    keys = [(name, int(c.lead[row]), int(c.episode[row])) for name, c in found.clocks.items() for row in range(len(c))]
    keys += [(name, int(t.lead[row]), 0) for name, t in found.tallies.items() for row in range(len(t))]
    chosen = chance.sample(keys, min(len(keys), chance.choice((0, 1, 3, 8)))) if keys else []
    ones = {
        key: Waived(key[0], "crm", str(key[1]), chance.choice(REASONS), key[2], spares_met=chance.random() < 0.5)
        for key in chosen
    }
    counted = {key for key in chosen if key[0] in found.tallies and chance.random() < 0.5}
    ones |= {key: replace(ones[key], becomes=MET) for key in counted}
    return Waivers(tuple(ones.values()), tuple(a_window(chance, terms) for _ in range(chance.choice((0, 0, 1, 2)))))


def a_window(chance: Random, terms: Sequence[Agreement]) -> WaivedWindow:
    start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(1_200))
    return WaivedWindow(
        tuple(each.id for each in terms[-1].commitments),
        start,
        start + timedelta(hours=chance.choice((1, 30, 200))),
        chance.choice(REASONS),
        chance.choice((STARTED, DUE, EITHER)),
        chance.choice(((), (), ("web",), ("web", "mail"))),
        chance.choice(((), (), ("north",))),
    )


def a_card(
    rows: Rows,
    terms: list[Agreement],
    period: str,
    now: int,
    wanted: dict[Axis, str],
    waivers: Waivers | None = None,
    gather: type[Gather] = Gather,
) -> Scorecard:
    past = recorded(rows)
    known = compiled(terms, past)
    horizon = Horizon(read_period(period), terms[-1].zone, now, terms[-1].week_starts_on)
    said, is_plain = waivers or Waivers(), gather is Without
    numbers = [int(each.lead_id) for each in said.ones]
    waiving = Waiving.of(Waivers() if is_plain else said, known, [] if is_plain else numbers)
    made = gather(known, horizon, tuple(Axis), Only.of(wanted, known), waiving)
    if isinstance(made, Without):
        made.waivers = said
    made.add(past.history)
    return scorecard(made, facts_sequence=1)


def bare(line: Line) -> Line:
    """The line without what says that something was waived."""

    def unvoided(parts: Sequence[object]) -> tuple[object, ...]:
        return tuple(replace(each, n_void=0) for each in parts)  # type: ignore[type-var]

    groups = {axis: tuple(g for g in unvoided(found) if g.n) for axis, found in line.groups.items()}  # type: ignore[attr-defined]
    return replace(
        line,
        n_void=0,
        voids=(),
        waived=None,
        trend=unvoided(line.trend),
        periods=unvoided(line.periods),
        days=unvoided(line.days),
        groups=groups,
    )  # type: ignore[arg-type]


def said(standing: object) -> list[object]:
    names = ("actual", "n_met", "n_breached", "n_running", "n_void", "n_at_risk", "is_target_met", "progress")
    return [getattr(standing, name) for name in names]


def us(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
