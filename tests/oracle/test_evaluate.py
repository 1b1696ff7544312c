"""The engine gives the answers of its slow twin, whatever the agreement and whatever happened."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle.pasts import (
    a_now,
    a_past,
    chances,
    compiled,
    evaluated,
    known_at,
    recorded,
    some_versions,
    thorough,
    told,
)
from tests.oracle.twin import Rows, twin

from smarketing.engine.as_of import blocks
from smarketing.engine.evaluate import evaluate
from smarketing.terms.commitment import Kind

every_kind = pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.DELIVERABLE])


@every_kind
@thorough
@given(chance=chances)
def test_the_engine_agrees_with_the_slow_twin(kind: Kind, chance: Random) -> None:
    rows, terms = a_past(chance), some_versions(chance, kind)
    now = a_now(chance, rows)
    assert sorted(evaluated(rows, terms, now)[kind]) == sorted(twin(rows, terms, now)[kind])


@every_kind
@thorough
@given(chance=chances)
def test_order_of_arrival_and_repeated_changes_do_not_matter(kind: Kind, chance: Random) -> None:
    rows, terms = a_past(chance), some_versions(chance, kind)
    now = a_now(chance, rows)
    again = Rows(rows.leads, rows.touches[:], rows.stages * 2, rows.assignments * 2, rows.deals[:], rows.owners)
    for table in (again.touches, again.stages, again.assignments, again.deals):
        chance.shuffle(table)
    assert evaluated(again, terms, now) == evaluated(rows, terms, now)


@every_kind
@thorough
@given(chance=chances, size=st.integers(1, 3))
def test_any_partition_of_the_leads_gives_the_same_answers(kind: Kind, chance: Random, size: int) -> None:
    rows = a_past(chance)
    past, now = recorded(rows), a_now(chance, rows)
    terms = compiled(some_versions(chance, kind), past)
    parts = [told(evaluate(part, terms, now=now), terms, past.leads) for part in blocks(past.history, size)]
    whole = told(evaluate(past.history, terms, now=now), terms, past.leads)
    assert [row for part in parts for row in part[kind]] == whole[kind]


@every_kind
@thorough
@given(chance=chances)
def test_what_comes_later_changes_nothing(kind: Kind, chance: Random) -> None:
    rows, terms = a_past(chance), some_versions(chance, kind)
    now = a_now(chance, rows)
    assert evaluated(rows, terms, now) == evaluated(known_at(rows, now), terms, now)
