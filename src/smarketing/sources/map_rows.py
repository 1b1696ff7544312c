"""Rows of a file become rows of fact tables, all that one row gives or none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import polars as pl

from smarketing.facts.schema import Table
from smarketing.sources.conditions import holds
from smarketing.sources.fact_ids import HASHED, change_ids, content_ids
from smarketing.sources.files.rows import Rows
from smarketing.sources.headers import REJECT_COLUMNS, Headers, Matched, used_columns, without_reject_columns
from smarketing.sources.lookups import with_lookups
from smarketing.sources.profile import Profile, Take
from smarketing.sources.read_cells import PIECE, ROW, TYPED, Filled, Habits, fill
from smarketing.sources.read_numbers import other_currency
from smarketing.sources.read_times import Style
from smarketing.sources.rejects import unescaped
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

PRECISION_OF = {"created_at": "created_prec", "occurred_at": "prec", "changed_at": "prec"}
RAW_OF = {"channel": "source_raw", "reason": "reason_raw", "outcome": "outcome_raw", "to_value": "to_raw"}
USUAL: dict[str, dict[str, object]] = {
    "stage_change": {"origin": "history", "exact": True},
    "deal_lead": {"role": "contact"},
}
MAY_LACK_IDS = ("stage_change", "touch", "spend", "delivery")

HOLDS = "\x00holds"
REJECTS = {"row": pl.Int64(), "column": pl.String(), "value": pl.String(), "reason": pl.String()}


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a chunk became.

    `frames` are rows of fact tables with ROW, the number of the file's row they come from. `rejects` has the first
    fault of each rejected row. `n_unused` rows fit no rule; `n_twice` local times came twice; `n_emptied` cells were
    unreadable and left empty because the profile says so; `lost_ids` are ids whose digits a spreadsheet lost.
    """

    frames: Mapping[str, pl.DataFrame]
    rejects: pl.DataFrame
    n_rows: int
    n_unused: int
    n_twice: int = 0
    n_emptied: int = 0
    lost_ids: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    faults: list[pl.DataFrame] = field(default_factory=list)
    n_twice: int = 0
    n_emptied: int = 0
    lost_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk read by itself: `tables` with the rows that have a fault, and each one's first fault."""

    tables: Mapping[str, pl.DataFrame]
    rejects: pl.DataFrame
    tally: _Tally
    n_used: int
    n_unused: int


