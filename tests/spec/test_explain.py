"""Every number opens: a lead and a promise, and the exact reason behind the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from tests.builders import Past, a_calendar, a_commitment, a_history, an_agreement, instant

from smarketing.engine.compiled import compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import LATE_LOGGED
from smarketing.scorecard.explain import Explanation, Note, explain
from smarketing.scorecard.explain.explanation import ClockExplained
from smarketing.terms.agreement import Counting, Definition, Handover, HandoverMoment, InForce, Party, Role
from smarketing.terms.calendar import DayHours, Holidays
from smarketing.terms.commitment import Scope
from smarketing.terms.errors import TermsError
from smarketing.terms.language import words

EN = words("en")
MADRID = a_calendar(zone="Europe/Madrid")
NOW = "2024-07-01 00:00"


def ana(**tables: Any) -> Past:
    """One lead of Friday 7 June 2024, 16:30 in Madrid, with whatever else happened to her."""
    lead = {"lead": "ana", "created_at": "Fri 7 Jun 16:30", "owner": "rita", "source": "organic"}
    return a_history(leads=[lead | tables.pop("lead", {})], zone="Europe/Madrid", **tables)


def story(past: Past, *agreements: Any, now: str = NOW, id: str = "speed", **rest: Any) -> Explanation:
    at = instant(now, "Europe/Madrid")
    compiled = compile_terms(
        agreements, past.codebook, start=instant("2024-01-01 00:00"), end=instant("2024-12-31 00:00")
    )
    found = explain(past.history, 0, compiled, id, now=at, words=rest.pop("words", EN), lead_id="ana", **rest)
    engine = evaluate(past.history, compiled, now=at).clocks.get(id)
    if engine is not None:
        check_equals_the_engine(found, engine, at)
    return found


def check_equals_the_engine(found: Explanation, engine: Any, now: int) -> None:
    """The same verdicts, and elapsed time that adds up from the segments less the pauses."""
    verdicts = ["met", "breached", "running", "void"]
    assert [clock.verdict for clock in found.clocks] == [verdicts[code] for code in engine.verdicts(now)]
    for clock, stopped, elapsed in zip(found.clocks, engine.is_stopped(), engine.elapsed_us, strict=True):
        listed = sum(segment.open_us for segment in clock.segments) - sum(pause.open_us for pause in clock.pauses)
        assert clock.elapsed_us == listed
        assert not stopped or clock.elapsed_us == elapsed


def only_clock(found: Explanation) -> ClockExplained:
    (clock,) = found.clocks
    return clock


def madrid(*commitments: Any, **rest: Any) -> Any:
    return an_agreement(*commitments, **({"zone": "Europe/Madrid", "calendars": (MADRID,)} | rest))


def text(found: Explanation) -> str:
    return found.sentence.replace("\u00a0", " ")


def test_a_lead_of_friday_evening_answered_on_monday_morning_is_explained_to_the_second() -> None:
    found = story(ana(touches=[{"lead": "ana", "at": "Mon 10 Jun 09:30", "owner": "rita"}]), madrid())
    clock = only_clock(found)
    assert clock.verdict == "met"
    assert clock.start.local == "2024-06-07T16:30:00+02:00"
    assert clock.due and clock.due.local == "2024-06-10T09:30:00+02:00"
    assert [(s.start.local[5:16], s.end.local[5:16]) for s in clock.segments] == [
        ("06-07T16:30", "06-07T17:00"),
        ("06-10T09:00", "06-10T09:30"),
    ]
    assert clock.breached is None
    assert text(found) == (
        "The lead was handed over on Fri, 7 Jun 2024, 16:30:00. It had to be answered by Mon, 10 Jun 2024, 09:30:00; "
        "the first human touch came on Mon, 10 Jun 2024, 09:30:00, after 1 h of open time: the promise was kept."
    ).replace("Fri, ", "Fri ").replace("Mon, ", "Mon ")


def test_a_breach_names_the_instant_after_the_last_one_that_would_have_done() -> None:
    found = story(ana(touches=[{"lead": "ana", "at": "Mon 10 Jun 09:30:01"}]), madrid())
    clock = only_clock(found)
    assert clock.verdict == "breached"
    assert clock.breached and clock.breached.local == "2024-06-10T09:30:00.000001+02:00"
    assert clock.late_us == 1_000_000
    assert "1 s of open time too late" in text(found)


@pytest.mark.parametrize(
    ("changes", "came"),
    [
        ({}, "the first human touch came"),
        ({"stop": "connection"}, "it was reached"),
        ({"clock": "rep"}, "the first human touch came"),
    ],
)
def test_a_touch_on_saturday_after_a_friday_deadline_is_not_called_0_seconds_late(changes: Any, came: str) -> None:
    friday = "Fri 7 Jun 16:00"
    past = ana(
        lead={"created_at": friday},
        touches=[{"lead": "ana", "at": "Sat 8 Jun 10:00", "how": "connected"}],
        assignments=[{"lead": "ana", "at": friday, "owner": "rita"}],
    )
    found = story(past, madrid(a_commitment(**changes)))
    clock = only_clock(found)
    assert (clock.verdict, clock.late_us) == ("breached", 0)
    assert (
        f"by Fri 7 Jun 2024, 17:00:00; {came} on Sat 8 Jun 2024, 10:00:00, with no open time in between: "
        "the promise was broken right after Fri 7 Jun 2024, 17:00:00."
    ) in text(found)


def test_the_clause_the_version_and_the_calendar_are_named() -> None:
    first = madrid(in_force=InForce(from_on=date(2024, 1, 1), until_on=date(2024, 6, 30)), version=1)
    second = madrid(
        a_commitment(target="95 % within 30 business minutes", title="Fast answers"),
        in_force=InForce(from_on=date(2024, 6, 7)),
        version=2,
    )
    clock = only_clock(story(ana(), first, second))
    assert (clock.version.version, clock.clause.number, clock.clause.title) == (2, 1, "Fast answers")
    assert clock.version.why == "Version 2 has been in force since Fri 7 Jun 2024."
    assert clock.version.fingerprint.startswith("sha256:")
    assert (clock.calendar.id, clock.calendar.zone) == ("office", "Europe/Madrid")
    assert clock.calendar.hours == {"mon-fri": "09:00-17:00"}
    assert clock.calendar.tzdb
    assert clock.allowance.replace("\u00a0", " ") == "30 business minutes"


TOUCHES = [
    ({"at": "Fri 7 Jun 16:29"}, "before_start"),
    ({"at": "Fri 7 Jun 16:31", "how": "automated"}, "automated"),
    ({"at": "Fri 7 Jun 16:32", "how": "in"}, "inbound"),
    ({"at": "Fri 7 Jun 16:33", "how": "planned"}, "not_done"),
    ({"at": "Fri 7 Jun 16:34", "how": "internal"}, "internal"),
    ({"at": "Fri 7 Jun 16:35", "kind": "note"}, "kind_not_counted"),
    ({"at": "Fri 7 Jun 16:36", "duration_s": 9}, "too_short"),
    ({"at": "Fri 7 Jun 16:37", "duration_s": 60}, ""),
    ({"at": "Fri 7 Jun 16:38"}, "after_stop"),
    ({"at": "Tue 2 Jul 16:38"}, "after_now"),
]


def test_every_touch_counts_or_says_why_not() -> None:
    past = ana(touches=[{"lead": "ana"} | row for row, _ in TOUCHES])
    clock = only_clock(story(past, madrid(counting=Counting(min_call_s=10))))
    assert [touch.reason for touch in clock.touches] == [reason for _, reason in TOUCHES]
    assert all(bool(touch.why) is not touch.is_counted for touch in clock.touches)
    assert clock.stop and clock.stop.local == "2024-06-07T16:37:00+02:00"


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (Note("t", "scheduled"), "scheduled"),
        (Note("t", "cancelled"), "cancelled"),
        (Note("t", "connected", is_deleted=True), "deleted"),
    ],
)
def test_the_fact_table_tells_planned_cancelled_and_deleted_touches_apart(note: Note, reason: str) -> None:
    past = ana(touches=[{"lead": "ana", "at": "Fri 7 Jun 16:40", "how": "planned"}])
    (touch,) = only_clock(story(past, madrid(), notes=[note])).touches
    assert (touch.reason, touch.touch_id) == (reason, "t")


def test_a_touch_that_was_written_down_late_counts_and_is_marked() -> None:
    past = ana(touches=[{"lead": "ana", "at": "Mon 10 Jun 09:10"}])
    touches = replace(past.history.touches, flags=past.history.touches.flags | np.uint8(LATE_LOGGED))
    clock = only_clock(story(past._replace(history=replace(past.history, touches=touches)), madrid()))
    assert clock.verdict == "met"
    assert [(touch.is_counted, touch.is_late_logged) for touch in clock.touches] == [(True, True)]


def test_depth_counts_until_the_window_closes_or_the_person_is_reached() -> None:
    depth = a_commitment("follow_up_depth", "4 touches within 2 business days", id="depth")
    rows = ["Fri 7 Jun 16:40", "Mon 10 Jun 10:00", "Tue 11 Jun 16:59", "Tue 11 Jun 17:01"]
    past = ana(touches=[{"lead": "ana", "at": at} for at in rows])
    found = story(past, madrid(depth), id="depth")
    clock = only_clock(found)
    assert [touch.reason for touch in clock.touches] == ["", "", "", "after_window"]
    assert (clock.n_touches, clock.n_touches_wanted, clock.verdict) == (3, 4, "breached")
    assert "Touches promised until Tue 11 Jun 2024, 17:00:00: 4; it had 3 and was not reached" in text(found)

    reached = [{"lead": "ana", "at": at, "how": "connected" if at == rows[1] else ""} for at in rows]
    found = story(ana(touches=reached), madrid(depth), id="depth")
    assert [touch.reason for touch in only_clock(found).touches] == ["", "", "after_connection", "after_window"]
    assert "The person was reached on Mon 10 Jun 2024, 10:00:00 (touches by then: 2)" in text(found)


def test_pauses_and_holidays_on_the_way_are_shown_with_what_they_cost() -> None:
    office = a_calendar(zone="Europe/Madrid", holidays=Holidays(dates=(date(2024, 6, 10),)))
    shut = office.model_copy(update={"exceptions": (DayHours(on=date(2024, 6, 11), windows=()),)})
    past = ana(
        stages=[
            {"lead": "ana", "at": "Wed 12 Jun 09:10", "stage": "status:On hold"},
            {"lead": "ana", "at": "Thu 13 Jun 10:00", "stage": "status:Working"},
        ],
        touches=[{"lead": "ana", "at": "Thu 13 Jun 10:05"}],
    )
    clock = only_clock(story(past, madrid(a_commitment(pauses=["On hold"]), calendars=(shut,))))
    assert [day.on.day for day in clock.holidays] == [10, 11]
    (pause,) = clock.pauses
    assert (pause.status, pause.open_us) == ("On hold", 8 * 3600 * 10**6 + 50 * 60 * 10**6)
    assert clock.elapsed_us == 45 * 60 * 10**6
    assert clock.verdict == "met"


def test_public_holidays_have_their_names() -> None:
    office = a_calendar(zone="Europe/Madrid", holidays=Holidays(country="ES", region="MD"))
    past = ana(lead={"created_at": "Tue 30 Apr 16:30"}, touches=[{"lead": "ana", "at": "Fri 3 May 09:10"}])
    names = [(day.on.isoformat(), day.name) for day in only_clock(story(past, madrid(calendars=(office,)))).holidays]
    assert [on for on, _ in names] == ["2024-05-01", "2024-05-02"]
    assert all(name for _, name in names)


def test_a_clock_that_stands_still_has_no_due_instant_and_says_why() -> None:
    past = ana(stages=[{"lead": "ana", "at": "Fri 7 Jun 16:40", "stage": "status:On hold"}])
    found = story(past, madrid(a_commitment(pauses=["On hold"])))
    assert only_clock(found).due is None
    assert 'The clock stands still while the lead is "On hold"; 50 min of open time remain' in text(found)


def test_a_running_clock_says_how_much_time_is_left_and_where_it_lies() -> None:
    found = story(ana(), madrid(), now="Fri 7 Jun 16:45")
    clock = only_clock(found)
    assert (clock.verdict, clock.left_us) == ("running", 45 * 60 * 10**6)
    assert [(s.start.local[5:16], s.end.local[5:16]) for s in clock.ahead] == [
        ("06-07T16:45", "06-07T17:00"),
        ("06-10T09:00", "06-10T09:30"),
    ]
    assert "Nobody has touched it yet; 45 min of open time remain until Mon 10 Jun 2024, 09:30:00." in text(found)


def test_t50_the_three_clocks_stand_side_by_side() -> None:
    rep = a_commitment(target="95 % within 15 business minutes", clock="rep")
    past = ana(
        lead={"created_at": "Mon 10 Jun 10:00"},
        assignments=[{"lead": "ana", "at": "Mon 10 Jun 10:30", "owner": "rita"}],
        touches=[{"lead": "ana", "at": "Mon 10 Jun 10:35", "owner": "rita"}],
    )
    found = story(past, madrid(rep))
    minutes = {timing.clock: (timing.elapsed_us or 0) // 60_000_000 for timing in only_clock(found).timings}
    assert minutes == {"lead": 35, "system": 30, "rep": 5}
    assert only_clock(found).verdict == "met"
    assert text(found).startswith("rita received the lead on Mon 10 Jun 2024, 10:30:00.")


def test_a_lead_taken_over_in_time_counts_for_nobody_and_the_next_owner_starts_afresh() -> None:
    rep = a_commitment(clock="rep")
    past = ana(
        assignments=[
            {"lead": "ana", "at": "Fri 7 Jun 16:40", "owner": "rita"},
            {"lead": "ana", "at": "Fri 7 Jun 16:50", "owner": "sam"},
        ],
        touches=[{"lead": "ana", "at": "Fri 7 Jun 16:55", "owner": "sam"}],
    )
    found = story(past, madrid(rep))
    assert [clock.verdict for clock in found.clocks] == ["void", "met"]
    assert "Somebody else took it over before the answer was due" in text(found)


def test_a_decision_is_named_and_other_stages_say_why_they_are_none() -> None:
    decide = a_commitment("disposition_time", "95 % within 2 business days", id="decide")
    past = ana(
        stages=[
            {"lead": "ana", "at": "Fri 7 Jun 12:00", "stage": "sal"},
            {"lead": "ana", "at": "Fri 7 Jun 16:30", "stage": "mql"},
            {"lead": "ana", "at": "Mon 10 Jun 12:00", "stage": "disqualified", "reason": "no_budget"},
            {"lead": "ana", "at": "Mon 10 Jun 12:00", "stage": "recycled"},
            {"lead": "ana", "at": "Mon 10 Jun 13:00", "stage": "recycled"},
        ],
    )
    found = story(past, madrid(decide), id="decide")
    seen = [(stage.stage, stage.reason) for stage in only_clock(found).stages]
    assert seen == [
        ("sal", "before_start"),
        ("mql", "no_answer"),
        ("disqualified", ""),
        ("recycled", "after_stop"),
        ("recycled", "after_stop"),
    ]
    assert "it came on Mon 10 Jun 2024, 12:00:00 (disqualified)" in text(found)


def test_a_conversion_says_by_when_it_had_to_happen() -> None:
    rate = a_commitment("conversion_rate", "20 %", id="rate", stage="mql", to_stage="sql", lag="10 clock days")
    past = ana(
        stages=[
            {"lead": "ana", "at": "Mon 10 Jun 12:00", "stage": "mql"},
            {"lead": "ana", "at": "Thu 20 Jun 12:01", "stage": "sql"},
        ]
    )
    found = story(past, madrid(rate), id="rate")
    assert 'It had until Thu 20 Jun 2024, 12:00:00 to become "sql" and did only on Thu 20 Jun 2024, 12:01:00' in text(
        found
    )
    assert only_clock(found).calendar.name == "around the clock"


def test_a_spam_lead_counts_for_nobody() -> None:
    found = story(ana(lead={"void": "spam"}), madrid())
    assert only_clock(found).verdict == "void"
    assert text(found).endswith("It counts for nobody (spam), so there is no verdict.")


VOLUME = a_commitment("lead_volume", "140 leads", id="volume", party="marketing", stage="mql", title="MQLs")


def test_a_lead_says_when_it_counted_in_a_total() -> None:
    found = story(ana(stages=[{"lead": "ana", "at": "Mon 10 Jun 12:00", "stage": "mql"}]), madrid(VOLUME), id="volume")
    (tally,) = found.tallies
    assert (tally.period, tally.amount, tally.source) == ("2024-06", 1, "organic")
    assert text(found) == (
        'This lead counted in "MQLs" of 2024-06 because it first reached "mql" on Mon 10 Jun 2024, 12:00:00.'
    )


def test_a_stage_of_no_name_is_the_lead_coming_in() -> None:
    leads = a_commitment("lead_volume", "140 leads", id="leads", party="marketing", title="Leads")
    assert text(story(ana(), madrid(leads), id="leads")) == (
        'This lead counted in "Leads" of 2024-06 because it came in on Fri 7 Jun 2024, 16:30:00.'
    )
    rate = a_commitment("conversion_rate", "20 %", id="rate", to_stage="sql", lag="10 clock days")
    assert text(story(ana(), madrid(rate), id="rate")).startswith("The lead came in on Fri 7 Jun 2024, 16:30:00.")


def test_money_counts_with_its_amount() -> None:
    revenue = a_commitment("sourced_revenue", "1000 EUR", id="revenue", party="marketing")
    deal = {"lead": "ana", "created_at": "Mon 10 Jun 12:00", "closed_at": "Tue 11 Jun 12:00", "status": "won"}
    found = story(ana(deals=[deal | {"amount": "70.5", "currency": "EUR"}]), madrid(revenue), id="revenue")
    assert found.tallies[0].amount == 70.5
    assert "A deal of €70.50 from this lead counted" in text(found)
    other = story(ana(deals=[deal | {"amount": "70.5", "currency": "USD"}]), madrid(revenue), id="revenue")
    assert other.tallies[0].void == "other_currency"
    assert "counts for nobody (another currency)" in text(other)


NOTHING: list[tuple[str, Past, Any, str]] = [
    ("volume", ana(), madrid(VOLUME), 'This lead has not been "mql" yet.'),
    (
        "speed",
        ana(lead={"created_at": "Tue 2 Jul 10:00"}),
        madrid(),
        "This lead had not come in by Mon 1 Jul 2024, 00:00:00.",
    ),
    (
        "speed",
        ana(),
        madrid(handover=Handover(at=HandoverMoment.STAGE)),
        'This lead has not been handed over yet: it passes to sales at "mql".',
    ),
    ("speed", ana(), madrid(a_commitment(start="assignment")), "Nobody has received this lead yet."),
    (
        "speed",
        ana(),
        madrid(in_force=InForce(from_on=date(2024, 6, 8))),
        "No version of the agreement was in force on Fri 7 Jun 2024, when it would have begun.",
    ),
    (
        "volume",
        ana(stages=[{"lead": "ana", "at": "Mon 10 Jun 12:00", "stage": "mql"}]),
        madrid(VOLUME, counting=Counting(marketing_sources=("ads",))),
        "This lead came from organic, which is not one of marketing's sources.",
    ),
    (
        "pipeline",
        ana(deals=[{"lead": "ana", "created_at": "Mon 10 Jun 12:00", "status": "lost"}]),
        madrid(a_commitment("pipeline_contribution", "9 EUR", id="pipeline", party="marketing")),
        "The deals with this lead are lost, and only open and won ones count.",
    ),
    (
        "revenue",
        ana(deals=[{"lead": "ana", "created_at": "Mon 10 Jun 12:00"}]),
        madrid(a_commitment("sourced_revenue", "9 EUR", id="revenue", party="marketing")),
        "No deal with this lead has been won.",
    ),
    ("speed", ana(), madrid(a_commitment(only=Scope(sources=("ads",)))), "This promise is only about sources ads."),
    (
        "gaps",
        ana(),
        madrid(a_commitment("follow_up_cadence", "at most 5 business days", id="gaps")),
        "No opportunity with this lead has been opened.",
    ),
]


@pytest.mark.parametrize(("id", "past", "agreement", "sentence"), NOTHING)
def test_a_promise_without_a_verdict_says_why(id: str, past: Past, agreement: Any, sentence: str) -> None:
    found = story(past, agreement, id=id)
    assert (found.clocks, found.tallies) == ((), ())
    assert text(found) == sentence
    assert found.why_nothing


def test_a_promise_of_another_version_is_told() -> None:
    later = madrid(version=2, in_force=InForce(from_on=date(2024, 6, 20)))
    first = madrid(VOLUME, version=1)
    found = story(ana(), first, later)
    assert text(found) == (
        "Version 1, in force on Fri 7 Jun 2024 when it would have begun, does not make this promise."
    )


def test_gaps_between_touches_are_clocks_of_their_own() -> None:
    gaps = a_commitment("follow_up_cadence", "at most 2 business days", id="gaps")
    past = ana(
        deals=[{"lead": "ana", "created_at": "Mon 10 Jun 12:00"}],
        touches=[{"lead": "ana", "at": "Tue 11 Jun 12:00"}, {"lead": "ana", "at": "Mon 17 Jun 12:00"}],
    )
    found = story(past, madrid(gaps), id="gaps")
    assert [clock.verdict for clock in found.clocks] == ["met", "breached", "breached"]
    assert [[touch.is_counted for touch in clock.touches] for clock in found.clocks] == [
        [True, False],
        [False, True],
        [False, False],
    ]


def test_a_word_of_the_agreement_may_stand_for_several_stages() -> None:
    handed = madrid(
        handover=Handover(at=HandoverMoment.STAGE, stage="mql"),
        definitions={"mql": Definition(values=("Warm", "Hot"))},
    )
    past = ana(stages=[{"lead": "ana", "at": "Mon 10 Jun 12:00", "stage": "status:Hot"}])
    assert only_clock(story(past, handed)).start.local.startswith("2024-06-10T12:00")


def test_the_calendar_says_why_it_is_this_one() -> None:
    late = a_calendar("late", "mon-fri 12:00-20:00", zone="Europe/Madrid")
    sales = Party(id="sales", name="Sales", role=Role.SALES, calendar="late")
    cases = [
        (madrid(), "It is the first of the agreement."),
        (madrid(a_commitment(calendar="late"), calendars=(MADRID, late)), "The commitment names it."),
        (madrid(parties=(sales,), calendars=(MADRID, late)), "It is the party's."),
        (
            madrid(
                a_commitment(overrides=[{"only": {"sources": ["organic"]}, "calendar": "late"}]),
                calendars=(MADRID, late),
            ),
            "Override 1 of the commitment names it.",
        ),
    ]
    assert [only_clock(story(ana(), agreement)).calendar.why for agreement, _ in cases] == [why for _, why in cases]
    past = ana(owners={"rita": {"calendar": "late"}})
    assert only_clock(story(past, madrid(calendars=(MADRID, late)))).calendar.why == "It is the owner's own."


def test_unknown_commitments_and_deliverables_are_refused_with_a_hint() -> None:
    reports = a_commitment("deliverable", "1 reports", id="reports")
    with pytest.raises(TermsError, match='no commitment "sped"') as refused:
        story(ana(), madrid(), id="sped")
    assert refused.value.hint == "Its commitments are speed."
    with pytest.raises(TermsError, match="about deliveries"):
        story(ana(), madrid(reports), id="reports")


def test_json_keeps_instants_in_both_clocks_and_every_reason() -> None:
    answer = story(ana(touches=[{"lead": "ana", "at": "Fri 7 Jun 16:20"}]), madrid()).to_json()
    clock = answer["clocks"][0]
    assert clock["start"] == {"utc": "2024-06-07T14:30:00Z", "local": "2024-06-07T16:30:00+02:00"}
    assert clock["touches"][0]["reason"] == "before_start"
    assert clock["verdict"] == "breached"
