"""What is typed in a dispute: why, the decision, evidence, and the hours of an outage."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from smarketing.records.models import DisputeReason
from smarketing.scorecard.waived import DUE, EITHER, STARTED, WaivedWindow
from smarketing.terms import zones
from smarketing.terms.code_names import CHANNELS, said
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.web.forms.worded import WordedForm

REASONS = [(each.value, str(each.label)) for each in DisputeReason]
BECOMES = [("void", N_("count for nobody")), ("met", N_("count as met"))]
BASES = [
    (EITHER, N_("that started or were due in these hours")),
    (STARTED, N_("that started in these hours")),
    (DUE, N_("that were due in these hours")),
]
AREA = {"rows": 4, "maxlength": 4_000}


class DisputeForm(WordedForm):
    """Takes clauses (address, title) of the version that judged, and what may be asked for."""

    reason = forms.ChoiceField(label=N_("Reason"), choices=REASONS)
    text = forms.CharField(
        label=N_("What happened"),
        widget=forms.Textarea(attrs=AREA),
        max_length=4_000,
        help_text=N_("Whoever decides was not there. Files and links can be added afterwards."),
    )
    becomes = forms.ChoiceField(label=N_("It should"), choices=BECOMES)
    clause = forms.ChoiceField(label=N_("Clause of the agreement"))

    def __init__(
        self,
        *args: Any,
        words: Words,
        clauses: Iterable[tuple[str, str]],
        may_become: Collection[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, words=words, **kwargs)
        self.fields["clause"].choices = list(clauses)  # type: ignore[attr-defined]
        if len(may_become) < len(BECOMES):
            del self.fields["becomes"]


class DecisionForm(WordedForm):
    decision = forms.CharField(
        label=N_("Reasons"), widget=forms.Textarea(attrs=AREA | {"rows": 3}), max_length=4_000, required=False
    )


class EvidenceForm(WordedForm):
    text = forms.CharField(
        label=N_("In words"), widget=forms.Textarea(attrs=AREA | {"rows": 2}), max_length=4_000, required=False
    )
    link = forms.CharField(label=N_("Link"), max_length=2_000, required=False)
    file = forms.FileField(
        label=N_("File"), required=False, help_text=N_("PDF, picture, text, mail, table or document, up to 10 MB.")
    )


class EndForm(WordedForm):
    why = forms.CharField(label=N_("Why the waiver ends"), widget=forms.Textarea(attrs=AREA | {"rows": 2}))


class WindowForm(WordedForm):
    """Hours on the clock of `zone`, the agreement's."""

    commitments = forms.MultipleChoiceField(label=N_("Promises"), widget=forms.CheckboxSelectMultiple)
    from_at = forms.DateTimeField(label=N_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    until_at = forms.DateTimeField(label=N_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    basis = forms.ChoiceField(label=N_("Clocks"), choices=BASES)
    sources = forms.MultipleChoiceField(
        label=N_("Only sources"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=N_("All of them where none is chosen."),
    )
    teams = forms.MultipleChoiceField(
        label=N_("Only teams"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=N_("All of them where none is chosen."),
    )
    reason = forms.ChoiceField(label=N_("Reason"), choices=REASONS, initial=DisputeReason.CRM_OUTAGE)
    text = forms.CharField(label=N_("What happened"), widget=forms.Textarea(attrs=AREA), max_length=4_000)

    def __init__(
        self,
        *args: Any,
        words: Words,
        zone: str,
        promises: Iterable[tuple[str, str]],
        sources: Iterable[str],
        teams: Iterable[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, words=words, **kwargs)
        self.zone = zones.zone(zone)
        choices = {
            "commitments": list(promises),
            "sources": [(n, said(n, CHANNELS, words)) for n in sources],
            "teams": [(n, n) for n in teams],
        }
        for name, known in choices.items():
            self.fields[name].choices = known  # type: ignore[attr-defined]
            if not known:
                del self.fields[name]

    def window(self) -> WaivedWindow:
        said = self.cleaned_data
        return WaivedWindow(
            commitments=tuple(said["commitments"]),
            from_at=_local(said["from_at"], self.zone),
            until_at=_local(said["until_at"], self.zone),
            reason=said["reason"],
            basis=said["basis"],
            sources=tuple(said.get("sources", ())),
            teams=tuple(said.get("teams", ())),
        )


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    """What was typed, on the clock of the zone."""
    return at.replace(tzinfo=zone)
