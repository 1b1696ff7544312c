"""A text that is changed keeps its author's remarks, and what it says is exactly what was wanted."""

from __future__ import annotations

import pytest

from smarketing.terms.agreement import Agreement
from smarketing.terms.faults import UnreadableTerms
from smarketing.terms.fingerprint import fingerprint
from smarketing.terms.language import LANGUAGES
from smarketing.terms.read_yaml import read_agreement_text, read_agreement_tree
from smarketing.terms.rewrite import rewritten
from smarketing.terms.starters import starter_text, starters
from smarketing.terms.write_yaml import agreement_tree


def said(text: str) -> Agreement:
    return read_agreement_text(text, where="", folder=None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [each.name for each in starters()])
def test_a_tree_of_texts_says_the_same(name: str, language: str) -> None:
    agreement = said(starter_text(name, language))
    assert fingerprint(read_agreement_tree(agreement_tree(agreement))) == fingerprint(agreement)


@pytest.mark.parametrize("name", [each.name for each in starters()])
def test_only_what_differs_is_written_anew(name: str) -> None:
    text = starter_text(name, "en")
    before = said(text)
    after = before.model_copy(update={"title": "Another title", "personas": (), "exceptions": ("Fairs.",)})
    changed = rewritten(text, before, after)
    assert fingerprint(said(changed)) == fingerprint(after)
    remarks = [line for line in text.splitlines() if line.startswith("#")]
    assert remarks and set(remarks) <= set(changed.splitlines())


def test_a_text_in_braces_is_written_out() -> None:
    before = said(starter_text("small_b2b", "en"))
    after = before.model_copy(update={"title": "Another title"})
    assert said(rewritten("{a: b}", before, after)).title == "Another title"


def test_a_fault_of_a_tree_leads_to_its_value() -> None:
    tree = agreement_tree(said(starter_text("small_b2b", "en")))
    tree["parties"][1]["capacity"]["reps"] = "three"
    tree["calendars"][0]["zone"] = "Europe/Atlantis"
    del tree["commitments"][1]["target"]
    with pytest.raises(UnreadableTerms) as raised:
        read_agreement_tree(tree)
    found = {fault.path for fault in raised.value.faults}
    assert found == {("parties", 1, "capacity", "reps"), ("calendars", 0, "zone"), ("commitments", 1, "target")}
