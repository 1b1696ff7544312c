"""How fast a lead is answered: T15, T36–T38, T41, T47, T50 of the worked examples, and the policies behind them."""

from __future__ import annotations

from typing import Any

from tests.builders import a_calendar

from smarketing.engine.evaluate import three_clocks


def test_a_friday_evening_lead_waits_only_from_monday_morning(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Fri 7 Jun 16:30""",
        touches="""lead | at
                   ana  | Mon 10 Jun 10:00""",
        target="95 % within 2 business hours",
        expect="""lead | start           | due              | elapsed    | verdict
                  ana  | Fri 7 Jun 16:30 | Mon 10 Jun 10:30 | 1 h 30 min | met""",
    )


def test_t36_a_reply_exactly_at_the_deadline_is_in_time_and_one_second_later_is_not(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00
                 bea  | Mon 10 Jun 10:00""",
        touches="""lead | at
                   ana  | Mon 10 Jun 11:00
                   bea  | Mon 10 Jun 11:00:01""",
        expect="""lead | due              | stop                | verdict
                  ana  | Mon 10 Jun 11:00 | Mon 10 Jun 11:00    | met
                  bea  | Mon 10 Jun 11:00 | Mon 10 Jun 11:00:01 | breached""",
    )


def test_an_hour_used_up_at_fridays_closing_is_due_then_so_saturday_is_late(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Fri 7 Jun 16:00""",
        touches="""lead | at
                   ana  | Sat 8 Jun 10:00""",
        expect="""lead | due             | elapsed | verdict
                  ana  | Fri 7 Jun 17:00 | 1 h     | breached""",
    )


def test_t37_the_earliest_reply_counts_whatever_arrives_first(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 08:00""",
        touches="""lead | at
                   ana  | Mon 10 Jun 10:00
                   ana  | Mon 10 Jun 09:00""",
        expect="""lead | stop             | verdict
                  ana  | Mon 10 Jun 09:00 | met""",
    )


def test_t38_another_status_while_the_lead_waits_moves_nothing(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00""",
        stages="""lead | at               | stage
                  ana  | Mon 10 Jun 10:20 | status:Looked at""",
        expect="""lead | due              | stop  | verdict
                  ana  | Mon 10 Jun 11:00 | never | breached""",
    )


def test_t41_a_lead_that_was_never_answered_stays_in_the_count_once_it_was_due(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 a    | Mon 10 Jun 10:00
                 b    | Mon 10 Jun 10:00
                 c    | Mon 10 Jun 10:00
                 d    | Mon 10 Jun 10:00
                 e    | Mon 10 Jun 10:00""",
        touches="""lead | at
                   a    | Mon 10 Jun 10:10
                   b    | Mon 10 Jun 10:20
                   c    | Mon 10 Jun 10:30
                   d    | Mon 10 Jun 10:40""",
        target="95 % within 30 business minutes",
        expect="""lead | elapsed | verdict
                  a    | 10 min  | met
                  b    | 20 min  | met
                  c    | 30 min  | met
                  d    | 40 min  | breached
                  e    | never   | breached""",
    )


def test_a_lead_still_inside_its_hour_is_undecided(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00""",
        now="Mon 10 Jun 11:00",
        expect="""lead | due              | verdict
                  ana  | Mon 10 Jun 11:00 | running""",
    )


def test_t47_three_quarters_of_an_hour_are_a_warning(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00
                 bea  | Fri 7 Jun 16:30""",
        expect="""lead | risk             | due
                  ana  | Mon 10 Jun 10:45 | Mon 10 Jun 11:00
                  bea  | Mon 10 Jun 09:15 | Mon 10 Jun 09:30""",
    )


