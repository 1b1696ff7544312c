"""What people write for an outcome, a direction or a stage, as the value that the facts know."""

from __future__ import annotations

import re
from functools import lru_cache

from smarketing.facts.schema import TABLES
from smarketing.sources.header_words import MEANINGS


@lru_cache(maxsize=4096)
def meant(column: str, text: str) -> str:
    """The facts' value by words inside of the text; the text itself where nobody knows."""
    known = {
        value for table in TABLES.values() for found in table.columns if found.name == column for value in found.values
    }
    lower = text.strip().lower()
    if lower in known:
        return lower
    return next((value for words, value in MEANINGS.get(column, ()) if re.search(words, lower)), text)
