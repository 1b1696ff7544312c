"""List leads with how each stands under every promise: filters, order, pages, and the leads behind a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import NEVER
from smarketing.engine.metrics import TALLY_KINDS
from smarketing.facts.local_clock import local_clock
from smarketing.ledger.clock_store import StoredClocks, has_begun, is_at_risk, open_clocks, verdict
from smarketing.ledger.folder import read_whole
from smarketing.ledger.lead_list import open_lead_list
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.store import Facts
from smarketing.records.access import LeadScope
from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Kind
from smarketing.terms.language import Words
from smarketing.terms.offsets import DAY_US, US
from smarketing.terms.period import day_number
from smarketing.workflows.lead_filter import LeadFilter

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_US = 3600 * US
THURSDAY = 3  # 1970-01-01 was one; weekdays count from Monday
NONE = "-"
AMOUNTS = (Kind.LEAD_VALUE, Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE)


@dataclass(frozen=True, slots=True)
class LeadClock:
    """One lead under one promise. Instants are UTC, None for what has not come; elapsed_s is open time."""

    commitment: str
    verdict: str
    is_at_risk: bool
    started_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    elapsed_s: float | None
    count: int


@dataclass(frozen=True, slots=True)
class LeadRow:
    number: int
    src: str
    lead_id: str
    person_key: str
    created_at: datetime
    owner: str  # empty without one; "Rep 3" where names are hidden
    owner_label: str
    team: str
    source: str
    campaign: str
    tier: str
    stage: str
    status: str
    counted_at: datetime | None  # when it was counted, for promises of a number
    amount: float | None
    clocks: tuple[LeadClock, ...]


@dataclass(frozen=True, slots=True)
class LeadList:
    """One page of leads. `choices` are the values that the filters may take in what this reader may see."""

    rows: tuple[LeadRow, ...]
    n: int
    page: int
    n_pages: int
    n_by_verdict: dict[str, int]
    choices: dict[str, tuple[str, ...]]


def list_leads(
    facts: Facts,
    versions: Sequence[Agreement],
    asked: LeadFilter,
    *,
    scope: LeadScope,
    now: datetime,
    words: Words,
) -> LeadList:
    """The leads that were asked for and that this reader may see, one page of them.

    Takes    versions  of one agreement; none where nothing is signed: the leads then have no clocks
             scope     whose leads, and whether the names of people are shown
    Raises   FactsError when the facts cannot be read, UserError for a promise that nobody made
    """
    search = _Search(facts, versions, asked, scope, now)
    found = search.found()
    order, descending = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    n = found.height
    n_pages = max(1, -(-n // asked.size))
    page = min(asked.page, n_pages)
    keys = {"due": "due_at", "created": "created_at", "lead": "lead_id", "elapsed": "elapsed_us"}
    key = keys.get(order, {"owner": "owner_name", "stage": "lifecycle"}.get(order, order))
    ordered = found.sort(
        key if key in found.columns else "created_at", "number", descending=[descending, False], nulls_last=True
    )
    rows = ordered.slice((page - 1) * asked.size, asked.size)
    return LeadList(
        rows=tuple(search.rows(rows, words)),
        n=n,
        page=page,
        n_pages=n_pages,
        n_by_verdict=_by_verdict(found),
        choices=search.choices(),
    )


def every_lead(
    facts: Facts, versions: Sequence[Agreement], asked: LeadFilter, *, scope: LeadScope, now: datetime, words: Words
) -> Iterator[LeadRow]:
    """The same leads without pages, a thousand at a time, in the order they were made: for exports."""
    search = _Search(facts, versions, asked, scope, now)
    found = search.found().sort("number")
    for first in range(0, found.height, 1_000):
        yield from search.rows(found.slice(first, 1_000), words)


class _Search:
    """One question to the list of leads and the clocks beside it."""

    def __init__(
        self, facts: Facts, versions: Sequence[Agreement], asked: LeadFilter, scope: LeadScope, now: datetime
    ) -> None:
        self.versions, self.asked, self.scope = tuple(versions), asked, scope
        self.now = (now - EPOCH) // timedelta(microseconds=1)
        self.replica: Replica = open_replica(facts)
        self.leads = open_lead_list(facts, self.replica)
        self.facts_path = facts.path
        has_clocks = bool(versions) and self.replica.n_leads > 0
        self.clocks: StoredClocks | None = open_clocks(self.replica, versions, now=self.now) if has_clocks else None
        self.zone = versions[-1].zone if versions else "UTC"

    def found(self) -> pl.DataFrame:
        """Every lead that fits, with the clock of the asked promise beside it, unordered."""
        leads = self._seen()
        if self._is_about_clocks():
            leads = leads.join(self._clocks(), on="number", how="inner")
        elif self._promise_of_number():
            leads = leads.join(self._counted().lazy(), on="number", how="inner")
        else:
            leads = leads.filter(self._in_time(pl.col("created_at").dt.timestamp("us")))
        if self.asked.tier:
            leads = leads.join(self._tiers().filter(_is(pl.col("tier"), self.asked.tier)), on="number", how="semi")
        return read_whole(leads, self.facts_path)

    def _seen(self) -> pl.LazyFrame:
        """The leads in this reader's scope that fit the filters on the lead itself."""
        known = self.leads.filter(pl.col("created_at").dt.timestamp("us") <= self.now)
        leads, asked = known.filter(in_scope(self.scope)), self.asked
        for name, column in (("team", "team"), ("source", "source"), ("stage", "lifecycle"), ("rep", "owner_label")):
            wanted = getattr(asked, name)
            if wanted:
                leads = leads.filter(_is(pl.col(column), wanted))
        if asked.lead:
            leads = leads.filter(pl.col("src") == asked.lead[0], pl.col("lead_id") == asked.lead[1])
        for word in asked.q.lower().split():
            leads = leads.filter(pl.col("words").str.contains(word, literal=True))
        return leads.drop("words")

    def _is_about_clocks(self) -> bool:
        """Whether a promise that is judged lead by lead is asked for, or any verdict at all."""
        if self.clocks is None:
            return False
        if self.asked.commitment:
            return self._promise_of_number() is None
        return bool(self.asked.verdict)

    def _promise_of_number(self) -> str | None:
        """The asked promise, where it is one of a number instead of clocks."""
        kinds = {c.id: c.kind for version in self.versions for c in version.commitments}
        asked = self.asked.commitment
        return asked if asked in kinds and kinds[asked] in TALLY_KINDS else None

    def _clocks(self) -> pl.LazyFrame:
        """One clock per lead: of the asked promise, the most urgent of those with the asked verdict."""
        assert self.clocks is not None
        clocks = self.clocks.scan().filter(has_begun(self.now)).with_columns(verdict(self.now), is_at_risk(self.now))
        if self.asked.commitment:
            clocks = clocks.filter(pl.col("commitment").cast(pl.String) == self.asked.commitment)
        if self.asked.verdict == "at_risk":
            clocks = clocks.filter("is_at_risk")
        elif self.asked.verdict:
            clocks = clocks.filter(pl.col("verdict").cast(pl.String) == self.asked.verdict)
        clocks = clocks.filter(self._in_time(pl.col("start_at")))
        columns = ("start_at", "due_at", "stop_at", "elapsed_us", "verdict", "is_at_risk")
        return clocks.sort("due_at").group_by("number", maintain_order=True).agg(pl.col(columns).first())

    def _counted(self) -> pl.DataFrame:
        """The leads that a promise of a number counts, with the instant and the amount."""
        wanted = self.asked.commitment
        alone = [_with_only(version, wanted) for version in self.versions]
        kept = [version for version in alone if version.commitments]
        start, end = min(self.replica.first_at, self.now), max(self.replica.latest_at, self.now) + 1
        compiled = compile_terms(kept, self.replica.codebook, start=start, end=end)
        parts = [
            evaluate(self.replica.history(bucket), compiled, now=self.now).tallies[wanted]
            for bucket in range(self.replica.n_buckets)
        ]
        rows = pl.concat(
            [
                pl.DataFrame({"number": part.lead.astype(np.int64), "counted_at": part.at, "amount": part.amount})
                for part in (each.take(each.void == 0) for each in parts)
            ]
        )
        is_amount = kept[-1].commitments[0].kind in AMOUNTS
        amount = pl.col("amount").sum() / 10_000 if is_amount else pl.lit(None, pl.Float64)
        inside = rows.filter(self._in_time(pl.col("counted_at")))
        return inside.group_by("number").agg(pl.col("counted_at").min(), amount.alias("amount"))

    def _in_time(self, at: pl.Expr) -> pl.Expr:
        """Whether an instant lies in what was asked for, on the clock of the agreement's zone."""
        asked, conditions = self.asked, [pl.lit(value=True)]
        if asked.period:
            start, end = asked.period.bounds(self.zone)
            conditions.append((at >= start) & (at < end))
        if asked.from_on or asked.until_on or asked.day or asked.weekday is not None or asked.hour is not None:
            local = at.map_batches(self._local, return_dtype=pl.Int64)
            day = local // DAY_US
            if asked.from_on:
                conditions.append(day >= day_number(asked.from_on))
            if asked.until_on:
                conditions.append(day <= day_number(asked.until_on))
            if asked.day:
                conditions.append(day == day_number(asked.day))
            if asked.weekday is not None:
                conditions.append((day + THURSDAY) % 7 == asked.weekday)
            if asked.hour is not None:
                conditions.append(local % DAY_US // HOUR_US == asked.hour)
        return pl.all_horizontal(conditions)

    def _local(self, at: pl.Series) -> pl.Series:
        return pl.Series(local_clock(self.zone).reading(at.to_numpy()))

    def _tiers(self) -> pl.LazyFrame:
        """The tier of each lead, by the agreement's rules, as its first clock says it."""
        if self.clocks is None:
            return pl.LazyFrame(schema={"number": pl.Int64(), "tier": pl.String()})
        names = pl.Series(list(self.clocks.tiers), dtype=pl.String())
        tier = (
            pl.when(pl.col("tier") >= 0)
            .then(pl.col("tier"))
            .replace_strict(list(range(len(names))), names, default=None, return_dtype=pl.String())
        )
        return self.clocks.scan().group_by("number").agg(pl.col("tier").first()).select("number", tier.alias("tier"))

    def choices(self) -> dict[str, tuple[str, ...]]:
        """What the filters may be set to, in what this reader may see."""
        seen = self.leads.filter(in_scope(self.scope))
        columns = {"team": "team", "source": "source", "stage": "lifecycle"}
        found = {
            name: tuple(read_whole(seen.select(pl.col(column).drop_nulls().unique().sort()), self.facts_path)[column])
            for name, column in columns.items()
        }
        return found | {"tier": tuple(self.clocks.tiers) if self.clocks else ()}

    def rows(self, page: pl.DataFrame, words: Words) -> Iterator[LeadRow]:
        """The rows of a page, with every clock of each lead."""
        numbers = page["number"].to_list()
        clocks = self._clocks_of(numbers)
        tiers = dict(read_whole(self._tiers().filter(pl.col("number").is_in(numbers)), self.facts_path).iter_rows())
        for row in page.iter_rows(named=True):
            yield LeadRow(
                number=row["number"],
                src=row["src"],
                lead_id=row["lead_id"],
                person_key=row["person_key"] or "",
                created_at=row["created_at"],
                owner=self._owner(row, words),
                owner_label=row["owner_label"] or "",
                team=row["team"] or "",
                source=row["source"] or "",
                campaign=row["campaign"] or "",
                tier=tiers.get(row["number"]) or "",
                stage=row["lifecycle"] or "",
                status=row["status"] or "",
                counted_at=instant(row.get("counted_at")),
                amount=row.get("amount"),
                clocks=clocks.get(row["number"], ()),
            )

    def _clocks_of(self, numbers: list[int]) -> dict[int, tuple[LeadClock, ...]]:
        if self.clocks is None or not numbers:
            return {}
        mine = self.clocks.scan().filter(pl.col("number").is_in(numbers), has_begun(self.now))
        found: dict[int, tuple[LeadClock, ...]] = {}
        rows = read_whole(mine.with_columns(verdict(self.now), is_at_risk(self.now)), self.facts_path)
        for row in rows.iter_rows(named=True):
            found[row["number"]] = (*found.get(row["number"], ()), _lead_clock(row))
        return found

    def _owner(self, row: dict[str, object], words: Words) -> str:
        """The owner's name, or a number that stays the same, where this reader is not shown names."""
        if row["owner"] is None or row["owner"] == -1:
            return ""
        if self.scope.shows_names or row["team"] in self.scope.named_teams:
            return str(row["owner_name"] or row["owner_label"])
        if (row["src"], row["owner_id"]) in self.scope.owners:
            return str(row["owner_name"] or row["owner_label"])
        return words("Rep {n}", n=int(str(row["owner"])) + 1)


def in_scope(scope: LeadScope) -> pl.Expr:
    """Whether a row of the list of leads lies in what somebody may see."""
    if scope.everything:
        return pl.lit(value=True)
    mine = pl.concat_str(pl.col("src"), pl.col("owner_id"), separator="\x1f").is_in(
        [f"{src}\x1f{owner}" for src, owner in scope.owners]
    )
    return (mine | pl.col("team").is_in(list(scope.teams))).fill_null(value=False)


def instant(at: int | None) -> datetime | None:
    """Microseconds as an instant; None for NEVER."""
    return None if at is None or at == NEVER else EPOCH + timedelta(microseconds=at)


def _lead_clock(row: dict[str, object]) -> LeadClock:
    elapsed = int(str(row["elapsed_us"]))
    return LeadClock(
        commitment=str(row["commitment"]),
        verdict=str(row["verdict"]),
        is_at_risk=bool(row["is_at_risk"]),
        started_at=instant(int(str(row["start_at"]))),
        due_at=instant(int(str(row["due_at"]))),
        stopped_at=instant(int(str(row["stop_at"]))),
        elapsed_s=None if elapsed == NEVER else elapsed / US,
        count=int(str(row["count"])),
    )


def _is(column: pl.Expr, wanted: str) -> pl.Expr:
    return column.is_null() if wanted == NONE else column == wanted


def _by_verdict(found: pl.DataFrame) -> dict[str, int]:
    if "verdict" not in found.columns:
        return {}
    counts = {str(name): n for name, n in found["verdict"].value_counts().iter_rows()}
    return counts | {"at_risk": int(found["is_at_risk"].sum())}


def _with_only(version: Agreement, commitment: str) -> Agreement:
    """The same version with one promise, so that nothing else is judged."""
    kept = tuple(each for each in version.commitments if each.id == commitment)
    return version.model_copy(update={"commitments": kept})
