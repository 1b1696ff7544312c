"""List leads with how each stands under every promise: filters, order, pages, and the leads behind a number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from smarketing.engine.history import NEVER
from smarketing.ledger.clock_frames import VERDICTS
from smarketing.ledger.clock_store import StoredClocks, has_begun, is_at_risk, open_clocks, verdict
from smarketing.ledger.folder import read_whole
from smarketing.ledger.lead_list import open_lead_list
from smarketing.ledger.replica import Replica, open_replica
from smarketing.ledger.store import Facts
from smarketing.records.access import LeadScope
from smarketing.scorecard.waived import NONE as NO_WAIVERS
from smarketing.scorecard.waived import Waivers
from smarketing.terms.agreement import Agreement
from smarketing.terms.errors import UserError
from smarketing.terms.instants import instant_at, micros
from smarketing.terms.language import Words
from smarketing.terms.offsets import US
from smarketing.workflows.given_back import OWN, given_back
from smarketing.workflows.lead_filter import LeadFilter
from smarketing.workflows.lead_matches import NONE, Matches, tiers_of
from smarketing.workflows.lead_order import in_lead_order, in_order, is_among, n_leads, of_leads, page_of, with_ranks
from smarketing.workflows.waived_frames import with_waivers

AT_ONCE = 10_000
KEPT = 32
KEYS = {
    "due": "due_at",
    "created": "created_at",
    "lead": "lead_id",
    "owner": "owner_name",
    "source": "source",
    "elapsed": "elapsed_us",
    "stage": "lifecycle",
}
JUDGED = ("episode", "verdict", "is_at_risk", "counted_at", "amount")
_CHOICES: OrderedDict[tuple[str, str, LeadScope], dict[str, tuple[str, ...]]] = OrderedDict()


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
    episode: int


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
    episode: int | None = None  # of the asked promise: which of its clocks this row is about


@dataclass(frozen=True, slots=True)
class LeadList:
    """One page of leads. `choices` are the values that the filters may take in what this reader may see.

    n        rows of all pages: clocks of the asked promise, things that it counts, or leads
    n_leads  different leads among them
    """

    rows: tuple[LeadRow, ...]
    n: int
    n_leads: int
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
    waivers: Waivers = NO_WAIVERS,
) -> LeadList:
    """The leads that were asked for and that this reader may see, one page of them.

    Takes    versions  of one agreement; none where nothing is signed: the leads then have no clocks
             scope     whose leads, and whether the names of people are shown
             waivers   what does not count although it happened; without them every verdict is the original
    Raises   FactsError when the facts cannot be read, UserError for a promise that nobody made
    """
    search = _Search(facts, versions, asked, scope, now, words, waivers)
    found = search.found(search.key())
    n_pages = max(1, -(-found.height // asked.size))
    page = min(asked.page, n_pages)
    return LeadList(
        rows=tuple(search.rows(search.page(found, (page - 1) * asked.size))),
        n=found.height,
        n_leads=n_leads(found["number"]),
        page=page,
        n_pages=n_pages,
        n_by_verdict=_by_verdict(found),
        choices=search.choices(),
    )


def every_lead(
    facts: Facts,
    versions: Sequence[Agreement],
    asked: LeadFilter,
    *,
    scope: LeadScope,
    now: datetime,
    words: Words,
    waivers: Waivers = NO_WAIVERS,
) -> Iterator[LeadRow]:
    """The same leads without pages, a thousand at a time, in the order they were made: for exports."""
    search = _Search(facts, versions, asked, scope, now, words, waivers)
    found = search.found()
    for first in range(0, found.height, AT_ONCE):
        yield from search.rows(found.slice(first, AT_ONCE))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a lead stands in a list: its place from 1 on, and source and id of the ones before and after it."""

    place: int
    n: int
    before: tuple[str, str] | None
    after: tuple[str, str] | None


def neighbours(
    facts: Facts,
    versions: Sequence[Agreement],
    asked: LeadFilter,
    number: int,
    *,
    scope: LeadScope,
    now: datetime,
    words: Words,
    waivers: Waivers = NO_WAIVERS,
) -> Neighbours | None:
    """The leads around the lead `number` in the list that was asked for; None where it is not in it."""
    search = _Search(facts, versions, asked, scope, now, words, waivers)
    numbers = search.ordered()["number"].unique(maintain_order=True)
    found = numbers.index_of(number)
    if found is None:
        return None
    around = {place: int(numbers[place]) for place in (found - 1, found + 1) if 0 <= place < len(numbers)}
    rows = read_whole(search.leads.filter(pl.col("number").is_in(list(around.values()))), facts.path)
    ids = {row["number"]: (row["src"], row["lead_id"]) for row in rows.iter_rows(named=True)}
    before, after = (ids.get(around.get(place, -1)) for place in (found - 1, found + 1))
    return Neighbours(found + 1, len(numbers), before, after)


