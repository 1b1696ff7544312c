"""Spanish and Italian are complete: nothing missing, fuzzy, obsolete or with other placeholders."""

from __future__ import annotations

from docs.messages import complaints, extracted


def test_sentences_are_found_in_the_code() -> None:
    assert len(list(extracted())) > 100


def test_every_sentence_is_translated() -> None:
    assert list(complaints()) == []


def test_plurals_of_templates_are_extracted() -> None:
    assert ("{n} column is not read", "{n} columns are not read") in [message.id for message in extracted()]
