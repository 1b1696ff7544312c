"""Why a cell is not an instant: the code a reject carries and the sentence that says what to do."""

from __future__ import annotations

from enum import StrEnum

from smarketing.terms.language import Words
from smarketing.terms.marked import N_


class Reason(StrEnum):
    UNREADABLE = "unreadable"
    BARE_NUMBER = "bare_number"
    UNDECLARED_ORDER = "undeclared_order"
    AMBIGUOUS = "ambiguous"
    ZONE_ABBREVIATION = "zone_abbreviation"
    IMPOSSIBLE_DATE = "impossible_date"
    IMPOSSIBLE_TIME = "impossible_time"
    IMPOSSIBLE_OFFSET = "impossible_offset"
    SKIPPED = "skipped"
    DOUBLED = "doubled"
    OUT_OF_RANGE = "out_of_range"


SENTENCES = {
    Reason.UNREADABLE: N_("This is no date or time in a declared form. Add its form to the profile's formats."),
    Reason.BARE_NUMBER: N_(
        "This may be seconds, milliseconds or a spreadsheet's day number. Declare epoch_s, epoch_ms, excel_1900 "
        "or excel_1904."
    ),
    Reason.UNDECLARED_ORDER: N_(
        "Day and month could be either way round. Declare the form, like %d/%m/%Y or %m/%d/%Y."
    ),
    Reason.AMBIGUOUS: N_("Two declared forms read this as different times. Keep the one that holds."),
    Reason.ZONE_ABBREVIATION: N_("Letters like CST name several zones. Write the offset, like -06:00."),
    Reason.IMPOSSIBLE_DATE: N_("There is no such date."),
    Reason.IMPOSSIBLE_TIME: N_("There is no such time of day: hours go to 23, minutes and seconds to 59."),
    Reason.IMPOSSIBLE_OFFSET: N_("There is no such offset from UTC."),
    Reason.SKIPPED: N_("The clock skipped this time when it was put forward. Write it with its offset."),
    Reason.DOUBLED: N_("The clock showed this time twice when it was put back. Write it with its offset."),
    Reason.OUT_OF_RANGE: N_("The year is not between 1900 and 2199."),
}


def reason_sentence(reason: str, words: Words) -> str:
    """What is wrong with a cell and what to do, in the reader's language."""
    return words(SENTENCES[Reason(reason)])
