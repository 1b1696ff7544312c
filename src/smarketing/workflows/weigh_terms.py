"""What speaks against the promises of a text: its own hours, its best months, and what the field would warn about."""

from __future__ import annotations

from datetime import datetime

from smarketing.plan.realism import realism
from smarketing.plan.sentences import caution
from smarketing.terms.agreement import Agreement
from smarketing.terms.concern import Concern
from smarketing.terms.errors import FactsError
from smarketing.terms.language import Words
from smarketing.terms.lint import lint
from smarketing.workflows.measure_baseline import measure_baseline
from smarketing.workflows.open_facts import open_facts


def own_cautions(terms: Agreement, words: Words) -> tuple[str, ...]:
    """What the text says against itself: promises beyond the hours that it names."""
    return tuple(caution(each, words) for each in realism(terms, None, None))


def all_cautions(terms: Agreement, *, now: datetime, words: Words) -> tuple[str, ...]:
    """The same, with what the latest twelve months say where facts are there."""
    try:
        found = measure_baseline(open_facts(None), agreement=terms, n_months=12, stage="lead", now=now, say=words)
    except FactsError:
        return own_cautions(terms, words)
    return tuple(caution(each, words) for each in realism(terms, found.complete, found.baseline))


def concerns(terms: Agreement, words: Words) -> tuple[Concern, ...]:
    return lint(terms, words)
