"""The words that the interface uses, each with one sentence of meaning and an address of its own."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.terms.language import Words
from smarketing.terms.marked import N_


@dataclass(frozen=True, slots=True)
class Entry:
    id: str  # the English word in the address: #speed-to-lead
    word: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Chapter:
    id: str
    title: str
    entries: tuple[Entry, ...]


# (chapter, ((word, meaning, example or ""), …)); the id of an entry is its English word.
CHAPTERS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        N_("The agreement"),
        (
            (
                N_("agreement"),
                N_(
                    "The promises of its parties in one document. A signed version is never edited, only "
                    "followed by the next."
                ),
                "",
            ),
            (N_("party"), N_("A team in its role in an agreement: marketing, sales, service or a customer."), ""),
            (
                N_("commitment"),
                N_("One measurable promise: who makes it, what is measured, the target and the period."),
                N_("Sales answers 95 % of leads within one business hour, each month."),
            ),
            (
                N_("target"),
                N_("The number that was promised, with its unit and direction."),
                N_("At least 120 leads; at most 4 business hours."),
            ),
            (
                N_("allowance"),
                N_(
                    "How long a clock may run before it is late: business hours, business days or hours of "
                    "the wall clock."
                ),
                "",
            ),
            (
                N_("tier"),
                N_("A group of leads that are worth the same, decided by rules that both teams agreed on."),
                "",
            ),
            (N_("starter"), N_("A ready agreement to begin from; every number in it can be changed."), ""),
            (
                N_("version"),
                N_(
                    "One text of an agreement on its way from draft to signed. What happened is judged under "
                    "the version in force at that moment."
                ),
                "",
            ),
            (
                N_("signature"),
                N_("A person's yes to exactly one text, for their party. Any change of the text asks for it again."),
                "",
            ),
            (N_("counter-proposal"), N_("The other party's answer with changes, instead of a signature."), ""),
            (N_("acknowledgement"), N_("A member of a team says that they have read the version in force."), ""),
        ),
    ),
    (
        N_("Leads and who has them"),
        (
            (N_("lead"), N_("One request for attention. The same person may make several."), ""),
            (
                N_("MQL"),
                N_("Marketing qualified lead: marketing says that it is worth a call, by the rule in the agreement."),
                "",
            ),
            (N_("SAL"), N_("Sales accepted lead: sales has looked at it and taken it on."), ""),
            (N_("SQL"), N_("Sales qualified lead: sales has spoken with the person and sees a real chance."), ""),
            (
                N_("handover"),
                N_("The moment at which a lead passes from marketing to sales. Here the clock starts."),
                "",
            ),
            (N_("acceptance"), N_("Sales takes the lead on."), ""),
            (
                N_("disqualification"),
                N_(
                    "Sales gives a lead back for good, with a reason. Duplicates, tests and spam then count "
                    "for neither side."
                ),
                "",
            ),
            (N_("recycling"), N_("Sales sends a lead back to marketing because the time is not right yet."), ""),
            (
                N_("touch"),
                N_(
                    "A human attempt to reach a lead: a call, a message, a visit. Automatic mail and planned "
                    "tasks do not count."
                ),
                "",
            ),
            (N_("connection"), N_("A touch that reached the person, or a reply from them."), ""),
            (N_("owner"), N_("The person in the CRM who has the lead."), ""),
            (N_("fact"), N_("What a machine saw: a row of the CRM. It is never changed here, only marked."), ""),
            (N_("record"), N_("What a person said here: a signature, a comment, a waiver."), ""),
        ),
    ),
    (
        N_("Time"),
        (
            (
                N_("clock"),
                N_(
                    "For one lead and one commitment: when it started, what paused it, when it stopped, when "
                    "it was due."
                ),
                "",
            ),
            (
                N_("business hour"),
                N_("An hour in which the calendar is open. Nights, weekends and holidays do not count."),
                N_("A lead of Friday 16:30 that is called on Monday at 10:00 waited one hour and a half."),
            ),
            (
                N_("business day"),
                N_(
                    "A day on which the calendar opens. “Within 2 business days” ends when the second working"
                    " day after the start closes."
                ),
                "",
            ),
            (N_("calendar"), N_("The weekly hours, holidays and time zone of a team."), ""),
            (N_("speed to lead"), N_("Business time from the handover to the first touch."), ""),
            (N_("follow-up depth"), N_("How many touches a lead gets while nobody has reached it yet."), ""),
            (N_("disposition time"), N_("Business time until sales accepts, disqualifies or recycles a lead."), ""),
            (N_("system clock"), N_("From handover to assignment: the delay of the machines, not of people."), ""),
            (N_("rep clock"), N_("From assignment to the first touch: the time of the person who has the lead."), ""),
        ),
    ),
    (
        N_("Numbers"),
        (
            (
                N_("verdict"),
                N_(
                    "What became of a clock: met, breached, running (not decided yet) or void (counts for "
                    "neither side)."
                ),
                "",
            ),
            (
                N_("attainment"),
                N_("Met divided by met and breached together. With nothing decided yet there is no number."),
                N_("19 met and 1 breached: 95 %."),
            ),
            (N_("pace"), N_("What was reached so far beside what the goal line asks for by today."), ""),
            (
                N_("goal line"),
                N_("The target spread evenly over the days of the period; on the last day it is the target."),
                "",
            ),
            (
                N_("scorecard"),
                N_("All promises of a period and how each of them stands, for both teams on one page."),
                "",
            ),
            (N_("edition"), N_("A scorecard that was published and frozen. A correction is a new edition."), ""),
            (
                N_("baseline"),
                N_("What your own past says: close rate, deal size, share of marketing, length of the cycle."),
                "",
            ),
            (N_("capacity"), N_("How many leads the hours of a team allow it to follow up as promised."), ""),
            (N_("backtest"), N_("What the last months would have scored under a draft."), ""),
            (N_("waiver"), N_("An accepted exception to a verdict, with its reason. Both numbers stay visible."), ""),
            (
                N_("dispute"),
                N_("Somebody challenges a verdict. It is decided by an entry; nothing is overwritten."),
                "",
            ),
        ),
    ),
)


def chapters(words: Words) -> tuple[Chapter, ...]:
    """The whole glossary in a reader's language, in its own order."""
    return tuple(
        Chapter(
            anchor(title),
            words(title),
            tuple(
                Entry(anchor(word), words(word), words(meaning), words(example) if example else "")
                for word, meaning, example in entries
            ),
        )
        for title, entries in CHAPTERS
    )


def anchor(word: str) -> str:
    return word.lower().replace(" ", "-")


def anchors() -> frozenset[str]:
    """Every id that `ui.term` may point at."""
    return frozenset(anchor(word) for _, entries in CHAPTERS for word, _, _ in entries)
