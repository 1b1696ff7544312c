"""The exports as tables: the columns, spellings and date formats that the demo company's CRM writes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from smarketing.sources.demo_company import story
from smarketing.sources.demo_company.cast import MACHINE, MANAGERS, MARKETS, OFFICES, QUEUE, REPS, Rep, address
from smarketing.sources.demo_company.company import Company
from smarketing.sources.demo_company.deals import LOST_REASONS
from smarketing.sources.demo_company.handover import TEST
from smarketing.sources.demo_company.history import LIFECYCLE, OWNER, REP_IDS, current
from smarketing.sources.demo_company.market import CHANNELS, PAGES
from smarketing.sources.demo_company.people import campaign_names, people
from smarketing.sources.demo_company.story import HEADQUARTERS, MARKETING_MONTH, N_MONTHS, NEVER, SALES_MONTH, Story
from smarketing.sources.demo_company.touches import KINDS, OF_MACHINE, OUTCOMES
from smarketing.terms.zones import zone

GRADES = pl.Series(["A", "B", "C"])
STATUSES = {
    "Lead": "New",
    "MQL": "Assigned",
    "Accepted": "Working",
    "SQL": "Meeting held",
    "Opportunity": "In pipeline",
    "Customer": "Won",
    "Recycled": "Nurturing",
    "Disqualified": "Closed",
}


def users() -> pl.DataFrame:
    rows = [
        (r.id, r.name, "User", address(r.name), r.team, _manager(r), OFFICES[r.office], r.office, r.left > N_MONTHS)
        for r in REPS
    ]
    rows += [
        ("u-001", "Maya Olmedo", "User", address("Maya Olmedo"), "Marketing", "", HEADQUARTERS, "madrid", True),
        (QUEUE, "Inbound queue", "Queue", "", "", "", "", "", True),
        (MACHINE, "Automation", "System", "", "", "", "", "", True),
    ]
    texts = ("User ID", "Name", "Type", "Email", "Team", "Manager", "Time zone", "Working hours")
    return pl.DataFrame(rows, schema=dict.fromkeys(texts, pl.String) | {"Active": pl.Boolean}, orient="row")


def _manager(rep: Rep) -> str:
    return "" if MANAGERS[rep.team] == rep.id else MANAGERS[rep.team]


def leads(whole: Company, changes: pl.DataFrame) -> pl.DataFrame:
    coming, given = whole.coming, whole.given
    n = len(coming)
    who = people(whole)
    owner = current(changes, OWNER, n, QUEUE)
    stage = current(changes, LIFECYCLE, n, "Lead")
    is_test = pl.Series(given.fate == TEST)
    frame = pl.DataFrame({"created": coming.created_at, "twin": given.twin_of}).with_columns(
        number=pl.int_range(n),
        modified=pl.max_horizontal("created", stage["at"], owner["at"]),
        test=is_test,
    )
    return frame.select(
        lead_ids("number").alias("Lead ID"),
        local("created").alias("Created"),
        pl.when("test").then(pl.lit("Test")).otherwise(who["first"]).alias("First name"),
        pl.when("test").then(pl.lit("Form")).otherwise(who["last"]).alias("Last name"),
        who["email"].alias("Email"),
        who["company"].alias("Company"),
        pl.Series([m.name for m in MARKETS]).gather(coming.market).alias("Country"),
        owner["new"].alias("Owner ID"),
        stage["new"].replace_strict(STATUSES).alias("Lead status"),
        stage["new"].alias("Lifecycle"),
        stage["reason"].fill_null("").alias("Reason"),
        pl.Series([c.raw for c in CHANNELS]).gather(coming.channel).alias("Source"),
        pl.Series([c.medium for c in CHANNELS]).gather(coming.channel).alias("Medium"),
        campaign_names(coming).alias("Campaign"),
        pl.Series(PAGES).gather(coming.page).alias("Landing page"),
        pl.Series(coming.score).alias("Score"),
        GRADES.gather(coming.grade).alias("Grade"),
        pl.when("test").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("Test record"),
        pl.when(pl.col("twin") >= 0).then(lead_ids("twin")).otherwise(pl.lit("")).alias("Duplicate of"),
        local("modified").alias("Modified"),
    )


def lead_history(changes: pl.DataFrame) -> pl.DataFrame:
    identity = pl.when(pl.col("object") == "Lead").then(lead_ids("row")).otherwise(deal_ids("row"))
    return changes.select(
        pl.format("H-{}", pl.int_range(pl.len()) + 700_001).alias("Change ID"),
        pl.col("object").alias("Object"),
        identity.alias("Record ID"),
        pl.col("field").alias("Field"),
        pl.col("old").fill_null("").alias("Old value"),
        pl.col("new").alias("New value"),
        pl.col("reason").alias("Reason"),
        local("at").alias("Changed"),
        pl.col("by").alias("Changed by"),
    )


def activities(whole: Company) -> pl.DataFrame:
    done = whole.done
    is_machine = done.rep == OF_MACHINE
    rep = REP_IDS.gather(np.where(is_machine, 0, done.rep))
    frame = pl.DataFrame({"at": done.at, "logged": done.logged_at, "lead": done.lead, "deal": done.deal})
    return frame.select(
        pl.format("A-{}", pl.int_range(pl.len()) + 3_000_001).alias("id"),
        pl.Series(KINDS).gather(done.kind).alias("type"),
        pl.when(pl.Series(done.is_inbound)).then(pl.lit("inbound")).otherwise(pl.lit("outbound")).alias("direction"),
        pl.when(pl.col("lead") >= 0).then(lead_ids("lead")).alias("lead_id"),
        pl.when(pl.col("deal") >= 0).then(deal_ids("deal")).alias("deal_id"),
        pl.when(pl.Series(is_machine)).then(pl.lit(MACHINE)).otherwise(rep).alias("user_id"),
        utc("at").alias("happened_at"),
        utc("logged").alias("logged_at"),
        pl.when(pl.Series(done.duration_s >= 0)).then(pl.Series(done.duration_s)).alias("seconds"),
        pl.Series(OUTCOMES).gather(done.outcome).alias("outcome"),
        pl.Series(is_machine).alias("automated"),
        pl.when(pl.Series(is_machine)).then(pl.lit("Welcome sequence")).alias("sequence"),
    )


def deals(whole: Company) -> pl.DataFrame:
    sales = whole.sales
    is_open = sales.closed_at == NEVER
    status = np.where(is_open, "Open", np.where(sales.is_won, "Won", "Lost"))
    lost = pl.Series(LOST_REASONS).gather(sales.lost_reason)
    frame = pl.DataFrame({"lead": sales.lead, "created": sales.created_at, "closed": sales.closed_at})
    return frame.with_columns(status=pl.Series(status)).select(
        deal_ids(pl.int_range(pl.len())).alias("Deal ID"),
        pl.when(pl.col("lead") >= 0).then(lead_ids("lead")).otherwise(pl.lit("")).alias("Lead ID"),
        REP_IDS.gather(sales.rep).alias("Owner ID"),
        pl.lit("New business").alias("Pipeline"),
        pl.col("status").alias("Status"),
        continental(pl.Series(sales.cents)).alias("Amount"),
        pl.lit("EUR").alias("Currency"),
        local("created").alias("Opened"),
        pl.when(pl.Series(is_open)).then(pl.lit("")).otherwise(local("closed")).alias("Closed"),
        pl.when(pl.col("status") == "Lost").then(lost).otherwise(pl.lit("")).alias("Lost reason"),
    )


def spend(whole: Company, seed: int) -> pl.DataFrame:
    """What each campaign cost on each day, with how often it was shown and clicked."""
    coming = whole.coming
    cost = np.array([c.cost_per_lead for c in CHANNELS])
    frame = pl.DataFrame(
        {"day": whole.tale.day_of(coming.created_at), "channel": coming.channel, "campaign": campaign_names(coming)}
    )
    days = frame.filter(pl.Series(cost[coming.channel] > 0)).group_by("day", "channel", "campaign").len()
    days = days.sort("day", "channel", "campaign")
    rng, n, channel = story.stream(seed, 6), len(days), days["channel"].to_numpy()
    cents = np.round(days["len"].to_numpy() * cost[channel] * rng.uniform(75, 130, n)).astype(np.int64)
    clicks = days["len"].to_numpy() * rng.integers(14, 40, n)
    return pl.DataFrame(
        {
            "Day": pl.Series([on.isoformat() for on in whole.tale.days]).gather(days["day"]),
            "Channel": pl.Series([c.raw for c in CHANNELS]).gather(channel),
            "Campaign": days["campaign"],
            "Cost": pl.Series(cents / 100).round(2),
            "Currency": pl.repeat("EUR", n, eager=True),
            "Impressions": clicks * rng.integers(30, 90, n),
            "Clicks": clicks,
        }
    )


def deliveries(tale: Story, seed: int) -> pl.DataFrame:
    """The pipeline report of every Friday and the campaign calendar of every month, some late, some never made."""
    rng = story.stream(seed, 7)
    fridays = [on for on in tale.days if on.weekday() == 4]
    rows = []
    for on in fridays:
        is_bad, luck = _month(tale, on) == SALES_MONTH, rng.random()
        if luck < (0.6 if is_bad else 0.03):
            continue
        late = timedelta(days=3, hours=1) if luck < (0.8 if is_bad else 0.10) else timedelta()
        rows.append(("pipeline_report", _afternoon(on, int(rng.integers(0, 90))) + late, "u-101", "u-001"))
    for n in range(N_MONTHS):
        if n == MARKETING_MONTH:
            continue
        day = int(rng.integers(2, 5))
        on = tale.month_start(n) + timedelta(days=day - 1)
        rows.append(("campaign_calendar", _afternoon(on, int(rng.integers(0, 90))), "u-001", "u-101"))
    rows = sorted(row for row in rows if row[1] < tale.exported_at)
    return pl.DataFrame(
        {
            "Delivery ID": [f"R-{number:04}" for number in range(1, len(rows) + 1)],
            "What": [row[0] for row in rows],
            "Handed over": [row[1].isoformat() for row in rows],
            "By": [row[2] for row in rows],
            "Confirmed by": [row[3] for row in rows],
            "Link": [f"https://files.tramontana.example/{row[0]}/{row[1]:%Y-%m-%d}" for row in rows],
        }
    )


def lead_ids(column: str) -> pl.Expr:
    return pl.format("L-{}", pl.col(column) + 100_001)


def deal_ids(column: str | pl.Expr) -> pl.Expr:
    return pl.format("D-{}", (pl.col(column) if isinstance(column, str) else column) + 5_001)


def local(column: str) -> pl.Expr:
    """As the CRM writes it: day first, on the head office's clock, without an offset."""
    instants = pl.from_epoch(pl.col(column), time_unit="us").dt.replace_time_zone("UTC")
    return instants.dt.convert_time_zone(HEADQUARTERS).dt.strftime("%d/%m/%Y %H:%M:%S")


def utc(column: str) -> pl.Expr:
    return pl.from_epoch(pl.col(column), time_unit="us").dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def continental(cents: pl.Series) -> pl.Expr:
    """12345678 cents as 123.456,78."""
    whole, rest = cents // 100, cents % 100
    thousands, units = whole // 1000, whole % 1000
    grouped = pl.when(thousands > 0).then(pl.format("{}.{}", pl.lit(thousands), _padded(units, 3)))
    return pl.format("{},{}", grouped.otherwise(pl.lit(units.cast(pl.String))), _padded(rest, 2))


def _padded(number: pl.Series, width: int) -> pl.Expr:
    return pl.lit(number.cast(pl.String).str.zfill(width))


def _month(tale: Story, on: date) -> int:
    return (on.year - tale.first_on.year) * 12 + on.month - tale.first_on.month


def _afternoon(on: date, minute: int) -> datetime:
    return datetime.combine(on, time(12, 15), tzinfo=zone(HEADQUARTERS)) + timedelta(minutes=minute)
