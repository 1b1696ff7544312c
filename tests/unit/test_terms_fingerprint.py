"""A fingerprint changes when the content of an agreement does, and never for its looks."""

from __future__ import annotations

import hashlib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.agreement_files import AGREEMENT, agreement, changed
from tests.agreement_strategies import agreements

from smarketing.terms.agreement import Agreement
from smarketing.terms.fingerprint import canonical_bytes, fingerprint
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.terms.target import Target
from smarketing.terms.write_yaml import agreement_yaml


def test_it_is_the_sha256_of_the_canonical_bytes() -> None:
    read = agreement()
    assert fingerprint(read) == "sha256:" + hashlib.sha256(canonical_bytes(read)).hexdigest()


def test_the_bytes_of_a_known_agreement_never_change() -> None:
    """Signatures given today must hold in every later release: whoever breaks this breaks them."""
    assert fingerprint(agreement()) == "sha256:ef335f6f313265ae559327cb19059c5961434a2528e3f8bfaa4503382137ae78"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: acme\n", "# a remark\nid: acme   # another\n\n"),
        ("title: Marketing and sales at Acme", 'title: "Marketing and sales at Acme"'),
        ("title: Marketing and sales at Acme", "title:   >\n  Marketing and\n  sales at Acme"),
        (
            "zone: Europe/Madrid\nin_force: {from_on: 2026-01-01}\n",
            "in_force:\n  from_on: 2026-01-01\nzone: Europe/Madrid\n",
        ),
        ("id: acme\n", "id: acme\nversion: 1\nlanguage: en\nexceptions: []\n"),
        ("worth: 100", "worth: 100.00"),
        ("95 % within 1 business hour", "95.0%  within 60 business minutes"),
        (
            "mon-thu: 09:00-14:00, 15:00-18:30",
            "thu: 15:00-18:30, 9:00-14:00\n      mon-wed: 09:00 – 14:00, 15:00-18:30",
        ),
        ("dates: [2026-12-24]", "dates: [2026-12-24, 2026-12-24]"),
    ],
)
def test_looks_do_not_matter(old: str, new: str) -> None:
    assert canonical_bytes(agreement(changed(old, new))) == canonical_bytes(agreement())


def test_signatures_are_not_part_of_what_is_signed() -> None:
    signed = 'signatures: [{party: sales, name: Sam, signed_at: 2026-01-01T00:00:00Z, fingerprint: "sha256:0"}]\n'
    assert fingerprint(agreement(AGREEMENT + signed)) == fingerprint(agreement())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: acme\n", "id: acme\nversion: 2\n"),
        ("title: Marketing", "title: marketing"),
        ("from_on: 2026-01-01", "from_on: 2026-01-02"),
        ("from_on: 2026-01-01", "from_on: 2026-01-01, until_on: 2026-12-31"),
        ("95 % within 1 business hour", "95 % within 1 clock hour"),
        ("95 %", "95.1 %"),
        ("140 leads", "141 leads"),
        ("fri: 09:00-15:00", "fri: 09:00-15:01"),
        ("fri: 09:00-15:00", "fri: closed"),
        ("2026-08-14: closed", "2026-08-14: 09:00-10:00"),
        (
            "  - {id: a, worth: 100, grades: [A]}\n  - {id: b, worth: 40}",
            "  - {id: b, worth: 40}\n  - {id: a, worth: 100, grades: [A]}",
        ),
    ],
)
def test_content_does(old: str, new: str) -> None:
    assert fingerprint(agreement(changed(old, new))) != fingerprint(agreement())


def shuffled(node: object, order: st.DataObject) -> object:
    """The same data with the keys of every mapping in another order."""
    if isinstance(node, dict):
        return {key: shuffled(node[key], order) for key in order.draw(st.permutations(list(node)))}
    return [shuffled(entry, order) for entry in node] if isinstance(node, list) else node


@settings(deadline=None, max_examples=40)
@given(made=agreements(), data=st.data())
def test_the_order_of_keys_does_not_matter(made: Agreement, data: st.DataObject) -> None:
    written = yaml.load(agreement_yaml(made), Loader=yaml.BaseLoader)
    text = yaml.dump(shuffled(written, data), default_style='"', sort_keys=False, allow_unicode=True)
    read = read_agreement_text(text, where="shuffled.yaml", folder=None)
    assert canonical_bytes(read) == canonical_bytes(made)


def variants(model: BaseModel) -> list[BaseModel]:
    """The same model with one of its texts changed, at any depth."""
    found: list[BaseModel] = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, str) and type(value) is str:
            found.append(model.model_copy(update={name: value + "x"}))
        elif isinstance(value, BaseModel) and not isinstance(value, Target):  # a target is its words, as a whole
            found += [model.model_copy(update={name: inner}) for inner in variants(value)]
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            found += [model.model_copy(update={name: (inner, *value[1:])}) for inner in variants(value[0])]
    return found


@settings(deadline=None, max_examples=25)
@given(made=agreements())
def test_every_changed_text_changes_it(made: Agreement) -> None:
    unsigned = made.model_copy(update={"signatures": ()})
    changed_ones = variants(unsigned)
    assert len({fingerprint(each) for each in [unsigned, *changed_ones]}) == len(changed_ones) + 1  # type: ignore[arg-type]
