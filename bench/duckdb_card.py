"""A peer: the whole card in expert SQL, five ASOF joins and one grouping per cube, on the flat files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from bench.calendar_tables import open_stretches, working_days
from bench.company import CALENDARS, NOW, REPS, TEAMS

US_HOUR = 3_600_000_000
CLOCKS = f"""
create temp table clocks as
with starts as (
    select lead, min(epoch_us("at")) as start_at from read_parquet('$F/stages.parquet') where stage = 1 group by lead
), base as (
    select l.lead, l.owner, l.grade, l.void, (l.owner % {CALENDARS})::smallint as calendar, s.start_at,
           [1, 4, 16][l.grade + 1] * {US_HOUR} as respond_us, [16, 24, 40][l.grade + 1] * {US_HOUR} as dispose_us,
           [5, 10, 15][l.grade + 1] as days
    from read_parquet('$F/leads.parquet') l join starts s using (lead) where s.start_at <= {NOW}
), placed as (
    select b.*, o.before + least(b.start_at - o.opens, o.closes - o.opens) as placed_us
    from base b asof join stretches o on b.calendar = o.calendar and b.start_at >= o.opens
), due1 as (
    select p.*, o.opens + (p.placed_us + p.respond_us - o.before) as respond_due
    from placed p asof join stretches o on p.calendar = o.calendar and p.placed_us + p.respond_us > o.before
), due2 as (
    select p.*, o.opens + (p.placed_us + p.dispose_us - o.before) as dispose_due
    from due1 p asof join stretches o on p.calendar = o.calendar and p.placed_us + p.dispose_us > o.before
), day_zero as (
    select p.*, coalesce(d.day, -1) + p.days as due_day
    from due2 p asof left join days d on p.calendar = d.calendar and p.start_at >= d.begins
), due3 as (
    select z.*, d.closing as window_end from day_zero z join days d on z.calendar = d.calendar and z.due_day = d.day
), calls as (
    select t.lead, epoch_us(t."at") as touched_at, t.flags
    from read_parquet('$F/touches.parquet') t join base b using (lead)
    where epoch_us(t."at") between b.start_at and {NOW}
), reached as (
    select lead, min(touched_at) filter ((flags & 7) = 7) as touched_at,
           min(touched_at) filter ((flags & 24) > 0) as connected_at from calls group by lead
), counted as (
    select c.lead, count(*) as n from calls c join due3 d using (lead) join reached r using (lead)
    where (c.flags & 7) = 7 and c.touched_at <= least(d.window_end, coalesce(r.connected_at, {NOW})) group by c.lead
), answered as (
    select s.lead, min(epoch_us(s."at")) as answered_at
    from read_parquet('$F/stages.parquet') s join base b using (lead)
    where s.stage between 2 and 6 and epoch_us(s."at") between b.start_at and {NOW} group by s.lead
), joined as (
    select d.*, r.touched_at, r.connected_at, a.answered_at, coalesce(c.n, 0) as n
    from due3 d left join reached r using (lead) left join answered a using (lead) left join counted c using (lead)
), timed as (
    select j.*, o.before + least(j.touched_at - o.opens, o.closes - o.opens) - j.placed_us as respond_elapsed
    from joined j asof left join stretches o on j.calendar = o.calendar and j.touched_at >= o.opens
), timed2 as (
    select j.*, o.before + least(j.answered_at - o.opens, o.closes - o.opens) - j.placed_us as dispose_elapsed
    from timed j asof left join stretches o on j.calendar = o.calendar and j.answered_at >= o.opens
)
select owner::smallint as rep, (owner // {REPS // TEAMS})::smallint as team, grade as tier, n,
       make_timestamp(start_at)::date as day, respond_elapsed, dispose_elapsed,
       connected_at is not null and connected_at <= window_end as is_connected, window_end < {NOW} as is_over,
       void > 0 as is_void,
       case when void > 0 then 3 when touched_at <= respond_due then 0
            when respond_due < {NOW} then 1 else 2 end as respond,
       case when void > 0 then 3 when answered_at <= dispose_due then 0
            when dispose_due < {NOW} then 1 else 2 end as dispose,
       case when void > 0 then 3 when connected_at <= window_end or n >= 5 then 0
            when window_end < {NOW} then 1 else 2 end as attempts
from timed2
"""
VERDICTS = ", ".join(
    f"count(*) filter ({name} = {verdict}) as {name}_{verdict}"
    for name in ("respond", "dispose", "attempts")
    for verdict in range(4)
)
TIMES = ", ".join(
    f"avg({name}_elapsed) filter (not is_void) as {name}_mean,"
    f" quantile_cont({name}_elapsed, [0.5, 0.9]) filter (not is_void) as {name}_quantiles"
    for name in ("respond", "dispose")
)
CUBE = f"""
select {{period}} as period, {{group}}, {VERDICTS}, {TIMES},
       avg(n) filter (not is_void and is_over and not is_connected) as depth
from clocks group by 1, 2
"""
PERIODS = {"day": "day", "week": "date_trunc('week', day)", "month": "date_trunc('month', day)"}
EXTRAS = (
    """select date_trunc('month', l.created_at), l.source, s.stage, count(distinct s.lead)
       from read_parquet('$F/stages.parquet') s join read_parquet('$F/leads.parquet') l using (lead)
       where epoch_us(s."at") <= {now} group by 1, 2, 3""",
    """select date_trunc('month', d.closed_at), l.source, sum(d.amount)
       from read_parquet('$F/deals.parquet') d join read_parquet('$F/leads.parquet') l using (lead)
       where d.status = 1 and epoch_us(d.closed_at) <= {now} group by 1, 2""",
    "select day, count(*), sum(count(*)) over (partition by date_trunc('month', day) order by day)"
    " from clocks group by day",
)


def card(folder: Path) -> dict[str, Any]:
    """Nine cubes with exact quantiles, funnel, revenue and waterfall."""
    database = duckdb.connect()
    database.execute("set threads = 2")
    database.register("stretches_frame", open_stretches().to_arrow())
    database.register("days_frame", working_days().to_arrow())
    database.execute("create temp table stretches as from stretches_frame")
    database.execute("create temp table days as from days_frame")
    flat = str(folder / "flat")
    database.execute(CLOCKS.replace("$F", flat))
    n_cells, sums = 0, [0] * 12
    for period in PERIODS.values():
        for group in ("rep", "team", "tier"):
            cube = database.sql(CUBE.format(period=period, group=group)).to_arrow_table()
            n_cells += cube.num_rows
            if group == "tier" and period == "day":
                sums = [sum(cube.column(2 + k).to_pylist()) for k in range(12)]
    for extra in EXTRAS:
        database.sql(extra.replace("$F", flat).format(now=NOW)).to_arrow_table()
    return {"n_cells": n_cells, "verdicts": [int(value) for value in sums]}
