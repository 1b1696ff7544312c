"""Every starter reads, raises no concern, and promises the same in every language."""

from __future__ import annotations

from typing import Any

import pytest
from tests.agreement_files import agreement

from smarketing.terms.agreement import Agreement
from smarketing.terms.commitment import Kind
from smarketing.terms.errors import TermsError
from smarketing.terms.language import LANGUAGES, words
from smarketing.terms.lint import lint
from smarketing.terms.starters import FOLDER, starter_text, starters

NAMES = [starter.name for starter in starters()]
TEXTS_OF_A_COMMITMENT = {"title", "description", "contact", "target", "pauses", "calendar"}


def starter(name: str, language: str) -> Agreement:
    return agreement(starter_text(name, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_starter_reads_and_raises_no_concern(name: str, language: str) -> None:
    read = starter(name, language)
    assert lint(read, words(language)) == ()
    assert read.language == language


@pytest.mark.parametrize("name", NAMES)
def test_a_starter_promises_the_same_in_every_language(name: str) -> None:
    promised = [promises(starter(name, language)) for language in LANGUAGES]
    assert promised[0] == promised[1] == promised[2]


def promises(read: Agreement) -> list[Any]:
    """What the machine obeys, without texts and without the names of units and currencies."""
    of_commitments = [
        (
            commitment.model_dump(exclude=TEXTS_OF_A_COMMITMENT),
            commitment.target.model_dump(exclude={"unit"}),
        )
        for commitment in read.commitments
    ]
    words_and_reasons = {word: (d.marked_by, d.reasons, d.values) for word, d in read.definitions.items()}
    tiers = [(tier.id, tier.worth, tier.grades, tier.sources) for tier in read.tiers]
    parties = [(party.id, party.role, party.capacity) for party in read.parties]
    counting = (read.counting, read.handover.at, read.handover.stage, read.acceptance_by_silence, read.in_force)
    steps = (
        [(c.strikes, c.commitment) for c in read.consequences],
        [(c.commitment, c.missed_periods) for c in read.cancellation],
    )
    warnings = [rule.model_dump(exclude={"to"}) for rule in read.alerts]
    return [read.id, read.kind, of_commitments, words_and_reasons, tiers, parties, counting, steps, warnings]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_starter_has_every_section(name: str, language: str) -> None:
    read = starter(name, language)
    for section in (
        read.summary,
        read.definitions,
        read.ideal_customer,
        read.personas,
        read.tiers,
        read.handover.description,
        read.calendars,
        read.commitments,
        read.reports,
        read.reviews,
        read.consequences,
        read.rewards,
        read.cancellation,
        read.exceptions,
        read.seat,
        read.alerts,
    ):
        assert section
    assert all(party.contacts and party.needs for party in read.parties)
    assert all(commitment.title and commitment.description for commitment in read.commitments)


def test_together_they_show_every_kind_of_promise() -> None:
    shown = {commitment.kind for name in NAMES for commitment in starter(name, "en").commitments}
    assert shown == set(Kind)


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_translated(name: str) -> None:
    titles = [{c.description for c in starter(name, language).commitments} for language in LANGUAGES]
    assert not titles[0] & titles[1]
    assert not titles[1] & titles[2]


def test_every_file_is_listed() -> None:
    assert {path.name for path in FOLDER.glob("*.yaml")} == {f"{n}.{lang}.yaml" for n in NAMES for lang in LANGUAGES}


def test_an_unknown_starter() -> None:
    with pytest.raises(TermsError) as refused:
        starter_text("small_b2c", "en")
    assert str(refused.value) == 'There is no starter "small_b2c". Did you mean "small_b2b"?'
    with pytest.raises(TermsError, match="Choose one of small_b2b, inside_sales"):
        starter_text("zzz", "en")
    with pytest.raises(TermsError, match='There is no language "fr"'):
        starter_text("small_b2b", "fr")
