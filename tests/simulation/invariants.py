"""What must hold once the faults have stopped and everybody had ten minutes: the world beside the naive oracle."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db.models import F
from tests.oracle.twin import Tick
from tests.simulation import oracle
from tests.simulation.installation import installed
from tests.simulation.notices import Foresight, States, check_notices
from tests.simulation.stories import LONG

from smarketing.engine.history import NEVER
from smarketing.facts.schema import TABLES
from smarketing.ledger import drain_lease
from smarketing.ledger.bucket_files import bucket_path
from smarketing.ledger.clock_store import horizon_of
from smarketing.ledger.clock_store import open_clocks as stored_clocks
from smarketing.ledger.database import Ledger, the_ledger
from smarketing.ledger.inbox import Arrival, take_in
from smarketing.ledger.models import InboxRow, InboxTally, OpenClock
from smarketing.ledger.names import names_of
from smarketing.ledger.open_clocks import all_clocks
from smarketing.ledger.replica import open_replica
from smarketing.ledger.replica_build import LEAD_IDS
from smarketing.ledger.running_clocks import COLUMNS, KEPT_US, LEAD
from smarketing.records.events import chain_faults
from smarketing.records.models import Event, Version
from smarketing.terms.instants import micros
from smarketing.workflows.drain_inbox import drain_inbox
from smarketing.workflows.open_terms import every_agreement
from smarketing.workflows.refresh_open_clocks import are_stale
from smarketing.workflows.tell_events import PATIENCE

if TYPE_CHECKING:
    from tests.simulation.world import World

INSTANTS = ("start_at", "risk_at", "due_at", "stops_at")
CLOCK_NAMES = ("lead", "commitment", "episode", "owner", "start_at", "risk_at", "due_at", "stop_at", "void")
POISON = frozenset({"missing", "unknown_field", "wrong_type", "not_text"})
REPLAYED, MIRRORED = 5, 4  # one world of so many
COMPARED = {
    "lead": ("created_at", "owner_id", "channel", "status", "lifecycle", "deleted_at"),
    "touch": ("lead_id", "owner_id", "kind", "occurred_at", "outcome"),
    "owner": ("name", "team"),
}
DST = (1_774_746_000_000_000, 1_792_890_000_000_000)  # the clock changes in Madrid
EARLY, LATE = timedelta(minutes=5), timedelta(days=1)
Row = tuple[Any, ...]


def check(name: str, found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"{name}\n  found    {_less(found, expected)}\n  expected {_less(expected, found)}")


def _less(one: object, other: object) -> object:
    """What one list has and the other has not."""
    return [row for row in one if row not in other] if isinstance(one, list) and isinstance(other, list) else one


def check_everything(world: World) -> None:
    check_intake(world)
    facts = oracle.Facts.of(drained())
    ledger = the_ledger(world.home)
    check_facts(facts, ledger)
    judge = oracle.Judge(every_agreement()["sla"], horizon_of(micros(world.now)) - 1)
    check_clocks(world, facts, ledger, judge)
    check_records()
    check_said(world, judge)
    if world.seed % REPLAYED == 0:
        columns = InboxRow.objects.filter(state="done").values_list("src", "key", "body", "occurred_at")
        rows = [(src, key, bytes(body), at) for src, key, body, at in columns]
        check_replay(world.home, rows, world.now, world.dice["order"])


def drained() -> list[tuple[str, bytes]]:
    return [(src, bytes(body)) for src, body in InboxRow.objects.filter(state="done").values_list("src", "body")]


def check_intake(world: World) -> None:
    """I1, I2, I13."""
    rows = {(src, key, digest): bytes(body) for src, key, digest, body in
            InboxRow.objects.values_list("src", "key", "body_digest", "body")}  # fmt: skip
    check("I1: what was acknowledged is there", {key: rows.get(key) for key in world.acked}, world.acked)
    check("I2: each version once", InboxRow.objects.count(), len(rows))
    versions = Counter((src, key) for src, key, _ in rows)
    flagged = InboxRow.objects.filter(is_conflict=True).count()
    check("I2: later versions are flagged", flagged, sum(n - 1 for n in versions.values()))
    stored = sum(tally.n_stored + tally.n_rejected for tally in InboxTally.objects.all())
    check("I2: the tallies count what is stored", stored, len(rows))
    states = Counter(InboxRow.objects.values_list("state", flat=True))
    check("I13: nothing waits", states["waiting"], 0)
    troubles = codes("held")
    check("I13: only what lacks something is held", sorted({*troubles} - {"needs"}), [])
    dead = codes("dead")
    unpoisoned = sorted({*dead} - POISON - {"never_came"})
    check("I13: nothing died but poison", unpoisoned, [])
    patient = InboxRow.objects.filter(
        state="dead", trouble__code="never_came", drained_at__lt=F("received_at") + PATIENCE
    )
    check("I13: what waits for another event waits for three days", patient.count(), 0)
    rows_done = InboxRow.objects.filter(state="done", occurred_at__isnull=False)
    told: list[Any] = list(rows_done.values_list("occurred_at", "received_at", "n_tries"))
    world.saw["poison"] += len(dead)
    world.saw["future"] += sum(at > came + EARLY for at, came, _ in told)
    world.saw["waited"] += sum(at <= came and n > 0 for at, came, n in told)
    world.saw["late"] += sum(came > at + LATE for at, came, _ in told)


def codes(state: str) -> list[str]:
    """Why the events in this state are in it."""
    troubles = InboxRow.objects.filter(state=state).values_list("trouble", flat=True)
    return [trouble["code"] if trouble else "?" for trouble in troubles]


def check_facts(facts: oracle.Facts, ledger: Ledger) -> None:
    """I2, I3: the facts are what the events say, each column as it was said last."""
    check("I3: every event that is done told something", facts.waiting, 0)
    for table, names in COMPARED.items():
        rows = ledger.frame(table).with_columns(pl.selectors.datetime().dt.epoch("us")).iter_rows(named=True)
        found = sorted([row["src"], row[oracle.KEYS[table]], *(row[name] for name in names)] for row in rows)
        told = [[src, own, *(said.get(name) for name in names)] for src, own, said in facts.of_table(table)]
        check(f"I3: {table}", found, sorted(told))
    steps = ledger.frame("stage_change").with_columns(pl.col("changed_at").dt.epoch("us"))
    kept = steps.select("src", "entity_id", "field", "to_value", "changed_at").rows()
    check("I3: steps", sorted(kept), sorted(facts.steps))


def check_clocks(world: World, facts: oracle.Facts, ledger: Ledger, judge: oracle.Judge) -> None:
    """I4, I6, I9, I13: the open clocks; in some worlds those made anew, and every verdict, besides."""
    now = world.now
    assert not are_stale(now=now), "I13: the open clocks are stale"
    kept = sorted(OpenClock.objects.values_list(*COLUMNS))
    open_at = [row for row in kept if _is_open(row, now)]
    told_of = [judge.clocks_of(own) for own in oracle.by_lead(facts)]
    expected = sorted(_of_tick(name, tick) for told in told_of for name, ticks in told.items() for tick in ticks)
    running = [row for row in expected if not row[-1] and row[7] > micros(now) and row[6] >= micros(now) - KEPT_US]
    owners = {(src, own): owner for src, own, owner in ledger.frame("lead").select(*LEAD, "owner_id").rows()}
    held = {(src, own): holder for src, own, holder in OpenClock.objects.values_list(*LEAD, "holder")}
    check("I4: whose leads they are of", held, {own: owners[own] for own in held})
    check("I4: open clocks", sorted(map(_of_open, open_at)), [row[:-1] for row in running])
    if world.size is LONG or world.seed % MIRRORED == 0:
        terms = every_agreement()
        made = all_clocks(ledger, terms, now).clocks
        told = made.with_columns(pl.from_epoch(name, "us").dt.replace_time_zone("UTC") for name in INSTANTS)
        check("I4: kept up as made anew", open_at, sorted(row for row in told.rows() if _is_open(row, now)))
        check("I6: every clock", verdicts(ledger, terms["sla"], micros(now)), expected)
    world.saw["breached"] += sum(not row[-1] and row[7] > row[6] for row in expected)
    world.saw["met"] += sum(not row[-1] and row[7] <= row[6] for row in expected)
    world.saw["running"] += len(running)
    world.saw["pause_across_dst"] += _pauses_across_dst(facts)
    world.note("clocks", expected)


def _pauses_across_dst(facts: oracle.Facts) -> int:
    tracks: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for src, lead, field, value, at in facts.steps:
        if field == "status":
            tracks.setdefault((src, lead), []).append((at, value))
    steps = [pair for track in tracks.values() for pair in pairwise(sorted(track))]
    return sum(was == "waiting" and at < dst < until for (at, was), (until, _) in steps for dst in DST)


def _is_open(row: Row, now: datetime) -> bool:
    known = dict(zip(COLUMNS, row, strict=True))
    due, stops = known["due_at"], known["stops_at"]
    return (stops is None or stops > now) and (due is None or due >= now - timedelta(microseconds=KEPT_US))


def _of_open(row: Row) -> Row:
    """An open clock as the oracle tells it."""
    known = dict(zip(COLUMNS, row, strict=True))
    owner = f"{known['owner_src']}:{known['owner']}" if known["owner"] else ""
    instants = [NEVER if known[name] is None else micros(known[name]) for name in INSTANTS]
    return f"{known['src']}:{known['lead_id']}", known["commitment"], known["episode"], owner, *instants


def _of_tick(name: str, tick: Tick) -> Row:
    return (tick.lead, name, tick.episode, tick.owner, tick.start_at, tick.risk_at, tick.due_at, tick.stop_at,
            tick.void)  # fmt: skip


def verdicts(ledger: Ledger, versions: Any, now: int) -> list[Row]:
    """Every clock as it is stored beside the replica, by names."""
    replica, names = open_replica(ledger), names_of(ledger)
    stored = stored_clocks(replica, versions, now=now)
    files = [bucket_path(replica.path, LEAD_IDS, bucket) for bucket in range(replica.n_buckets)]
    leads = [f"{row['src']}:{row['lead_id']}" for file in files for row in pl.read_parquet(file).iter_rows(named=True)]
    owners = [f"{src}:{own}" for src, own in names.owners.select("src", "owner_id").rows()]
    reasons = ("", *names.codebook.reasons)
    return sorted(
        (
            leads[row["number"]],
            row["commitment"],
            row["episode"],
            owners[row["owner"]] if row["owner"] >= 0 else "",
            *(row[name] for name in CLOCK_NAMES[4:8]),
            reasons[row["void"]],
        )
        for row in stored.scan().collect().iter_rows(named=True)
    )


def check_records() -> None:
    """I9, I11."""
    check("I11: the chain of events holds", list(chain_faults()), [])
    signed = sum(version.signatures.filter(lapsed_at=None).count() for version in Version.objects.all())
    check("I11: one event for each signature", Event.objects.filter(verb="sign_version").count(), signed)


def everything_told(home: Path) -> dict[str, list[Row]]:
    """All facts but for when we learned them and who first told of a source."""
    ledger = the_ledger(home)
    frames = {name: ledger.frame(name).drop("seen_at") for name in TABLES if name != "source"}
    return {name: frame.sort(TABLES[name].key).rows() for name, frame in frames.items()}


def check_replay(
    home: Path, rows: list[tuple[str, str, bytes, datetime | None]], now: datetime, chance: Random
) -> None:
    """I3, I5: an empty database told the same in another order, and in batches of another size."""
    world_told = everything_told(home)
    with installed(f"{home.name}-again") as (again, _):
        chance.shuffle(rows)
        for src, key, body, occurred_at in rows:
            take_in([Arrival(src, key, body, occurred_at)], now)
        lease = drain_lease.take("replay", now)
        assert lease is not None
        ledger, most = the_ledger(again), chance.choice((len(rows) // 2 + 1, 1_000))
        while drain_inbox(ledger=ledger, lease=lease, now=now, most=most).n_rows:
            pass
        told = everything_told(again)
    for name, expected_rows in world_told.items():
        check(f"I5: {name}", told[name], expected_rows)


def check_said(world: World, judge: oracle.Judge) -> None:
    """I7"""
    foresight = Foresight(judge)
    found = [(micros(at), foresight.of(oracle.Facts.of(events), n)) for at, events, n in world.known if events]
    check_notices(world, States(found))
