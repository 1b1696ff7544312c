"""Made-up agreements and histories for the generative tests: small, crowded and full of edges.

Instants fall on quarters of an hour around the changes of the clock in spring 2026, sometimes a microsecond beside,
so that touches meet due instants, closings and one another.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.builders import Past, a_calendar, a_history, an_agreement
from tests.oracle.twin import Count, Row, Rows, Tick

from smarketing.engine.clocks import Clocks, Tallies, void_reason
from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import Evaluation, evaluate
from smarketing.terms.agreement import Agreement, Party, Role
from smarketing.terms.calendar import Calendar, DayHours, Holidays, Window
from smarketing.terms.commitment import Clock, Commitment, Kind, Stop

EXAMPLES = int(os.environ.get("SMARKETING_EXAMPLES", "60"))
thorough = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="SMARKETING_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
a_few = settings(thorough, max_examples=max(EXAMPLES // 6, 1))  # for what writes files

QUARTER = 15 * 60 * 1_000_000
BEGIN = (
    1_773_964_800_000_000  # 2026-03-20T00:00Z: Morocco changes on the 22nd, Europe on the 29th, Lord Howe on 5 April
)
SPAN = 20 * 24 * 4  # quarters of an hour
OWNERS: dict[str, Row] = {
    "ann": {"team": "north", "calendar": "shift"},
    "bob": {"team": "north"},
    "cid": {"team": "south", "calendar": "nowhere"},
}
STAGES = ("mql", "sal", "sql", "customer", "disqualified", "recycled", "status:new", "status:waiting", "status:busy")
HOURS = (
    "mon-fri 09:00-17:00",
    "mon-sat 08:00-12:00 13:30-18:15",
    "mon-fri 22:00-06:00",
    "mon-sun 00:00-24:00",
    "tue 10:00-11:00, sat 23:00-02:30",
    "sun 01:30-03:30, wed 09:00-09:07",
)
ZONES = ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
ALLOWANCES = (
    "15 business minutes",
    "1 business hour",
    "4 business hours",
    "9 business hours",
    "1 business day",
    "3 business days",
    "6 clock hours",
    "2 calendar days",
    "2 rolled days",
)

BESIDE = (0, 0, 0, 0, 1, -1, 37_000_001)
WORDS = ("", "lead", "mql", "sql", "opportunity", "customer", "status:new")
DEFINITIONS = {
    "mql": {"values": ["status:new", "mql"]},
    "sal": {"values": ["busy"]},
    "customer": {"values": ["customer"]},
    "disqualified": {"reasons": ["no_budget"]},
}
TIERS = (
    {"id": "gold", "grades": ["a"], "worth": Decimal("100.5")},
    {"id": "silver", "grades": ["b"], "worth": 40},
    {"id": "rest", "sources": ["web"], "score_from": Decimal("1.5"), "worth": 3},
)
HOWS = ("", "", "", "", "connected", "in", "automated", "planned", "internal", "in automated", "connected planned")

# One half of the examples shrinks to something small, the other half is crowded.
chances = st.randoms(use_true_random=False) | st.randoms(use_true_random=True)


def a_past(chance: Random) -> Rows:
    """A few leads, each with most of its facts within hours of its creation."""
    rows = Rows(owners=OWNERS)
    one = chance.choice
    for number in range(chance.randint(1, 5)):
        lead, created = f"lead{number}", instant(chance, BEGIN, SPAN)
        used = [created]

        def at(created: int = created, used: list[int] = used) -> int:
            """Mostly a new instant, sometimes one at which something else happened."""
            used.append(
                one(used) if chance.random() < 0.2 else instant(chance, created - 3 * QUARTER, one((20, 200, 700)))
            )
            return used[-1]

        def several(most: int) -> range:
            return range(chance.randint(0, one((1, most))))

        rows.leads.append(
            {
                "lead": lead,
                "created_at": created,
                "owner": one((*OWNERS, None)),
                "grade": one(("a", "b", "c", None)),
                "source": one(("web", "fair", "mail", None)),
                "score": one((0.5, 1.5, 2.0, None)),
                "void": one((None, None, None, "duplicate", "test", "merged")),
            }
        )
        rows.touches += [
            {
                "lead": lead,
                "at": at(),
                "how": one(HOWS),
                "kind": one(("call", "call", "email", "meeting", "note")),
                "duration_s": one((None, 10, 30)),
                "owner": one((*OWNERS, None)),
            }
            for _ in several(12)
        ]
        stages = [(at(), one(STAGES)) for _ in several(8)]
        rows.stages += [
            {"lead": lead, "at": when, "stage": stage, "reason": reason(number, stage)} for when, stage in stages
        ]
        rows.assignments += [{"lead": lead, "at": at(), "owner": one(tuple(OWNERS))} for _ in several(5)]
        rows.deals += [
            {
                "lead": lead,
                "created_at": at(),
                "closed_at": one((None, at(), at())),
                "status": one(("open", "won", "won", "lost")),
                "amount": one((0.0, 10.5, 99.99)),
                "currency": one(("EUR", "EUR", "USD", None)),
                "owner": one((*OWNERS, None)),
            }
            for _ in several(3)
        ]
    return rows


def reason(number: int, stage: str) -> str | None:
    """One reason for each stage of a lead, so that two changes of one instant are the same."""
    return ("no_budget", None, "not_now")[(number + len(stage)) % 3]


def instant(chance: Random, begin: int, quarters: int) -> int:
    return begin + chance.randint(0, quarters) * QUARTER + chance.choice(BESIDE)


def some_versions(chance: Random, kind: Kind) -> Terms:
    """One version of an agreement with one commitment of that kind, or two, the second from some day in March on."""
    first = _agreement(chance, kind, 1, date(2026, 1, 1), chance.choice((None, None, date(2026, 4, 4))))
    if chance.random() < 0.6:
        return Terms([first])
    return Terms([first, _agreement(chance, kind, 2, chance.choice((date(2026, 3, 25), date(2026, 3, 31))), None)])


class Terms(list[Agreement]):
    """Versions of an agreement that print only what they say."""

    def __repr__(self) -> str:
        return "\n".join(str(agreement.model_dump(mode="json", exclude_defaults=True)) for agreement in self)


def _agreement(chance: Random, kind: Kind, version: int, from_on: date, until_on: date | None) -> Agreement:
    one = chance.choice
    return an_agreement(
        _commitment(chance, kind),
        version=version,
        in_force={"from_on": from_on, "until_on": until_on},
        zone=one(ZONES),
        currency=one(("EUR", "USD")),
        calendars=(some_calendar(chance, "office"), some_calendar(chance, "shift")),
        parties=(
            Party(id="marketing", name="M", role=Role.MARKETING),
            Party(id="sales", name="S", role=Role.SALES, calendar=one((None, "shift"))),
        ),
        tiers=one((TIERS[:2], TIERS)),
        definitions=one(({}, {}, DEFINITIONS)),
        handover={"at": one(("creation", "creation", "stage", "assignment")), "stage": one(("mql", *WORDS))},
        counting={
            "touches": one((("call", "email"), ("email", "meeting", "note"), ("call",))),
            "min_call_s": one((0, 30)),
            "marketing_sources": one(((), ("web",), ("web", "fair"))),
            "void_reasons": one(((), ("duplicate",), ("duplicate", "test"))),
            "rejected_leads_count": one((True, False)),
        },
        acceptance_by_silence=one((None, None, one(ALLOWANCES))),
    )


def some_calendar(chance: Random, id: str) -> Calendar:
    one = chance.choice
    days = tuple(date(2026, 3, day) for day in (23, 24, 27, 29, 30, 31))
    short = DayHours(on=one(days), windows=(Window(opens=600, closes=720),))
    return a_calendar(
        id,
        one(HOURS),
        one(ZONES),
        holidays=Holidays(dates=one(((), (one(days),)))),
        exceptions=one(((), (short,))),
    )


def _commitment(chance: Random, kind: Kind) -> Commitment:
    """Its id is the kind, so that every version has the same one."""
    one, within = chance.choice, chance.choice(ALLOWANCES)
    said: dict[str, Any] = {"party": one(("marketing", "sales")), "only": one(({}, {}, _scope(chance)))}
    if kind in (Kind.SPEED_TO_LEAD, Kind.FOLLOW_UP_DEPTH, Kind.DISPOSITION_TIME, Kind.FOLLOW_UP_CADENCE):
        said |= {
            "overrides": [_override(chance) for _ in range(one((0, 0, 1, 2)))],
            "calendar": one((None, "shift")),
            "remind_at": one(("0.75", "0.5", "1", "0.0001")),
            "pauses": one(((), (), ("waiting", "status:busy"), ("recycled", "waiting"))),
            "start": one(("handover", "handover", "creation", "assignment")),
        }
    match kind:
        case Kind.LEAD_VOLUME | Kind.LEAD_VALUE:
            said |= {"target": "10 leads", "stage": one(WORDS)}
        case Kind.PIPELINE_CONTRIBUTION | Kind.SOURCED_REVENUE | Kind.OPPORTUNITIES_CREATED:
            said |= {"target": "10 EUR"}
        case Kind.CONVERSION_RATE:
            said |= {"target": "5 %", "stage": one(WORDS), "to_stage": one(WORDS), "lag": within}
        case Kind.SPEED_TO_LEAD:
            said |= {"target": f"95 % within {within}", "clock": one(tuple(Clock)), "stop": one(tuple(Stop))}
        case Kind.FOLLOW_UP_DEPTH:
            words = one(("{} touches within {}", "80 % with {} touches within {}"))
            said |= {"target": words.format(chance.randint(1, 4), within)}
        case Kind.DISPOSITION_TIME:
            said |= {"target": f"95 % within {within}"}
        case Kind.FOLLOW_UP_CADENCE:
            said |= {"target": f"at most {within}"}
    return Commitment.model_validate({"id": kind, "kind": kind, **said})


def _override(chance: Random) -> dict[str, Any]:
    one = chance.choice
    return {
        "only": _scope(chance),
        "calendar": one((None, "office", "shift")),
        "within": one((None, one(ALLOWANCES))),
    }


def _scope(chance: Random) -> dict[str, Any]:
    """One restriction, seldom two."""
    one = chance.choice
    parts = {
        "tiers": one((["gold"], ["gold", "silver"])),
        "sources": one((["web"], ["fair", "web"])),
        "teams": one((["north"], ["south", "nowhere"])),
        "reps": one((["ann"], ["ann", "bob"])),
    }
    names = {one(tuple(parts)), one(tuple(parts))}
    return {name: parts[name] for name in sorted(names)}


def a_now(chance: Random, rows: Rows) -> int:
    """After everything, in the middle, or at the very instant of a fact."""
    facts = [row["at"] for table in (rows.touches, rows.stages, rows.assignments) for row in table]
    facts += [row["created_at"] for table in (rows.leads, rows.deals) for row in table]
    return chance.choice((BEGIN + 2 * SPAN * QUARTER, BEGIN + SPAN * QUARTER, chance.choice(facts)))


def recorded(rows: Rows) -> Past:
    """The rows as the engine reads them."""
    return a_history(**{f.name: getattr(rows, f.name) for f in fields(rows)})


def compiled(agreements: Sequence[Agreement], past: Past) -> Compiled:
    return compile_terms(agreements, past.codebook, start=BEGIN - 4 * 86_400_000_000, end=BEGIN + 2 * SPAN * QUARTER)


def evaluated(rows: Rows, agreements: Sequence[Agreement], now: int) -> dict[str, list[Any]]:
    """The engine's answer in the twin's words."""
    past = recorded(rows)
    known = compiled(agreements, past)
    return told(evaluate(past.history, known, now=now), known, past.leads)


def told(evaluation: Evaluation, compiled: Compiled, leads: Sequence[str]) -> dict[str, list[Any]]:
    """Clocks and tallies with names instead of codes."""
    made: dict[str, list[Any]] = {}
    for name, clocks in evaluation.clocks.items():
        made[name] = _rows(clocks, Tick, compiled, leads)
    for name, tallies in evaluation.tallies.items():
        made[name] = _rows(tallies, Count, compiled, leads)
    return made


def _rows(table: Clocks | Tallies, kind: type[Any], compiled: Compiled, leads: Sequence[str]) -> list[Any]:
    book = compiled.codebook
    calendars = [calendar.id for calendar in compiled.calendars] + ["always"]
    spelled = {
        "lead": leads,
        "owner": [*book.owners, ""],
        "tier": [*compiled.tiers, ""],
        "source": [*book.sources, ""],
        "calendar": calendars,
        "void": [void_reason(code, book) for code in range(len(book.reasons) + 1)] + [""] * 256,
    }
    rows = []
    for number in range(len(table)):
        values = {name: getattr(table, name)[number].item() for name in kind._fields}
        words = {
            name: void_reason(value, book) if name == "void" else spelled[name][value] if name in spelled else value
            for name, value in values.items()
        }
        rows.append(kind(**words))
    return rows


def known_at(rows: Rows, now: int) -> Rows:
    """Only the rows that are not later than `now`; a deal closed later is open."""
    leads = [row for row in rows.leads if row["created_at"] <= now]
    alive = {row["lead"] for row in leads}

    def cut(table: list[Row], key: str) -> list[Row]:
        return [row for row in table if row["lead"] in alive and row[key] <= now]

    deals = [
        deal | {"closed_at": None, "status": "open"} if (deal["closed_at"] or 0) > now else deal
        for deal in cut(rows.deals, "created_at")
    ]
    return Rows(leads, cut(rows.touches, "at"), cut(rows.stages, "at"), cut(rows.assignments, "at"), deals, rows.owners)
