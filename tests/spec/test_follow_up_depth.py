"""How persistently leads are followed up: T42, T43 and T44 of the worked examples, and the policies behind them."""

from __future__ import annotations

from typing import Any


def test_t42_connected_leads_need_no_more_and_leave_the_average(spec: Any) -> None:
    judged = spec(
        leads="""lead  | created_at
                 two   | Mon 10 Jun 09:00
                 four  | Mon 10 Jun 09:00
                 six   | Mon 10 Jun 09:00
                 spoke | Mon 10 Jun 09:00""",
        touches="""lead  | at               | how
                   two   | Mon 10 Jun 10:00 |
                   two   | Tue 11 Jun 10:00 |
                   four  | Mon 10 Jun 10:00 |
                   four  | Tue 11 Jun 10:00 |
                   four  | Wed 12 Jun 10:00 |
                   four  | Thu 13 Jun 10:00 |
                   six   | Mon 10 Jun 10:00 |
                   six   | Mon 10 Jun 15:00 |
                   six   | Tue 11 Jun 10:00 |
                   six   | Wed 12 Jun 10:00 |
                   six   | Thu 13 Jun 10:00 |
                   six   | Fri 14 Jun 10:00 |
                   spoke | Mon 10 Jun 10:00 | connected""",
        kind="follow_up_depth",
        target="6 touches within 5 business days",
        expect="""lead  | count | due              | connected        | stop             | verdict
                  two   | 2     | Mon 17 Jun 17:00 | never            | never            | breached
                  four  | 4     | Mon 17 Jun 17:00 | never            | never            | breached
                  six   | 6     | Mon 17 Jun 17:00 | never            | Fri 14 Jun 10:00 | met
                  spoke | 1     | Mon 17 Jun 17:00 | Mon 10 Jun 10:00 | Mon 10 Jun 10:00 | met""",
    )
    clocks = judged.evaluation.clocks["speed"]
    assert clocks.count[clocks.connected_at > clocks.due_at].mean() == 4.0


def test_t43_the_fifth_call_in_two_weeks_takes_the_lead_off_the_board(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 four | Mon 3 Jun 09:00
                 five | Mon 3 Jun 09:00""",
        touches="""lead | at
                   four | Tue 4 Jun 09:30
                   four | Wed 5 Jun 10:00
                   four | Thu 6 Jun 10:00
                   four | Fri 7 Jun 10:00
                   five | Tue 4 Jun 09:30
                   five | Wed 5 Jun 10:00
                   five | Thu 6 Jun 10:00
                   five | Fri 7 Jun 10:00
                   five | Mon 10 Jun 10:00""",
        kind="follow_up_depth",
        target="80 % with 5 touches within 14 calendar days",
        now="Mon 10 Jun 12:00",
        expect="""lead | count | due              | verdict
                  four | 4     | Mon 17 Jun 09:00 | running
                  five | 5     | Mon 17 Jun 09:00 | met""",
    )


def test_t43_a_lead_that_nobody_called_for_a_day_is_on_the_board_until_somebody_does(spec: Any) -> None:
    happened: dict[str, Any] = {
        "leads": """lead      | created_at
                    forgotten | Mon 3 Jun 09:00
                    called    | Mon 3 Jun 09:00
                    new       | Mon 3 Jun 22:00""",
        "touches": """lead   | at
                      called | Tue 4 Jun 09:00""",
        "target": "100 % within 24 clock hours",
    }
    spec(
        **happened,
        now="Tue 4 Jun 09:00:01",
        expect="""lead      | due             | verdict
                  forgotten | Tue 4 Jun 09:00 | breached
                  called    | Tue 4 Jun 09:00 | met
                  new       | Tue 4 Jun 22:00 | running""",
    )


def test_t44_five_calls_and_five_mails_turn_green_at_the_tenth_touch(spec: Any) -> None:
    days = ("Mon 10 Jun", "Tue 11 Jun", "Wed 12 Jun", "Thu 13 Jun", "Fri 14 Jun")
    touches = "lead | at | kind\n" + "\n".join(f"ana | {day} 10:00 | call\nana | {day} 10:30 | email" for day in days)
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 09:00""",
        touches=touches,
        kind="follow_up_depth",
        target="90 % with 10 touches within 5 business days",
        expect="""lead | count | stop             | verdict
                  ana  | 10    | Fri 14 Jun 10:30 | met""",
    )
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 09:00""",
        touches=touches,
        kind="follow_up_depth",
        target="90 % with 10 touches within 5 business days",
        now="Fri 14 Jun 10:29",
        expect="""lead | count | stop  | verdict
                  ana  | 9     | never | running""",
    )


def test_touches_after_the_window_or_after_the_talk_are_not_counted(spec: Any) -> None:
    spec(
        leads="""lead  | created_at
                 late  | Mon 10 Jun 09:00
                 spoke | Mon 10 Jun 09:00""",
        touches="""lead  | at               | how
                   late  | Mon 10 Jun 10:00 |
                   late  | Wed 12 Jun 17:00 |
                   late  | Wed 12 Jun 17:01 |
                   late  | Thu 13 Jun 10:00 | connected
                   spoke | Mon 10 Jun 10:00 |
                   spoke | Mon 10 Jun 11:00 | in
                   spoke | Mon 10 Jun 12:00 |""",
        kind="follow_up_depth",
        target="3 touches within 2 business days",
        expect="""lead  | count | connected        | stop             | verdict
                  late  | 2     | Thu 13 Jun 10:00 | never            | breached
                  spoke | 1     | Mon 10 Jun 11:00 | Mon 10 Jun 11:00 | met""",
    )


def test_a_lead_whose_window_is_open_is_not_judged_yet(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 09:00""",
        touches="""lead | at
                   ana  | Mon 10 Jun 10:00""",
        kind="follow_up_depth",
        target="3 touches within 2 business days",
        now="Tue 11 Jun 12:00",
        expect="""lead | count | verdict
                  ana  | 1     | running""",
    )


def test_the_window_may_differ_by_tier(spec: Any) -> None:
    spec(
        leads="""lead | created_at       | grade
                 ana  | Mon 10 Jun 09:00 | A
                 bea  | Mon 10 Jun 09:00 | B""",
        kind="follow_up_depth",
        target="3 touches within 5 business days",
        agreement={"tiers": ({"id": "top", "grades": ["A"]},)},
        overrides=[{"only": {"tiers": ["top"]}, "within": "8 business hours"}],
        expect="""lead | tier | due
                  ana  | top  | Mon 10 Jun 17:00
                  bea  |      | Mon 17 Jun 17:00""",
    )
