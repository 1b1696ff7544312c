"""The folder that mirrors the database: refreshed by sequence number, and made again when it is gone or wrong."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import polars as pl
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from smarketing.facts.schema import TABLES, Table
from smarketing.ledger.bulk import fetch
from smarketing.ledger.change import TABLES_FOLDER, Change, sweep
from smarketing.ledger.durable import sync_folder
from smarketing.ledger.effort import EFFORT
from smarketing.ledger.lag import Lag, may_stay
from smarketing.ledger.lock import LOCK, in_turn
from smarketing.ledger.manifest import Manifest, read_manifest, write_manifest
from smarketing.ledger.mirror_past import note_past, past_files
from smarketing.ledger.mirror_shown import note_shown, shown, shown_files
from smarketing.ledger.models import LedgerId, Merge, Removed
from smarketing.ledger.values import from_database, kept_schema
from smarketing.terms.errors import FactsError

_STATE = (
    f'SELECT i."ledger_id", m."seq", m."stamp" FROM "{LedgerId._meta.db_table}" i '
    f'LEFT JOIN "{Merge._meta.db_table}" m ON m."seq" = (SELECT max("seq") FROM "{Merge._meta.db_table}") '
    'WHERE i."id" = 1'
)


@dataclass(frozen=True, slots=True)
class State:
    """Which ledger this is and how far it has come."""

    ledger_id: str
    sequence: int
    stamp: str


def state_of(using: str) -> State:
    with connections[using].cursor() as cursor:  # asked at every merge
        cursor.execute(_STATE)
        founded = cursor.fetchone()
    if founded is None:
        LedgerId.objects.using(using).get_or_create(pk=1, defaults={"ledger_id": uuid4().hex})
        return state_of(using)
    ledger_id, sequence, stamp = founded
    return State(ledger_id, sequence or 0, stamp or "")


def refreshed(path: Path, using: str, lag: Lag | None = None) -> Manifest:
    """The manifest of the mirror in `path`, once it is what the database says, or as near to it as `lag` asks."""
    state = state_of(using)
    if lag is None:
        return _brought_up(path, state, using)
    if (manifest := shown(path)) and _is_near(manifest, state, lag, using):
        return manifest
    with EFFORT.counted(is_first=True):
        found = _brought_up(path, state, using, lag)
    if not connections[using].in_atomic_block:
        note_shown(path, found)
    return found


def _brought_up(path: Path, state: State, using: str, lag: Lag | None = None) -> Manifest:
    manifest = _usable(_read(path), state, using)
    if manifest is not None and _is_near(manifest, state, lag, using):
        return manifest
    (path / TABLES_FOLDER).mkdir(parents=True, exist_ok=True)
    with in_turn(path), one_instant(connections[using]):
        state = state_of(using)
        manifest = _usable(_read(path), state, using)
        if manifest is None:
            _clear(path)
            manifest = Manifest(id=state.ledger_id)
            _write(path, manifest)
        if _is_current(manifest, state):
            return manifest
        found = _caught_up(path, manifest, state, using)
    if connections[using].in_atomic_block:  # what may be taken back is not for others yet
        publish_with_commit(path, manifest, found, using)
    return found


def dropped(path: Path) -> None:
    """Throw the mirror away, with everything that was made from it."""
    path.mkdir(parents=True, exist_ok=True)
    with in_turn(path):
        _clear(path)


def publish(path: Path, before: Manifest, manifest: Manifest) -> None:
    """Make `manifest` the mirror's, if it still is as it was `before`; otherwise the next refresh catches up."""
    with in_turn(path):
        files = [path / file for file in manifest.files]
        if _read(path) == before and all(file.exists() for file in files):
            _follow(path, before, manifest)


def publish_with_commit(path: Path, before: Manifest, manifest: Manifest, using: str) -> None:
    """The same with the commit of the transaction around this; where that is lost, the next reader catches up."""
    transaction.on_commit(partial(publish, path, before, manifest), using=using, robust=True)


def _is_current(manifest: Manifest, state: State) -> bool:
    return (manifest.sequence, manifest.stamp) == (state.sequence, state.stamp) and bool(manifest.id)


def _is_near(manifest: Manifest, state: State, lag: Lag | None, using: str) -> bool:
    """Whether this is what the database says, or may stay behind it."""
    if _is_current(manifest, state):
        return True
    if lag is None or not manifest.sequence or _usable(manifest, state, using) is None:
        return False
    return may_stay(manifest.sequence, lag, using)


def _read(path: Path) -> Manifest | None:
    """A mirror that cannot be read is as good as none."""
    try:
        return read_manifest(path)
    except FactsError:
        return None


def _usable(manifest: Manifest | None, state: State, using: str) -> Manifest | None:
    """The manifest, unless it is of another ledger or of a merge that this database does not know."""
    if manifest is None or manifest.id != state.ledger_id:
        return None
    is_known = (
        not manifest.sequence or Merge.objects.using(using).filter(seq=manifest.sequence, stamp=manifest.stamp).exists()
    )
    return manifest if is_known else None


def _caught_up(path: Path, manifest: Manifest, state: State, using: str) -> Manifest:
    """Everything that changed since the mirror's sequence, taken over from the database."""
    change = Change(path, manifest, tag=f"-{state.stamp[:8]}")
    change.sequence = state.sequence
    with tempfile.TemporaryDirectory(dir=path, prefix=".refresh-") as place:
        for table in TABLES.values():
            _take_over(change, table, manifest.sequence, state.sequence, using, Path(place))
    found = replace(change.manifest(), sequence=state.sequence, stamp=state.stamp)
    if not connections[using].in_atomic_block:
        _follow(path, manifest, found)
    return found


def _take_over(change: Change, table: Table, since: int, until: int, using: str, place: Path) -> None:
    tail = f'FROM "ledger_{table.name}" WHERE "seq" > {since} AND "seq" <= {until}'
    blobs = Removed.objects.using(using).filter(table=table.name, seq__gt=since, seq__lte=until)
    if not (_is_any(tail, using) or blobs.exists()):
        return
    rows = from_database(fetch(connections[using], kept_schema(table), tail, place), table)
    gone = [pl.read_parquet(BytesIO(blob)) for blob in blobs.values_list("rows", flat=True)]
    keys = [pl.DataFrame(schema={name: table.schema[name] for name in table.key}), *gone]
    if change.tables.get(table.name):
        keys.append(rows.select(table.key).collect())
    change.replace(table, pl.concat(keys).unique(), rows)


def _is_any(tail: str, using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 {tail})")
        return bool(cursor.fetchone()[0])


def _follow(path: Path, before: Manifest, manifest: Manifest) -> None:
    """Put `manifest` in the place of the one `before`; whoever reads that one, or one shortly before, goes on."""
    note_past(path, before)
    sweep(path, manifest.files, past_files(path) | shown_files(path))
    _write(path, manifest)


def _write(path: Path, manifest: Manifest) -> None:
    sync_folder(path / TABLES_FOLDER)
    write_manifest(path, manifest)


def _clear(path: Path) -> None:
    for child in path.iterdir():
        if child.is_dir():
            shutil.rmtree(child, ignore_errors=True)
        elif child.name != LOCK:
            child.unlink(missing_ok=True)
    (path / TABLES_FOLDER).mkdir(exist_ok=True)


@contextmanager
def one_instant(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """What is read inside is the database of one instant; nobody waits for it."""
    if connection.in_atomic_block:
        yield
        return
    is_server = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if is_server else "BEGIN")
        try:
            yield
        finally:
            cursor.execute("COMMIT")
