"""Agreements and calendars from YAML files: whatever is wrong is said with its line, all at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from smarketing.terms.agreement import Agreement
from smarketing.terms.calendar import Calendar
from smarketing.terms.coherence import flaws
from smarketing.terms.errors import MissingTerms, TermsError
from smarketing.terms.faults import ENGLISH
from smarketing.terms.flaw import Flaw
from smarketing.terms.language import Words
from smarketing.terms.yaml_calendar import CalendarReader
from smarketing.terms.yaml_nodes import Reading, compose, decoded
from smarketing.terms.yaml_shape import Shape

M = TypeVar("M", bound=BaseModel)
SUFFIXES = (".yaml", ".yml")


def read_agreement(path: Path, *, words: Words = ENGLISH) -> Agreement:
    """The agreement in a file.

    Raises UnreadableTerms with every fault that was found, each with its line and what to do.
    """
    return read_agreement_text(_text(path, words), where=str(path), folder=path.parent, words=words)


def read_agreement_text(text: str, *, where: str, folder: Path | None, words: Words = ENGLISH) -> Agreement:
    """The agreement in a text; `where` names it in errors, `folder` the place of its iCal feeds (None: no feeds).

    Raises UnreadableTerms as read_agreement does.
    """
    return _read(Agreement, text, CalendarReader(folder), Reading(where, words), flaws)


def read_agreement_tree(tree: Mapping[str, object], *, words: Words = ENGLISH) -> Agreement:
    """The agreement that a tree of texts says, as write_yaml.agreement_tree gives it and forms have changed it.

    Raises UnreadableTerms as read_agreement does; the `path` of a fault leads to the value in the tree.
    """
    text = json.dumps(tree, ensure_ascii=False, indent=0)  # JSON is YAML, and so gets every check of a file
    return read_agreement_text(text, where="", folder=None, words=words)


def read_calendar(path: Path, *, words: Words = ENGLISH) -> Calendar:
    """The calendar in a file of its own; without an id it is called as the file is.

    Raises UnreadableTerms as read_agreement does.
    """
    reader = CalendarReader(path.parent, name=path.stem)
    return _read(Calendar, _text(path, words), reader, Reading(str(path), words), lambda _: ())


def read_calendar_text(text: str, *, name: str = "", words: Words = ENGLISH) -> Calendar:
    """The calendar in a text that stands in no file; called `name` where it has no id. No feeds: their days are listed.

    Raises UnreadableTerms as read_agreement does.
    """
    return _read(Calendar, text, CalendarReader(None, name=name), Reading("", words), lambda _: ())


def read_versions(path: Path, *, words: Words = ENGLISH) -> tuple[Agreement, ...]:
    """Every version of one agreement, the earliest first: of a file, or of the YAML files of a folder.

    A version holds from its first day until the next one's, so a later version that begins later supersedes.
    Raises TermsError when a version is unreadable, when versions are of different agreements, or when a later
    version does not begin after the earlier one.
    """
    if not path.is_dir():
        return (read_agreement(path, words=words),)
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    if not files:
        raise MissingTerms(
            words("There is no agreement in this folder."),
            where=str(path),
            hint=words('Begin with a starter: "smarketing agreement new".'),
        )
    read = sorted(((read_agreement(file, words=words), file) for file in files), key=lambda pair: pair[0].version)
    for (earlier, _), (later, file) in pairwise(read):
        check_succeeds(earlier, later, where=str(file), words=words)
    return tuple(agreement for agreement, _ in read)


def check_succeeds(earlier: Agreement, later: Agreement, *, where: str, words: Words = ENGLISH) -> None:
    """Raises TermsError unless `later` can take over from `earlier`: same agreement, next version, later first day."""
    if later.id != earlier.id:
        raise TermsError(
            words('The versions are of two agreements, "{one}" and "{other}".', one=earlier.id, other=later.id),
            where=where,
            hint=words("Keep the versions of each agreement in a folder of their own."),
        )
    if later.version == earlier.version:
        raise TermsError(
            words("There are two versions {version}.", version=later.version),
            where=where,
            hint=words("Give the later one the next number."),
        )
    if later.in_force.from_on <= earlier.in_force.from_on:
        raise TermsError(
            words(
                "Version {later} begins on {later_on}, not after version {earlier} ({earlier_on}), so both would hold.",
                later=later.version,
                later_on=later.in_force.from_on,
                earlier=earlier.version,
                earlier_on=earlier.in_force.from_on,
            ),
            where=where,
            hint=words("A later version begins later; it ends the earlier one on the day before."),
        )


def _text(path: Path, words: Words) -> str:
    reading = Reading(str(path), words)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise MissingTerms(words("There is no such file."), where=str(path), hint=words("Check its name.")) from None
    except OSError as error:
        hint = words("Check its name and that you may read it.")
        raise MissingTerms(
            words("The file cannot be read: {problem}.", problem=words.trouble(error)), where=str(path), hint=hint
        ) from None
    return decoded(content, reading)


def _read(
    model: type[M], text: str, calendars: CalendarReader, reading: Reading, checks: Callable[[M], Iterable[Flaw]]
) -> M:
    """The model in a text, once it is YAML, of the right shape and coherent; each step reports all its faults."""
    shape = Shape(reading, {Calendar: calendars})
    built = shape.model(model, compose(text, reading))
    reading.check()
    assert built is not None
    for flaw in checks(built):
        shape.fault(flaw.path, flaw.what, flaw.hint, **flaw.values)
    reading.check()
    return built
