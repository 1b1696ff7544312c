"""How long sales takes to say what it makes of a lead: T45 of the worked examples, and the policies behind it."""

from __future__ import annotations

from typing import Any

ALL_DAY = "mon-sun 00:00-24:00"


def test_t45_rejected_in_time_or_too_late_or_accepted_by_silence(spec: Any) -> None:
    spec(
        leads="""lead    | created_at
                 in time | Mon 10 Jun 10:00
                 refused | Mon 10 Jun 10:00
                 silent  | Mon 10 Jun 10:00""",
        stages="""lead    | at               | stage        | reason
                  in time | Tue 11 Jun 09:00 | disqualified | no_budget
                  refused | Tue 11 Jun 11:00 | disqualified | no_budget""",
        kind="disposition_time",
        target="100 % within 24 business hours",
        office=ALL_DAY,
        agreement={"acceptance_by_silence": "24 business hours"},
        expect="""lead    | stop             | elapsed | verdict
                  in time | Tue 11 Jun 09:00 | 23 h    | met
                  refused | Tue 11 Jun 10:00 | 24 h    | met
                  silent  | Tue 11 Jun 10:00 | 24 h    | met""",
    )


def test_silence_accepts_nobody_before_its_time(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00""",
        kind="disposition_time",
        target="100 % within 2 business days",
        agreement={"acceptance_by_silence": "24 clock hours"},
        now="Tue 11 Jun 09:59",
        expect="""lead | stop  | verdict
                  ana  | never | running""",
    )


def test_accepting_disqualifying_and_sending_back_are_all_answers(spec: Any) -> None:
    spec(
        leads="""lead     | created_at
                 accepted | Mon 10 Jun 10:00
                 refused  | Mon 10 Jun 10:00
                 returned | Mon 10 Jun 10:00
                 a deal   | Mon 10 Jun 10:00
                 touched  | Mon 10 Jun 10:00""",
        stages="""lead     | at               | stage
                  accepted | Mon 10 Jun 10:30 | sal
                  accepted | Mon 10 Jun 15:30 | sql
                  refused  | Mon 10 Jun 10:30 | disqualified
                  returned | Mon 10 Jun 12:00 | recycled
                  touched  | Mon 10 Jun 10:30 | status:Contacted""",
        deals="""lead   | created_at
                 a deal | Mon 10 Jun 10:45""",
        kind="disposition_time",
        target="90 % within 1 business hour",
        expect="""lead     | elapsed | verdict
                  accepted | 30 min  | met
                  refused  | 30 min  | met
                  returned | 2 h     | breached
                  a deal   | 45 min  | met
                  touched  | never   | breached""",
    )


def test_the_agreement_says_which_statuses_accept(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 10 Jun 10:00""",
        stages="""lead | at               | stage
                  ana  | Mon 10 Jun 10:20 | sal
                  ana  | Mon 10 Jun 10:30 | status:Contacted""",
        kind="disposition_time",
        target="90 % within 1 business hour",
        agreement={"definitions": {"sal": {"values": ["Contacted"]}}},
        expect="""lead | stop
                  ana  | Mon 10 Jun 10:30""",
    )


def test_an_answer_to_an_earlier_handover_does_not_count(spec: Any) -> None:
    spec(
        leads="""lead | created_at
                 ana  | Mon 3 Jun 10:00""",
        stages="""lead | at               | stage
                  ana  | Mon 3 Jun 11:00  | recycled
                  ana  | Mon 10 Jun 10:00 | mql
                  ana  | Mon 10 Jun 10:40 | sal""",
        kind="disposition_time",
        target="90 % within 1 business hour",
        agreement={"handover": {"at": "stage"}},
        expect="""lead | start            | elapsed | verdict
                  ana  | Mon 10 Jun 10:00 | 40 min  | met""",
    )
