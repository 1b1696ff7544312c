"""Events of the generic form told together, column by column, where many of a batch say the same columns.

What cannot be told together is left to `generic.tell`, which knows the reason: an event that is told here is one that
it tells the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from json.encoder import encode_basestring

import polars as pl

from smarketing.facts.patches import AT, ROW, SET, TICK, patch_schema
from smarketing.facts.schema import TABLES, DType
from smarketing.sources.webhook.cell_columns import read_instants, read_together
from smarketing.sources.webhook.generic_kinds import KINDS, MAY_BE_FUTURE
from smarketing.sources.webhook.strict_json import Json
from smarketing.sources.webhook.telling import COLUMNS, CURRENT, FIELD_OF, PAST, PRECISION_OF, SKEW, UNSAID, Telling

SOME = 20  # that say the same columns; fewer are sooner told one by one
WHEN = "_when"  # the event's own instant
STEP = ("entity", "entity_id", "field", "to_value", "to_raw", "changed_at", "origin", "exact")


@dataclass(frozen=True, slots=True)
class Alike:
    """What events of one type say: a row for each with the columns `said`, WHEN, and ROW, its index in the batch."""

    table: str
    said: tuple[str, ...]
    rows: pl.DataFrame

    def only(self, mask: pl.Expr) -> Alike:
        return replace(self, rows=self.rows.filter(mask))

    def saying(self, **columns: pl.Expr) -> Alike:
        """With more columns, or others of the same name."""
        said = tuple(dict.fromkeys([*self.said, *columns]))
        return replace(self, said=said, rows=self.rows.with_columns(**columns))

    def or_when(self, name: str) -> pl.Expr:
        """An instant of the data, the event's own where there is none."""
        return pl.coalesce(name, WHEN) if name in self.said else pl.col(WHEN)


def tell_together(events: Sequence[Json | None], telling: Telling) -> set[int]:
    """Tell what can be told together; returns the indexes of those events."""
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for index, event in enumerate(events):
        if event is not None and type(name := event.get("type")) is str and type(data := event.get("data")) is dict:
            groups.setdefault((name, tuple(data)), []).append(index)
    told: set[int] = set()
    for (name, columns), indexes in groups.items():
        if len(indexes) >= SOME and name in _TELL:
            kind = KINDS[name]
            if {*kind.required} <= {*columns} <= {*kind.columns}:
                alike = _read(
                    name, columns, indexes, [event for event in map(events.__getitem__, indexes) if event], telling
                )
                told.update(_TELL[name](alike, telling)[ROW])
    return told


def _read(
    name: str, columns: tuple[str, ...], indexes: Sequence[int], events: Sequence[Json], telling: Telling
) -> Alike:
    """Those whose data can be read: each says the same columns, among them how exact its times are."""
    kind, zone = KINDS[name], telling.source.zone
    known, refused = COLUMNS[kind.table], set[int]()
    when = read_instants([event.get("occurred_at") for event in events], zone, "occurred_at")
    found = {ROW: pl.Series(indexes, dtype=pl.Int64), WHEN: when.values}
    for column in columns:
        cells = read_together(known[column], [event["data"][column] for event in events], zone, f"data.{column}")
        refused.update(cells.refused)
        found[column] = cells.values
        precision = PRECISION_OF.get(column)
        if precision in known and precision not in columns and cells.precisions is not None:
            found[precision] = cells.precisions
    rows = pl.DataFrame(found)
    said = tuple(column for column in found if column not in (ROW, WHEN))
    has_come = [pl.col(at).is_null() | (pl.col(at) <= telling.now + SKEW) for at in (WHEN, *PAST) if at in found]
    needed = [WHEN, *kind.required, *(each for each in said if each not in columns)]
    is_read = pl.all_horizontal(pl.col(needed).is_not_null(), *has_come)
    if refused:
        is_read &= ~pl.lit(pl.Series([position in refused for position in range(rows.height)]))
    return Alike(kind.table, said, rows.filter(is_read))


def _patch(alike: Alike, telling: Telling, *, at: pl.Expr | None = None, holds_from: pl.Expr | None = None) -> None:
    """As `Telling.patch` does for one event."""
    at = pl.col(WHEN) if at is None else at
    told = {
        "src": pl.lit(telling.source.src),
        "seen_at": pl.lit(telling.now),
        AT: at if holds_from is None else holds_from,
        SET: pl.lit(" ".join(name for name in alike.said if name not in UNSAID[alike.table])),
    }
    schema = patch_schema(TABLES[alike.table])
    if "updated_at" in schema:
        told["updated_at"] = pl.coalesce("updated_at", at) if "updated_at" in alike.said else at
    said = {*alike.said, ROW}
    columns = [told[name] if name in told else pl.col(name) if name in said else pl.lit(None) for name in schema]
    patches = alike.rows.select(
        column.cast(dtype).alias(name) for column, (name, dtype) in zip(columns, schema.items(), strict=True)
    )
    telling.keep_all(alike.table, patches)


def _steps(alike: Alike, telling: Telling, *names: str) -> None:
    """As `Telling.changes` does for one event; a step says what is said under `names` too."""
    more = {name: pl.col(name) for name in names if name in alike.said}
    for name in alike.said:
        field = FIELD_OF.get((alike.table, name))
        if field is None:
            continue
        own = alike.only(pl.col(name).is_not_null())
        if COLUMNS[alike.table][name].dtype is not DType.TEXT:
            texts = pl.Series([str(value) for value in own.rows[name]], dtype=pl.String)
            own = replace(own, rows=own.rows.with_columns(texts.alias(name)))
        step = {
            "entity": pl.lit(alike.table),
            "entity_id": pl.col(f"{alike.table}_id"),
            "field": pl.lit(field),
            "to_value": pl.col(name),
            "to_raw": pl.col(name),
            "changed_at": pl.col(WHEN),
        }
        _patch(_as_steps(own, **step, **more), telling)


