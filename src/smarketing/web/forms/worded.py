"""Forms whose labels, hints and choices are in the reader's language, and errors of workflows beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import Http404

from smarketing.records.access import Refused
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words


class WordedForm(forms.Form):
    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label, field.help_text = words(str(field.label)), words(str(field.help_text or "")) or ""
            if type(field) is forms.ChoiceField and isinstance(field.choices, list):
                field.choices = [(value, words(str(label))) for value, label in field.choices]


@contextmanager
def as_form_error(form: forms.Form, words: Words) -> Iterator[None]:
    """What a workflow refuses stands in the form; what somebody may not do does not exist."""
    try:
        yield
    except Refused as error:
        raise Http404 from error
    except UserError as error:
        error.translate(words)
        form.add_error(None, f"{error.what} {error.hint}".strip())


def keep_choices(field: forms.Field, kept: Callable[[str], bool]) -> None:
    """Leave the other choices out: they are neither shown nor accepted."""
    assert isinstance(field, forms.ChoiceField) and isinstance(field.choices, list)
    field.choices = [(value, label) for value, label in field.choices if kept(str(value))]
