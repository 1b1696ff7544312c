"""What went wrong with the timers of other products, asked of ours: cases A-04 to A-40 of docs/reference/faults.md."""

from __future__ import annotations

from typing import Any

import pytest
from tests.spec.clock_words import due, minutes, office

MADRID = "Europe/Madrid"
FOUR_HOURS = "95 % within 4 business hours"


def test_a04_a_pause_that_ends_at_night_puts_no_deadline_into_the_night() -> None:
    paused = [("Mon 8 Jun 16:00", "Mon 8 Jun 20:31")]
    assert due("Mon 8 Jun 14:00", "4 business hours", office(), paused=paused) == "Tue 9 Jun 11:00"


def test_a05_a_weekend_inside_a_pause_costs_a_promise_of_days_nothing_twice() -> None:
    over_the_weekend = [("Fri 12 Jun 12:00", "Mon 15 Jun 12:00")]
    without_it = [("Fri 12 Jun 12:00", "Fri 12 Jun 17:00"), ("Mon 15 Jun 09:00", "Mon 15 Jun 12:00")]
    found = due("Thu 11 Jun 10:00", "3 business days", office(), paused=over_the_weekend)
    assert found == due("Thu 11 Jun 10:00", "3 business days", office(), paused=without_it)
    assert found == "Wed 17 Jun 17:00"


def test_a08_what_comes_outside_hours_has_its_whole_time() -> None:
    assert due("Sat 13 Jun 23:00", "1 business hour", office()) == "Mon 15 Jun 10:00"
    assert minutes("Sat 13 Jun 23:00", "Mon 15 Jun 09:30", office()) == 30


def test_a12_a_minute_before_midnight_is_not_midnight() -> None:
    week = ("Mon 8 Jun 00:00", "Mon 15 Jun 00:00")
    assert minutes(*week, office("mon-sun 00:00-24:00")) == 7 * 1440
    assert minutes(*week, office("mon-sun 00:00-23:59")) == 7 * 1439


def test_a18_the_first_answer_is_enough(spec: Any) -> None:
    spec(
        leads="lead | created_at\nana | Mon 10 Jun 10:00",
        touches="lead | at\nana | Mon 10 Jun 10:20\nana | Mon 10 Jun 15:00",
        expect="lead | stop | elapsed | verdict\nana | Mon 10 Jun 10:20 | 20 min | met",
    )


def test_a27_an_answer_while_the_clock_stands_still_costs_what_was_before(spec: Any) -> None:
    spec(
        leads="lead | created_at\nana | Mon 10 Jun 14:00",
        stages="lead | at | stage\nana | Mon 10 Jun 16:00 | status:Waiting",
        touches="lead | at\nana | Mon 22 Jul 11:00",
        target=FOUR_HOURS,
        pauses=("Waiting",),
        expect="lead | stop | elapsed | verdict\nana | Mon 22 Jul 11:00 | 2 h | met",
    )


@pytest.mark.parametrize(
    ("start", "monday"),
    [("Fri 27 Mar 16:30", "Mon 30 Mar 09:30"), ("Fri 23 Oct 16:30", "Mon 26 Oct 09:30")],
)
def test_a30_a32_offices_open_at_nine_on_both_sides_of_a_change_of_clocks(start: str, monday: str) -> None:
    assert due(start, "1 business hour", office(where=MADRID)) == monday


def test_a31_two_windows_a_day_and_one_past_midnight() -> None:
    assert due("Mon 8 Jun 11:30", "1 business hour", office("mon-fri 09:00-12:00 14:00-18:00")) == "Mon 8 Jun 14:30"
    assert due("Mon 8 Jun 23:30", "1 business hour", office("mon-fri 22:00-06:00")) == "Tue 9 Jun 00:30"
    assert due("Sat 13 Jun 05:30", "1 business hour", office("mon-fri 22:00-06:00")) == "Mon 15 Jun 22:30"


