"""What is typed about messages: how somebody is told, when they are away, where messages go."""

from __future__ import annotations

from typing import Any

from django import forms

from smarketing.alerts.wording.kinds import NAMES
from smarketing.records.models import EndpointKind, Person
from smarketing.terms.alert_rule import Occasion
from smarketing.terms.marked import N_
from smarketing.web.forms.people import zone_choices
from smarketing.web.forms.worded import WordedForm

KINDS = [
    (EndpointKind.SLACK.value, N_("Slack channel")),
    (EndpointKind.TEAMS.value, N_("Microsoft Teams channel")),
    (EndpointKind.WEBHOOK.value, N_("Another program, by a signed webhook")),
    (EndpointKind.APPRISE.value, N_("Another service, through Apprise")),
]
KIND_NAMES = dict(KINDS)
LANGUAGES = [("en", "English"), ("es", "Español"), ("it", "Italiano")]
MUTABLE = [*(each.value for each in Occasion), "dispute", "digest"]


class PreferenceForm(WordedForm):
    is_email_wanted = forms.BooleanField(label=N_("Send me mail"), required=False)
    has_quiet_hours = forms.BooleanField(
        label=N_("Keep my quiet hours"),
        required=False,
        help_text=N_("Mail waits for your working hours, unless a rule is marked urgent or waiting would be too late."),
    )
    is_digest_wanted = forms.BooleanField(
        label=N_("One summary a day instead of single mails"),
        required=False,
        help_text=N_("Escalations and what is urgent come at once all the same."),
    )
    digest_at = forms.TimeField(
        label=N_("Time of the summary"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    most_per_day = forms.IntegerField(
        label=N_("Most single mails in a day"),
        min_value=1,
        max_value=1_000,
        help_text=N_("What goes beyond comes in the summary."),
    )
    muted = forms.MultipleChoiceField(
        label=N_("Not by mail"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=N_("You find them in your messages here. A missed deadline is told to managers all the same."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = kwargs["words"]
        muted = self.fields["muted"]
        assert isinstance(muted, forms.MultipleChoiceField)
        muted.choices = [(each, words(NAMES[each])) for each in MUTABLE]


class AbsenceForm(WordedForm):
    first_on = forms.DateField(label=N_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    last_on = forms.DateField(label=N_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))
    substitute = forms.ModelChoiceField(
        Person.objects.none(),
        label=N_("Who stands in?"),
        required=False,
        help_text=N_("Messages for you go to them meanwhile."),
    )
    reason = forms.CharField(label=N_("Note"), max_length=120, required=False)

    def __init__(self, *args: Any, of: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        substitute = self.fields["substitute"]
        assert isinstance(substitute, forms.ModelChoiceField)
        teams = of.memberships.filter(until_on=None).values("team_id")
        mates = Person.objects.filter(is_active=True, memberships__team_id__in=teams).exclude(id=of.id)
        substitute.queryset = mates.distinct().order_by("name", "email")


class EndpointForm(WordedForm):
    name = forms.CharField(label=N_("Name"), max_length=120)
    address = forms.CharField(
        label=N_("Address"),
        max_length=2_000,
        required=False,
        help_text=N_("As the other side shows it. It is kept sealed and never shown again; leave it empty to keep it."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=N_("Language"), choices=LANGUAGES)
    zone = forms.ChoiceField(label=N_("Time zone"), choices=zone_choices, required=False)


class NewEndpointForm(EndpointForm):
    kind = forms.ChoiceField(label=N_("Where do messages go?"), choices=KINDS)
    slug = forms.SlugField(
        label=N_("Short name"), max_length=60, help_text=N_("By this name the rules of an agreement send to it.")
    )
    field_order = ("kind", "name", "slug", "address", "language", "zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].required = True
        self.fields["address"].help_text = kwargs["words"](
            N_("As the other side shows it, from https:// on. It is kept sealed and never shown again.")
        )
