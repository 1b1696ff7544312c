"""Agreements and histories with sensible defaults: say only what a test is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from smarketing.engine.history import (
    CONNECTED,
    DONE,
    HUMAN,
    INBOUND,
    NEVER,
    OUT,
    Assignments,
    Codebook,
    Columns,
    Deals,
    Deliveries,
    History,
    Leads,
    Stages,
    Touches,
)
from smarketing.facts.schema import DEAL_STATUS, TOUCH_KINDS
from smarketing.terms.agreement import Agreement, InForce, Party, Role
from smarketing.terms.calendar import Calendar, Window
from smarketing.terms.commitment import Commitment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SPOKEN = re.compile(
    r"(?P<weekday>[A-Za-z]{3}) (?P<day>\d{1,2}) (?P<month>[A-Za-z]{3})(?: (?P<year>\d{4}))? (?P<time>.+)"
)

Rows = Iterable[Mapping[str, Any]]
Table = TypeVar("Table", bound=Columns)


class Past(NamedTuple):
    """What `a_history` returns: the facts, the names behind their codes, and lead names in order."""

    history: History
    codebook: Codebook
    leads: tuple[str, ...]


def instant(when: str | int | datetime | None, zone: str = "UTC", year: int = 2024) -> int:
    """Microseconds UTC of "2024-06-07 16:30", "Fri 7 Jun 16:30", a datetime or an instant; NEVER for None or ""."""
    if isinstance(when, int | np.integer):
        return int(when)
    if when is None or when in ("", "never"):
        return NEVER
    moment = when if isinstance(when, datetime) else _read(when, year)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return (moment - EPOCH) // timedelta(microseconds=1)


def _read(words: str, year: int) -> datetime:
    spoken = SPOKEN.fullmatch(words.strip())
    if not spoken:
        return datetime.fromisoformat(words.strip())
    on = date(int(spoken["year"] or year), 1 + MONTHS.index(spoken["month"].lower()), int(spoken["day"]))
    if DAYS[on.weekday()] != spoken["weekday"].lower():
        raise ValueError(f"{words}: {on} is a {DAYS[on.weekday()]}")
    return datetime.fromisoformat(f"{on} {spoken['time']}")


def a_calendar(id: str = "office", hours: str = "mon-fri 09:00-17:00", zone: str = "UTC", **rest: Any) -> Calendar:
    """A calendar from words: "mon-thu 08:00-12:00 13:30-18:00, fri 08:00-14:00"; days not named are closed."""
    week: list[tuple[Window, ...]] = [()] * 7
    for part in hours.split(","):
        days, *stretches = part.split()
        first, _, last = days.partition("-")
        windows = tuple(_window(stretch) for stretch in stretches)
        for number in range(DAYS.index(first), DAYS.index(last or first) + 1):
            week[number] = windows
    return Calendar(id=id, zone=zone, week=tuple(week), **rest)


def _window(stretch: str) -> Window:
    opens, closes = (int(t[:2]) * 60 + int(t[3:]) for t in stretch.split("-"))
    return Window(opens=opens, closes=closes)


def a_commitment(kind: str = "speed_to_lead", target: str = "95 % within 1 business hour", **rest: Any) -> Commitment:
    """One commitment of sales; id "speed" unless said. Values may be words, as in an agreement file."""
    return Commitment.model_validate({"id": "speed", "party": "sales", "kind": kind, "target": target} | rest)


def an_agreement(*commitments: Commitment, **rest: Any) -> Agreement:
    """Marketing and sales, one office in UTC open Mon–Fri 09–17, in force since 2020."""
    defaults = {
        "id": "agreement",
        "title": "Agreement",
        "zone": "UTC",
        "in_force": InForce(from_on=date(2020, 1, 1)),
        "parties": (
            Party(id="marketing", name="Marketing", role=Role.MARKETING),
            Party(id="sales", name="Sales", role=Role.SALES),
        ),
        "calendars": (a_calendar(),),
        "commitments": commitments or (a_commitment(),),
    }
    return Agreement.model_validate(defaults | rest)


def a_history(
    *,
    leads: Rows = (),
    touches: Rows = (),
    stages: Rows = (),
    assignments: Rows = (),
    deals: Rows = (),
    owners: Mapping[str, Mapping[str, Any]] | None = None,
    zone: str = "UTC",
    first: int = 0,
) -> Past:
    """Facts from rows in any order; every column but the ones that place a row may be left out.

    leads        lead, created_at; owner, grade, source, score, void (a reason)
    touches      lead, at; kind ("call"), owner, duration_s, and `how`: words out of out, in, automated, planned,
                 connected; plain rows are human, outbound and done
    stages       lead, at, stage; reason
    assignments  lead, at, owner
    deals        lead, created_at; closed_at, status, amount, currency, owner
    owners       name → {"team": …, "calendar": …}; owners that rows mention need no entry
    """
    tables = [[dict(row) for row in rows] for rows in (leads, touches, stages, assignments, deals)]
    people, talks, steps, gifts, sales = tables
    names = tuple(row["lead"] for row in people)
    number = {name: position for position, name in enumerate(names)}
    book = _codebook(people, talks, steps, gifts, sales, owners or {})

    def rows_of(table: type[Table], rows: Sequence[dict[str, Any]], **columns: Any) -> Table:
        return arranged(table, [[read(row) for row in rows] for read in columns.values()])

    def at(name: str) -> Any:
        return lambda row: instant(row.get(name), zone)

    def code(name: str, known: tuple[str, ...]) -> Any:
        return lambda row: known.index(row[name]) if row.get(name) else -1

    def lead(row: dict[str, Any]) -> int:
        return number[row["lead"]]

    owner = code("owner", book.owners)
    history = History(
        first=first,
        leads=_table(
            Leads,
            [
                [at("created_at")(row) for row in people],
                [owner(row) for row in people],
                [code("grade", book.grades)(row) for row in people],
                [code("source", book.sources)(row) for row in people],
                [float("nan") if row.get("score") in (None, "") else float(row["score"]) for row in people],
                [1 + code("void", book.reasons)(row) for row in people],
            ],
        ),
        touches=rows_of(
            Touches,
            talks,
            lead=lead,
            at=at("at"),
            flags=lambda row: flags(row.get("how", "")),
            kind=lambda row: TOUCH_KINDS.index(row.get("kind") or "call"),
            owner=owner,
            duration_s=lambda row: int(row["duration_s"]) if row.get("duration_s") not in (None, "") else -1,
        ),
        stages=rows_of(
            Stages,
            steps,
            lead=lead,
            at=at("at"),
            stage=code("stage", book.stages),
            reason=code("reason", book.reasons),
        ),
        assignments=rows_of(Assignments, gifts, lead=lead, at=at("at"), owner=owner),
        deals=rows_of(
            Deals,
            sales,
            lead=lead,
            created_at=at("created_at"),
            closed_at=at("closed_at"),
            status=lambda row: DEAL_STATUS.index(row.get("status") or "open"),
            amount=lambda row: round(float(row.get("amount") or 0) * 10_000),
            currency=code("currency", book.currencies),
            owner=owner,
        ),
    )
    return Past(history, book, names)


def flags(how: str) -> int:
    """The byte of a touch described in words; "" is a human, outbound touch that happened."""
    words = set(how.split())
    unknown = words - {"out", "in", "automated", "planned", "connected", "internal"}
    if unknown:
        raise ValueError(f"a touch cannot be {', '.join(sorted(unknown))}")
    direction = INBOUND if "in" in words else 0 if "internal" in words else OUT
    byte = direction | (0 if "automated" in words else HUMAN) | (0 if "planned" in words else DONE)
    return byte | (CONNECTED if "connected" in words else 0)


def arranged(table: type[Table], columns: Sequence[Sequence[Any]]) -> Table:
    """The table with its rows in the replica's order: by all columns, leftmost first."""
    arrays = _table(table, columns)
    values = [getattr(arrays, f.name) for f in fields(arrays)]
    return arrays.take(np.lexsort(values[::-1]))


