"""Who may move an agreement from which state to which."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.agreement_files import agreement

from smarketing.terms.agreement import Agreement, InForce, Signature
from smarketing.terms.errors import TermsError
from smarketing.terms.lifecycle import (
    NAMES,
    TRANSITIONS,
    VERBS,
    Status,
    Who,
    can,
    can_edit,
    can_sign,
    check_can_edit,
    check_can_sign,
    state_diagram,
    status_on,
    transitions,
)


def test_an_agreement_goes_from_draft_to_force() -> None:
    way = [Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.IN_FORCE, Status.SUPERSEDED]
    verbs = ["propose", "sign", "start", "supersede"]
    for before, verb, after in zip(way, verbs, way[1:], strict=False):
        assert after in {transition.after for transition in transitions(before, verb)}


def test_a_signed_agreement_is_never_edited() -> None:
    for status in (Status.SIGNED, Status.IN_FORCE):
        assert not can_edit(status, Who.WRITER)
        with pytest.raises(TermsError, match="Write the next version: a signed one is never edited"):
            check_can_edit(status, Who.WRITER)


def test_a_draft_is_edited_by_everybody_and_signed_by_nobody() -> None:
    check_can_edit(Status.DRAFT, Who.WRITER)
    with pytest.raises(TermsError) as refused:
        check_can_sign(Status.DRAFT, Who.SIGNATORY)
    assert str(refused.value) == "This agreement is draft: nobody can sign it. What can be done now: edit, propose."


def test_only_who_signs_for_a_party_signs() -> None:
    assert can_sign(Status.PROPOSED, Who.SIGNATORY)
    assert not can_sign(Status.PROPOSED, Who.WRITER)
    with pytest.raises(TermsError, match="Only who signs for a party can sign an agreement"):
        check_can_sign(Status.PROPOSED, Who.WRITER)


@pytest.mark.parametrize("status", [Status.SUPERSEDED, Status.ENDED])
def test_what_is_over_stays_over(status: Status) -> None:
    assert transitions(status) == ()
    with pytest.raises(TermsError, match="nobody can edit it"):
        check_can_edit(status, Who.WRITER)


def test_no_person_makes_a_day_begin() -> None:
    for verb in ("start", "supersede", "end"):
        assert not any(can(verb, status, who) for status in Status for who in (Who.WRITER, Who.SIGNATORY))


def test_everything_in_the_table_has_a_name_and_every_state_is_reached() -> None:
    assert {transition.verb for transition in TRANSITIONS} == set(VERBS)
    assert set(NAMES) == set(Status)
    assert {Status.DRAFT} | {transition.after for transition in TRANSITIONS} == set(Status)


def test_the_drawing_holds_every_transition() -> None:
    drawing = state_diagram()
    assert drawing.startswith("stateDiagram-v2\n    [*] --> draft\n")
    for transition in TRANSITIONS:
        assert f"{transition.before} --> {transition.after}: " in drawing
    assert "superseded --> [*]" in drawing


def signed(*parties: str, **days: date) -> Agreement:
    at = datetime(2025, 12, 1, tzinfo=UTC)
    signatures = tuple(Signature(party=party, name="X", signed_at=at, fingerprint="sha256:0") for party in parties)
    in_force = InForce(**({"from_on": date(2026, 1, 1)} | days))
    return agreement().model_copy(update={"signatures": signatures, "in_force": in_force})


def test_the_status_of_a_file() -> None:
    both = signed("marketing", "sales", until_on=date(2026, 12, 31))
    assert status_on(signed(), date(2026, 2, 1)) is Status.DRAFT
    assert status_on(signed("sales"), date(2026, 2, 1)) is Status.PROPOSED
    assert status_on(both, date(2025, 12, 31)) is Status.SIGNED
    assert status_on(both, date(2026, 1, 1)) is Status.IN_FORCE
    assert status_on(both, date(2026, 12, 31)) is Status.IN_FORCE
    assert status_on(both, date(2027, 1, 1)) is Status.ENDED


def test_a_successor_supersedes_from_its_first_day() -> None:
    both, later = signed("marketing", "sales"), signed("marketing", "sales", from_on=date(2026, 7, 1))
    assert status_on(both, date(2026, 6, 30), successor=later) is Status.IN_FORCE
    assert status_on(both, date(2026, 7, 1), successor=later) is Status.SUPERSEDED
