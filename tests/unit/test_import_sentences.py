"""What an import says of its files is told in the language of whoever reads it."""

from __future__ import annotations

import json

from smarketing.sources.files.rows import Note
from smarketing.terms.errors import UserError
from smarketing.terms.language import words
from smarketing.workflows.import_sentences import notes_told, problem_told, sentences_of

EN, IT = words("en"), words("it")
MERGED = "{n} merged areas: only the first cell of each holds a value"
CHOOSE = "Choose one of {known}."


def kept(*notes: Note, error: UserError | None = None) -> dict[str, object]:
    found: dict[str, object] = json.loads(json.dumps(sentences_of(notes, error)))
    return found


def test_notes_are_told_in_each_language() -> None:
    found = kept(Note(MERGED, {"n": 2}))
    assert notes_told(found, (), EN) == ("2 merged areas: only the first cell of each holds a value",)
    assert notes_told(found, (), IT) == (IT(MERGED, n=2),) != notes_told(found, (), EN)


def test_a_file_that_was_not_read_says_why_in_each_language() -> None:
    error = UserError('There is no language "{language}".', where="a.csv", hint=CHOOSE, language="xx", known="en, it")
    found = kept(error=error)
    assert problem_told(found, "", EN) == str(error)
    error.translate(IT)
    assert problem_told(found, "", IT) == str(error) != problem_told(found, "", EN)


def test_errors_within_an_error_are_words_too() -> None:
    error = UserError("The facts cannot be read: {reason}.", reason=FileNotFoundError(2, "No such file"))
    assert problem_told(kept(error=error), "", EN) == str(error)


def test_older_receipts_say_what_they_said() -> None:
    assert notes_told({}, ("come sempre",), EN) == ("come sempre",)
    assert problem_told({}, "non si legge", EN) == "non si legge"
    assert problem_told(kept(), "", EN) == ""
