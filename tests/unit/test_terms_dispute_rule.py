"""The rule of disputes: how it is written, read out and compared, and that older agreements are what they were."""

from __future__ import annotations

import pytest
from tests.agreement_files import AGREEMENT, agreement

from smarketing.terms.difference import differences
from smarketing.terms.dispute_rule import USUAL, DisputeRule
from smarketing.terms.document import document
from smarketing.terms.faults import ENGLISH, UnreadableTerms
from smarketing.terms.fingerprint import canonical_bytes
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.write_yaml import agreement_yaml

FAST = "disputes: {decide_within: 4 business hours, silence_accepts: true}\n"


def test_an_agreement_without_the_rule_says_what_it_said_before_there_was_one() -> None:
    assert b"disputes" not in canonical_bytes(agreement())
    assert canonical_bytes(agreement(AGREEMENT + "disputes: {decide_within: 2 business days}\n")) == canonical_bytes(
        agreement()
    )
    assert agreement().disputes == DisputeRule() and agreement().disputes.decide_within == USUAL
    assert not [part for part in document(agreement(), ENGLISH) if part.id == "disputes"]


def test_the_rule_survives_being_written() -> None:
    whole = agreement(AGREEMENT + FAST)
    assert read_agreement_text(agreement_yaml(whole), where="", folder=None) == whole
    assert whole.disputes.silence_accepts


def test_the_document_reads_it_out() -> None:
    told = next(part for part in document(agreement(AGREEMENT + FAST), ENGLISH) if part.id == "disputes")
    assert told.text == ("The other party decides within 4 business hours.", "What nobody decided by then is accepted.")


def test_changes_of_it_are_told() -> None:
    said = [each.sentence for each in differences(agreement(), agreement(AGREEMENT + FAST), ENGLISH)]
    assert len(said) == 2 and all("disputes" in each or "dispute" in each for each in said), said


def test_the_arbiter_is_somebody_the_parties_name() -> None:
    with pytest.raises(UnreadableTerms, match="Nobody At All"):
        agreement(AGREEMENT + 'disputes: {arbiter: "Nobody At All"}\n')
