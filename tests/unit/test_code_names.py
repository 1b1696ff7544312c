"""Every code of ours has a name that people say, on every surface; what is not ours is shown as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from smarketing.facts.schema import LIFECYCLE, OUTCOMES, TOUCH_KINDS
from smarketing.terms import code_names
from smarketing.terms.code_names import CHANNELS, REASONS, TOUCHES, listed, said
from smarketing.terms.document import document
from smarketing.terms.language import words
from smarketing.terms.read_yaml import read_agreement

STARTERS = sorted((Path(code_names.__file__).parent / "starters").glob("*.yaml"))
EN = words("en")


def test_codes_of_the_facts_have_names() -> None:
    for names, codes in (
        (code_names.TOUCHES, TOUCH_KINDS),
        (code_names.OUTCOMES, OUTCOMES),
        (code_names.STAGES, LIFECYCLE),
    ):
        assert set(names) == set(codes)


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_codes_of_the_starters_have_names(path: Path) -> None:
    terms = yaml.safe_load(path.read_text(encoding="utf-8"))
    reasons = [code for each in terms["definitions"].values() for code in each.get("reasons", ())]
    counting = terms.get("counting", {})
    assert {*reasons, *counting.get("void_reasons", ())} <= set(REASONS)
    assert set(counting.get("marketing_sources", ())) <= set(CHANNELS)


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_no_code_stands_in_the_document(path: Path) -> None:
    agreement = read_agreement(path)
    for section in document(agreement, words(agreement.language)):
        if section.id in ("definitions", "counting", "tiers", "handover"):
            for text in (*section.text, *(cell for row in section.rows for cell in row[1:])):
                assert not re.search(r"[a-z]_[a-z]", text), text


def test_names_and_what_has_none() -> None:
    assert listed(("email", "sms", "carrier_pigeon"), TOUCHES, EN) == "e-mail, text message, carrier pigeon"
    assert said("Ya no trabaja", REASONS, EN) == "Ya no trabaja"
    assert said("duplicate", REASONS, words("es")) == words("es")("duplicate") != "duplicate"
