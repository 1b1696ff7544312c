"""What is typed about people: themselves, invitations, tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from smarketing.records.models import Person, Team
from smarketing.records.models.teams import MemberRole
from smarketing.records.models.tokens import Scope
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone_names
from smarketing.web.forms.worded import WordedForm, keep_choices
from smarketing.workflows.create_token import LONGEST_DAYS, USUAL_DAYS

LANGUAGES = [("", N_("As the browser asks")), ("en", "English"), ("es", "Español"), ("it", "Italiano")]
SCHEMES = [("", N_("As the system")), ("light", N_("Light")), ("dark", N_("Dark"))]
ROLES = [
    (MemberRole.REP.value, N_("Rep: works on leads")),
    (MemberRole.MANAGER.value, N_("Manager: answers for the team and signs for it")),
    (MemberRole.VIEWER.value, N_("Viewer: sees numbers without names")),
]
SCOPES = [
    (Scope.READ.value, N_("Read what I may read")),
    (Scope.INGEST.value, N_("Bring facts in, nothing else")),
    (Scope.ADMIN.value, N_("Everything I may do")),
]


def zone_choices() -> list[tuple[str, str]]:
    """Places of the world; old spellings and bare offsets stay out."""
    return [("", "–"), *((name, name.replace("_", " ")) for name in sorted(zone_names()) if "/" in name)]


class ProfileForm(WordedForm):
    name = forms.CharField(label=N_("Name"), max_length=120)
    language = forms.ChoiceField(label=N_("Language"), choices=LANGUAGES, required=False)
    zone = forms.ChoiceField(
        label=N_("Time zone"), choices=zone_choices, required=False, help_text=N_("Times are shown in this zone.")
    )
    scheme = forms.ChoiceField(label=N_("Colours"), choices=SCHEMES, required=False)


class InvitationForm(WordedForm):
    email = forms.EmailField(label=N_("E-mail address"), max_length=254)
    name = forms.CharField(label=N_("Name"), max_length=120, required=False)
    language = forms.ChoiceField(label=N_("Language"), choices=LANGUAGES, required=False)
    team = forms.ModelChoiceField(Team.objects.filter(retired_at=None), label=N_("Team"), required=False)
    role = forms.ChoiceField(label=N_("Role in the team"), choices=ROLES, initial="rep")
    is_admin = forms.BooleanField(label=N_("Runs smarketing here, as an administrator"), required=False)


class AcceptanceForm(WordedForm):
    name = forms.CharField(label=N_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=N_("Language"), choices=LANGUAGES, required=False)
    zone = forms.ChoiceField(label=N_("Time zone"), choices=zone_choices, required=False)
    password = forms.CharField(
        label=N_("Password"),
        max_length=128,
        strip=False,
        help_text=N_("At least 12 characters; a sentence is easy to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, Person(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


class TokenForm(WordedForm):
    name = forms.CharField(label=N_("What is it for?"), max_length=80)
    scope = forms.ChoiceField(label=N_("What may it do?"), choices=SCOPES)
    days = forms.IntegerField(
        label=N_("Days until it expires"), min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS
    )

    def __init__(self, *args: Any, is_admin: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_admin:
            keep_choices(self.fields["scope"], lambda scope: scope == Scope.READ)
