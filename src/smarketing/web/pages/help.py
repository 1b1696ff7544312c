"""What the help page says: for each kind of reader, what they can do here, in their own order of need."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.terms.language import Words
from smarketing.terms.marked import N_


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Shortcut:
    keys: tuple[str, ...]
    does: str


TOPICS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "everybody",
        N_("How it works"),
        (
            (
                N_("What is this?"),
                N_(
                    "Marketing promises sales leads; sales promises to follow each of them up in time. Both "
                    "sign one agreement. smarketing reads from the CRM what really happened and shows both "
                    "teams the same numbers."
                ),
            ),
            (
                N_("Where do the numbers come from?"),
                N_(
                    "From the rows of your CRM and from the version of the agreement in force at that moment."
                    " Every number leads to the leads behind it, and every lead explains its verdict to the "
                    "second."
                ),
            ),
            (
                N_("Why is a lead still “running”?"),
                N_("Its due time has not come yet and nobody has answered it. Running leads are in no percentage."),
            ),
            (
                N_("Do nights and holidays count?"),
                N_("No. Time runs only while the calendar of the team is open, unless the agreement says otherwise."),
            ),
            (
                N_("What can I see?"),
                N_("What your role in your teams allows. The rest answers as if it did not exist."),
            ),
        ),
    ),
    (
        "marketing",
        N_("If you lead marketing"),
        (
            (
                N_("Are we on track?"),
                N_(
                    "Open the scorecard. Each promise shows what was reached, where the goal line stands "
                    "today and where the period will end at this pace."
                ),
            ),
            (
                N_("Why does the goal line matter?"),
                N_(
                    "It says how much you should have by today to reach the target evenly. Below it the "
                    "promise is behind, even when the month is young."
                ),
            ),
            (
                N_("What happens to our leads at sales?"),
                N_(
                    "The funnel and the speed of answer stand beside your own promises. Names of sales people"
                    " are hidden from other teams."
                ),
            ),
        ),
    ),
    (
        "sales",
        N_("If you lead sales"),
        (
            (
                N_("Who is about to miss?"),
                N_("Open the leads, filter by running and sort by due time: the most urgent come first."),
            ),
            (
                N_("Can my team keep the promise at all?"),
                N_(
                    "The plan compares the hours of your team with the leads that are coming and the attempts"
                    " each of them needs."
                ),
            ),
            (
                N_("A verdict is unfair. What now?"),
                N_(
                    "Open the lead: its clock is drawn on the working time of your calendar, with the rule "
                    "and the facts behind it. If a fact is wrong, correct it in the CRM and import again."
                ),
            ),
        ),
    ),
    (
        "rep",
        N_("If you answer leads"),
        (
            (
                N_("What shall I do first?"),
                N_("Your leads, sorted by due time. The first is the one that becomes late next."),
            ),
            (
                N_("What counts as an attempt?"),
                N_("A call, message or visit that you made and logged. Automatic mail and planned tasks do not count."),
            ),
            (
                N_("I logged it late. Does it still count?"),
                N_("Yes. The time of the touch counts, not the time of the entry; late entries are marked."),
            ),
        ),
    ),
    (
        "operations",
        N_("If you run operations"),
        (
            (
                N_("How do I bring in data?"),
                N_(
                    "Upload an export of your CRM. Columns are recognised, you correct what was guessed, and "
                    "rows that cannot be read come back as a file with the reasons."
                ),
            ),
            (N_("I imported the same file twice."), N_("Nothing is counted twice: rows that are known add nothing.")),
            (
                N_("How do I write an agreement?"),
                N_(
                    "Start from a ready one, answer the questions to both teams, and propose it. Each party "
                    "signs exactly that text; changes make a new version."
                ),
            ),
            (
                N_("Who changed this?"),
                N_("Every change leaves an entry in a chain that shows when a link was altered."),
            ),
        ),
    ),
)

PLACE_KEYS = {
    "s": N_("Scorecard"),
    "m": N_("My leads"),
    "r": N_("At risk"),
    "l": N_("Leads"),
    "a": N_("Agreements"),
    "u": N_("Pulse"),
    "p": N_("Plan"),
    "d": N_("Data"),
}

DESK_KEYS = {  # on the list of one's leads; web/static/js/desk.js
    "j": N_("Next lead of my list"),
    "k": N_("Lead before it"),
    "t": N_("Note a touch of it"),
    "a": N_("Accept it"),
    "d": N_("Disqualify it"),
    "r": N_("Send it back"),
    "s": N_("Put it off"),
    "h": N_("Hand it over"),
    "u": N_("Take back what was done last"),
}


def topics(words: Words) -> tuple[Topic, ...]:
    return tuple(
        Topic(id, words(title), tuple(Answer(words(question), words(text)) for question, text in answers))
        for id, title, answers in TOPICS
    )


def shortcuts(words: Words) -> tuple[Shortcut, ...]:
    """What the keyboard does; web/static/js/shortcuts.js does it."""
    places = (Shortcut(("g", key), words("Go to {place}", place=words(name))) for key, name in PLACE_KEYS.items())
    return (
        Shortcut(("?",), words("This list of keys")),
        Shortcut(("/",), words("To the search field")),
        *places,
        Shortcut(("g", "h"), words("Go to {place}", place=words("Help"))),
        *(Shortcut((key,), words(text)) for key, text in DESK_KEYS.items()),
        Shortcut(("Tab",), words("To the next link or field")),
        Shortcut(("Esc",), words("Close a menu or dialog")),
    )
