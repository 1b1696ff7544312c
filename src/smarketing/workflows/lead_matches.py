"""What a question about promises and cohorts is about: clocks, things counted or leads of a period, by lead number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from smarketing.engine.answers import counted
from smarketing.engine.as_of import as_of
from smarketing.engine.clauses import Version
from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import Evaluation, evaluate
from smarketing.engine.history import NEVER, History
from smarketing.engine.metrics import TALLY_KINDS
from smarketing.engine.reading import Reading
from smarketing.facts.local_clock import local_clock
from smarketing.ledger.clock_frames import RUNNING, VERDICTS, clock_frame, clock_schema
from smarketing.ledger.clock_store import StoredClocks, has_begun, is_at_risk, verdict
from smarketing.ledger.folder import read_whole
from smarketing.ledger.replica import Replica
from smarketing.scorecard.became import became
from smarketing.scorecard.funnel import STAGES
from smarketing.scorecard.horizon import Horizon
from smarketing.scorecard.lines import BANDS
from smarketing.scorecard.promised import latest_version
from smarketing.scorecard.waived import NONE as NO_WAIVERS
from smarketing.scorecard.waived import Waivers, Waiving
from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.offsets import DAY_US, US
from smarketing.terms.period import day_number
from smarketing.terms.target import Measure
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.lead_order import most_urgent
from smarketing.workflows.waived_frames import with_waivers

HOUR_US = 3600 * US
THURSDAY = 3  # 1970-01-01 was one; weekdays count from Monday
NONE = "-"
AMOUNTS = (Kind.LEAD_VALUE, Kind.PIPELINE_CONTRIBUTION, Kind.SOURCED_REVENUE)
SHOWN = ("number", "episode", "start_at", "due_at", "stop_at", "elapsed_us", "verdict", "is_at_risk")


@dataclass(frozen=True)
class Matches:
    """One question to the promises. `now` is in microseconds UTC; `clocks` are None where nothing is signed."""

    replica: Replica
    clocks: StoredClocks | None
    versions: tuple[Agreement, ...]
    asked: LeadFilter
    now: int
    waivers: Waivers = NO_WAIVERS

    @property
    def zone(self) -> str:
        return self.versions[-1].zone if self.versions else "UTC"

    @property
    def promise(self) -> Commitment | None:
        """The promise that is asked for, as its latest version words it."""
        found = [c for version in self.versions for c in version.commitments if c.id == self.asked.commitment]
        return found[-1] if found else None

    def is_about_leads(self) -> bool:
        """Whether no promise is asked for: the filters are then on the leads themselves."""
        asks_more = self.asked.verdict or self.asked.reached or self.asked.touched or self.asked.became
        return self.clocks is None or (self.promise is None and not asks_more)

    def found(self, columns: Collection[str]) -> pl.DataFrame:
        """One row for each clock of the asked promise, each thing it counts, each touch, or each lead of the cohort.

        Where a verdict is asked for of any promise, the most urgent clock of each lead. All have `number`, and those
        of the columns that such rows have.
        """
        promise = self.promise
        if self.asked.touched:
            return self._touches()
        if self.asked.became:
            return self._steps()
        if promise and promise.kind in TALLY_KINDS:
            return self._tallies(promise)
        if promise:
            return self._read(self._clocks().filter(self._is_of(promise)), columns)
        if self.asked.verdict:
            found = most_urgent(self._read(self._clocks(), {*columns, "due_at"}))
            return found.drop("episode", strict=False)
        return self._cohort()

    def _read(self, clocks: pl.LazyFrame, columns: Collection[str]) -> pl.DataFrame:
        wanted = [name for name in SHOWN if name == "number" or name in columns]
        return read_whole(clocks.select(wanted), self.replica.path)

    def _is_of(self, promise: Commitment) -> pl.Expr:
        assert self.clocks is not None
        if self._is_made_anew:
            return pl.col("commitment").cast(pl.String()) == promise.id
        names = self.clocks.scan([]).collect_schema()["commitment"]
        assert isinstance(names, pl.Enum)
        is_there = promise.id in names.categories
        return pl.col("commitment") == promise.id if is_there else pl.lit(value=False)

    def _clocks(self) -> pl.LazyFrame:
        assert self.clocks is not None
        promise, asked = self.promise, self.asked
        is_patient = bool(promise and promise.target.measure is Measure.RATE)
        every = self._anew() if self._is_made_anew else self.clocks.scan()
        began = every.filter(has_begun(self.now), self.in_time(pl.col("start_at")))
        counted = began if asked.clock else with_waivers(began, self.waivers, self.replica, self.now)
        judged = counted.with_columns(self._verdict(is_patient), is_at_risk(self.now))
        codes = [
            (asked.rep, "owner", self._owners(asked.rep, self.replica.codebook.owners)),
            (asked.team, "owner", self._owners(asked.team, self._team_of_owner())),
            (asked.tier, "tier", _codes(asked.tier, self.clocks.tiers)),
            (asked.source, "source", _codes(asked.source, self.replica.codebook.sources)),
        ]
        conditions = [pl.col(column).is_in(wanted) for said, column, wanted in codes if said]
        return judged.filter(*conditions, *self._standing())

    @property
    def _is_made_anew(self) -> bool:
        """Stored clocks know all facts, and only the clock that is judged."""
        is_earlier = self.asked.at is not None and self.now < self.replica.latest_at
        return is_earlier or (self.asked.clock != "" and self.promise is not None)

    def _anew(self) -> pl.LazyFrame:
        """The clocks of the leads in question as they were known at `now`."""
        promise = self.promise
        compiled = self._compiled([_with_only(each, promise.id) if promise else each for each in self.versions])
        parts = []
        for history in self._histories():
            found = evaluate(history, compiled, now=self.now, three=self.asked.clock != "")
            if self.asked.clock:
                judged = {name: getattr(three, self.asked.clock) for name, three in found.three.items()}
                found = Evaluation(judged, {})
            parts.append(clock_frame(found, history.first, compiled))
        return pl.concat(parts).lazy() if parts else pl.LazyFrame(schema=clock_schema(compiled))

    def _verdict(self, is_patient: bool) -> pl.Expr:
        """A share of a whole cohort is judged when all of it is due: who came early waits for the others."""
        said = verdict(self.now)
        if not is_patient:
            return said
        early = (said == "met") & (pl.col("due_at") >= self.now)
        return pl.when(early).then(pl.lit(RUNNING, VERDICTS)).otherwise(said)

    def _standing(self) -> Iterator[pl.Expr]:
        """Conditions on verdict, waiting time and attempts."""
        asked = self.asked
        if asked.verdict == "at_risk":
            yield pl.col("is_at_risk")
        elif asked.verdict == "counted":
            yield pl.col("void") == 0
        elif asked.verdict:
            yield pl.col("verdict") == asked.verdict
        if asked.band:
            yield (pl.col("void") == 0) & self._band()
        if asked.touches is not None:
            tried = pl.col("count")
            yield (pl.col("void") == 0) & (pl.col("due_at") < self.now) & (pl.col("connected_at") > pl.col("due_at"))
            yield tried >= asked.touches if asked.or_more else tried == asked.touches

    def _band(self) -> pl.Expr:
        answered = pl.col("stop_at") <= self.now
        in_time = answered & (pl.col("stop_at") <= pl.col("due_at"))
        late = pl.col("due_at") < self.now
        if self.asked.band == "never":
            return late & ~answered
        if self.asked.band == "waiting":
            return ~in_time & ~late
        decided = in_time | (answered & late)
        if self.asked.band == "answered":
            return decided
        since, until = next((since, until) for name, since, until in BANDS if name == self.asked.band)
        waited = pl.col("elapsed_us")
        return decided & (waited >= since * US) & (waited < until * US if until else pl.lit(value=True))

    def _team_of_owner(self) -> tuple[str, ...]:
        book = self.replica.codebook
        return tuple(book.teams[code] if code >= 0 else "" for code in book.team_of)

    @staticmethod
    def _owners(wanted: str, names: Sequence[str]) -> list[int]:
        """Codes of the owners whose label, or team, is the wanted one; without one counts who has none."""
        if wanted == NONE:
            return [-1, *(code for code, name in enumerate(names) if not name)]
        return [code for code, name in enumerate(names) if name == wanted]

    def _tallies(self, promise: Commitment) -> pl.DataFrame:
        """What a promise of a number counts: the instant and the amount of each thing, void ones apart."""
        kept = [alone for version in self.versions if (alone := _with_only(version, promise.id)).commitments]
        compiled, asked, book = self._compiled(kept), self.asked, self.replica.codebook
        leads = [(each.src, each.lead_id) for each in self.waivers.ones]
        waiving = Waiving.of(self.waivers, compiled, self.replica.numbers_of(leads))
        parts = []
        for history in self._histories():
            plain = evaluate(history, compiled, now=self.now).tallies[promise.id]
            found, _ = waiving.over(promise.id, plain, self.now)
            codes = {"owner": found.owner, "tier": found.tier, "source": found.source}
            columns = {"number": found.lead.astype(np.int64), "counted_at": found.at, "amount": found.amount}
            parts.append(pl.DataFrame({**columns, **codes, "void": found.void}))
        if not parts:
            return pl.DataFrame(schema={"number": pl.Int64(), "counted_at": pl.Int64(), "amount": pl.Float64()})
        is_void = pl.col("void") > 0
        conditions = [self.in_time(pl.col("counted_at")), is_void if asked.verdict == "void" else ~is_void]
        for said, column, wanted in (
            (asked.rep, "owner", self._owners(asked.rep, book.owners)),
            (asked.team, "owner", self._owners(asked.team, self._team_of_owner())),
            (asked.tier, "tier", _codes(asked.tier, compiled.tiers)),
            (asked.source, "source", _codes(asked.source, book.sources)),
        ):
            if said:
                conditions.append(pl.col(column).is_in(wanted))
        is_amount = promise.kind in AMOUNTS
        amount = pl.col("amount") / 10_000 if is_amount else pl.lit(None, pl.Float64)
        return pl.concat(parts).filter(conditions).select("number", "counted_at", amount.alias("amount"))

    def _cohort(self) -> pl.DataFrame:
        """The leads made in the period that reached a stage, or one after it, as the scorecard's funnel counts them."""
        asked, parts = self.asked, []
        compiled = self._compiled(self.versions)
        version = self._reader(compiled)
        for history in self._histories():
            reading = Reading(as_of(history, self.now), version, compiled.tables, self.now)
            created = reading.history.leads.created_at
            reached = np.zeros(reading.n, np.bool_)
            for stage in STAGES[STAGES.index(asked.reached) :]:
                reached |= (created if stage == "lead" else reading.reached_at(stage)) != NEVER
            is_made = (reading.void == 0) & (created != NEVER) & reached
            columns = {"made_at": created, "tier": reading.tier, "source": reading.history.leads.source}
            part = pl.DataFrame({"number": np.arange(reading.n, dtype=np.int64) + history.first, **columns})
            parts.append(part.filter(pl.Series(is_made)))
        conditions = [self.in_time(pl.col("made_at")), *self._codes_of_leads(compiled)]
        whole = pl.concat(parts) if parts else pl.DataFrame(schema={"number": pl.Int64()})
        return whole.filter(conditions).select("number") if parts else whole

    def _touches(self) -> pl.DataFrame:
        """Every touch that counts on the leads that were asked for, as the scorecard's hours count them."""
        compiled = self._compiled(self.versions)
        version, parts = self._reader(compiled), []
        for history in self._histories():
            reading = Reading(as_of(history, self.now), version, compiled.tables, self.now)
            touches, leads = reading.history.touches, reading.history.leads
            on = touches.lead.astype(np.int64)
            columns = {"number": on + history.first, "counted_at": touches.at}
            codes = {"tier": reading.tier.take(on), "source": leads.source.take(on)}
            part = pl.DataFrame({**columns, **codes})
            parts.append(part.filter(pl.Series(counted(touches, version), dtype=pl.Boolean)))
        if not parts:
            return pl.DataFrame(schema={"number": pl.Int64(), "counted_at": pl.Int64()})
        conditions = [self.in_time(pl.col("counted_at")), *self._codes_of_leads(compiled)]
        return pl.concat(parts).filter(conditions).select("number", "counted_at")

    def _steps(self) -> pl.DataFrame:
        """Every step of the asked kind that leads took, as scorecard.activity counts them."""
        compiled, parts = self._compiled(self.versions), []
        version = self._reader(compiled)
        for history in self._histories():
            reading = Reading(as_of(history, self.now), version, compiled.tables, self.now)
            found = became(reading, self.asked.became)
            codes = {"tier": reading.tier.take(found.lead), "source": reading.history.leads.source.take(found.lead)}
            columns = {"number": found.lead + history.first, "counted_at": found.at, "amount": found.amount / 10_000}
            parts.append(pl.DataFrame({**columns, **codes}))
        if not parts:
            return pl.DataFrame(schema={"number": pl.Int64(), "counted_at": pl.Int64(), "amount": pl.Float64()})
        conditions = [self.in_time(pl.col("counted_at")), *self._codes_of_leads(compiled)]
        kept = ("number", "counted_at", *(("amount",) if self.asked.became.startswith("deal_") else ()))
        return pl.concat(parts).filter(conditions).select(kept)

    def _reader(self, compiled: Compiled) -> Version:
        """The version whose words a card of the asked period reads leads by."""
        if not self.asked.period:
            return compiled.versions[-1]
        return latest_version(compiled.versions, Horizon(self.asked.period, self.zone, self.now))

    def _codes_of_leads(self, compiled: Compiled) -> Iterator[pl.Expr]:
        if self.asked.tier:
            yield pl.col("tier").is_in(_codes(self.asked.tier, compiled.tiers))
        if self.asked.source:
            yield pl.col("source").is_in(_codes(self.asked.source, self.replica.codebook.sources))

    def _compiled(self, versions: Sequence[Agreement]) -> Compiled:
        start, end = min(self.replica.first_at, self.now), max(self.replica.latest_at, self.now) + 1
        return compile_terms(versions, self.replica.codebook, start=start, end=end)

    def _histories(self) -> Iterator[History]:
        """The buckets in which anything happened in the period."""
        start, end = self.asked.period.bounds(self.zone) if self.asked.period else (-NEVER, NEVER)
        for bucket in range(self.replica.n_buckets):
            earliest, latest = self.replica.span(bucket)
            if earliest < end and latest >= start:
                yield self.replica.history(bucket)

    def in_time(self, at: pl.Expr) -> pl.Expr:
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


def tiers_of(clocks: StoredClocks | None, numbers: Sequence[int] | None = None) -> pl.LazyFrame:
    """The tier of each lead, or of some, by the agreement's rules, as its first clock says it: number, tier."""
    if clocks is None:
        return pl.LazyFrame(schema={"number": pl.Int64(), "tier": pl.String()})
    scanned = clocks.scan(numbers).select("number", "tier")
    if numbers is not None:
        scanned = scanned.filter(pl.col("number").is_in(numbers))
    firsts = scanned.filter(pl.col("number") != pl.col("number").shift(1, fill_value=-1))  # they come lead by lead
    names = pl.Series(list(clocks.tiers), dtype=pl.String())
    codes = list(range(len(names)))
    name = pl.col("tier").replace_strict(codes, names, default=None, return_dtype=pl.String())
    return firsts.select("number", name.alias("tier"))


def _codes(wanted: str, names: Sequence[str]) -> list[int]:
    return [-1] if wanted == NONE else [code for code, name in enumerate(names) if name == wanted]


def _with_only(version: Agreement, commitment: str) -> Agreement:
    """The same version with one promise, so that nothing else is judged."""
    kept = tuple(each for each in version.commitments if each.id == commitment)
    return version.model_copy(update={"commitments": kept})
