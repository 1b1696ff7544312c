"""The board of clocks at risk: rows, counts that are filters, who is off today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from smarketing.records.access import Actor
from smarketing.records.models import Absence, Event
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.pages.countdown import Countdown, countdown, rest_of_all
from smarketing.web.pages.desk import silence_text
from smarketing.web.pages.desk_acts import ColleagueChoice, TakeBack, colleague_choices, take_back
from smarketing.workflows.list_board import BUCKETS, Board, BoardFilter, BoardRow

NAMES = {
    "overdue": N_("Overdue"),
    "15min": N_("Under 15 min"),
    "1h": N_("Under 1 hour"),
    "today": N_("Today"),
    "later": N_("Later"),
    "waived": N_("Waived"),
}
TONES = {"overdue": "bad", "15min": "bad", "1h": "open", "today": "good", "later": "muted", "waived": "muted"}


@dataclass(frozen=True, slots=True)
class Bucket:
    name: str
    count: str
    tone: str
    href: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class BoardEntry:
    lead: str
    href: str
    name: str
    promise: str
    left: Countdown
    owner: str
    team: str
    tier: str
    away: str
    touches: str
    silence: str
    can_act: bool


@dataclass(frozen=True, slots=True)
class BoardPage:
    buckets: tuple[Bucket, ...]
    filters: tuple[Filter, ...]
    bucket: str
    rows: tuple[BoardEntry, ...]
    rest: str  # why none of the clocks runs now; empty where the rows differ
    more: str
    away: tuple[tuple[str, str], ...]
    colleagues: tuple[ColleagueChoice, ...]
    can_act: bool
    is_filtered: bool
    here: str
    etag: str
    key: str
    latest: TakeBack | None
    now: datetime


def board_page(
    board: Board,
    asked: BoardFilter,
    query: Mapping[str, str],
    actor: Actor,
    *,
    path: str,
    etag: str,
    key: str,
    href_of: Callable[[str, str, str], str],
    now: datetime,
    zone: str,
    words: Words,
    latest: Event | None = None,
) -> BoardPage:
    """The board in the reader's words.

    Takes    href_of  the address of a lead by source, id and agreement
    """
    rows = tuple(_entry(row, now, zone, words, href_of) for row in board.rows)
    can_act = any(row.can_act for row in rows)
    hidden = board.n - len(rows)
    parts = {name: value for name, value in query.items() if value and name in ("team", "rep", "tier", "commitment")}
    return BoardPage(
        buckets=tuple(_bucket(name, board, asked, parts, path, words) for name in BUCKETS if _is_shown(name, board)),
        filters=tuple(_filters(board, asked, words)),
        bucket=asked.bucket,
        rows=rows,
        rest=rest_of_all([row.left for row in rows]),
        more=words("{n} more are not shown; narrow the filters.", n=words.number(hidden)) if hidden > 0 else "",
        away=tuple((name, _absent(each, words)) for name, each in board.away),
        colleagues=colleague_choices(actor, now=now, words=words) if can_act else (),
        can_act=can_act,
        is_filtered=bool(parts or asked.bucket),
        here=_address(path, parts | ({"bucket": asked.bucket} if asked.bucket else {})),
        etag=etag,
        key=key,
        latest=take_back(latest, words),
        now=now,
    )


def _is_shown(bucket: str, board: Board) -> bool:
    """Most days nothing is waived."""
    return bucket != "waived" or bool(board.n_by_bucket[bucket])


def _absent(each: Absence, words: Words) -> str:
    until = words("until {day}", day=words.day(each.until_on))
    return words("{until}, {name} stands in", until=until, name=each.substitute) if each.substitute else until


def _bucket(name: str, board: Board, asked: BoardFilter, parts: Mapping[str, str], path: str, words: Words) -> Bucket:
    is_here = asked.bucket == name
    href = _address(path, parts if is_here else {**parts, "bucket": name})
    return Bucket(words(NAMES[name]), words.number(board.n_by_bucket[name]), TONES[name], href, is_here)


def _address(path: str, parts: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(parts)}" if parts else path


def _filters(board: Board, asked: BoardFilter, words: Words) -> list[Filter]:
    labels = (
        ("team", words("Team")),
        ("rep", words("Owner")),
        ("tier", words("Tier")),
        ("commitment", words("Promise")),
    )
    return [
        Filter(name, label, tuple((value, text, value == getattr(asked, name)) for value, text in board.choices[name]))
        for name, label in labels
        if board.choices[name]
    ]


def _entry(
    row: BoardRow, now: datetime, zone: str, words: Words, href_of: Callable[[str, str, str], str]
) -> BoardEntry:
    clock = row.running.clock
    person = row.facts.get("person_key") if row.shows_person else None
    is_depth = clock.need > 1
    return BoardEntry(
        lead=f"{clock.src}:{clock.lead_id}",
        href=f"{href_of(clock.src, clock.lead_id, clock.agreement)}#promise-{clock.commitment}",
        name=person or clock.lead_id,
        promise=row.running.title,
        left=countdown(row.running, now, words, zone),
        owner=row.owner_name,
        team=row.team,
        tier=clock.tier or "",
        away=words("away until {day}", day=row.away_until) if row.away_until else "",
        touches=words("{n} of {m}", n=words.number(clock.count), m=words.number(clock.need)) if is_depth else "",
        silence=silence_text(clock.stops_at, now, zone, words),
        can_act=row.can_act,
    )