class _Search:
    """One question to the list of leads and the clocks beside it."""

    def __init__(
        self,
        facts: Facts,
        versions: Sequence[Agreement],
        asked: LeadFilter,
        scope: LeadScope,
        now: datetime,
        words: Words,
        waivers: Waivers = NO_WAIVERS,
    ) -> None:
        self.asked, self.scope, self.words, self.waivers = asked, scope, words, waivers
        self.now = micros(asked.moment(now))
        self.replica: Replica = open_replica(facts)
        self.leads = open_lead_list(facts, self.replica)
        self.facts_path = facts.path
        has_clocks = bool(versions) and self.replica.n_leads > 0
        self.clocks: StoredClocks | None = open_clocks(self.replica, versions, now=self.now) if has_clocks else None
        self.matches = Matches(self.replica, self.clocks, tuple(versions), asked, self.now, waivers)
        if asked.commitment and not self.matches.promise:
            what, hint = words('There is no promise "{id}".', id=asked.commitment), words("Take the filter away.")
            raise UserError(what, where="commitment", hint=hint)

    def found(self, key: str = "number") -> pl.DataFrame:
        """The number and the clock of every lead that fits, by number, with what the list is ordered by."""
        seen = self._seen()
        own = [name for name in (key,) if name != "number" and name in seen.collect_schema()]
        leads = with_ranks(self._answered(seen, own), key)
        if self.matches.is_about_leads():
            return leads.filter(self._is_of_tier(leads["number"])) if self.asked.tier else leads
        found = in_lead_order(self.matches.found({*JUDGED, key}))
        return of_leads(found, leads, self.replica.n_leads)

    def _answered(self, seen: pl.LazyFrame, own: Sequence[str]) -> pl.DataFrame:
        """`number` and `own` of the leads; where an answer of sales is asked for, only those that it was given."""
        asked, columns = self.asked, ["number", *own]
        if not asked.given_back:
            return read_whole(seen.select(columns), self.facts_path)
        leads = read_whole(seen.select(*dict.fromkeys([*columns, *OWN])).sort("number"), self.facts_path)
        found = given_back(leads, asked.given_back, self.replica, self.matches.versions, now=self.now)
        return found.filter(_says("reason", asked.reason)).select(columns)

    def page(self, found: pl.DataFrame, first: int) -> pl.DataFrame:
        key, size, is_down = self._key_of(found), self.asked.size, self.asked.sort.startswith("-")
        return page_of(found, key, first, size, is_down=is_down)

    def ordered(self) -> pl.DataFrame:
        found = self.found(self.key())
        return in_order(found, self._key_of(found), is_down=self.asked.sort.startswith("-"))

    def _key_of(self, found: pl.DataFrame) -> str:
        """Of clocks, where none is asked for: leads stand by their number, as they came."""
        return self.key() if self.key() in found.columns else "number"

    def key(self) -> str:
        key = KEYS[self.asked.sort.removeprefix("-")]
        return "owner" if key == "owner_name" and not self.scope.shows_names else key  # their order would tell

    def _seen(self) -> pl.LazyFrame:
        """The leads in this reader's scope that fit the filters on the lead itself."""
        asked, made_at = self.asked, pl.col("created_at").dt.timestamp("us")
        leads = self.leads.filter(made_at <= self.now, in_scope(self.scope))
        names = [("stage", "lifecycle"), ("reason", "reason"), ("campaign", "campaign")]
        if self.matches.is_about_leads():
            names += [("team", "team"), ("source", "source"), ("rep", "owner_label")]
            leads = leads.filter(self.matches.in_time(made_at))
        elif asked.touched or asked.became or (asked.reached and not asked.commitment and not asked.verdict):
            names += [("team", "team"), ("rep", "owner_label")]
        for name, column in names:
            if name != "reason" or not asked.given_back:
                leads = leads.filter(_says(column, getattr(asked, name)))
        if asked.lead:
            leads = leads.filter(pl.col("src") == asked.lead[0], pl.col("lead_id") == asked.lead[1])
        for word in asked.q.lower().split():
            leads = leads.filter(self._searched().str.contains(word, literal=True))
        if asked.rep not in ("", NONE) and not self.scope.shows_names:
            leads = leads.filter(self._is_named())
        return leads

    def _searched(self) -> pl.Expr:
        """Who is not shown names cannot find them out by looking for them."""
        if self.scope.shows_names:
            return pl.col("words")
        return pl.when(self._is_named()).then("words").otherwise("plain_words")

    def _is_named(self) -> pl.Expr:
        """Leads whose owner's name this reader is shown."""
        if self.scope.shows_names:
            return pl.lit(value=True)
        return pl.col("team").is_in(list(self.scope.named_teams)).fill_null(value=False) | is_own(self.scope)

    def _is_of_tier(self, numbers: pl.Series) -> pl.Series:
        wanted = self.asked.tier
        tiers = tiers_of(self.clocks)
        mine = tiers.filter(pl.col("tier").is_not_null() if wanted == NONE else pl.col("tier") == wanted)
        found = is_among(numbers, read_whole(mine, self.facts_path)["number"], self.replica.n_leads)
        return ~found if wanted == NONE else found  # no clock says the tier of some

    def choices(self) -> dict[str, tuple[str, ...]]:
        """What the filters may be set to, in what this reader may see."""
        key = (str(self.facts_path), self.replica.path.name, self.scope)
        if key not in _CHOICES:
            seen = self.leads.filter(in_scope(self.scope))
            columns = {"team": "team", "source": "source", "stage": "lifecycle"}
            whole = read_whole(
                seen.select(pl.col(column).unique().implode() for column in columns.values()), self.facts_path
            )
            found = {name: tuple(sorted(whole[column][0].drop_nulls())) for name, column in columns.items()}
            _CHOICES[key] = found
            while len(_CHOICES) > KEPT:
                _CHOICES.popitem(last=False)
        return _CHOICES[key] | {"tier": tuple(self.clocks.tiers) if self.clocks else ()}

    def rows(self, page: pl.DataFrame) -> Iterator[LeadRow]:
        """The rows of a page, with every clock of each lead."""
        numbers, words = page["number"].unique().to_list(), self.words
        clocks = self._clocks_of(numbers)
        tiers = dict(read_whole(tiers_of(self.clocks, numbers), self.facts_path).iter_rows())
        leads = read_whole(self.leads.filter(pl.col("number").is_in(numbers)), self.facts_path)
        extra = [name for name in ("episode", "counted_at", "amount") if name in page.columns]
        whole = page.select("number", *extra).join(leads, on="number", how="left", maintain_order="left")
        for row in whole.iter_rows(named=True):
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
                episode=row.get("episode"),
            )

    def _clocks_of(self, numbers: list[int]) -> dict[int, tuple[LeadClock, ...]]:
        if self.clocks is None or not numbers:
            return {}
        mine = self.clocks.scan(numbers).filter(pl.col("number").is_in(numbers), has_begun(self.now))
        found: dict[int, tuple[LeadClock, ...]] = {}
        mine = with_waivers(mine, self.waivers, self.replica, self.now)
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


