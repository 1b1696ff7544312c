"""What is wrong with a file of terms: where, what and what to do, all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from smarketing.terms.errors import TermsError
from smarketing.terms.language import Words, words

ENGLISH = words("en")
LISTED = 20
SHOWN = 60  # characters of a value that an error repeats


class Mistake(ValueError):
    """A term that says nothing we can obey; raised by validators, translated by whoever reads the file.

    `what` and `hint` are English sentences of the catalogue with `{names}` filled from `values`.
    """

    def __init__(self, what: str, hint: str = "", /, **values: object) -> None:
        self.what, self.hint, self.values = what, hint, values
        super().__init__(" ".join(filter(None, (self.sentence(ENGLISH), self.advice(ENGLISH)))))

    def sentence(self, words: Words) -> str:
        return words(self.what, **self.values)

    def advice(self, words: Words) -> str:
        return words(self.hint, **self.values) if self.hint else ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of a file; `line` counts from 1, 0 when no line is to blame. `path` leads to the value to blame."""

    source: str
    line: int
    what: str
    hint: str = ""
    path: tuple[str | int, ...] = field(default=(), compare=False)

    @property
    def where(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" {self.hint}" if self.hint else "")


class UnreadableTerms(TermsError):
    """A file of terms with its faults, in the order of their lines; the first one is the error's own text."""

    def __init__(self, faults: Sequence[Fault], words: Words = ENGLISH) -> None:
        self.faults = tuple(sorted(dict.fromkeys(faults), key=lambda fault: fault.line))
        first = self.faults[0]
        super().__init__(first.what, where=first.where, hint=first.hint)
        self._more = words.plural("and {n} more:", "and {n} more:", len(self.faults) - 1)

    def __str__(self) -> str:
        others = [str(fault) for fault in self.faults[1 : LISTED + 1]]
        return "\n".join([TermsError.__str__(self), *([self._more, *others] if others else [])])


def shown(value: str) -> str:
    """A value as an error repeats it: on one line and never longer than a glance."""
    line = " ".join(value.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"


def nearest(wrong: str, known: Sequence[str]) -> str:
    """The known word that was probably meant, or nothing."""
    by_case = {word.casefold(): word for word in known}
    found = get_close_matches(wrong[:SHOWN].casefold(), by_case, n=1, cutoff=0.6)
    return by_case[found[0]] if found else ""
