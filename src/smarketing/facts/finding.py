"""What is wrong with the facts: how many rows, which, what it spoils and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import polars as pl

from smarketing.facts.schema import TABLES
from smarketing.terms.commitment import Kind

MOST_EXAMPLES = 5
FEW = 0.01


class Severity(StrEnum):
    BLOCKS = "blocks"  # something cannot be measured
    WARNS = "warns"  # something is measured somewhat wrong
    INFORMS = "informs"  # worth knowing before anybody asks


@dataclass(frozen=True, slots=True)
class Facts:
    """The canonical tables, unread; `now` separates the past from dates that cannot be right."""

    tables: Mapping[str, pl.LazyFrame]
    now: datetime

    def __getitem__(self, name: str) -> pl.LazyFrame:
        return self.tables[name] if name in self.tables else pl.LazyFrame(schema=TABLES[name].schema)

    def n(self, name: str) -> int:
        return int(self[name].select(pl.len()).collect().item())


@dataclass(frozen=True, slots=True)
class Evidence:
    """`n` of `total` rows, and a few of them."""

    n: int
    total: int
    examples: tuple[str, ...] = ()
    severity: Severity | None = None  # in place of the symptom's own


@dataclass(frozen=True, slots=True)
class Symptom:
    """One question asked of the facts. Its sentences are English and are translated where they are shown."""

    code: str
    title: str
    why: str
    advice: str
    severity: Severity
    spoils: tuple[Kind, ...]  # measured, and somewhat wrong
    look: Callable[[Facts], Evidence | None]
    blocks: tuple[Kind, ...] = ()  # cannot be measured at all


@dataclass(frozen=True, slots=True)
class Finding:
    symptom: Symptom
    evidence: Evidence

    @property
    def severity(self) -> Severity:
        """The symptom's own, unless the evidence says otherwise; a warning about very few rows is a piece of news."""
        severity = self.evidence.severity or self.symptom.severity
        is_small = self.evidence.severity is None and (self.share_ratio or 0) < FEW
        return Severity.INFORMS if severity is Severity.WARNS and is_small else severity

    @property
    def share_ratio(self) -> float | None:
        """Affected rows of all rows that could be; null when there are none."""
        return self.evidence.n / self.evidence.total if self.evidence.total else None


def counted(
    rows: pl.LazyFrame, is_wrong: pl.Expr, example: pl.Expr, *, among: pl.Expr | None = None
) -> Evidence | None:
    """How many `rows` are wrong, of those that are `among` the possible ones; None when none is.

    Takes    rows      any table
             is_wrong  a flag; null is not wrong
             example   text that shows one wrong row; the alphabetically first five are kept
    """
    possible = pl.lit(value=True) if among is None else among.fill_null(value=False)
    wrong = is_wrong.fill_null(value=False) & possible
    flags = rows.select(wrong.alias("wrong"), possible.alias("possible"))
    n, total = flags.select(pl.col("wrong").sum(), pl.col("possible").sum()).collect().row(0)
    return Evidence(n, total, _examples(rows.filter(wrong), example)) if n else None


def _examples(rows: pl.LazyFrame, example: pl.Expr) -> tuple[str, ...]:
    texts = rows.select(example.alias("example")).drop_nulls().unique()
    return tuple(texts.select(pl.col("example").bottom_k(MOST_EXAMPLES)).collect().to_series().sort())


def text_of(*parts: pl.Expr | str) -> pl.Expr:
    """An example built from columns and words; instants as `2025-06-02 09:00`."""
    return pl.concat_str([pl.lit(part) if isinstance(part, str) else part for part in parts], ignore_nulls=True)


def shown(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m-%d %H:%M")
