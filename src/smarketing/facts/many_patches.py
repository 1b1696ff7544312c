"""Many patches folded column by column into the rows that facts.patches folds them into one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from smarketing.facts.patch_marks import AGE, MARKS, marks_each, said_columns, with_ages
from smarketing.facts.patches import AT, ROW, SET, TICK, Folded, Key, Waiting
from smarketing.facts.schema import Table

N, KNOWN, TIME, CODE = "_n", "_known", "_time", "_code"
OLD, CHANGED = "_old_", "_changed_"  # begin the names of columns


def fold_many(table: Table, patches: pl.DataFrame, stored: pl.DataFrame, marks: pl.DataFrame) -> Folded:
    """What facts.patches.fold makes of the same."""
    keys = patches.select(table.key).unique(maintain_order=True).with_row_index(N)
    if stored.is_empty() and keys.height == patches.height:
        return _folded(table, patches, _fresh(table, patches))
    before = with_ages(table, _before(table, keys, stored, marks))
    told = _numbered(table, patches, keys)
    newest = _newest_each(table, told, keys)
    columns = [column for name, found in newest for column in _won(before, found, name)]
    after = before.with_columns(columns).with_columns(_seen(table, told, before))
    return _folded(table, patches, after)


def _fresh(table: Table, patches: pl.DataFrame) -> pl.DataFrame:
    """The rows of records that nobody told of before, each told by one patch."""
    texts, time = patches[SET].unique().to_list(), pl.col(AT).dt.timestamp("us")
    said_in = {name: [text for text in texts if name in text.split()] for name in said_columns(table)}
    ages = [pl.when(pl.col(SET).is_in(own)).then(time).alias(AGE + name) for name, own in said_in.items() if own]
    unsaid = [pl.lit(None, pl.Int64).alias(AGE + name) for name, own in said_in.items() if not own]
    nothing = [pl.lit(None, pl.Boolean).alias(KNOWN), pl.lit(None, pl.String).alias(MARKS)]
    late = pl.lit(None, patches.schema["seen_at"]).alias(OLD + "seen_at")
    return patches.with_columns(*ages, *unsaid, *nothing, late).drop(ROW)


def _before(table: Table, keys: pl.DataFrame, stored: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """A row for each key: what is stored of it, if anything."""
    key = list(table.key)
    known = stored.select(table.names).with_columns(pl.lit(value=True).alias(KNOWN))
    found = keys.join(known, on=key, how="left", nulls_equal=True, maintain_order="left")
    return found.join(marks.select(*key, MARKS), on=key, how="left", nulls_equal=True, maintain_order="left")


def _numbered(table: Table, patches: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """The patches by N, the number of their key, and TIME; CODE stands for what is said."""
    texts = patches[SET].unique().to_list()
    told = patches.with_columns(
        pl.col(AT).dt.timestamp("us").alias(TIME),
        pl.col(SET).replace_strict(texts, range(len(texts)), return_dtype=pl.UInt32).alias(CODE),
    )
    if keys.height == patches.height:
        return told.with_columns(keys[N])
    told = told.join(keys, on=list(table.key), how="left", nulls_equal=True, maintain_order="left")
    return told.sort(N, TIME)


def _newest_each(table: Table, told: pl.DataFrame, keys: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """For each column that is said, what its newest patch says of each key: N, TIME and the value."""
    codes = dict(told.select(SET, CODE).unique().iter_rows())
    for name in said_columns(table):
        own = [code for text, code in codes.items() if name in text.split()]
        if own:
            said = told if len(own) == len(codes) else told.filter(pl.col(CODE).is_in(own))
            found = said.select(N, TIME, name)
            yield name, found if keys.height == told.height else _last(found, name)


def _last(said: pl.DataFrame, name: str) -> pl.DataFrame:
    """The last row of each N; of one instant the greatest value."""
    is_followed = pl.col(N) == pl.col(N).shift(-1)
    if said.select((is_followed & (pl.col(TIME) == pl.col(TIME).shift(-1))).any()).item():
        said = said.sort(N, TIME, name, nulls_last=False)
    return said.filter(~is_followed.fill_null(value=False))


def _won(before: pl.DataFrame, newest: pl.DataFrame, name: str) -> list[pl.Series]:
    """The column, its ages and whether it changed, after the newest patches met what is stored."""
    old, new, age = pl.col(OLD + name), pl.col(name), pl.col(AGE + name)
    both = before.select(N, pl.col(name).alias(OLD + name), AGE + name)
    both = both.join(newest, on=N, how="left", maintain_order="left")
    is_greater = new.is_not_null() & (old.is_null() | (new > old))
    is_newer = pl.col(TIME).is_not_null() & (age.is_null() | (pl.col(TIME) > age))
    wins = (is_newer | ((pl.col(TIME) == age) & is_greater)).fill_null(value=False)
    return both.select(
        pl.when(wins).then(new).otherwise(old).alias(name),
        pl.when(wins).then(TIME).otherwise(age).alias(AGE + name),
        (wins & new.ne_missing(old)).alias(CHANGED + name),
    ).get_columns()


def _seen(table: Table, told: pl.DataFrame, before: pl.DataFrame) -> list[pl.Series]:
    """When each row was learnt and written, the latest of what is stored and told."""
    names = [name for name in ("seen_at", "updated_at") if name in table.names]
    latest = told.select(N, *names)
    if told.height > before.height:
        latest = latest.group_by(N, maintain_order=True).agg(pl.col(names).max())
    old = before.select(pl.col(names).name.prefix(OLD))
    both = latest.hstack(old).with_columns(pl.max_horizontal(name, OLD + name).alias(name) for name in names)
    columns = both.select(*names, OLD + "seen_at").get_columns()
    if "updated_at" in names:
        changed = both.select(pl.col("updated_at").ne_missing(pl.col(OLD + "updated_at")))
        columns.append(changed.to_series().alias(CHANGED + "updated_at"))
    return columns


def _folded(table: Table, patches: pl.DataFrame, after: pl.DataFrame) -> Folded:
    required = [column.name for column in table.columns if column.required]
    is_whole = after.select(pl.all_horizontal(pl.col(required).is_not_null())).to_series()
    waiting = {} if is_whole.all() else _waiting(table, patches, after.filter(~is_whole), required)
    whole = after if is_whole.all() else after.filter(is_whole)
    changed = [name for name in whole.columns if name.startswith(CHANGED)]
    rows = whole.filter(pl.any_horizontal(pl.col(KNOWN).is_null(), *changed))
    is_early = pl.col("seen_at") <= pl.col(OLD + "seen_at")
    later = pl.when(is_early).then(pl.col(OLD + "seen_at") + TICK).otherwise("seen_at").alias("seen_at")
    marks = whole.select(*table.key, marks_each(table, whole).alias(MARKS))
    return Folded(rows.with_columns(later).select(table.names), marks, waiting)


def _waiting(table: Table, patches: pl.DataFrame, lacking: pl.DataFrame, required: Sequence[str]) -> dict[Key, Waiting]:
    key = list(table.key)
    rows = patches.select(*key, ROW).group_by(key).agg(pl.col(ROW).unique().sort())
    told = lacking.join(rows, on=key, how="left", nulls_equal=True, maintain_order="left")
    return {
        tuple(row[name] for name in key): Waiting(tuple(row[ROW]), tuple(n for n in required if row[n] is None))
        for row in told.select(*required, ROW, *(name for name in key if name not in required)).iter_rows(named=True)
    }
