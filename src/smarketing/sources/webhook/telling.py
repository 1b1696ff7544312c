"""What events say, gathered as patches; an event that cannot be understood leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from smarketing.facts.patches import AT, ROW, SET, TICK, patch_schema
from smarketing.facts.schema import TABLES
from smarketing.sources.fact_ids import change_ids
from smarketing.sources.webhook.cells import instant, value_of
from smarketing.sources.webhook.event import Mapped, Rejected, Reread, SourceReading
from smarketing.sources.webhook.refusal import Early, Refused
from smarketing.sources.webhook.strict_json import Json, read, read_all
from smarketing.terms.instants import micros

SKEW = timedelta(minutes=5)
MANY = 50  # events, among which it pays to look for those that say the same columns
WEAK = datetime(1900, 1, 1, tzinfo=UTC)  # what is usual holds until anybody says otherwise
COLUMNS = {table.name: {column.name: column for column in table.columns} for table in TABLES.values()}
UNSAID = {table.name: frozenset([*table.key, "src", "seen_at", "updated_at"]) for table in TABLES.values()}
PAST = (
    "created_at",
    "updated_at",
    "deleted_at",
    "erased_at",
    "changed_at",
    "assigned_at",
    "converted_at",
    "logged_at",
    "delivered_at",
    "at",
)
PRECISION_OF = {"created_at": "created_prec", "occurred_at": "prec", "changed_at": "prec"}
CURRENT = {
    ("lead", "lifecycle"): "lifecycle",
    ("lead", "status"): "status",
    ("lead", "owner"): "owner_id",
    ("deal", "stage"): "stage",
    ("deal", "owner"): "owner_id",
    ("deal", "amount"): "amount",
    ("deal", "close_date"): "expected_close",
}
FIELD_OF = {(entity, column): field for (entity, field), column in CURRENT.items()}


class Telling:
    """Gathers the patches of a batch; `source` and `now` are for the shape to read."""

    def __init__(self, source: SourceReading, now: datetime) -> None:
        self.source, self.now, self.index = source, now, 0
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._pending: list[tuple[str, dict[str, Any]]] = []
        self._whole: list[tuple[str, pl.DataFrame]] = []
        self.rereads: list[Reread] = []

    def patch(self, table: str, at: datetime, values: Mapping[str, Any], *, holds_from: datetime | None = None) -> None:
        """Some columns of one row, its key among them.

        Takes    at          when the source changed the row
                 holds_from  from when on the values hold, where that is another instant
        """
        unsaid, known = UNSAID[table], COLUMNS[table]
        said = [name for name in values if name not in unsaid]
        row = {**values, "src": self.source.src, "seen_at": self.now, ROW: self.index, AT: holds_from or at}
        row[SET] = " ".join(said)
        if "updated_at" in known:
            row["updated_at"] = values.get("updated_at") or at
        self._pending.append((table, row))

    def usual(self, table: str, at: datetime, values: Mapping[str, Any]) -> None:
        """Values that hold only as long as nobody says otherwise."""
        self.patch(table, at, values, holds_from=WEAK)

    def created(self, table: str, at: datetime, values: Mapping[str, Any]) -> None:
        """Values of a creation: a change of the same instant comes after it."""
        self.patch(table, at, values, holds_from=at - TICK)

    def change(self, entity: str, entity_id: str, field: str, value: Any, at: datetime, **more: Any) -> None:
        """A field of a lead or deal took a value; an emptied one is no step."""
        if value is None:
            return
        usual = {"origin": "webhook", "exact": True, "to_raw": str(value)}
        values = {"entity": entity, "entity_id": entity_id, "field": field, "to_value": str(value), "changed_at": at}
        self.patch("stage_change", at, {"change_id": "", **usual, **values, **more})

    def changes(self, entity: str, entity_id: str, values: Mapping[str, Any], at: datetime, **more: Any) -> None:
        """A step for each of `values` whose history is kept."""
        for name, value in values.items():
            field = FIELD_OF.get((entity, name))
            if field is not None:
                self.change(entity, entity_id, field, value, at, **more)

    def check_time(self, at: datetime, path: str) -> None:
        """Raises Early for what has not come yet."""
        if at > self.now + SKEW:
            raise Early("from_the_future", path, at.isoformat(), at=at.strftime("%Y-%m-%d %H:%M:%S UTC"))

    def instant(self, given: Any, path: str, zone: str | None = None) -> datetime:
        """An instant that has come.

        Raises Refused, Early.
        """
        at, _ = instant(given, self.source.zone if zone is None else zone, path)
        self.check_time(at, path)
        return at

    def columns(self, table: str, given: Mapping[str, Any], path: str, zone: str | None = None) -> dict[str, Any]:
        """Values of fact columns, each read as its type; how exact a time is goes with it."""
        known, read_in = COLUMNS[table], self.source.zone if zone is None else zone
        values: dict[str, Any] = {}
        for name, value in given.items():
            place = f"{path}.{name}".lstrip(".")
            values[name] = value_of(known[name], value, read_in, place)
            if name in PAST and values[name] is not None:
                self.check_time(values[name], place)
            precision = PRECISION_OF.get(name)
            if precision in known and isinstance(value, str) and value.strip():
                values.setdefault(precision, instant(value, read_in, place)[1])
        return values

    def reread(self, object_name: str, ids: Sequence[str] = ()) -> None:
        self.rereads.append(Reread(self.index, object_name, tuple(ids)))

    def keep(self) -> bool:
        """The event was understood: its patches count. False when there are none."""
        for table, row in self._pending:
            self._rows.setdefault(table, []).append(row)
        found, self._pending = bool(self._pending), []
        return found

    def drop(self) -> None:
        self._pending = []
        self.rereads = [reread for reread in self.rereads if reread.index != self.index]

    def keep_all(self, table: str, patches: pl.DataFrame) -> None:
        """Patches of many events, which were understood."""
        self._whole.append((table, patches))

    def frames(self) -> dict[str, pl.DataFrame]:
        parts = [(name, _frame(rows, patch_schema(TABLES[name]))) for name, rows in self._rows.items()]
        found: dict[str, list[pl.DataFrame]] = {}
        for name, frame in [*parts, *self._whole]:
            found.setdefault(name, []).append(frame)
        frames = {name: pl.concat(each) for name, each in found.items()}
        if "stage_change" in frames:
            steps = frames["stage_change"]
            own = pl.Series("hashed", change_ids(steps))
            given = pl.when(pl.col("change_id") != "").then("change_id")
            frames["stage_change"] = steps.with_columns(pl.coalesce(given, own).alias("change_id"))
        return frames


def _frame(rows: list[dict[str, Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The rows as a frame; columns that nobody says are not built value by value, instants go in as numbers."""
    said = {name for row in rows for name in row}
    columns = [_column(name, dtype, rows) for name, dtype in schema.items() if name in said]
    unsaid = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in said]
    return pl.DataFrame(columns).with_columns(unsaid).select(list(schema))


