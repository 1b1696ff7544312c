"""What is typed about the systems that send us events."""

from __future__ import annotations

from typing import Any

from django import forms

from smarketing.records.models import SourceKind
from smarketing.terms.marked import N_
from smarketing.web.forms.people import zone_choices
from smarketing.web.forms.worded import WordedForm

KINDS = [
    (SourceKind.GENERIC.value, N_("Our own form of events, signed")),
    (SourceKind.HUBSPOT.value, "HubSpot"),
    (SourceKind.PIPEDRIVE.value, "Pipedrive"),
    (SourceKind.SALESFORCE.value, "Salesforce"),
    (SourceKind.ODOO.value, "Odoo"),
    (SourceKind.FLAT.value, N_("Zapier, Make, n8n or a web form")),
]
KIND_NAMES = dict(KINDS)


class MappingField(forms.CharField):
    """Lines of `their field = ours`; what it cleans to is a dict."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{theirs} = {ours}" for theirs, ours in value.items()) if isinstance(value, dict) else value

    def clean(self, value: Any) -> dict[str, str]:
        lines = [line for line in str(super().clean(value)).splitlines() if line.strip()]
        pairs = [line.partition("=") for line in lines]
        return {theirs.strip(): ours.strip() for theirs, _, ours in pairs if theirs.strip() and ours.strip()}


class SourceForm(WordedForm):
    name = forms.CharField(label=N_("Name"), max_length=120)
    zone = forms.ChoiceField(
        label=N_("Time zone"),
        choices=zone_choices,
        required=False,
        help_text=N_("For times that it sends without an offset."),
    )
    currency = forms.CharField(
        label=N_("Currency"), max_length=3, required=False, help_text=N_("For amounts without one: EUR.")
    )
    mapping = MappingField(
        label=N_("What its fields mean"),
        required=False,
        max_length=10_000,
        help_text=N_("A line for each field of its own: their_field = lead.person_key."),
    )


class NewSourceForm(SourceForm):
    kind = forms.ChoiceField(label=N_("What sends the events?"), choices=KINDS)
    slug = forms.SlugField(
        label=N_("Short name"), max_length=60, help_text=N_("Part of its address, and its name in the facts.")
    )
    secret = forms.CharField(
        label=N_("Client secret"),
        max_length=200,
        required=False,
        help_text=N_("HubSpot only: from the settings of your app. We make the others."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("kind", "name", "slug", "zone", "currency", "secret", "mapping")


class SecretForm(WordedForm):
    secret = forms.CharField(
        label=N_("New client secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
