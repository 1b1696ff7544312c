"""Promises and what happened with leads, as morning messages say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smarketing.alerts.wording.told import Section, Told
from smarketing.charts.numbers import shown
from smarketing.scorecard.word import WORDS, Word
from smarketing.terms.code_names import CHANNELS, REASONS, said
from smarketing.terms.language import Words
from smarketing.terms.period import Grain
from smarketing.terms.promise_words import EVERY, target_words
from smarketing.terms.target import Measure, Target

BAD = (Word.BEHIND, Word.MISSED)
MOST_NAMED = 3


def promises(told: Told) -> tuple[tuple[str, str], ...]:
    """Each promise with what happened and how it stands."""
    return tuple((each["title"] or each["id"], promise_words(each, told.words)) for each in told.payload["promises"])


def promise_words(told: Mapping[str, Any], words: Words) -> str:
    actual = shown(told["actual"], told["unit"], words)
    facts = {"actual": actual, "target": _target(told, words), "word": words(WORDS[Word(told["word"])])}
    if told["actual"] is None:
        return words("{word}; promised: {target}", **facts)
    return words("{actual}; promised: {target}. {word}", **facts)


def _target(told: Mapping[str, Any], words: Words) -> str:
    """The promise; one of a number with how often."""
    try:
        target = Target.model_validate(told["target"])
    except ValueError:
        return str(told["target"])
    if target.measure not in (Measure.COUNT, Measure.SUM):
        return target_words(target, words)
    if told["owed"] is not None:
        return shown(told["owed"], told["unit"], words)
    return words(EVERY[Grain(told["grain"])], target=shown(float(target.value), target.unit, words))


def tone(told: Told) -> str:
    standing = {each["word"] for each in told.payload["promises"]}
    if standing & set(BAD):
        return "bad"
    return "good" if standing & {"on_track", "met"} else ""


def standing(told: Told) -> str:
    """How many promises are kept, in a sentence."""
    words, known = told.words, [each["word"] for each in told.payload["promises"] if each["word"] in WORDS]
    judged = [word for word in known if word not in ("no_data", "part")]
    if not judged:
        return words("Nothing has been measured yet.")
    good = sum(word not in BAD for word in judged)
    n, m = words.number(good), words.number(len(judged))
    return words("{n} of {m} promises are kept or on track.", n=n, m=m)


def handed(activity: Mapping[str, Any], words: Words) -> str:
    return words.plural("{n} lead was handed over.", "{n} leads were handed over.", activity["steps"]["handover"])


def contacts(activity: Mapping[str, Any], words: Words) -> str:
    made = words.plural("{n} contact was made", "{n} contacts were made", activity["n_touches"])
    first = words.plural("{n} lead heard from us first", "{n} leads heard from us first", activity["steps"]["touched"])
    reached = words.plural("{n} was reached.", "{n} were reached.", activity["steps"]["connected"])
    return f"{made}; {first}; {reached}"


def changes(activity: Mapping[str, Any], words: Words) -> str:
    """How many leads became what; only what happened."""
    steps = activity["steps"]
    named = {
        "mql": f"{words.number(steps['mql'])} MQL",
        "sal": f"{words.number(steps['sal'])} SAL",
        "sql": f"{words.number(steps['sql'])} SQL",
        "opportunity": words.plural("{n} opportunity", "{n} opportunities", steps["opportunity"]),
        "customer": words.plural("{n} customer", "{n} customers", steps["customer"]),
        "disqualified": words.plural("{n} disqualified", "{n} disqualified", steps["disqualified"]),
        "recycled": words.plural("{n} recycled", "{n} recycled", steps["recycled"]),
    }
    found = [name for step, name in named.items() if steps[step]]
    return " · ".join(found) or words("none")


def revenue(activity: Mapping[str, Any], currency: str, words: Words) -> str:
    n = activity["steps"]["deal_won"]
    deals = words.plural("{n} deal", "{n} deals", n)
    return words("{amount} from {deals}", amount=shown(activity["won"], currency, words), deals=deals) if n else "–"


def reasons(activity: Mapping[str, Any], words: Words) -> str:
    return _most(activity["reasons"], REASONS, words)


def sources(activity: Mapping[str, Any], words: Words) -> str:
    return _most(activity["sources"], CHANNELS, words)


def _most(found: Sequence[Sequence[Any]], names: Mapping[str, str], words: Words) -> str:
    """The commonest few, by name."""
    named = [f"{said(name, names, words) or words('none')} {words.number(n)}" for name, n in found[:MOST_NAMED]]
    return " · ".join(named)


def lead_path(src: str, lead: str) -> str:
    from urllib.parse import quote

    return f"/leads/{quote(src, safe='')}/{quote(lead)}/"


def lead_section(told: Mapping[str, Any], lead: str, lines: tuple[str, ...], words: Words) -> Section:
    return Section(str(told["name"]), lines, lead_path(str(told["src"]), lead), words("Open the lead"))
