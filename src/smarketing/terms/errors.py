"""Errors that are the user's to mend: what happened, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smarketing.terms.troubles import english, trouble_words


class UserError(Exception):
    """Something in the input is wrong; shown without a traceback.

    `where` is a file and line, a flag or a name; `hint` says what to do. `exit_code` is the
    process's answer: 2 for a wrong command or file, 3 for terms that do not hold together,
    4 for data that cannot answer the question.

    A sentence is either written in the reader's language already, or an English one of the catalogue with
    `{names}` that `values` fill in; `translate` then puts it into the reader's language. A value may be another
    error: what it says is then put into words as well.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "", **values: object) -> None:
        self.sentences, self.values = (what, hint), values
        self.what, self.hint = (text.format(**_plain(values)) if values else text for text in (what, hint))
        self.where = where
        super().__init__(self.what)

    def translate(self, words: Callable[..., str]) -> None:
        """Say what and hint in another language."""
        values = _plain(self.values, words)
        self.what, self.hint = (words(text, **values) if text else "" for text in self.sentences)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"


def _plain(values: Mapping[str, object], words: Callable[..., str] = english) -> dict[str, object]:
    """Values as a sentence takes them: errors in words."""
    return {
        name: trouble_words(value, words) if isinstance(value, Exception) else value for name, value in values.items()
    }


class TermsError(UserError):
    """An agreement, calendar or target that cannot be obeyed."""

    exit_code = 3


class MissingTerms(TermsError):
    """A file of terms that is not there or cannot be opened: a wrong command, not wrong terms."""

    exit_code = 2


class FactsError(UserError):
    """Facts that are missing, unreadable or cannot answer the question."""

    exit_code = 4
