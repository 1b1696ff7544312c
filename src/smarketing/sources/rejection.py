"""Why a row was set aside, in one short sentence each, and how its value is shown without telling secrets."""

from __future__ import annotations

import re

from smarketing.facts.time_reasons import SENTENCES as TIME_SENTENCES
from smarketing.terms.language import N_

REASONS: dict[str, str] = {
    # the row as a whole
    "line_too_long": N_("The line is longer than any row can be."),
    "cell_too_long": N_("A cell holds more than 131,072 characters."),
    "open_quote": N_("A quotation mark opens a cell and never closes it, or stands unescaped inside one."),
    "too_few_cells": N_("The row has fewer cells than the header."),
    "too_many_cells": N_("The row has more cells than the header."),
    "bad_bytes": N_("The row holds bytes that are not text in the file's encoding."),
    "control_character": N_("The row holds a NUL or another control character."),
    "json_invalid": N_("The line is not one JSON object."),
    "json_duplicate_key": N_("The object names a key twice."),
    "json_not_a_number": N_("The object holds NaN or Infinity, which JSON does not know."),
    "json_too_deep": N_("The object is nested too deeply."),
    "json_lone_surrogate": N_("The object holds half of a character pair."),
    # one cell
    "required_empty": N_("The cell is empty and must not be."),
    "error_cell": N_("The cell holds a spreadsheet's error, not a value."),
    "not_calculated": N_("The cell holds a formula whose result was never saved."),
    "not_an_id": N_("This cannot be an id."),
    "id_too_long": N_("The id has more than 255 characters."),
    "name_too_long": N_("The name has more than 255 characters."),
    "id_lost_digits": N_("A spreadsheet turned this id into a number and its last digits are lost."),
    "not_in_map": N_("The profile's map has no entry for this value."),
    "not_allowed": N_("The column does not take this value; map it in the profile."),
    "not_a_number": N_("This is not a number as the profile writes them."),
    "ambiguous_number": N_("The separator may be thousands or decimals; say `decimal` in the profile."),
    "number_too_large": N_("The number is too large."),
    "not_whole": N_("This is not a whole number."),
    "negative": N_("The value must not be negative."),
    "other_currency": N_("The amount names another currency than the row."),
    "not_a_currency": N_("This is not a currency code of three letters."),
    "not_a_flag": N_("This is neither yes nor no."),
    "not_a_duration": N_("This is not a length of time."),
    "no_zone": N_("The time has no offset and no zone is known."),
    "conflict": N_("Another row of this import says something else under the same id, whose digits were lost."),
    **{f"time_{code}": sentence for code, sentence in TIME_SENTENCES.items()},
}

_MAIL = re.compile(r'"[^"]*"@[^\s<>,;]+|[^\s@<>,;"]+@[^\s@<>,;"]+')
_PHONE = re.compile(r"(?<![\w.:-])\+?\(?\d[\d ()/.-]{6,}\d(?![\w:])")
SHOWN = 60


def redacted(text: str) -> str:
    """The text with its addresses and telephone numbers hidden."""
    plain = _MAIL.sub(lambda found: found[0][0] + "…@…", text)
    return _PHONE.sub(lambda found: _hidden_number(found[0]), plain)


def shown_value(text: str | None) -> str:
    """A value as it may be shown: shortened, addresses and telephone numbers hidden, on one line."""
    if text is None:
        return ""
    plain = redacted(" ".join(text[:4_000].split()))
    plain = "".join(letter if letter.isprintable() else "�" for letter in plain)
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def _hidden_number(text: str) -> str:
    """Dates and amounts keep their digits; what may be a telephone number keeps the last two."""
    digits = sum(letter.isdigit() for letter in text)
    looks_dated = re.fullmatch(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}( \d{1,2})?", text.strip())
    is_plain = re.fullmatch(r"[\d.,]+", text) and not text.startswith("00")
    if looks_dated or is_plain or digits < 7:
        return text
    return "…" + text[-2:]
