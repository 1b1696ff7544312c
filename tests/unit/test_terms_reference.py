"""The reference lists every key with a meaning, and every key has a name in sentences."""

from __future__ import annotations

from smarketing.terms.commitment import Commitment, Kind
from smarketing.terms.kinds import KIND_TERMS, USUAL
from smarketing.terms.labels import LABELS
from smarketing.terms.reference import agreement_keys
from smarketing.terms.target import Target


def test_every_key_has_a_meaning_and_a_type() -> None:
    assert [row for row in agreement_keys() if not row[4] or not row[2]] == []


def test_calendars_are_listed_as_they_are_written() -> None:
    keys = {key for section, key, *_ in agreement_keys() if section == "calendars"}
    assert keys == {"id", "name", "zone", "hours", "holidays", "exceptions"}


def test_defaults_are_what_a_file_would_say() -> None:
    rows = {(section, key): (kind, default) for section, key, kind, default, _ in agreement_keys()}
    assert rows["agreement", "version"] == ("whole number", "1")
    assert rows["agreement", "title"] == ("text", "required")
    assert rows["commitments", "remind_at"] == ("number", "0.75")
    assert rows["commitments", "target"] == ("target", "required")
    assert rows["commitments.overrides", "within"] == ("length of time", "")
    assert rows["counting", "void_reasons"] == ("list of text", "duplicate, test, spam")
    assert rows["reviews", "cadence"][0] == "one of weekly, fortnightly, monthly, quarterly, yearly"


def test_every_key_can_be_named_in_a_sentence() -> None:
    parts = {"hours", "ical", "holidays", "capacity", "contacts", "handover", "counting", "in_force", "only"}
    parts |= {"parties", "definitions", "calendars", "commitments", "reports", "reviews", "consequences", "rewards"}
    parts |= {"alerts", "cancellation", "signatures"}
    assert {key for _, key, *_ in agreement_keys()} - set(LABELS) - parts == set()


def test_every_kind_says_what_it_takes() -> None:
    assert set(KIND_TERMS) == set(Kind)
    for kind, terms in KIND_TERMS.items():
        assert Target.model_validate(terms.example).measure in terms.measures, kind
        assert {*terms.keys} | USUAL <= set(Commitment.model_fields)
    used = USUAL.union(*(terms.keys for terms in KIND_TERMS.values()))
    assert used == set(Commitment.model_fields), "a key that no kind uses"