def test_a36_back_to_the_first_owner_is_a_clock_of_its_own(spec: Any) -> None:
    spec(
        leads="lead | created_at\nana | Mon 10 Jun 10:00",
        assignments="""lead | at               | owner
                       ana  | Mon 10 Jun 10:00 | rita
                       ana  | Mon 10 Jun 10:05 | sam
                       ana  | Mon 10 Jun 10:10 | rita""",
        touches="lead | at\nana | Mon 10 Jun 10:20",
        target="95 % within 15 business minutes",
        clock="rep",
        expect="""lead | episode | owner | start            | verdict | void
                  ana  | 0       | rita  | Mon 10 Jun 10:00 | void    | reassigned
                  ana  | 1       | sam   | Mon 10 Jun 10:05 | void    | reassigned
                  ana  | 2       | rita  | Mon 10 Jun 10:10 | met     |""",
    )


def test_a36_whoever_takes_over_from_a_team_that_promised_nothing_starts_afresh(spec: Any) -> None:
    spec(
        leads="lead | created_at\nana | Mon 10 Jun 10:00",
        assignments="""lead | at               | owner
                       ana  | Mon 10 Jun 10:00 | rita
                       ana  | Mon 10 Jun 10:05 | nora
                       ana  | Mon 10 Jun 12:00 | rita""",
        owners={"rita": {"team": "south"}, "nora": {"team": "none"}},
        touches="lead | at\nana | Mon 10 Jun 12:10",
        target="95 % within 15 business minutes",
        clock="rep",
        only={"teams": ["south"]},
        expect="""lead | owner | start            | verdict | void
                  ana  | rita  | Mon 10 Jun 10:00 | void    | reassigned
                  ana  | rita  | Mon 10 Jun 12:00 | met     |""",
    )


def test_a37_a_microsecond_decides(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00
                 bea  | Mon 10 Jun 10:00
                 cleo | Mon 10 Jun 10:00""",
        touches="""lead | at
                   ana  | Mon 10 Jun 10:59:59.999999
                   bea  | Mon 10 Jun 11:00:00.000000
                   cleo | Mon 10 Jun 11:00:00.000001""",
        expect="""lead | verdict
                  ana  | met
                  bea  | met
                  cleo | breached""",
    )


def test_a38_after_a_deadline_at_closing_no_time_passes_and_it_is_missed_all_the_same(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Fri 7 Jun 16:00
                 bea  | Fri 7 Jun 16:00""",
        touches="""lead | at
                   ana  | Sat 8 Jun 10:00
                   bea  | Mon 10 Jun 09:00""",
        expect="""lead | due             | elapsed | verdict
                  ana  | Fri 7 Jun 17:00 | 1 h     | breached
                  bea  | Fri 7 Jun 17:00 | 1 h     | breached""",
    )


def test_a39_an_answer_before_the_lead_takes_no_negative_time(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00
                 bea  | Mon 10 Jun 10:00""",
        touches="""lead | at
                   ana  | Mon 10 Jun 09:55
                   bea  | Mon 10 Jun 10:00""",
        expect="""lead | stop             | elapsed | verdict
                  ana  | never            | never   | breached
                  bea  | Mon 10 Jun 10:00 | 0 min   | met""",
    )


def test_a40_between_two_closed_instants_only_open_time_passes() -> None:
    assert minutes("Sat 13 Jun 08:00", "Sun 14 Jun 20:00", office()) == 0
    assert minutes("Fri 12 Jun 20:00", "Mon 15 Jun 20:00", office()) == 8 * 60
    assert due("Fri 12 Jun 20:00", "1 business day", office()) == "Mon 15 Jun 17:00"
    assert due("Fri 12 Jun 20:00", "24 clock hours", office()) == "Sat 13 Jun 20:00"
    assert due("Fri 12 Jun 20:00", "24 business hours", office()) == "Wed 17 Jun 17:00"