class Mapper:
    """Rules of a profile bound to the columns of one file."""

    def __init__(
        self,
        matched: Matched,
        profile: Profile,
        *,
        src: str,
        zone: str,
        now: datetime,
        lookups: Mapping[str, pl.DataFrame] | None = None,
    ) -> None:
        rules = matched.rules
        self.title = matched.file.title
        self.profile, self.rules, self.src, self.now = profile, rules, src, now
        self.lookups = lookups or {}
        looked_up = [f"{lookup.file}.{name}" for lookup in rules.lookups for name in lookup.columns]
        self.headers = Headers([*without_reject_columns(matched.file.headers), *looked_up], matched.file.title)
        style = Style(
            zone=rules.zone or zone or profile.zone,
            format=rules.format or profile.format,
            twice=profile.twice,
            gap=profile.gap,
        )
        self.habits = Habits(rules.decimal or profile.decimal, style, profile.maps)
        self._used = used_columns(rules, self.headers)
        self._empty = [text.lower() for text in profile.empty]
        self._conflicts: dict[tuple[str, str], tuple[object, ...]] = {}

    def mapped(self, rows: Rows) -> Mapped:
        """The facts of a chunk.

        A row with a fault gives no fact at all, so that the corrected row can be imported whole.
        """
        return self.joined(self.read(rows))

    def read(self, rows: Rows) -> Chunk:
        """What a chunk says by itself; several may be read at once."""
        frame = with_lookups(self._frame(rows), self.rules.lookups, self.lookups, self.headers)
        tally = _Tally()
        frames: dict[str, list[pl.DataFrame]] = {}
        used = []
        for take in self.rules.take:
            chosen = self._chosen(take, frame)
            used.append(chosen.select(ROW))
            if chosen.height:
                frames.setdefault(take.table, []).append(self._facts(take, chosen, tally))
        rejects = _first_faults(tally.faults)
        self._check_zone(rejects)
        tables = {name: pl.concat(parts) for name, parts in frames.items()}
        n_used = pl.concat(used).unique().height if used else 0
        return Chunk(tables, rejects, tally, n_used, rows.cells.height - n_used)

    def joined(self, chunk: Chunk) -> Mapped:
        """The facts of a chunk beside those of the chunks before it; to be called in their order."""
        tally, tables = chunk.tally, chunk.tables
        rejects = pl.concat([chunk.rejects, self._conflicting(tables, chunk.rejects, tally)])
        bad = rejects["row"].implode()
        good = tables if rejects.is_empty() else {n: rows.filter(~pl.col(ROW).is_in(bad)) for n, rows in tables.items()}
        return Mapped(
            good,
            rejects.unique("row", keep="first").sort("row"),
            n_rows=chunk.n_used,
            n_unused=chunk.n_unused,
            n_twice=tally.n_twice,
            n_emptied=tally.n_emptied,
            lost_ids=tuple(dict.fromkeys(tally.lost_ids)),
        )

    def _check_zone(self, rejects: pl.DataFrame) -> None:
        """Raises UserError when times need a zone and nobody said one: no row of such a file could ever be right."""
        lost = rejects.filter(pl.col("reason") == "no_zone")
        if lost.height:
            raise UserError(
                N_('The times in "{column}" do not say on whose clock they are.'),
                where=self.title,
                hint=N_("Name the zone: --zone Europe/Madrid, or zone: in the profile."),
                column=lost["column"][0],
            )

    def _frame(self, rows: Rows) -> pl.DataFrame:
        names = [name for name in rows.cells.columns if name in self._used]
        cells = rows.cells.select(names)
        if REJECT_COLUMNS[-1] in rows.cells.columns:
            cells = unescaped(cells)
        if self._empty:
            text = pl.all()
            cells = cells.select(pl.when(~text.str.to_lowercase().is_in(self._empty)).then(text).name.keep())
        typed = [flags.alias(TYPED + name) for name, flags in rows.typed.items() if name in names]
        return cells.with_columns(rows.numbers.alias(ROW), *typed)

    def _chosen(self, take: Take, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that the take is about, one for every piece of its `each` column."""
        if take.when:
            frame = frame.filter(holds(take.when, self.headers))
        if take.each is None:
            return frame
        name = self.headers.find(take.each.column)
        if name is None:
            return frame.clear()
        pieces = pl.col(name).str.split(take.each.split).list.eval(pl.element().str.strip_chars())
        pieces = pieces.list.filter(pl.element() != "").list.unique(maintain_order=True)
        return (
            frame.with_columns(pieces)
            .explode(name)
            .filter(pl.col(name).is_not_null())
            .with_columns(pl.col(name).alias(PIECE))
        )

    def _facts(self, take: Take, frame: pl.DataFrame, tally: _Tally) -> pl.DataFrame:
        table = take.schema
        filled: dict[str, Filled] = {}
        for name, cell in take.columns.items():
            if self._lacks_ids(take, name):
                continue
            found = fill(table.column(name), cell, self.headers.find_all(cell.column), frame, self.habits)
            if cell.when:
                found = _only_where(found, frame.with_columns(holds(cell.when, self.headers).alias(HOLDS))[HOLDS])
            filled[name] = found
            _note(tally, frame, found)
        columns = {name: found.values for name, found in filled.items()}
        for name, raw in RAW_OF.items():
            if name in filled and raw in table.names and take.columns[name].column:
                columns.setdefault(raw, filled[name].texts)
        for name, precision in PRECISION_OF.items():
            precisions = filled[name].precisions if name in filled else None
            if precisions is not None and precision in table.names:
                columns.setdefault(precision, precisions)
        facts = pl.DataFrame([series.alias(name) for name, series in columns.items()])
        facts = facts.with_columns(frame[ROW], *([frame[PIECE]] if PIECE in frame.columns else []))
        money = next((found for found in filled.values() if found.currencies is not None), None)
        if money is not None and "currency" in table.names:
            facts = self._with_currency(facts, money, frame, tally)
        return self._with_ids(take, self._with_usual(table, facts), has_own_id=table.key[-1] in filled)

    def _lacks_ids(self, take: Take, name: str) -> bool:
        """Whether a file without a system behind it leaves out the ids of rows that may go without; a CRM has them."""
        is_own_id = name == take.schema.key[-1] and take.table in MAY_LACK_IDS and self.profile.kind == "file"
        cell = take.columns[name]
        return is_own_id and cell.value is None and not cell.if_empty and not self.headers.find_all(cell.column)

    def _with_usual(self, table: Table, facts: pl.DataFrame) -> pl.DataFrame:
        """The columns that a row need not say: source, time of learning, and what is usual."""
        usual = {"src": self.src, **USUAL.get(table.name, {})}
        seen = pl.lit(self.now).cast(pl.Datetime("us", "UTC")).alias("seen_at")
        given = [pl.lit(value).alias(name) for name, value in usual.items() if name not in facts.columns]
        facts = facts.with_columns(seen, *given)
        return facts.with_columns(
            pl.lit(None, dtype).alias(name) for name, dtype in table.schema.items() if name not in facts.columns
        )

    def _with_currency(self, facts: pl.DataFrame, money: Filled, frame: pl.DataFrame, tally: _Tally) -> pl.DataFrame:
        """The currency of amounts: the row's own, else the profile's, else the sign beside the number."""
        own = facts["currency"] if "currency" in facts.columns else pl.lit(None, pl.String)
        signs = money.currencies
        found = pl.DataFrame({"sign": signs, "amount": money.values}).select(
            "sign",
            currency=pl.coalesce(
                own,
                pl.lit(self.profile.currency or None, pl.String),
                pl.when(pl.col("sign") != "$").then("sign"),
            ),
            has_amount=pl.col("amount").is_not_null(),
        )
        wrong = other_currency(found["sign"], found["currency"])
        if wrong.any():
            reasons = pl.select(pl.when(wrong).then(pl.lit("other_currency"))).to_series()
            _note(tally, frame, replace(money, reasons=reasons, n_twice=0, n_emptied=0, lost_digits=None))
        return facts.with_columns(found.select(pl.when("has_amount").then("currency").alias("currency")).to_series())

    def _with_ids(self, take: Take, facts: pl.DataFrame, *, has_own_id: bool) -> pl.DataFrame:
        """Rows without an id get one from their content, the same whenever and in whatever order they come."""
        table = take.schema
        own = table.key[-1]
        pieced = PIECE in facts.columns
        if has_own_id:
            if pieced and table.name in ("lead", "touch", "deal"):
                facts = facts.with_columns(pl.concat_str([own, PIECE], separator="~", ignore_nulls=True).alias(own))
        elif table.name == "stage_change":
            facts = facts.with_columns(change_ids(facts).alias(own))
        elif table.name in HASHED:
            facts = facts.with_columns(content_ids(facts, table).alias(own))
        if table.name == "owner":  # one row of an export in a hundred tells of an owner that the others did not
            facts = facts.unique([name for name in facts.columns if name != ROW], keep="first", maintain_order=True)
        return facts.select(*table.names, ROW)

    def _conflicting(self, tables: Mapping[str, pl.DataFrame], rejects: pl.DataFrame, tally: _Tally) -> pl.DataFrame:
        """Two records under one id that lost its digits are two records: the second is set aside."""
        if not tally.lost_ids:
            return rejects.clear()
        found = []
        for name, facts in tables.items():
            key = facts.columns[1]
            for fact in facts.filter(pl.col(key).is_in(tally.lost_ids)).drop("seen_at").iter_rows(named=True):
                row = fact.pop(ROW)
                seen = self._conflicts.setdefault((name, fact[key]), tuple(fact.values()))
                if seen != tuple(fact.values()) and row not in rejects["row"]:
                    found.append((row, key, fact[key], "conflict"))
        return pl.DataFrame(found, schema=REJECTS, orient="row")


def _only_where(found: Filled, rows: pl.Series) -> Filled:
    """The column with nothing, and no fault, in the other rows."""
    chosen = pl.DataFrame(
        {"values": found.values, "reasons": found.reasons, "texts": found.texts, "rows": rows}
    ).select(pl.when("rows").then(pl.col(name)).alias(name) for name in ("values", "reasons", "texts"))
    return replace(found, values=chosen["values"], reasons=chosen["reasons"], texts=chosen["texts"])


def _note(tally: _Tally, frame: pl.DataFrame, found: Filled) -> None:
    tally.n_twice += found.n_twice
    tally.n_emptied += found.n_emptied
    if found.lost_digits is not None:
        tally.lost_ids += found.values.filter(found.lost_digits).drop_nulls().to_list()
    if found.reasons.null_count() < len(found.reasons):
        faults = pl.DataFrame(
            [
                frame[ROW].alias("row"),
                found.headers.alias("column"),
                found.texts.alias("value"),
                found.reasons.alias("reason"),
            ]
        )
        tally.faults.append(faults.filter(pl.col("reason").is_not_null()))


def _first_faults(faults: list[pl.DataFrame]) -> pl.DataFrame:
    if not faults:
        return pl.DataFrame(schema=REJECTS)
    return pl.concat(faults).unique("row", keep="first", maintain_order=True)
