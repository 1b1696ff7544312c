"""What is typed about teams and who belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from smarketing.records.models import Person, Team
from smarketing.terms.marked import N_
from smarketing.web.forms.people import ROLES
from smarketing.web.forms.worded import WordedForm, keep_choices
from smarketing.workflows.list_owners import KnownOwner

TEAM_ROLES = [
    ("marketing", N_("Marketing")),
    ("sales", N_("Sales")),
    ("service", N_("Customer service")),
    ("customer", N_("Customer")),
]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TeamForm(WordedForm):
    name = forms.CharField(label=N_("Name"), max_length=120)
    role = forms.ChoiceField(label=N_("What the team does"), choices=TEAM_ROLES)
    fact_names = forms.CharField(
        label=N_("Its names in the CRM"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=N_("One a line, as the CRM spells the teams of its owners."),
    )
    reports_to = forms.ModelChoiceField(Team.objects.filter(retired_at=None), label=N_("Reports to"), required=False)

    def clean_fact_names(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["fact_names"].splitlines())
        return [line for line in lines if line]


class MembershipForm(WordedForm):
    person = forms.ModelChoiceField(Person.objects.filter(is_active=True), label=N_("Person"))
    role = forms.ChoiceField(label=N_("Role in the team"), choices=ROLES)
    from_on = forms.DateField(label=N_("From"), widget=DAY)
    until_on = forms.DateField(
        label=N_("Until"), widget=DAY, required=False, help_text=N_("The first day on which they no longer belong.")
    )

    def __init__(self, *args: Any, may_appoint: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="member_%s", **kwargs)  # it stands beside the form of the team
        if not may_appoint:  # managers choose among the members that there are, reps and viewers
            keep_choices(self.fields["role"], lambda role: role != "manager")


class OwnerForm(WordedForm):
    """`owner` is source and id of an owner that the facts know, with a space between them."""

    owner = forms.ChoiceField()
    person = forms.ModelChoiceField(Person.objects.filter(is_active=True), required=False)

    def __init__(self, *args: Any, known: Sequence[KnownOwner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, key) for key in (f"{one.src} {one.owner_id}" for one in known)]
