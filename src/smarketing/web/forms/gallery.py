"""A form with one field of every kind, for the gallery of parts."""

from __future__ import annotations

from django import forms

from smarketing.terms.language import Words


def gallery_form(words: Words) -> forms.Form:
    """Filled in, with one field wrong and something wrong with the whole."""
    form = _form_class(words)({"name": "", "mail": "maya@example.com", "amount": "120", "role": "sales", "agree": "on"})
    form.is_valid()
    form.add_error(None, words("These days overlap with version {n}.", n=2))
    return form


def _form_class(words: Words) -> type[forms.Form]:
    roles = (("marketing", words("Marketing")), ("sales", words("Sales")), ("service", words("Service")))

    class Gallery(forms.Form):
        name = forms.CharField(label=words("Name"), help_text=words("As people call the team."))
        mail = forms.EmailField(label=words("E-mail"))
        amount = forms.DecimalField(label=words("Target"))
        on = forms.DateField(label=words("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
        role = forms.ChoiceField(label=words("Role"), choices=roles)
        kind = forms.ChoiceField(label=words("Party"), choices=roles, widget=forms.RadioSelect, required=False)
        days = forms.MultipleChoiceField(
            label=words("Teams"), choices=roles, widget=forms.CheckboxSelectMultiple, required=False
        )
        note = forms.CharField(label=words("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
        file = forms.FileField(label=words("File"), required=False)
        agree = forms.BooleanField(label=words("I have read the agreement."))
        closed = forms.CharField(label=words("Cannot be changed"), required=False, disabled=True)

    return Gallery
