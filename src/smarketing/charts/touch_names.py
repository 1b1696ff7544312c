"""Kinds and outcomes of touches in the reader's language."""

from __future__ import annotations

from smarketing.terms.code_names import OUTCOMES, TOUCHES, said
from smarketing.terms.language import Words


def touch_name(kind: str, outcome: str, words: Words) -> str:
    """`call · no answer`; what we have no name for as the facts spell it."""
    return " · ".join(filter(None, (said(kind, TOUCHES, words), said(outcome, OUTCOMES, words))))