def test_t15_marketing_delivered_five_leads_and_sales_worked_two(spec: Any) -> None:
    leads = """lead | created_at
               a    | Mon 10 Jun 10:00
               b    | Mon 10 Jun 10:00
               c    | Mon 10 Jun 10:00
               d    | Mon 10 Jun 10:00
               e    | Mon 10 Jun 10:00"""
    touches = """lead | at
                 a    | Mon 10 Jun 10:30
                 b    | Mon 10 Jun 10:40"""
    spec(
        leads=leads,
        touches=touches,
        kind="lead_volume",
        target="5 leads",
        party="marketing",
        expect="""lead | amount
                  a    | 1
                  b    | 1
                  c    | 1
                  d    | 1
                  e    | 1""",
    )
    spec(
        leads=leads,
        touches=touches,
        expect="""lead | verdict
                  a    | met
                  b    | met
                  c    | breached
                  d    | breached
                  e    | breached""",
    )


def test_only_what_a_person_did_to_reach_the_lead_answers_it(spec: Any) -> None:
    spec(
        leads="""lead      | created_at
                 machine   | Mon 10 Jun 10:00
                 planned   | Mon 10 Jun 10:00
                 among us  | Mon 10 Jun 10:00
                 too short | Mon 10 Jun 10:00
                 a note    | Mon 10 Jun 10:00
                 their own | Mon 10 Jun 10:00
                 a call    | Mon 10 Jun 10:00""",
        touches="""lead      | at               | how       | kind  | duration_s
                   machine   | Mon 10 Jun 10:05 | automated | email |
                   planned   | Mon 10 Jun 10:05 | planned   | call  |
                   among us  | Mon 10 Jun 10:05 | internal  | call  |
                   too short | Mon 10 Jun 10:05 |           | call  | 9
                   a note    | Mon 10 Jun 10:05 |           | note  |
                   their own | Mon 10 Jun 10:05 | in        | email |
                   a call    | Mon 10 Jun 10:05 |           | call  | 10""",
        agreement={"counting": {"min_call_s": 10}},
        expect="""lead      | stop
                  machine   | never
                  planned   | never
                  among us  | never
                  too short | never
                  a note    | never
                  their own | never
                  a call    | Mon 10 Jun 10:05""",
    )


def test_a_call_before_the_handover_does_not_answer_it(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 09:00""",
        stages="""lead | at               | stage
                  ana  | Mon 10 Jun 10:00 | mql""",
        touches="""lead | at
                   ana  | Mon 10 Jun 09:30
                   ana  | Mon 10 Jun 12:00""",
        agreement={"handover": {"at": "stage", "stage": "mql"}},
        expect="""lead | start            | stop             | elapsed | verdict
                  ana  | Mon 10 Jun 10:00 | Mon 10 Jun 12:00 | 2 h     | breached""",
    )


def test_a_lead_that_was_never_handed_over_has_no_clock(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 09:00
                 bea  | Mon 10 Jun 09:00""",
        stages="""lead | at               | stage
                  bea  | Mon 10 Jun 10:00 | status:Qualified""",
        agreement={
            "handover": {"at": "stage", "stage": "mql"},
            "definitions": {"mql": {"values": ["Qualified"]}},
        },
        expect="""lead | start
                  bea  | Mon 10 Jun 10:00""",
    )


