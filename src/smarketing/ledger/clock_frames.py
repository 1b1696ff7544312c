"""Clocks as a table: one row per lead, commitment and episode, in the order of the leads; verdicts are comparisons."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from smarketing.engine.clauses import Clause
from smarketing.engine.clocks import Clocks
from smarketing.engine.compiled import Compiled
from smarketing.engine.evaluate import Evaluation
from smarketing.engine.metrics import CLOCK_KINDS

MET, BREACHED, RUNNING, VOID = "met", "breached", "running", "void"
VERDICTS = pl.Enum([MET, BREACHED, RUNNING, VOID])  # in the order of engine.clocks.Verdict
FEW_CLOCKS = 5_000
ROW_GROUP = 32_768  # one lead's clocks and one month's lie in few of them
INTEGERS: dict[str, type[pl.DataType]] = {
    "lead": pl.Int32,
    "number": pl.Int64,
    "version": pl.Int32,
    "episode": pl.Int32,
    "owner": pl.Int32,
    "tier": pl.Int16,
    "source": pl.Int32,
    "calendar": pl.Int16,
    **dict.fromkeys(("start_at", "risk_at", "due_at", "stop_at", "connected_at", "elapsed_us"), pl.Int64),
    "count": pl.Int32,
    "void": pl.UInt8,
}


def verdict(now: int) -> pl.Expr:
    """What each clock's verdict is at `now`, exactly as Clocks.verdicts: met, breached, running or void."""
    is_met = (pl.col("stop_at") <= pl.col("due_at")) & (pl.col("stop_at") <= now)
    met, breached, running, void = (pl.lit(word, VERDICTS) for word in (MET, BREACHED, RUNNING, VOID))
    plain = pl.when(is_met).then(met).when(pl.col("due_at") < now).then(breached).otherwise(running)
    return pl.when(pl.col("void") > 0).then(void).otherwise(plain).alias("verdict")


def is_at_risk(now: int) -> pl.Expr:
    """Clocks still running whose reminder has passed."""
    is_open = ((pl.col("stop_at") > pl.col("due_at")) | (pl.col("stop_at") > now)) & (pl.col("due_at") >= now)
    return ((pl.col("void") == 0) & is_open & (pl.col("risk_at") <= now)).alias("is_at_risk")


def has_begun(now: int) -> pl.Expr:
    """Clocks that there are at `now`; facts may be dated later."""
    return pl.col("start_at") <= now


def clock_schema(compiled: Compiled) -> dict[str, pl.DataType]:
    """Columns of the stored clocks: lead (position in the bucket), number (in the whole replica), and the rest."""
    parties = dict.fromkeys(c.party for version in compiled.versions for c in version.agreement.commitments)
    texts = {"commitment": pl.Enum(list(compiled.clauses(CLOCK_KINDS))), "party": pl.Enum(list(parties))}
    columns = texts | {name: dtype() for name, dtype in INTEGERS.items()}
    return {name: columns[name] for name in ("lead", "number", *columns)}


def clock_frame(found: Evaluation, first: int, compiled: Compiled) -> pl.DataFrame:
    """The clocks of one bucket, by lead, then commitment, then as the metric gives them.

    Takes    first   number of the bucket's first lead
    Units    microseconds UTC, NEVER for what has not come; `version` is the agreement's number of it
    """
    schema = clock_schema(compiled)
    clauses = compiled.clauses(CLOCK_KINDS)
    told = [(clauses[name], clocks) for name, clocks in found.clocks.items() if len(clocks)]
    if not told:
        return pl.DataFrame(schema=schema)
    made = _frame(told, first, compiled, schema)
    return in_order(made) if len(made) > FEW_CLOCKS else made


def in_order(clocks: pl.DataFrame) -> pl.DataFrame:
    """By lead, then commitment; a lead's episodes of one commitment keep their order."""
    return clocks.sort("lead", pl.col("commitment").to_physical(), maintain_order=True)


def _frame(
    told: list[tuple[list[Clause], Clocks]], first: int, compiled: Compiled, schema: dict[str, pl.DataType]
) -> pl.DataFrame:
    judged = [_judged_by(clocks.start_at, clauses, compiled) for clauses, clocks in told]
    arrays: dict[str, NDArray[Any]] = {
        f.name: np.concatenate([getattr(clocks, f.name) for _, clocks in told]) for f in fields(Clocks)
    }
    arrays |= {"number": arrays["lead"], "lead": arrays["lead"] - np.int32(first)}
    arrays["version"] = np.concatenate([version for version, _ in judged])
    begins = np.cumsum([0, *(len(clauses) for clauses, _ in told)])
    which = np.concatenate([begin + place for begin, (_, place) in zip(begins, judged, strict=False)])
    commitments = [clause.commitment for clauses, _ in told for clause in clauses]
    if len(which) <= FEW_CLOCKS:  # in order at once, which is sooner than to sort a frame
        code_of = {name: code for code, name in enumerate(compiled.clauses(CLOCK_KINDS))}
        order = np.lexsort((np.array([code_of[each.id] for each in commitments])[which], arrays["lead"]))
        arrays, which = {name: values[order] for name, values in arrays.items()}, which[order]
    texts = {
        "commitment": pl.Series([each.id for each in commitments], dtype=schema["commitment"])[which],
        "party": pl.Series([each.party for each in commitments], dtype=schema["party"])[which],
    }
    narrow = {name: arrays[name].astype(dtype.__name__.lower(), copy=False) for name, dtype in INTEGERS.items()}
    return pl.DataFrame({name: texts[name] if name in texts else narrow[name] for name in schema})


def _judged_by(
    start_at: NDArray[np.int64], clauses: list[Clause], compiled: Compiled
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """The number of the version in force when each clock started, and which of the clauses is of that version."""
    number, which = np.zeros(len(start_at), np.int32), np.zeros(len(start_at), np.intp)
    for position, clause in enumerate(clauses):
        version = compiled.versions[clause.version]
        rows = version.holds(start_at)
        number[rows], which[rows] = version.agreement.version, position
    return number, which


def clock_path(folder: Path, bucket: int) -> Path:
    return folder / f"clocks_{bucket:04}.parquet"


def write_clocks(path: Path, clocks: pl.DataFrame) -> None:
    clocks.rechunk().write_parquet(path, compression="zstd", compression_level=1, row_group_size=ROW_GROUP)
