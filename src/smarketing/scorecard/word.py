"""The one word that says how a promise stands, in every language and as a sign."""

from __future__ import annotations

from enum import StrEnum

from smarketing.terms.language import N_


class Word(StrEnum):
    """How a promise stands. ON_TRACK and BEHIND are of open periods, MET and MISSED are final.

    PART is what some of the leads bring to a number that is promised for all of them.
    """

    ON_TRACK = "on_track"
    BEHIND = "behind"
    MET = "met"
    MISSED = "missed"
    NO_DATA = "no_data"
    PART = "part"


WORDS = {
    Word.ON_TRACK: N_("On track"),
    Word.BEHIND: N_("Behind"),
    Word.MET: N_("Met"),
    Word.MISSED: N_("Missed"),
    Word.NO_DATA: N_("No data yet"),
    Word.PART: N_("A part"),
}
SIGNS = {Word.ON_TRACK: "↗", Word.BEHIND: "↘", Word.MET: "✓", Word.MISSED: "✕", Word.NO_DATA: "·", Word.PART: "◔"}
