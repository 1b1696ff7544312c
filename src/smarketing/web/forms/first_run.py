"""What is typed on the way from nothing to a scorecard."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from smarketing.records.models import Person
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.forms.people import zone_choices
from smarketing.web.forms.worded import WordedForm

LANGUAGES = [("en", "English"), ("es", "Español"), ("it", "Italiano")]


class AdministratorForm(WordedForm):
    name = forms.CharField(
        label=N_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    email = forms.EmailField(
        label=N_("E-mail address"),
        max_length=254,
        help_text=N_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=N_("Password"),
        max_length=128,
        strip=False,
        help_text=N_("At least 12 characters; a sentence is easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": "12"}),
    )
    language = forms.ChoiceField(label=N_("Language"), choices=LANGUAGES)
    zone = forms.ChoiceField(
        label=N_("Time zone"),
        choices=zone_choices,
        required=False,
        help_text=N_("Times are shown in this zone."),
        widget=forms.Select(attrs={"data-guess-zone": True}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        said = {field: self.cleaned_data.get(field, "") for field in ("email", "name")}
        validate_password(password, Person(**said))
        return password


class TeamsForm(WordedForm):
    marketing = forms.CharField(
        label=N_("The team that brings leads"), max_length=120, help_text=N_("As people call it: Marketing.")
    )
    sales = forms.CharField(
        label=N_("The team that follows them up"), max_length=120, help_text=N_("As people call it: Sales.")
    )

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        self.words = words

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        names = [said.get(field, "").casefold() for field in ("marketing", "sales")]
        if names[0] and names[0] == names[1]:
            self.add_error("sales", forms.ValidationError(self.words("The two teams need names of their own.")))
        return said
