"""An agreement as the tree that its forms change: words of definitions stand in rows, hours by every weekday."""

from __future__ import annotations

from typing import Any

from smarketing.terms.agreement import Agreement
from smarketing.terms.faults import Fault, UnreadableTerms
from smarketing.terms.hours import DAYS, day_words
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.read_yaml import read_agreement_tree
from smarketing.terms.write_yaml import agreement_tree

Tree = dict[str, Any]
Path = tuple[str | int, ...]


def tree_of(terms: Agreement) -> Tree:
    tree = agreement_tree(terms)
    for written, calendar in zip(tree["calendars"], terms.calendars, strict=True):
        written["hours"] = dict(zip(DAYS, map(day_words, calendar.week), strict=True))
    tree["definitions"] = [{"word": word} | said for word, said in tree.get("definitions", {}).items()]
    return tree


def in_its_currency(tree: Tree, before: Tree) -> Tree:
    """The same, with every promised amount in the currency that was just chosen."""
    was, now = f" {before['currency']}", f" {tree.get('currency', '')}"
    for commitment in tree["commitments"] if was != now else ():
        target = str(commitment.get("target", ""))
        commitment["target"] = target.removesuffix(was) + now if target.endswith(was) else target
    return tree


def terms_of(tree: Tree, words: Words) -> Agreement:
    """What the tree says.

    Raises UnreadableTerms; a fault's path is the path of the value in this tree
    """
    rows = tree["definitions"]
    named = [row.get("word", "") for row in rows]
    faults = [
        Fault("", 0, words(N_("This word is defined twice.")), path=("definitions", n, "word"))
        for n, word in enumerate(named)
        if word and word in named[:n]
    ] + [Fault("", 0, "", path=("definitions", n, "word")) for n, word in enumerate(named) if not word]
    if faults:
        raise UnreadableTerms(faults, words)
    entries = {row["word"]: {key: said for key, said in row.items() if key != "word"} for row in rows}
    try:
        return read_agreement_tree(tree | {"definitions": entries}, words=words)
    except UnreadableTerms as error:
        found = [
            Fault(each.source, each.line, each.what, each.hint, _in_tree(each.path, named)) for each in error.faults
        ]
        raise UnreadableTerms(found, words) from None


def _in_tree(path: Path, named: list[str]) -> Path:
    if len(path) > 1 and path[0] == "definitions" and path[1] in named:
        return (path[0], named.index(str(path[1])), *path[2:])
    return path
