"""The table of open clocks kept up with the facts: those of dirty leads are made again, or all of them.

Both ways give the same rows. Rows enter by facts alone; what leaves by the passing of time is swept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Q, QuerySet

from smarketing.engine.as_of import reach
from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import NEVER
from smarketing.ledger.bucket_files import BUCKET_LEADS, bucket_path
from smarketing.ledger.bulk import insert_rows, load, names, of_leads
from smarketing.ledger.clock_frames import clock_frame
from smarketing.ledger.clock_moments import SCHEMA as MOMENTS
from smarketing.ledger.clock_moments import Watch, is_watched, moments_of
from smarketing.ledger.clock_store import horizon_of
from smarketing.ledger.clock_store import open_clocks as stored_clocks
from smarketing.ledger.dirty import Dirt, dirty_leads, leads_of_owners
from smarketing.ledger.folder import Folder, read_whole
from smarketing.ledger.foundation import foundation
from smarketing.ledger.models import OpenClock
from smarketing.ledger.names import Names, names_of
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.replica_build import LEAD_IDS
from smarketing.ledger.replica_refresh import Made, made_anew
from smarketing.ledger.running_clocks import COLUMNS, KEPT_US, KEY, LEAD, is_kept, spelt_out
from smarketing.terms.agreement import Agreement
from smarketing.terms.instants import micros

TABLE, LEADS, HOLDER = "ledger_open_clock", "ledger_lead", "holder"
MOST_DIRTY = 20_000  # leads; beyond it all clocks are made again, from files

Terms = Mapping[str, Sequence[Agreement]]


class Opened(NamedTuple):
    """Open clocks, columns as ledger.running_clocks, and the moments that warn of them, as ledger.clock_moments."""

    clocks: pl.DataFrame
    moments: pl.DataFrame

    @classmethod
    def joined(cls, parts: Sequence[Opened]) -> Opened:
        if len(parts) == 1:
            return parts[0]
        clocks = [pl.DataFrame(schema=COLUMNS), *(part.clocks for part in parts)]
        return cls(pl.concat(clocks), pl.concat([pl.DataFrame(schema=MOMENTS), *(part.moments for part in parts)]))


def running(now: datetime, using: str = DEFAULT_DB_ALIAS) -> QuerySet[OpenClock]:
    """The clocks that run at `now`, in time or overdue."""
    clocks = OpenClock.objects.using(using).filter(start_at__lte=now)
    return clocks.filter(Q(stops_at=None) | Q(stops_at__gt=now))


def key_of(terms: Terms, now: datetime) -> str:
    """Stands for everything besides the facts that open clocks depend on; with a new year they reach further."""
    content = [[slug, foundation(versions)] for slug, versions in sorted(terms.items())]
    return hashlib.sha256(json.dumps([content, horizon_of(micros(now))]).encode()).hexdigest()


def changed(before: Folder, after: Folder) -> pl.DataFrame | None:
    """The leads (src, lead_id) whose open clocks may differ between two states of the facts; None for all."""
    return few_enough(dirty_leads(before, after), lambda: leads_of_owners(before, after))


def few_enough(dirt: Dirt, of_owners: Callable[[], pl.DataFrame]) -> pl.DataFrame | None:
    """The dirty leads and those of changed owners, unless it is quicker to judge all."""
    if dirt.is_everything:
        return None
    leads, theirs = dirt.leads, of_owners()
    leads = pl.concat([leads, theirs]).unique() if theirs.height else leads
    return None if len(leads) > MOST_DIRTY else leads


def clocks_of(facts: Folder, leads: pl.DataFrame, terms: Terms, now: datetime) -> Opened:
    """The open clocks of some leads, judged from the facts.

    Raises FactsError and TermsError as evaluate and compile_terms
    """
    if leads.is_empty() or not terms:
        return Opened.joined(())
    names = names_of(facts)
    return judged(made_anew(facts, names, leads), names, terms, now)


def judged(made: Made, names: Names, terms: Terms, now: datetime) -> Opened:
    """The open clocks of leads and what happened to them, in the codes of `names`."""
    at = micros(now)
    earliest, latest = reach(made.history)
    end = horizon_of(max(at, latest if latest != NEVER else 0))
    ids = made.ids[list(LEAD)].insert_column(0, pl.Series("number", np.arange(len(made.ids))))
    found = []
    for versions in terms.values():
        compiled = compile_terms(versions, names.codebook, start=min(earliest, at), end=end)
        clocks = clock_frame(evaluate(made.history, compiled, now=end - 1), 0, compiled)
        running = spelt_out(_those(clocks, is_kept, at), ids, compiled, names)
        watch = Watch(compiled, lambda: made.history, names.persons, end - 1)
        found.append(Opened(running, moments_of(_those(clocks, is_watched, at), ids, watch, at)))
    return Opened.joined(found)


def _those(clocks: pl.DataFrame, fits: Callable[[int, Callable[[str], Any]], Any], at: int) -> pl.DataFrame:
    """The same as a filter, for few clocks sooner."""
    return clocks[np.flatnonzero(fits(at, lambda name: clocks[name].to_numpy()))]


def all_clocks(facts: Folder, terms: Terms, now: datetime) -> Opened:
    """The open clocks of every lead, from the stored clocks, which are brought up to the facts first."""
    if not terms or not facts.sequence:
        return Opened.joined(())
    at, replica, names, found = micros(now), open_replica(facts), names_of(facts), []
    for versions in terms.values():
        stored = stored_clocks(replica, versions, now=at)
        clocks = read_whole(stored.scan().filter(is_watched(at)), stored.path)
        end = horizon_of(max(at, replica.latest_at))
        compiled = compile_terms(versions, replica.codebook, start=min(replica.first_at, at), end=end)
        ids = _lead_ids(replica, clocks["number"])
        found.append(Opened(spelt_out(clocks.filter(is_kept(at)), ids, compiled, names), pl.DataFrame(schema=MOMENTS)))
        for (bucket,), some in clocks.group_by(pl.col("number") // BUCKET_LEADS, maintain_order=True):
            watch = Watch(compiled, partial(replica.history, bucket), names.persons, end - 1)
            found.append(Opened(pl.DataFrame(schema=COLUMNS), moments_of(some, ids, watch, at)))
    return Opened.joined(found)


def _lead_ids(replica: Replica, numbers: pl.Series) -> pl.DataFrame:
    """number, src, lead_id of some leads of the replica."""
    files = [bucket_path(replica.path, LEAD_IDS, bucket) for bucket in range(replica.n_buckets)]
    if not files:
        return pl.DataFrame(schema={"number": pl.Int64(), "src": pl.String(), "lead_id": pl.String()})
    ids = pl.scan_parquet(files, glob=False).with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    wanted = pl.LazyFrame({"number": numbers.unique()})
    return read_whole(ids.join(wanted, on="number", how="semi").select("number", *LEAD), replica.path)


def write_clocks_of(leads: pl.DataFrame, clocks: pl.DataFrame, using: str = DEFAULT_DB_ALIAS) -> None:
    """Put `clocks` in the place of whatever these leads had; those that are the same are left alone."""
    connection, columns = connections[using], [*COLUMNS, HOLDER]
    condition, given = of_leads(connection, leads)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.execute(f'SELECT {names([*LEAD, "owner_id"])} FROM "{LEADS}" WHERE {condition}', given)
        holders = {(src, lead): holder for src, lead, holder in cursor.fetchall()}
        cursor.execute(f'SELECT {names(columns)} FROM "{TABLE}" WHERE {condition}', given)
        stored, made = set(cursor.fetchall()), [(*row, holders.get(row[: len(LEAD)])) for row in clocks.rows()]
        gone = [row[: len(KEY)] for row in stored.difference(made)]
        if gone:
            cursor.executemany(f'DELETE FROM "{TABLE}" WHERE {" AND ".join(f"{name} = %s" for name in KEY)}', gone)
        insert_rows(connection, TABLE, columns, [row for row in made if row not in stored])


def with_holders(clocks: pl.DataFrame, facts: Folder) -> pl.DataFrame:
    """The same with who has their lead; `facts` are those that the clocks were made from."""
    leads = facts.scan("lead").select(*LEAD, pl.col("owner_id").alias(HOLDER))
    return read_whole(clocks.lazy().join(leads, on=LEAD, how="left"), facts.path)


def follow_holders(seq: int, using: str = DEFAULT_DB_ALIAS) -> None:
    """Who has the leads that a merge wrote, where the clocks themselves are made later."""
    own = f'FROM "{LEADS}" WHERE "{LEADS}"."src" = "{TABLE}"."src" AND "{LEADS}"."lead_id" = "{TABLE}"."lead_id"'
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'UPDATE "{TABLE}" SET "{HOLDER}" = (SELECT "owner_id" {own})'
            f' WHERE ({names(LEAD)}) IN (SELECT {names(LEAD)} FROM "{LEADS}" WHERE "seq" = %s)',
            [seq],
        )


def write_all(clocks: pl.DataFrame, using: str = DEFAULT_DB_ALIAS) -> None:
    """In the place of all that there are, with who has their lead."""
    connection = connections[using]
    with connection.wrap_database_errors:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{TABLE}"')
        load(connection, TABLE, clocks.sort(KEY))


def sweep_clocks(now: datetime, using: str = DEFAULT_DB_ALIAS) -> int:
    """Remove what stopped by itself and what is overdue for too long; returns how many."""
    oldest = now - timedelta(microseconds=KEPT_US)
    gone = OpenClock.objects.using(using).filter(Q(stops_at__lte=now) | Q(due_at__lt=oldest))
    return int(gone.delete()[0])
