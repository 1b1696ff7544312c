"""The demo company: the same bytes for a seed, and its stories really in its exports."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from smarketing.sources.demo import AGREEMENTS, UNTIL_ON, DemoExports, write_demo
from smarketing.sources.demo_company.cast import MARKETS, OFFICES, REPS, habit
from smarketing.sources.demo_company.story import (
    AMENDED_MONTH,
    MARKETING_MONTH,
    N_MONTHS,
    SALES_MONTH,
    story_until,
)
from smarketing.terms.errors import UserError
from smarketing.terms.read_yaml import read_versions

LEADS = 6_000


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> DemoExports:
    return write_demo(tmp_path_factory.mktemp("demo"), n_leads=LEADS)


@pytest.fixture(scope="module")
def leads(exports: DemoExports) -> pl.DataFrame:
    text = pl.read_csv(exports.files["leads"], infer_schema=False)
    created = pl.col("Created").str.to_datetime("%d/%m/%Y %H:%M:%S", strict=False)
    return text.with_columns(created=created).drop_nulls("created")


@pytest.fixture(scope="module")
def history(exports: DemoExports) -> pl.DataFrame:
    text = pl.read_csv(exports.files["history"], infer_schema=False)
    return text.with_columns(at=pl.col("Changed").str.to_datetime("%d/%m/%Y %H:%M:%S"))


@pytest.fixture(scope="module")
def activities(exports: DemoExports) -> pl.DataFrame:
    lines = exports.files["activities"].read_text("utf-8").splitlines()
    texts = ("id", "type", "direction", "lead_id", "user_id", "happened_at", "logged_at", "outcome")
    schema = dict.fromkeys(texts, pl.String) | {"automated": pl.Boolean}
    return pl.DataFrame([json.loads(line) for line in lines], schema=schema)


def digest(exports: DemoExports) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in exports.files.values())).hexdigest()


def months_of(at: pl.Series) -> pl.Series:
    """Month of the story, 0 … 13."""
    first = story_until(UNTIL_ON).first_on
    return (at.dt.year().cast(pl.Int32) - first.year) * 12 + at.dt.month() - first.month


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    once, again, other = (
        write_demo(tmp_path / name, n_leads=500, seed=seed) for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    assert digest(once) == digest(again)
    assert digest(once) != digest(other)


@pytest.mark.parametrize("wanted", [0, -1, 100_001])
def test_an_impossible_size_is_refused(wanted: int, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot have"):
        write_demo(tmp_path, n_leads=wanted)
    assert list(tmp_path.iterdir()) == []


def test_one_lead_is_a_company_too(tmp_path: Path) -> None:
    assert write_demo(tmp_path, n_leads=1).n_leads <= 1


def test_the_story_takes_fourteen_months_and_ends_at_the_export(leads: pl.DataFrame, exports: DemoExports) -> None:
    months = months_of(leads["created"])
    assert months.unique().sort().to_list() == list(range(N_MONTHS))
    assert exports.exported_at == datetime(2026, 10, 21, 15, 30, tzinfo=UTC)
    assert leads["created"].max() < datetime(2026, 10, 21, 17, 30)  # the head office's clock, as the export writes it


def test_marketing_has_a_bad_month(history: pl.DataFrame) -> None:
    handed_over = history.filter(pl.col("New value") == "MQL")
    counts = months_of(handed_over["at"]).value_counts().sort("at")["count"].to_list()[: N_MONTHS - 1]
    usual = sorted(counts)[len(counts) // 2]
    assert counts.index(min(counts)) == MARKETING_MONTH
    assert counts[MARKETING_MONTH] < 0.75 * usual


def test_sales_has_another_bad_month(history: pl.DataFrame, activities: pl.DataFrame) -> None:
    started = history.filter(pl.col("New value") == "MQL").select("Record ID", started="at")
    tries = activities.filter(~pl.col("automated"), pl.col("direction") == "outbound", pl.col("outcome") != "Planned")
    at = pl.col("happened_at").str.to_datetime(strict=False, time_zone="UTC").dt.convert_time_zone("Europe/Madrid")
    tries = tries.with_columns(tried=at.dt.replace_time_zone(None)).select("lead_id", "tried").drop_nulls()
    pairs = started.join(tries, left_on="Record ID", right_on="lead_id").filter(pl.col("tried") >= pl.col("started"))
    first = pairs.group_by("Record ID", "started").agg(
        (pl.col("tried").min() - pl.col("started").first()).alias("wait")
    )
    first = first.with_columns(month=months_of(first["started"]))
    waits = first.group_by("month").agg(pl.col("wait").median()).sort("month")["wait"].dt.total_minutes().to_list()
    others = [wait for month, wait in enumerate(waits) if month != SALES_MONTH]
    assert waits[SALES_MONTH] > 1.8 * max(others[: N_MONTHS - 2])


def test_leads_come_at_night_and_on_weekends(leads: pl.DataFrame) -> None:
    at = leads["created"]
    weekend = (at.dt.weekday() > 5).mean()
    night = ((at.dt.hour() >= 20) | (at.dt.hour() < 8)).mean()
    assert 0.08 < float(weekend) < 0.25  # type: ignore[arg-type]
    assert 0.15 < float(night) < 0.45  # type: ignore[arg-type]


def test_holidays_and_august_are_quiet(leads: pl.DataFrame) -> None:
    by_day = leads.group_by(pl.col("created").dt.date().alias("on")).len()
    counts = dict(zip(by_day["on"], by_day["len"], strict=True))
    assert counts.get(date(2025, 12, 25), 0) < counts[date(2025, 12, 18)]
    months = months_of(leads["created"]).value_counts().sort("created")["count"].to_list()
    assert months[11] < months[10] and months[11] < months[12]


def test_three_languages_and_two_clocks() -> None:
    assert {market.language for market in MARKETS} == {"en", "es", "it"}
    assert len(set(OFFICES.values())) == 2
    assert len({rep.team for rep in REPS}) == 4
    assert 12 <= len(REPS) <= 16


def test_campaigns_are_called_in_three_languages(leads: pl.DataFrame) -> None:
    assert {"Agenda sin papeles", "Officina senza carta", "Field teams on time"} <= set(leads["Campaign"])


def test_reps_are_uneven() -> None:
    assert habit("answer_min").max() > 4 * habit("answer_min").min()


def test_a_name_that_is_no_habit_is_refused() -> None:
    with pytest.raises(KeyError):
        habit("shoe_size")


def test_grades_are_a_b_and_c(leads: pl.DataFrame) -> None:
    assert set(leads["Grade"]) == {"A", "B", "C"}


def test_duplicates_tests_spam_reassignments_and_late_logs_are_there(
    leads: pl.DataFrame, history: pl.DataFrame, activities: pl.DataFrame
) -> None:
    assert {"duplicate", "test", "spam", "no_budget", "nurture"} <= set(leads["Reason"])
    twins = leads.filter(pl.col("Duplicate of") != "")["Duplicate of"]
    assert len(twins) and twins.is_in(leads["Lead ID"].implode()).all()
    owners = history.filter(pl.col("Field") == "Owner").group_by("Record ID").len()
    assert int(owners["len"].max()) >= 3  # type: ignore[call-overload]
    times = activities.select(pl.col("happened_at", "logged_at").str.to_datetime(strict=False, time_zone="UTC"))
    late = times.filter(pl.col("logged_at") - pl.col("happened_at") > pl.duration(days=1))
    assert 50 < late.height < 0.1 * activities.height


def test_machines_write_first_and_people_answer(activities: pl.DataFrame) -> None:
    assert 0.3 < float(activities["automated"].mean()) < 0.7  # type: ignore[arg-type]
    assert {"Received", "Connected", "Planned", "Cancelled", "Held"} <= set(activities["outcome"])


def test_amounts_are_written_with_a_decimal_comma(exports: DemoExports) -> None:
    amounts = pl.read_csv(exports.files["deals"], separator=";", infer_schema=False)["Amount"]
    assert int(amounts.str.contains(r"^\d{1,3}(\.\d{3})*,\d{2}$").sum()) == len(amounts) - 1  # one is "to be agreed"


def test_closing_a_deal_takes_weeks(exports: DemoExports) -> None:
    deals = pl.read_csv(exports.files["deals"], separator=";", infer_schema=False)
    days = deals.select(pl.col("Opened", "Closed").str.to_datetime("%d/%m/%Y %H:%M:%S", strict=False)).drop_nulls()
    cycle = (days["Closed"] - days["Opened"]).dt.total_days().median()
    assert 20 < float(cycle) < 60  # type: ignore[arg-type]


def test_the_agreement_has_two_versions_that_fit_the_exports(exports: DemoExports) -> None:
    first, second = read_versions(exports.agreement)
    tale = story_until(UNTIL_ON)
    assert first.in_force.from_on == tale.first_on
    assert second.in_force.from_on == tale.month_start(AMENDED_MONTH)
    teams = {team for party in second.parties for team in party.teams}
    assert teams == {rep.team for rep in REPS} | {"Marketing"}
    assert {calendar.id for calendar in second.calendars} == {rep.office for rep in REPS}
    delivered = set(pl.read_csv(exports.files["deliveries"], infer_schema=False)["What"])
    assert {c.deliverable for c in second.commitments if c.deliverable} == delivered


def test_the_document_is_complete() -> None:
    for version in read_versions(AGREEMENTS):
        parts = ("summary", "definitions", "ideal_customer", "personas", "tiers", "reports", "reviews")
        parts += ("consequences", "rewards", "cancellation", "exceptions")
        assert [part for part in parts if not getattr(version, part)] == []
        assert all(party.contacts and party.needs for party in version.parties)


def test_dates_that_move_onto_one_another_move_once(tmp_path: Path) -> None:
    first, second = read_versions(write_demo(tmp_path, n_leads=50, until_on=date(2027, 8, 5)).agreement)
    assert (first.in_force.from_on, second.in_force.from_on) == (date(2026, 7, 1), date(2027, 5, 1))


def test_another_last_day_moves_the_agreement_along(tmp_path: Path) -> None:
    exports = write_demo(tmp_path, n_leads=50, until_on=date(2025, 3, 10))
    first, second = read_versions(exports.agreement)
    assert first.in_force.from_on == date(2024, 2, 1)
    assert second.in_force.from_on == date(2024, 12, 1)
    assert second.in_force.until_on == date(2025, 5, 31)
