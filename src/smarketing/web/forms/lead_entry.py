"""What is typed about a lead that somebody enters by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from smarketing.records.access import Actor
from smarketing.records.models import Person
from smarketing.terms.code_names import CHANNELS
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.forms.worded import WordedForm
from smarketing.workflows.enter_lead import LONGEST, NewLead, lead_owners


class LeadForm(WordedForm):
    person = forms.CharField(
        label=N_("Whom to reach"), max_length=LONGEST, help_text=N_("An e-mail address, a telephone number or a name.")
    )
    source = forms.ChoiceField(label=N_("Source"), choices=[("", N_("Not known")), *CHANNELS.items()], required=False)
    campaign = forms.CharField(label=N_("Campaign"), max_length=LONGEST, required=False)
    content = forms.CharField(label=N_("What they read or asked about"), max_length=LONGEST, required=False)
    grade = forms.CharField(label=N_("Grade"), max_length=20, required=False)
    created_at = forms.DateTimeField(
        label=N_("When they asked, if not now"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    owner = forms.ChoiceField(label=N_("Who follows it up"), required=False)

    def __init__(self, *args: Any, actor: Actor, now: datetime, zone: str, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        self.zone = zone
        people = lead_owners(actor, now)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [("", words("Nobody yet")), *((str(each.pk), str(each)) for each in people)]
        if actor.person in people and actor.person is not None:
            owner.initial = str(actor.person.pk)

    def lead(self) -> NewLead:
        said = self.cleaned_data
        at = said["created_at"]
        return NewLead(
            person=said["person"].strip(),
            source=said["source"],
            campaign=said["campaign"].strip(),
            content=said["content"].strip(),
            grade=said["grade"].strip(),
            created_at=at.replace(tzinfo=ZoneInfo(self.zone)) if at else None,
            owner=Person.objects.filter(pk=said["owner"]).first() if said["owner"] else None,
        )
