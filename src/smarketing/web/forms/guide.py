"""The first questions of the guide: which two teams, who answers for them, in which language and currency."""

from __future__ import annotations

from typing import Any

from django import forms

from smarketing.records.models import Team
from smarketing.terms.coherence import currencies
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.forms.people import zone_choices
from smarketing.web.forms.worded import WordedForm

LANGUAGES = [("en", "English"), ("es", "Español"), ("it", "Italiano")]


class GuideForm(WordedForm):
    marketing = forms.ModelChoiceField(Team.objects.none(), label=N_("Marketing is"), empty_label=None)
    marketing_name = forms.CharField(label=N_("Who answers for marketing"), max_length=120)
    marketing_email = forms.EmailField(label=N_("E-mail address"), required=False)
    sales = forms.ModelChoiceField(Team.objects.none(), label=N_("Sales is"), empty_label=None)
    sales_name = forms.CharField(label=N_("Who answers for sales"), max_length=120)
    sales_email = forms.EmailField(label=N_("E-mail address"), required=False)
    title = forms.CharField(
        label=N_("Title"), max_length=200, required=False, help_text=N_("Left empty, the starter's title stays.")
    )
    language = forms.ChoiceField(label=N_("Language of the agreement"), choices=LANGUAGES)
    currency = forms.CharField(label=N_("Currency"), max_length=3, help_text=N_("ISO 4217 code of every amount"))
    zone = forms.ChoiceField(label=N_("Time zone"))

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        for role in ("marketing", "sales"):
            field = self.fields[role]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Team.objects.filter(retired_at=None, role=role).order_by("name")
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = zone_choices()[1:]
        self.words = words

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if code not in currencies():
            raise forms.ValidationError(self.words("Write three capital letters: EUR."))
        return code

    def contacts(self) -> dict[str, tuple[str, str]]:
        said = self.cleaned_data
        return {role: (said[f"{role}_name"], said[f"{role}_email"]) for role in ("marketing", "sales")}
