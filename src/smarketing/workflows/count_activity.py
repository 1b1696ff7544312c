"""Count what happened with leads in some days, once for everybody who asks; and describe the hottest of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from smarketing.engine.as_of import as_of
from smarketing.engine.compiled import compile_terms
from smarketing.engine.reading import Reading
from smarketing.ledger.folder import read_whole
from smarketing.ledger.lead_list import open_lead_list
from smarketing.ledger.replica import open_replica
from smarketing.ledger.store import Facts
from smarketing.records.access import LeadScope
from smarketing.scorecard.activity import Activity, ActivityCounts, Hot
from smarketing.scorecard.card import Axis
from smarketing.scorecard.horizon import Horizon
from smarketing.scorecard.only import Only
from smarketing.scorecard.promised import latest_version
from smarketing.terms.agreement import Agreement
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.instants import micros
from smarketing.terms.period import Grain, Period
from smarketing.workflows.card_shelf import CardShelf
from smarketing.workflows.list_leads import in_scope

SHELF: CardShelf[Activity] = CardShelf()
MOST_HOT, MOST_THREADS = 5_000, 8


@dataclass(frozen=True, slots=True)
class HotLead:
    """A hot lead with what marketing knows of it. `n_earlier` requests did the same person make before this one."""

    src: str
    lead_id: str
    name: str
    tier: str
    score: float | None
    source: str
    campaign: str
    page: str
    n_earlier: int
    n_replies: int
    n_touches: int
    is_connected: bool


def activity_of(
    facts: Facts,
    versions: Sequence[Agreement],
    *,
    from_on: date,
    until_on: date,
    now: datetime,
    only: Mapping[Axis, str] | None = None,
    wait_s: float,
) -> Activity | None:
    """What happened on the local days [from_on, until_on) of the agreement; None when it is not ready after `wait_s`.

    Raises FactsError and TermsError as a scorecard
    """
    wanted = dict(only or {})
    said = (from_on, until_on, *sorted(wanted.items()))
    key = (str(facts.path), facts.sequence, *map(fingerprint, versions), *said)
    moment = SHELF.moment(key, now)
    return SHELF.card(
        key, moment, lambda: count_activity(facts, versions, from_on, until_on, moment, wanted), wait_s=wait_s
    )


def count_activity(
    facts: Facts,
    versions: Sequence[Agreement],
    from_on: date,
    until_on: date,
    now: datetime,
    only: Mapping[Axis, str] | None = None,
) -> Activity:
    """The same from the facts, bucket by bucket."""
    replica, at, zone = open_replica(facts), micros(now), versions[-1].zone
    start = min(replica.first_at, at) if replica.n_leads else at
    compiled = compile_terms(versions, replica.codebook, start=start, end=max(replica.latest_at, at) + 1)
    horizon = Horizon(Period(Grain.DAY, f"{from_on}..{until_on}", from_on, until_on), zone, at)
    version = latest_version(compiled.versions, horizon)
    chosen, n_tiers = Only.of(only or {}, compiled), len(compiled.tiers)
    counts = ActivityCounts(version, zone, from_on, until_on, n_tiers, chosen, most_hot=MOST_HOT)
    first, end = counts.bounds

    def add(bucket: int) -> None:
        counts.add(Reading(as_of(replica.history(bucket), at), version, compiled.tables, at))

    spans = ((bucket, replica.span(bucket)) for bucket in range(replica.n_buckets))
    buckets = [bucket for bucket, (earliest, latest) in spans if earliest < min(end, at + 1) and latest >= first]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as pool:
        for _ in pool.map(add, buckets):
            pass
    return counts.activity(compiled.tiers)


def hot_leads(
    facts: Facts, activity: Activity, agreement: Agreement, *, scope: LeadScope, most: int
) -> tuple[HotLead, ...]:
    """The hottest of those that this reader may see, the hottest first."""
    if not activity.hot or not scope:
        return ()
    replica = open_replica(facts)
    leads = open_lead_list(facts, replica)
    by_number = {each.number: each for each in activity.hot}
    seen = leads.filter(pl.col("number").is_in(list(by_number)), in_scope(scope)).select("number")
    mine = set(read_whole(seen, facts.path)["number"])
    best = [each for each in activity.hot if each.number in mine][:most]
    rows = read_whole(leads.filter(pl.col("number").is_in([each.number for each in best])), facts.path)
    known = {row["number"]: row for row in rows.iter_rows(named=True)}
    earlier = _earlier(leads, rows, facts)
    names = {n: tier.name or tier.id for n, tier in enumerate(agreement.tiers)}
    return tuple(_hot_lead(each, known[each.number], earlier, names) for each in best if each.number in known)


def _earlier(leads: pl.LazyFrame, rows: pl.DataFrame, facts: Facts) -> dict[int, int]:
    """By lead: how many requests the same person had made before."""
    mine = rows.lazy().select("number", "person_key", made_at="created_at").drop_nulls("person_key")
    every = leads.select("person_key", "created_at")
    before = mine.join(every, on="person_key").filter(pl.col("created_at") < pl.col("made_at"))
    found = read_whole(before.group_by("number").agg(n=pl.len()), facts.path)
    return dict(found.select("number", "n").iter_rows())


def _hot_lead(hot: Hot, row: Mapping[str, object], earlier: Mapping[int, int], tiers: Mapping[int, str]) -> HotLead:
    def text(name: str) -> str:
        return str(row[name] or "")

    return HotLead(
        src=text("src"),
        lead_id=text("lead_id"),
        name=text("person_key") or text("lead_id"),
        tier=tiers.get(hot.tier, ""),
        score=hot.score,
        source=text("source"),
        campaign=text("campaign"),
        page=text("landing_page"),
        n_earlier=earlier.get(hot.number, 0),
        n_replies=hot.n_replies,
        n_touches=hot.n_touches,
        is_connected=hot.is_connected,
    )