def some_deliveries(rows: Rows, deliverables: tuple[str, ...], zone: str = "UTC") -> Deliveries:
    """Rows of deliverable, at and quantity (1 when left out)."""
    listed = [dict(row) for row in rows]
    return arranged(
        Deliveries,
        [
            [deliverables.index(row["deliverable"]) for row in listed],
            [instant(row["at"], zone) for row in listed],
            [float(row.get("quantity") or 1) for row in listed],
        ],
    )


DTYPES: dict[str, Any] = {
    "lead": np.int32,
    "flags": np.uint8,
    "kind": np.uint8,
    "status": np.uint8,
    "void": np.uint8,
    "duration_s": np.int32,
    "score": np.float32,
    "quantity": np.float64,
}
for _name in ("at", "created_at", "closed_at", "amount"):
    DTYPES[_name] = np.int64
for _name in ("owner", "grade", "source", "stage", "reason", "currency", "deliverable"):
    DTYPES[_name] = np.int16


def _table(table: type[Table], columns: Sequence[Sequence[Any]]) -> Table:
    names = [f.name for f in fields(table)]
    return table(*(np.array(values, DTYPES[name]) for name, values in zip(names, columns, strict=True)))


def _codebook(
    people: list[dict[str, Any]],
    talks: list[dict[str, Any]],
    steps: list[dict[str, Any]],
    gifts: list[dict[str, Any]],
    sales: list[dict[str, Any]],
    owners: Mapping[str, Mapping[str, Any]],
) -> Codebook:
    def seen(name: str, *tables: list[dict[str, Any]]) -> list[str]:
        return [row[name] for table in tables for row in table if row.get(name)]

    everyone = _named([*owners, *seen("owner", people, talks, gifts, sales)])
    said = [owners.get(name, {}) for name in everyone]
    teams = _named(entry["team"] for entry in said if entry.get("team"))
    return Codebook(
        owners=everyone,
        owner_names=everyone,
        owner_calendars=tuple(entry.get("calendar", "") for entry in said),
        teams=teams,
        team_of=np.array([teams.index(entry["team"]) if entry.get("team") else -1 for entry in said], np.int32),
        grades=_named(seen("grade", people)),
        sources=_named(seen("source", people)),
        stages=_named(seen("stage", steps)),
        reasons=_named(
            ["duplicate", "test", "spam", "merged", "deleted", *seen("void", people), *seen("reason", steps)]
        ),
        currencies=_named(seen("currency", sales)),
    )


def _named(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in alphabetical order, so that codes sort as names do."""
    return tuple(sorted(set(names)))
