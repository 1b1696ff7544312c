"""Why rows were rejected, in the reader's words."""

from __future__ import annotations

from smarketing.sources.rejection import REASONS
from smarketing.terms.language import Words


def reason_sentence(reason: str, words: Words) -> str:
    return words(REASONS[reason]) if reason in REASONS else reason
