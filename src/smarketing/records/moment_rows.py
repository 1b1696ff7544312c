"""Many moments in and out of the database at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F

from smarketing.ledger.bulk import load_aside, names, of_leads
from smarketing.records.models.notices import Held, Moment, MomentState

TABLE = Moment._meta.db_table
KEPT = timedelta(days=61)  # after its deadline a clock is asked about no more
ONE = ("src", "lead_id", "agreement", "commitment", "episode", "rule", "level", "arming")  # names one arming
TEXTS = ("src", "lead_id", "agreement", "commitment", "rule", "occasion", "state", "why")
NUMBERS = ("episode", "version", "level", "arming")
INSTANTS = ("at", "due_at", "start_at")
COLUMNS = (*TEXTS, *NUMBERS, *INSTANTS)
NONE = pl.DataFrame(schema=dict.fromkeys(TEXTS, pl.String()) | dict.fromkeys((*NUMBERS, *INSTANTS), pl.Int64()))
NO_LEAD = ""  # src and lead_id of the clocks of things owed without a lead


def stored_moments(leads: pl.DataFrame | None, now: datetime, using: str = DEFAULT_DB_ALIAS) -> pl.DataFrame:
    """The moments of some leads (src, lead_id), locked, or of every lead; instants in µs.

    Those of clocks that nothing is asked about any more are left out.
    """
    connection = connections[using]
    is_postgres = connection.vendor == "postgresql"
    told = [*TEXTS, *NUMBERS]
    columns = ", ".join(
        [*(f'"{name}"' for name in told), *(_instant(name, is_postgres=is_postgres) for name in INSTANTS)]
    )
    where, given = f'"due_at" > %s AND "src" <> \'{NO_LEAD}\'', [connection.ops.adapt_datetimefield_value(now - KEPT)]
    with connection.wrap_database_errors:
        if leads is not None:
            condition, given = of_leads(connection, leads)
            where = condition + (" FOR UPDATE" if is_postgres else "")
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {columns} FROM "{TABLE}" WHERE {where}', given)
            rows = cursor.fetchall()
    return read(rows, is_postgres=is_postgres)


def read(rows: list[tuple[object, ...]], *, is_postgres: bool) -> pl.DataFrame:
    if not rows:
        return NONE
    schema = NONE.schema if is_postgres else NONE.schema | dict.fromkeys(INSTANTS, pl.String())
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    if is_postgres:
        return frame
    padded = [pl.col(name).str.pad_end(20, ".").str.pad_end(26, "0") for name in INSTANTS]
    read_as = [column.str.to_datetime("%Y-%m-%d %H:%M:%S%.6f", time_unit="us").cast(pl.Int64) for column in padded]
    return frame.with_columns(read_as)


def write_moments(rows: pl.DataFrame, using: str = DEFAULT_DB_ALIAS) -> None:
    """Write rows over those of the same arming, or beside them; one that has been raised meanwhile stays."""
    if rows.is_empty():
        return
    connection = connections[using]
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in COLUMNS if name not in ONE)
    with connection.wrap_database_errors:
        aside = load_aside(connection, TABLE, rows.select(COLUMNS).with_columns(_written(name) for name in INSTANTS))
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{TABLE}" ({names(COLUMNS)}) SELECT {names(COLUMNS)} FROM "{aside}" WHERE 1 = 1 '
                f'ON CONFLICT ({names(ONE)}) DO UPDATE SET {sets} WHERE "{TABLE}"."state" <> \'{MomentState.RAISED}\''
            )


def count_held(counts: pl.DataFrame, reason: str) -> None:
    """Add to how many moments were not spoken of. Columns agreement, rule, day, n."""
    for row in counts.iter_rows(named=True):
        key = {"agreement": row["agreement"], "rule": row["rule"], "day": row["day"], "reason": reason}
        held, _ = Held.objects.get_or_create(**key)
        Held.objects.filter(pk=held.pk).update(n_moments=F("n_moments") + row["n"])


def sweep_moments(now: datetime) -> int:
    """Remove what is over for so long that no clock can ask for it again."""
    gone = Moment.objects.filter(due_at__lt=now - KEPT).exclude(state=MomentState.WAITING)
    return int(gone.delete()[0])


def _instant(name: str, *, is_postgres: bool) -> str:
    """In µs where the database can, else the text that it keeps: a plus, and nobody reads it for us."""
    return f'(extract(epoch from "{name}") * 1000000)::bigint' if is_postgres else f"\"{name}\" || ''"


def _written(name: str) -> pl.Expr:
    """An instant in µs as Django writes it: without a fraction where there is none, so that texts compare."""
    text = pl.from_epoch(name, "us").dt.strftime("%Y-%m-%d %H:%M:%S%.6f")
    return text.str.strip_suffix(".000000").alias(name)