def _as_steps(alike: Alike, **columns: pl.Expr) -> Alike:
    usual = {"change_id": pl.lit(""), "origin": pl.lit("webhook"), "exact": pl.lit(value=True)}
    told = {**usual, **columns}
    return Alike("stage_change", tuple(told), alike.rows.select(ROW, WHEN, **told))


def _tell_row(alike: Alike, telling: Telling) -> pl.DataFrame:
    _patch(alike, telling)
    _steps(alike, telling, *(["pipeline"] if alike.table == "deal" else []))
    return alike.rows


def _tell_creation(alike: Alike, telling: Telling) -> pl.DataFrame:
    alike = alike.saying(created_at=alike.or_when("created_at"))
    _patch(alike, telling, holds_from=pl.col(WHEN) - TICK)
    _steps(alike, telling, "reason")
    return alike.rows


def _tell_deletion(alike: Alike, telling: Telling) -> pl.DataFrame:
    _patch(alike.saying(deleted_at=alike.or_when("deleted_at")), telling)
    return alike.rows


def _tell_touch(alike: Alike, telling: Telling) -> pl.DataFrame:
    alike = alike.saying(occurred_at=alike.or_when("occurred_at"))
    may_come = pl.col("outcome").is_in(list(MAY_BE_FUTURE)) if "outcome" in alike.said else pl.lit(value=False)
    alike = alike.only((pl.col("occurred_at") <= telling.now + SKEW) | may_come.fill_null(value=False))
    own = pl.lit(pl.Series(_own_ids(alike), dtype=pl.String))
    _patch(alike.saying(touch_id=pl.coalesce("touch_id", own) if "touch_id" in alike.said else own), telling)
    return alike.rows


def _tell_change(alike: Alike, telling: Telling) -> pl.DataFrame:
    told = [_tell_changes_of(entity, field, own, telling) for entity, field, own in _by_field(alike)]
    return pl.concat([alike.rows.select(ROW).clear(), *told])


def _by_field(alike: Alike) -> Iterator[tuple[str, str, Alike]]:
    for entity, field in alike.rows.select("entity", "field").unique().rows():
        if (entity, field) in CURRENT:
            yield entity, field, alike.only((pl.col("entity") == entity) & (pl.col("field") == field))


def _tell_changes_of(entity: str, field: str, alike: Alike, telling: Telling) -> pl.DataFrame:
    """A step, and the value that the lead or deal has since."""
    column = CURRENT[entity, field]
    cells = read_together(COLUMNS[entity][column], alike.rows["to_value"].to_list(), "", "data.to_value")
    current = Alike(entity, alike.said, alike.rows.with_columns(cells.values.alias("_current")))
    if cells.refused:
        refused = pl.Series(cells.refused, dtype=pl.UInt32)
        current = current.only(~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(refused.implode()))
    at = current.or_when("changed_at")
    own = {name: pl.col(name) for name in current.said}
    _patch(
        _as_steps(current, **{"to_raw": pl.col("to_value"), **own, "changed_at": at}), telling, at=pl.col("changed_at")
    )
    key = f"{entity}_id"
    rows = current.rows.select(
        ROW, WHEN, at.alias("_at_own"), pl.col("entity_id").alias(key), pl.col("_current").alias(column)
    )
    _patch(Alike(entity, (key, column), rows), telling, at=pl.col("_at_own"))
    return current.rows.select(ROW)


def _own_ids(alike: Alike) -> list[str]:
    """As `generic._own_id` makes them from what each row says."""
    names = sorted(alike.said)
    pairs = [pl.concat_str(pl.lit(f'["{name}",'), pl.lit(_json_texts(alike.rows[name])), pl.lit("]")) for name in names]
    texts = alike.rows.select(
        pl.concat_str(pl.lit("[["), pl.concat_str(pairs, separator=","), pl.lit("]]"))
    ).to_series()
    return ["h-" + sha256(text.encode()).hexdigest()[:32] for text in texts]


def _json_texts(values: pl.Series) -> pl.Series:
    """What Python's str says of each, as JSON."""
    if isinstance(values.dtype, pl.Datetime):
        has_fraction = values.dt.microsecond() > 0
        text = values.dt.strftime("%Y-%m-%d %H:%M:%S%.6f+00:00").zip_with(
            has_fraction, values.dt.strftime("%Y-%m-%d %H:%M:%S+00:00")
        )
        texts = text.fill_null("None")
    elif values.dtype == pl.String:
        texts = values.fill_null("None")
    else:
        texts = pl.Series([str(value) for value in values], dtype=pl.String)
    if texts.str.contains(r'["\\\x00-\x1f]').any():
        return pl.Series([encode_basestring(text) for text in texts], dtype=pl.String)
    return '"' + texts + '"'


_TELL: dict[str, Callable[[Alike, Telling], pl.DataFrame]] = {
    "lead.created": _tell_creation,
    "lead.updated": _tell_row,
    "lead.deleted": _tell_deletion,
    "deal.updated": _tell_row,
    "touch.logged": _tell_touch,
    "stage.changed": _tell_change,
}