def test_a_promise_to_connect_is_kept_by_a_talk_or_by_a_reply(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00
                 bea  | Mon 10 Jun 10:00
                 cleo | Mon 10 Jun 10:00""",
        touches="""lead | at               | how
                   ana  | Mon 10 Jun 10:10 |
                   ana  | Mon 10 Jun 10:30 | connected
                   bea  | Mon 10 Jun 10:20 | in
                   cleo | Mon 10 Jun 10:20 | in automated""",
        stop="connection",
        expect="""lead | stop             | verdict
                  ana  | Mon 10 Jun 10:30 | met
                  bea  | Mon 10 Jun 10:20 | met
                  cleo | never            | breached""",
    )


def test_duplicates_tests_and_merged_leads_count_for_nobody(spec: Any) -> None:
    spec(
        leads="""lead | created_at       | void
                 ana  | Mon 10 Jun 10:00 | duplicate
                 bea  | Mon 10 Jun 10:00 | merged
                 cleo | Mon 10 Jun 10:00 | no_budget""",
        expect="""lead | verdict  | void
                  ana  | void     | duplicate
                  bea  | void     | merged
                  cleo | breached |""",
    )


class TestThreeClocks:
    """T50: what the system, the queue and the rep each took."""

    leads = """lead | created_at
               ana  | Mon 10 Jun 10:00"""
    assignments = """lead | at               | owner
                     ana  | Mon 10 Jun 10:30 | rita"""
    touches = """lead | at
                 ana  | Mon 10 Jun 10:35"""

    def test_t50_the_lead_waited_35_minutes_of_which_the_system_took_30_and_the_rep_5(self, spec: Any) -> None:
        happened = {"leads": self.leads, "assignments": self.assignments, "touches": self.touches}
        short = {"target": "95 % within 15 business minutes"}
        spec(
            **happened,
            **short,
            clock="lead",
            expect="""lead | elapsed | verdict
                      ana  | 35 min  | breached""",
        )
        spec(
            **happened,
            **short,
            clock="system",
            expect="""lead | elapsed | verdict
                      ana  | 30 min  | breached""",
        )
        judged = spec(
            **happened,
            **short,
            clock="rep",
            expect="""lead | owner | elapsed | verdict
                      ana  | rita  | 5 min   | met""",
        )
        three = three_clocks(judged.past.history, judged.compiled, "speed", now=judged.now)
        assert [clocks.elapsed_us[0] // 60_000_000 for clocks in three] == [35, 30, 5]

    def test_a_lead_that_somebody_owned_already_costs_the_system_nothing(self, spec: Any) -> None:
        spec(
            leads=self.leads,
            assignments="""lead | at               | owner
                           ana  | Mon 10 Jun 09:00 | rita""",
            clock="system",
            expect="""lead | elapsed | verdict
                      ana  | 0 min   | met""",
        )

    def test_a_reassignment_starts_a_fresh_clock_and_hides_nothing(self, spec: Any) -> None:
        spec(
            leads="""lead  | created_at
                     early | Mon 10 Jun 10:00
                     late  | Mon 10 Jun 10:00""",
            assignments="""lead  | at               | owner
                           early | Mon 10 Jun 10:00 | rita
                           early | Mon 10 Jun 10:10 | sam
                           late  | Mon 10 Jun 10:00 | rita
                           late  | Mon 10 Jun 10:20 | sam""",
            touches="""lead  | at
                       early | Mon 10 Jun 10:20
                       late  | Mon 10 Jun 10:30""",
            target="95 % within 15 business minutes",
            clock="rep",
            expect="""lead  | episode | owner | start            | verdict  | void
                      early | 0       | rita  | Mon 10 Jun 10:00 | void     | reassigned
                      early | 1       | sam   | Mon 10 Jun 10:10 | met      |
                      late  | 0       | rita  | Mon 10 Jun 10:00 | breached |
                      late  | 1       | sam   | Mon 10 Jun 10:20 | met      |""",
        )

    def test_who_holds_the_lead_at_the_handover_starts_then(self, spec: Any) -> None:
        spec(
            leads="""lead | created_at
                     ana  | Mon 10 Jun 09:00""",
            stages="""lead | at               | stage
                      ana  | Mon 10 Jun 12:00 | mql""",
            assignments="""lead | at               | owner
                           ana  | Mon 10 Jun 09:00 | otto
                           ana  | Mon 10 Jun 10:00 | rita""",
            agreement={"handover": {"at": "stage"}},
            clock="rep",
            expect="""lead | owner | start
                      ana  | rita  | Mon 10 Jun 12:00""",
        )


class TestWhoseCalendar:
    """Zones, calendars and allowances differ by rep, team, tier and source, in one evaluation."""

    leads = """lead | created_at       | owner | grade | source
               ana  | Mon 10 Jun 08:00 | rita  | A     | web
               bea  | Mon 10 Jun 08:00 | sam   | B     | web
               cleo | Mon 10 Jun 08:00 | tess  | B     | fair"""
    owners = {  # noqa: RUF012
        "rita": {"team": "south", "calendar": "early"},
        "sam": {"team": "north"},
        "tess": {"team": "south"},
    }
    agreement = {  # noqa: RUF012
        "calendars": (
            a_calendar("office"),
            a_calendar("early", "mon-fri 06:00-14:00"),
            a_calendar("late", "mon-fri 12:00-20:00"),
        ),
        "tiers": ({"id": "top", "grades": ["A"]}, {"id": "rest"}),
    }

    def test_a_rep_with_hours_of_her_own_is_judged_on_them(self, spec: Any) -> None:
        spec(
            leads=self.leads,
            owners=self.owners,
            agreement=self.agreement,
            expect="""lead | owner | calendar | due
                      ana  | rita  | early    | Mon 10 Jun 09:00
                      bea  | sam   | office   | Mon 10 Jun 10:00
                      cleo | tess  | office   | Mon 10 Jun 10:00""",
        )

    def test_the_first_override_that_fits_a_lead_holds(self, spec: Any) -> None:
        spec(
            leads=self.leads,
            owners=self.owners,
            agreement=self.agreement,
            overrides=[
                {"only": {"tiers": ["top"]}, "within": "15 clock minutes"},
                {"only": {"teams": ["south"]}, "calendar": "late", "within": "2 business hours"},
                {"only": {"sources": ["fair"]}, "calendar": "early"},
            ],
            expect="""lead | tier | calendar | due
                      ana  | top  | always   | Mon 10 Jun 08:15
                      bea  | rest | office   | Mon 10 Jun 10:00
                      cleo | rest | late     | Mon 10 Jun 14:00""",
        )

    def test_a_promise_may_be_about_some_leads_only(self, spec: Any) -> None:
        spec(
            leads=self.leads,
            owners=self.owners,
            agreement=self.agreement,
            only={"teams": ["south"], "sources": ["web"]},
            expect="""lead | source
                      ana  | web""",
        )

    def test_the_owner_at_the_handover_answers_for_it_not_todays_owner(self, spec: Any) -> None:
        spec(
            leads="""lead | created_at       | owner
                     ana  | Mon 10 Jun 10:00 | sam
                     bea  | Mon 10 Jun 10:00 | sam
                     cleo | Mon 10 Jun 10:00 | sam""",
            assignments="""lead | at               | owner
                           ana  | Mon 10 Jun 10:00 | rita
                           ana  | Tue 11 Jun 10:00 | sam
                           bea  | Mon 10 Jun 10:10 | tess""",
            expect="""lead | owner
                      ana  | rita
                      bea  | tess
                      cleo | sam""",
        )


def test_a_pause_costs_only_the_open_time_it_covers(spec: Any) -> None:
    spec(
        leads="""lead    | created_at
                 ana     | Mon 10 Jun 14:00
                 waiting | Mon 10 Jun 14:00""",
        stages="""lead    | at               | stage
                  ana     | Mon 10 Jun 16:00 | status:Waiting for documents
                  ana     | Mon 10 Jun 16:30 | mql
                  ana     | Tue 11 Jun 10:00 | status:Open
                  waiting | Mon 10 Jun 16:00 | status:Waiting for documents""",
        touches="""lead | at
                   ana  | Tue 11 Jun 11:00""",
        target="95 % within 4 business hours",
        pauses=("Waiting for documents",),
        expect="""lead    | risk             | due              | elapsed | verdict
                  ana     | Tue 11 Jun 11:00 | Tue 11 Jun 12:00 | 3 h     | met
                  waiting | never            | never            | never   | running""",
    )


def test_by_the_end_of_the_next_business_day(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Fri 7 Jun 19:00
                 bea  | Mon 10 Jun 10:00""",
        target="95 % within 1 business day",
        expect="""lead | due
                  ana  | Mon 10 Jun 17:00
                  bea  | Tue 11 Jun 17:00""",
    )