def _says(column: str, wanted: str) -> pl.Expr:
    """Whether the column says what is wanted; a dash wants nothing in it, nothing wants anything."""
    if not wanted:
        return pl.lit(value=True)
    return pl.col(column).is_null() if wanted == NONE else pl.col(column) == wanted


def in_scope(scope: LeadScope) -> pl.Expr:
    """Whether a row of the list of leads lies in what somebody may see."""
    if scope.everything:
        return pl.lit(value=True)
    nobody = pl.col("owner_id").is_null() if scope.has_unowned else pl.lit(value=False)
    return nobody | is_own(scope) | pl.col("team").is_in(list(scope.teams)).fill_null(value=False)


def is_own(scope: LeadScope) -> pl.Expr:
    """Whether its owner is the reader."""
    theirs = [f"{src}\x1f{owner}" for src, owner in scope.owners]
    return pl.concat_str(pl.col("src"), pl.col("owner_id"), separator="\x1f").is_in(theirs).fill_null(value=False)


def instant(at: int | None) -> datetime | None:
    """Microseconds as an instant; None for NEVER."""
    return None if at is None or at == NEVER else instant_at(at)


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
        episode=int(str(row["episode"])),
    )


def _by_verdict(found: pl.DataFrame) -> dict[str, int]:
    if "verdict" not in found.columns:
        return {}
    n_each = np.bincount(found["verdict"].to_physical().to_numpy(), minlength=len(VERDICTS.categories))
    counts = {name: int(n) for name, n in zip(VERDICTS.categories, n_each, strict=True) if n}
    return counts | {"at_risk": int(found["is_at_risk"].sum())}
