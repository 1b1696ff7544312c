"""Terms compiled for arrays: what is refused, which version holds when, whose names mean what."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.builders import a_calendar, a_commitment, a_history, an_agreement, instant

from smarketing.engine.compiled import Compiled, compile_terms
from smarketing.engine.evaluate import evaluate
from smarketing.engine.history import NEVER, Codebook
from smarketing.terms.commitment import Kind
from smarketing.terms.errors import TermsError

START, END = instant("2024-01-01"), instant("2025-01-01")


def compiled(*versions: Any, codebook: Codebook | None = None) -> Compiled:
    return compile_terms(versions, codebook or Codebook(), start=START, end=END)


@pytest.mark.parametrize(
    ("agreement", "what"),
    [
        (an_agreement(a_commitment(party="nobody")), 'There is no party "nobody".'),
        (an_agreement(a_commitment(calendar="night")), 'There is no calendar "night".'),
        (an_agreement(a_commitment(only={"tiers": ["gold"]})), 'There is no tier "gold".'),
        (an_agreement(a_commitment(target="140 leads")), 'The target "140 leads" has no time in which it must happen.'),
        (an_agreement(a_commitment("conversion_rate", "5 %")), 'The target "5 %" has no time in which it must happen.'),
        (an_agreement(calendars=()), "The agreement has no calendar."),
    ],
)
def test_a_promise_that_names_nothing_or_cannot_be_measured_is_refused(agreement: Any, what: str) -> None:
    with pytest.raises(TermsError) as refused:
        compiled(agreement)
    assert refused.value.what == what


def test_an_agreement_without_versions_is_refused() -> None:
    with pytest.raises(TermsError, match="no version"):
        compiled()


class TestVersions:
    first = an_agreement(in_force={"from_on": "2024-01-01", "until_on": "2024-06-30"})
    second = an_agreement(version=2, in_force={"from_on": "2024-05-01"})

    def test_a_later_version_ends_the_earlier_on_its_first_day(self) -> None:
        early, late = compiled(self.second, self.first).versions
        assert (early.start_at, early.end_at) == (instant("2024-01-01"), instant("2024-05-01"))
        assert (late.start_at, late.end_at) == (instant("2024-05-01"), NEVER)

    def test_a_version_that_a_later_one_replaced_from_its_first_day_never_held(self) -> None:
        earlier = an_agreement(version=3, in_force={"from_on": "2024-01-01"})
        first = compiled(self.first, earlier).versions[0]
        assert first.start_at == first.end_at

    def test_the_version_and_the_clause_of_an_instant(self) -> None:
        known = compiled(self.first, self.second)
        assert known.version_at(instant("2023-12-31")) is None
        assert known.clause("speed", instant("2023-12-31")) is None
        version = known.version_at(instant("2024-05-01"))
        assert version is not None and version.number == 1
        clause = known.clause("speed", instant("2024-04-30"))
        assert clause is not None and clause.version == 0
        assert known.clause("other", instant("2024-04-30")) is None

    def test_commitments_meet_across_versions_by_their_id(self) -> None:
        more = an_agreement(a_commitment(), a_commitment(id="more"), version=2, in_force={"from_on": "2024-05-01"})
        known = compiled(self.first, more)
        assert known.commitments == ("speed", "more")
        assert [clause.version for clause in known.clauses(frozenset({Kind.SPEED_TO_LEAD}))["speed"]] == [0, 1]

    def test_tiers_of_the_latest_version_come_first_and_equal_calendars_are_one(self) -> None:
        old = an_agreement(tiers=({"id": "gold"}, {"id": "tin"}), in_force={"from_on": "2024-01-01"})
        new = an_agreement(tiers=({"id": "silver"}, {"id": "gold"}), version=2, in_force={"from_on": "2024-05-01"})
        known = compiled(old, new)
        assert known.tiers == ("silver", "gold", "tin")
        assert len(known.calendars) == 1


class TestNames:
    book = Codebook(
        owners=("7", "8"),
        owner_names=("Rita", "Sam"),
        owner_calendars=("moon", ""),
        team_of=np.array([-1, -1], np.int32),
        stages=("Contacted", "mql", "status:Contacted", "status:mql"),
    )

    def test_a_calendar_that_only_the_facts_know_is_reported(self) -> None:
        known = compiled(an_agreement(), codebook=self.book)
        assert known.unknown_calendars == ("moon",)
        assert known.versions[0].clauses[0].calendar_of.tolist() == [[0, 0, 0]]

    def test_a_rep_may_be_named_by_id_or_by_name(self) -> None:
        for name in ("7", "Rita"):
            known = compiled(an_agreement(a_commitment(only={"reps": [name]})), codebook=self.book)
            owners = known.versions[0].clauses[0].fit.owners
            assert owners is not None and owners.tolist() == [True, False, False]

    def test_a_definition_may_leave_out_that_a_value_is_a_raw_status(self) -> None:
        defined = an_agreement(definitions={"mql": {"values": ["Contacted"]}, "sal": {"entry": "taken"}})
        version = compiled(defined, codebook=self.book).versions[0]
        assert version.stage_codes("mql") == (0, 2)
        assert compiled(an_agreement(), codebook=self.book).versions[0].stage_codes("mql") == (1,)
        assert (version.is_defined("mql"), version.is_defined("sal"), version.is_defined("sql")) == (True, False, False)

    def test_overrides_by_tier_are_one_look_up_and_others_are_tried_in_turn(self) -> None:
        tiers = ({"id": "gold"}, {"id": "tin"})
        by_tier = [{"only": {"tiers": ["tin"]}, "within": "2 business hours"}]
        by_rep = [{"only": {"reps": ["Sam"]}, "within": "3 business hours"}, {"only": {}, "calendar": "late"}]
        late = a_calendar("late", "mon-fri 12:00-20:00")
        tier, source, owner = np.array([0, 1, -1]), np.array([-1, -1, -1]), np.array([0, 1, -1])
        for overrides, expected in ((by_tier, [0, 1, 0]), (by_rep, [2, 1, 2])):
            agreement = an_agreement(a_commitment(overrides=overrides), tiers=tiers, calendars=(a_calendar(), late))
            clause = compiled(agreement, codebook=self.book).versions[0].clauses[0]
            assert clause.choice(tier, source, owner).tolist() == expected


def test_a_start_after_all_facts_still_compiles() -> None:
    agreement = an_agreement(in_force={"from_on": "2030-01-01"})
    assert compiled(agreement).version_at(END) is None


def test_a_currency_no_deal_names_is_no_code() -> None:
    past = a_history(leads=[{"lead": "ana", "created_at": "2024-05-06 10:00"}])
    assert compiled(an_agreement(), codebook=past.codebook).versions[0].currency == -1


def test_a_window_of_years_is_still_covered() -> None:
    past = a_history(leads=[{"lead": "ana", "created_at": "2024-12-30 10:00"}])
    agreement = an_agreement(
        a_commitment("follow_up_depth", "9 touches within 1500 business days"),
        calendars=(a_calendar("office", "mon 09:00-17:00"),),
    )
    known = compiled(agreement, codebook=past.codebook)
    assert evaluate(past.history, known, now=END).clocks["speed"].due_at[0] == instant("Mon 29 Sep 2053 17:00")
