"""Everything of a soak made once more: facts from the same events in another order, clocks from the facts alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from bench.soak_events import CRM, KINDS

if TYPE_CHECKING:
    from bench.soak_books import Books

MOST = 1_777  # events of a batch, unlike the drain's
AGAIN = 5
AGREEMENT = "soak"


def check_replay(books: Books, scratch: Path, now: datetime, chance: Random) -> None:
    """Facts are what the events say: told to an empty database in any order, and by a naive reading of our own form."""
    from django.conf import settings

    from smarketing.ledger.database import the_ledger
    from smarketing.ledger.models import InboxRow

    columns = InboxRow.objects.filter(state="done").order_by("id").values_list("src", "key", "body", "occurred_at")
    rows = [(src, key, bytes(body), at) for src, key, body, at in columns]
    found = _told_by_sources(the_ledger(settings.HOME))
    _check_naively(books, rows)
    chance.shuffle(rows)
    again = _told_again(rows, scratch / "again", now)
    books.counts["facts"] = sum(map(len, found.values()))
    for name in sorted(found.keys() | again.keys()):
        kept, made = set(found.get(name, ())), set(again.get(name, ()))
        books.check(f"{name} unlike its events", kept ^ made)


def _told_by_sources(ledger: Any) -> dict[str, list[tuple[Any, ...]]]:
    """All facts of sources that send, but for when we learned them."""
    import polars as pl

    from smarketing.facts.schema import TABLES

    frames = {name: ledger.frame(name).drop("seen_at") for name in TABLES if name != "source"}
    return {name: frame.filter(pl.col("src").is_in(list(KINDS))).rows() for name, frame in frames.items()}


def _told_again(rows: list[tuple[Any, ...]], home: Path, now: datetime) -> dict[str, list[tuple[Any, ...]]]:
    from django.conf import settings
    from django.core.management import call_command
    from tests.databases import alias_of, sqlite_settings
    from tests.drained import instead_of_default

    from smarketing.ledger import drain_lease
    from smarketing.ledger.database import the_ledger
    from smarketing.ledger.inbox import Arrival, take_in
    from smarketing.records.models import Source
    from smarketing.workflows.drain_inbox import drain_inbox

    home.mkdir(parents=True)
    sources, before = list(Source.objects.all()), settings.HOME
    settings.HOME = home
    try:
        with alias_of(sqlite_settings(home / "smarketing.sqlite3")) as alias:
            call_command("migrate", database=alias, verbosity=0)
            with instead_of_default(alias):
                Source.objects.bulk_create(sources)
                for start in range(0, len(rows), MOST):
                    take_in([Arrival(*row) for row in rows[start : start + MOST]], now)
                ledger = the_ledger(home)
                for later in range(AGAIN):  # what came before that which it is about waits some seconds
                    at = now + timedelta(minutes=later)
                    lease = drain_lease.take("again", at)
                    while lease and drain_inbox(ledger=ledger, lease=lease, now=at, most=MOST).n_rows:
                        lease = drain_lease.take("again", at)
                return _told_by_sources(ledger)
    finally:
        settings.HOME = before


def _check_naively(books: Books, rows: list[tuple[Any, ...]]) -> None:
    """Leads and touches of the source in our own form, beside one pass over its events that knows no database."""
    import json

    from django.conf import settings
    from tests.simulation.oracle import KEYS, Facts

    from smarketing.ledger.database import the_ledger

    events = [(CRM, body) for src, _, body, _ in rows if CRM in (src, json.loads(body).get("src"))]
    facts, ledger = Facts.of(events), the_ledger(settings.HOME)
    books.check("events that told nothing", range(facts.waiting))
    for table, names in {
        "lead": ("owner_id", "channel", "status", "lifecycle"),
        "touch": ("lead_id", "kind", "outcome"),
    }.items():
        kept = {
            (row[KEYS[table]], *(row[name] for name in names))
            for row in ledger.frame(table).iter_rows(named=True)
            if row["src"] == CRM
        }
        told = {(own, *(said.get(name) for name in names)) for _, own, said in facts.of_table(table)}
        books.check(f"{table} unlike a naive reading", kept ^ told)


def check_clocks(books: Books, scratch: Path, now: datetime) -> None:
    """Clocks that were kept up with every event are those made from all facts at once; open ones likewise."""
    import polars as pl
    from django.conf import settings
    from tests.simulation.invariants import verdicts

    from smarketing.ledger.database import the_ledger
    from smarketing.ledger.models import OpenClock
    from smarketing.ledger.open_clocks import all_clocks
    from smarketing.ledger.running_clocks import COLUMNS, KEPT_US, LEAD
    from smarketing.terms.instants import micros
    from smarketing.workflows.open_terms import every_agreement
    from smarketing.workflows.refresh_open_clocks import are_stale

    terms, ledger = every_agreement(), the_ledger(settings.HOME)
    fresh = the_ledger(scratch / "fresh")
    kept, made = (verdicts(each, terms[AGREEMENT], micros(now)) for each in (ledger, fresh))
    books.counts["clocks"] = len(made)
    books.check("clocks unlike those made anew", set(kept) ^ set(made) if kept != made else ())
    books.check("open clocks stale", range(are_stale(now=now)))

    def is_open(row: tuple[Any, ...]) -> bool:
        known = dict(zip(COLUMNS, row, strict=True))
        due, stops = known["due_at"], known["stops_at"]
        return (stops is None or stops > now) and (due is None or due >= now - timedelta(microseconds=KEPT_US))

    stored = [row for row in OpenClock.objects.values_list(*COLUMNS) if is_open(row)]
    instants = ("start_at", "risk_at", "due_at", "stops_at")
    anew = all_clocks(fresh, terms, now).clocks.with_columns(
        pl.from_epoch(name, "us").dt.replace_time_zone("UTC") for name in instants
    )
    derived = [row for row in anew.rows() if is_open(row)]
    books.counts["open clocks"] = len(derived)
    books.check("open clocks unlike those made anew", set(stored) ^ set(derived))
    owners = {(src, own): owner for src, own, owner in ledger.frame("lead").select(*LEAD, "owner_id").rows()}
    held = OpenClock.objects.values_list(*LEAD, "holder")
    books.check("open clocks of another's lead", [own for *own, holder in held if owners[*own] != holder])
    books.check("open clocks twice", range(len(stored) - len(set(stored))))
