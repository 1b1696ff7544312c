"""What a promise reached: T10, T15, T41, T42, T49, T51–T53 of the worked examples, and their neighbours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.builders import Past, a_calendar, a_commitment, a_history, an_agreement
from tests.scoring import a_card, the_line

from smarketing.scorecard.attainment import ranks
from smarketing.terms.agreement import Cancellation, Consequence

ALL_DAY = a_calendar("always", "mon-sun 00:00-24:00")
SOON, LATE = "10:05", "18:00"


def answered(minutes: list[int | None], on: str = "2024-05-06") -> Past:
    """One lead at 10:00 for each entry, answered after so many minutes; None is never."""
    leads = [{"lead": f"lead{n}", "created_at": f"{on} 10:00"} for n in range(len(minutes))]
    touches = [
        {"lead": f"lead{n}", "at": f"{on} {10 + wait // 60:02}:{wait % 60:02}"}
        for n, wait in enumerate(minutes)
        if wait is not None
    ]
    return a_history(leads=leads, touches=touches)


def test_t41_the_lead_that_nobody_answered_stays_in_the_denominator() -> None:
    past = answered([10, 20, 30, 40, None])
    share = a_commitment(target="75 % within 30 business minutes")
    mean = a_commitment(id="mean", target="mean within 30 business minutes")
    card = a_card(past, an_agreement(share, mean))
    line, speed = the_line(card), the_line(card).speed
    assert (line.n_met, line.n_breached, line.attainment, line.word) == (3, 2, 0.6, "missed")
    assert speed is not None
    assert (speed.mean_s, speed.n_answered, speed.n_never) == (25 * 60, 4, 1)
    assert (the_line(card, "mean").actual, the_line(card, "mean").is_target_met) == (25 * 60, True)


def test_t42_depth_leaves_connected_leads_out() -> None:
    touches = [{"lead": f"after {n}", "at": f"2024-05-06 {11 + k}:00"} for n in (2, 4, 6) for k in range(n)] + [
        {"lead": "reached", "at": "2024-05-06 11:00", "how": "out connected"}
    ]
    names = ("after 2", "after 4", "after 6", "reached")
    past = a_history(leads=[{"lead": name, "created_at": "2024-05-06 10:00"} for name in names], touches=touches)
    depth = a_commitment("follow_up_depth", "6 touches within 5 business days", id="depth")
    line = the_line(a_card(past, an_agreement(depth)), "depth")
    assert line.depth is not None
    assert (line.actual, line.depth.n_unconnected, line.depth.n_connected) == (4.0, 3, 1)
    assert line.progress == pytest.approx(0.667, abs=5e-4)
    assert line.is_target_met is False
    assert [n for n, leads in enumerate(line.depth.touches) if leads] == [2, 4, 6]


def test_depth_waits_until_the_window_has_closed() -> None:
    past = a_history(leads=[{"lead": "ana", "created_at": "2024-05-06 10:00"}])
    depth = a_commitment("follow_up_depth", "6 touches within 5 business days", id="depth")
    line = the_line(a_card(past, an_agreement(depth), now="2024-05-08 10:00"), "depth")
    assert (line.actual, line.word, line.n_running) == (None, "no_data", 1)
    assert line.why == "No window of an unconnected lead has closed yet."


def test_t10_ratios_are_pooled_never_means_of_ratios() -> None:
    a = [{"lead": f"a{n}", "created_at": "2024-05-06 10:00", "source": "a"} for n in range(100)]
    b = [{"lead": f"b{n}", "created_at": "2024-05-06 10:00", "source": "b"} for n in range(900)]
    won = [{"lead": f"a{n}", "at": "2024-05-20 10:00", "stage": "customer"} for n in range(10)]
    won += [{"lead": f"b{n}", "at": "2024-05-20 10:00", "stage": "customer"} for n in range(27)]
    close = a_commitment("conversion_rate", "5 %", id="close", to_stage="customer", lag="30 clock days")
    card = a_card(a_history(leads=a + b, stages=won), an_agreement(close), by=["source"])
    line = the_line(card, "close")
    assert line.actual == pytest.approx(0.0370, abs=5e-5)
    assert [(group.id, group.actual) for group in line.groups["source"]] == [("a", 0.1), ("b", 0.03)]


def test_t15_marketing_delivered_and_sales_worked_forty_percent() -> None:
    past = a_history(
        leads=[{"lead": f"l{n}", "created_at": "2024-05-06 10:00"} for n in range(500)],
        touches=[{"lead": f"l{n}", "at": "2024-05-06 12:00"} for n in range(200)],
    )
    volume = a_commitment("lead_volume", "500 leads", id="volume", party="marketing")
    worked = a_commitment(id="worked", target="100 % within 5 business days")
    card = a_card(past, an_agreement(volume, worked))
    assert (the_line(card, "volume").word, the_line(card, "volume").actual) == ("met", 500)
    assert (the_line(card, "worked").word, the_line(card, "worked").attainment) == ("missed", 0.4)
    assert {party.id: (party.total.n_met, party.total.n_missed) for party in card.parties} == {
        "marketing": (1, 0),
        "sales": (0, 1),
    }


@pytest.mark.parametrize(
    ("reached", "places"),
    [
        ([1.3, 1.1, 1.0, 1.0], [1, 2, 3, 3]),  # T49
        ([1.0, 1.0, 0.5], [1, 1, 3]),
        ([None, 0.5, None, 0.7], [None, 2, None, 1]),
        ([], []),
    ],
)
def test_t49_equals_share_a_rank_and_nothing_is_capped_before(
    reached: list[float | None], places: list[int | None]
) -> None:
    assert ranks(reached) == places


def test_t51_a_point_for_each_promise_kept_in_each_of_its_periods() -> None:
    """Three of five levels kept in July, all in August, four in September: twelve in the quarter."""
    levels = [1, 2, 3, 4, 5]
    kept = {"2024-07": 3, "2024-08": 5, "2024-09": 4}
    leads, touches = [], []
    for month, n_kept in kept.items():
        leads += [
            {"lead": f"{month} {level}", "created_at": f"{month}-01 10:00", "source": str(level)} for level in levels
        ]
        touches += [{"lead": f"{month} {level}", "at": f"{month}-01 10:05"} for level in levels[:n_kept]]
    promises = [
        a_commitment(id=f"level{level}", target="100 % within 10 clock minutes", only={"sources": [str(level)]})
        for level in levels
    ]
    past = a_history(leads=leads, touches=touches)
    months = [a_card(past, an_agreement(*promises), period=month, now="2024-10-05 00:00") for month in kept]
    quarter = a_card(past, an_agreement(*promises), period="2024-Q3", now="2024-10-05 00:00")
    assert [card.total.n_points for card in months] == [3, 5, 4]
    assert quarter.total.n_points == 12


def monthly_misses(now: str, period: str) -> Any:
    volume = a_commitment("lead_volume", "10 leads", id="volume", party="marketing")
    terms = an_agreement(
        volume,
        in_force={"from_on": "2024-06-01"},
        consequences=(
            Consequence(strikes=1, step="Talk it over"),
            Consequence(strikes=2, step="Write a plan", commitment="volume", responsible="Maya"),
        ),
        cancellation=(Cancellation(condition="Missed three months running", commitment="volume", missed_periods=3),),
    )
    card = a_card(a_history(leads=[{"lead": "ana", "created_at": "2024-06-03 10:00"}]), terms, period=period, now=now)
    return the_line(card, "volume").n_strikes, [(step.kind, step.text) for step in card.steps]


@pytest.mark.parametrize(
    ("period", "now", "n_strikes", "steps"),
    [
        ("2024-06", "2024-06-30 12:00", 0, []),
        ("2024-06", "2024-07-01 00:00", 1, [("consequence", "Talk it over")]),
        ("2024-07", "2024-08-01 00:00", 2, [("consequence", "Write a plan")]),
        ("2024-08", "2024-08-31 23:00", 2, [("consequence", "Write a plan")]),
        (
            "2024-08",
            "2024-09-01 00:00",
            3,
            [("consequence", "Write a plan"), ("cancellation", "Missed three months running")],
        ),
    ],
)
def test_t52_cancellation_is_proposed_at_the_third_close_not_before(
    period: str, now: str, n_strikes: int, steps: list[tuple[str, str]]
) -> None:
    assert monthly_misses(now, period) == (n_strikes, steps)


def test_t53_bands_sum_to_all_leads_including_the_never_answered() -> None:
    past = answered([0, 4, 5, 14, 15, 59, 60, 300, None, None])
    line = the_line(a_card(past, an_agreement(calendars=(ALL_DAY,))))
    assert line.speed is not None
    assert {band.id: band.n for band in line.speed.bands} == {
        "under_5_min": 2,
        "5_to_15_min": 2,
        "15_to_60_min": 2,
        "over_60_min": 2,
        "never": 2,
        "waiting": 0,
    }
    assert sum(band.n for band in line.speed.bands) == 10


def test_a_lead_still_in_time_is_waiting_and_in_no_ratio() -> None:
    past = answered([10, None])
    line = the_line(a_card(past, an_agreement(), now="2024-05-06 10:40"))
    assert (line.n_met, line.n_breached, line.n_running, line.attainment) == (1, 0, 1, 1.0)
    assert (line.word, line.is_target_met) == ("on_track", None)


def test_a_period_that_is_over_stays_open_while_a_clock_runs() -> None:
    late = answered([None], on="2024-05-31")
    slow = a_commitment(target="95 % within 5 business days")
    card = a_card(late, an_agreement(slow), now="2024-06-01 00:00")
    assert (the_line(card).word, the_line(card).why) == ("no_data", "No clock of this promise is decided yet.")
    assert the_line(a_card(late, an_agreement(slow), now="2024-07-01 00:00")).word == "missed"


def test_void_leads_count_for_nobody_and_are_listed_with_the_reason() -> None:
    leads = [{"lead": name, "created_at": "2024-05-06 10:00"} for name in ("ana", "bea")]
    leads += [{"lead": "twin", "created_at": "2024-05-06 10:00", "void": "duplicate"}]
    past = a_history(leads=leads, touches=[{"lead": "ana", "at": "2024-05-06 10:05"}])
    volume = a_commitment("lead_volume", "3 leads", id="volume", party="marketing")
    card = a_card(past, an_agreement(a_commitment(), volume))
    assert (the_line(card).n_met, the_line(card).n_breached, the_line(card).n_void) == (1, 1, 1)
    assert [(reason.id, reason.n) for reason in the_line(card).voids] == [("duplicate", 1)]
    assert (the_line(card, "volume").actual, the_line(card, "volume").word) == (2, "missed")
    assert (card.funnel.n_leads, card.funnel.n_void) == (2, 1)


def test_nobody_answering_misses_a_promised_median() -> None:
    line = the_line(a_card(answered([None, None]), an_agreement(a_commitment(target="median within 1 business hour"))))
    assert (line.actual, line.word, line.why) == (None, "missed", "Nothing was answered in the period.")


def test_a_promise_of_working_days_counts_them_by_the_calendars_mean_day() -> None:
    """Four hours of an eight-hour day are half of one business day."""
    median = a_commitment("disposition_time", "median within 1 business day", id="decide")
    past = a_history(
        leads=[{"lead": "ana", "created_at": "2024-05-06 10:00"}],
        stages=[{"lead": "ana", "at": "2024-05-06 14:00", "stage": "sal"}],
    )
    line = the_line(a_card(past, an_agreement(median)), "decide")
    assert (line.target_value, line.actual, line.progress) == (8 * 3600, 4 * 3600, 2.0)


@pytest.mark.parametrize(
    ("target", "actual", "word"),
    [
        ("p90 within 33 business minutes", 37 * 60, "missed"),
        ("p90 within 37 business minutes", 37 * 60, "met"),
        ("mean within 25 business minutes", 25 * 60, "met"),
        ("median within 24 business minutes", 25 * 60, "missed"),
        ("median within 30 clock minutes", 25 * 60, "met"),
        ("mean within 1 rolled day", 25 * 60, "met"),
    ],
)
def test_a_time_is_kept_up_to_and_including_its_allowance(target: str, actual: float, word: str) -> None:
    line = the_line(a_card(answered([10, 20, 30, 40]), an_agreement(a_commitment(target=target))))
    assert (line.actual, line.word) == (pytest.approx(actual), word)
    assert line.progress == pytest.approx((line.target_value or 0) / actual)


def test_the_longest_silence_is_kept_when_no_gap_was_too_long() -> None:
    cadence = a_commitment("follow_up_cadence", "at most 2 business days", id="rhythm")
    deal = {"lead": "ana", "created_at": "2024-05-06 10:00", "closed_at": "2024-05-08 10:00", "status": "lost"}
    past = a_history(
        leads=[{"lead": "ana", "created_at": "2024-05-06 09:00"}],
        touches=[{"lead": "ana", "at": "2024-05-06 16:00"}],
        deals=[deal],
    )
    line = the_line(a_card(past, an_agreement(cadence)), "rhythm")
    assert (line.n_met, line.word, line.actual) == (2, "met", 10 * 3600)
    assert (line.target_value, line.actual_unit) == (16 * 3600, "seconds")


def test_money_is_counted_to_the_cent() -> None:
    deals = [
        {
            "lead": "ana",
            "created_at": "2024-05-07 10:00",
            "closed_at": "2024-05-20 10:00",
            "status": "won",
            "amount": amount,
            "currency": "EUR",
        }
        for amount in ("0.10", "0.20", "199.70")
    ]
    past = a_history(leads=[{"lead": "ana", "created_at": "2024-05-06 10:00"}], deals=deals)
    revenue = a_commitment("sourced_revenue", "200 EUR", id="revenue", party="marketing")
    line = the_line(a_card(past, an_agreement(revenue)), "revenue")
    assert (line.actual, line.actual_unit, line.is_target_met) == (200.0, "EUR", True)


def test_without_any_lead_a_share_has_no_data_and_a_total_is_missed() -> None:
    volume = a_commitment("lead_volume", "3 leads", id="volume", party="marketing")
    card = a_card(a_history(), an_agreement(a_commitment(), volume))
    assert (the_line(card).word, the_line(card).attainment_why) == (
        "no_data",
        "No clock of this promise started in the period.",
    )
    assert (the_line(card, "volume").word, the_line(card, "volume").actual) == ("missed", 0)
    assert (card.total.score, card.total.n_no_data, card.total.n_missed) == (0.0, 1, 1)


def test_a_promise_is_held_against_the_version_its_period_began_with() -> None:
    """A month that began under 10 leads owes 10, although 100 were agreed on in its middle."""
    first = an_agreement(a_commitment("lead_volume", "10 leads", id="volume", party="marketing"))
    second = an_agreement(
        a_commitment("lead_volume", "100 leads", id="volume", party="marketing"),
        version=2,
        in_force={"from_on": "2024-05-15"},
    )
    past = a_history(leads=[{"lead": f"l{n}", "created_at": "2024-05-20 10:00"} for n in range(12)])
    may = the_line(a_card(past, first, second), "volume")
    june = the_line(a_card(past, first, second, period="2024-06", now="2024-07-02 00:00"), "volume")
    assert (may.target_value, may.actual, may.word) == (10, 12, "met")
    assert (june.target_value, june.actual, june.word) == (100, 0, "missed")


def test_groups_name_who_fell_short_and_teams_are_sums_of_reps() -> None:
    owners = {"rita": {"team": "north"}, "raul": {"team": "north"}, "sol": {"team": "south"}}
    leads = [
        {"lead": f"{name}{n}", "created_at": "2024-05-06 10:00", "owner": name} for name in owners for n in range(2)
    ]
    touches = [{"lead": lead, "at": "2024-05-06 10:05"} for lead in ("rita0", "rita1", "raul0", "sol0")]
    past = a_history(leads=leads, touches=touches, owners=owners)
    line = the_line(a_card(past, an_agreement(), by=["rep", "team"]))
    assert [(g.id, g.n_met, g.n_breached, g.rank) for g in line.groups["rep"]] == [
        ("rita", 2, 0, 1),
        ("raul", 1, 1, 2),
        ("sol", 1, 1, 2),
    ]
    assert [(g.id, g.n_met, g.n_breached, g.rank) for g in line.groups["team"]] == [
        ("north", 3, 1, 1),
        ("south", 1, 1, 2),
    ]


def test_the_weeks_of_a_month_owe_their_days_and_sum_to_the_month() -> None:
    past = a_history(leads=[{"lead": f"l{n}", "created_at": f"2024-05-{1 + n:02} 10:00"} for n in range(31)])
    volume = a_commitment("lead_volume", "62 leads", id="volume", party="marketing")
    weeks = the_line(a_card(past, an_agreement(volume), by=["week"]), "volume").groups["week"]
    assert [(g.id, g.actual, g.target) for g in weeks] == [
        ("2024-W18", 5, pytest.approx(10)),
        ("2024-W19", 7, pytest.approx(14)),
        ("2024-W20", 7, pytest.approx(14)),
        ("2024-W21", 7, pytest.approx(14)),
        ("2024-W22", 5, pytest.approx(10)),
    ]


def test_an_open_cohort_is_judged_when_its_lag_has_passed_not_by_who_converts_first() -> None:
    leads = [{"lead": f"{day} {n}", "created_at": f"2024-05-{day} 10:00"} for day in ("02", "20") for n in range(4)]
    won = [{"lead": f"{day} 0", "at": f"2024-05-{day} 12:00", "stage": "customer"} for day in ("02", "20")]
    close = a_commitment("conversion_rate", "30 %", id="close", to_stage="customer", lag="20 clock days")
    past = a_history(leads=leads, stages=won)
    line = the_line(a_card(past, an_agreement(close), now="2024-06-01 00:00"), "close")
    assert (line.actual, line.n_met, line.n_breached, line.n_running) == (0.25, 1, 3, 4)
    assert line.word == "behind"


def test_what_is_owed_several_times_a_month_counts_each_time() -> None:
    report = a_commitment("deliverable", "1 report", id="report", deliverable="pipeline report", period="week")
    past = a_history()
    book = replace(past.codebook, deliverables=("pipeline report",))
    handed = [{"deliverable": "pipeline report", "at": f"2024-05-{day} 10:00"} for day in ("07", "16")]
    card = a_card(past._replace(codebook=book), an_agreement(report), deliveries=handed, now="2024-05-22 12:00")
    line = the_line(card, "report")
    assert (line.target_value, line.actual, line.n_met, line.n_breached, line.n_running) == (4, 2, 2, 0, 1)
    assert (line.word, line.progress) == ("on_track", 1.0)


def test_more_than_promised_makes_up_for_less_only_in_the_uncapped_score() -> None:
    past = answered([10, 20, 70, 80])
    volume = a_commitment("lead_volume", "2 leads", id="volume", party="marketing", weight="3")
    card = a_card(past, an_agreement(a_commitment(target="100 % within 30 business minutes"), volume))
    assert (card.total.score, card.total.kept) == (3 / 4 * 2 + 1 / 4 * 0.5, 3 / 4 + 1 / 4 * 0.5)