def _column(name: str, dtype: pl.DataType, rows: list[dict[str, Any]]) -> pl.Series:
    values = [row.get(name) for row in rows]
    if dtype == pl.Datetime("us", "UTC"):
        numbers = [None if at is None else micros(at) for at in values]
        return pl.Series(name, numbers, dtype=pl.Int64).cast(dtype)
    return pl.Series(name, values, dtype=dtype)


def mapped(
    events: Sequence[bytes],
    source: SourceReading,
    now: datetime,
    tell: Callable[[Json, Telling], None],
    tell_together: Callable[[Sequence[Json | None], Telling], set[int]] | None = None,
) -> Mapped:
    """Every event told by `tell`, which raises Refused where it cannot.

    Takes    tell_together  tells of many events what it can as `tell` would, and returns the indexes of those
    """
    telling = Telling(source, now)
    rejected: list[Rejected] = []
    held: list[Rejected] = []
    unused: list[int] = []
    known = read_all(events) if len(events) > 1 else [None]
    told = tell_together(known, telling) if tell_together and len(events) >= MANY else set[int]()
    for index, raw in enumerate(events):
        if index in told:
            continue
        telling.index = index
        try:
            tell(known[index] or read(raw), telling)
        except Refused as refusal:
            (held if isinstance(refusal, Early) else rejected).append(refusal.rejected(index))
            telling.drop()
            continue
        if not telling.keep() and all(reread.index != index for reread in telling.rereads):
            unused.append(index)
    return Mapped(telling.frames(), tuple(rejected), tuple(held), tuple(unused), tuple(telling.rereads))
