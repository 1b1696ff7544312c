"""Disputes: listed, raised, shown, decided, withdrawn, revoked, and the evidence in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from smarketing.records.access import Refused, can
from smarketing.records.disputes import Bench, disputes_visible_to, visible_dispute
from smarketing.records.models import Dispute, Evidence
from smarketing.terms.document import document
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words
from smarketing.web.forms.disputes import DecisionForm, DisputeForm, EndForm, EvidenceForm
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.dispute import dispute_page
from smarketing.web.pages.disputes import disputes_page
from smarketing.web.pages.spoken import VERDICTS
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.attach_evidence import attach_evidence, path_of
from smarketing.workflows.contested import Contested, contested, lead_of
from smarketing.workflows.decide_dispute import decide_dispute
from smarketing.workflows.raise_dispute import raise_dispute
from smarketing.workflows.revoke_waiver import revoke_waiver
from smarketing.workflows.withdraw_dispute import withdraw_dispute


def browse(request: Request) -> HttpResponse:
    """GET lists them; POST raises one."""
    if request.method == "POST":
        return create(request)
    href = reverse("waiver_new") if can(request.actor, "waiver", "create") else ""
    page = disputes_page(
        disputes_visible_to(request.actor),
        request.GET.dict(),
        now=timezone.now(),
        words=request.words,
        waiver_href=href,
    )
    return render_page(request, "disputes/index.html", page=page)


def new(request: Request) -> HttpResponse:
    """The form for the clock that the address names."""
    found = _contested(request, request.GET.dict())
    return _asked(request, found, _form(found, request.words), request.GET.dict())


def create(request: Request) -> HttpResponse:
    said = request.POST.dict()
    found = _contested(request, said)
    form = _form(found, request.words, request.POST)
    if form.is_valid():
        with as_form_error(form, request.words):
            key = _key(said)
            dispute = raise_dispute(
                **key, **form.cleaned_data, by=signed_in(request), now=timezone.now(), words=request.words
            )
            messages.success(request, request.words("Raised. The other party is asked to decide."))
            return redirect("dispute", dispute_id=dispute.id)
    return _asked(request, found, form, said, status=422)


def show(request: Request, dispute_id: int) -> HttpResponse:
    return _page(request, _dispute(request, dispute_id))


@require_POST
def decide(request: Request, dispute_id: int) -> HttpResponse:
    form = DecisionForm(request.POST, words=request.words)
    outcome, text = request.POST.get("outcome", ""), request.POST.get("decision", "")
    return _acted(request, dispute_id, "decision", form, lambda **by: decide_dispute(outcome=outcome, text=text, **by))


@require_POST
def withdraw(request: Request, dispute_id: int) -> HttpResponse:
    return _acted(request, dispute_id, "decision", DecisionForm(request.POST, words=request.words), withdraw_dispute)


@require_POST
def revoke(request: Request, dispute_id: int) -> HttpResponse:
    form, why = EndForm(request.POST, words=request.words), request.POST.get("why", "")
    return _acted(request, dispute_id, "end", form, lambda **by: revoke_waiver(why=why, **by))


@require_POST
def evidence(request: Request, dispute_id: int) -> HttpResponse:
    form, file = EvidenceForm(request.POST, request.FILES, words=request.words), request.FILES.get("file")
    said: dict[str, Any] = {"home": settings.HOME, "text": request.POST.get("text", "")}
    said |= {"link": request.POST.get("link", ""), "file": (file.name or "file", file.chunks()) if file else None}
    return _acted(request, dispute_id, "evidence", form, lambda **by: attach_evidence(**said, **by))


def file(request: Request, dispute_id: int, evidence_id: int) -> HttpResponse:
    """A file of the evidence, never shown in the browser."""
    found = Evidence.objects.filter(dispute=_dispute(request, dispute_id), id=evidence_id, kind="file").first()
    if found is None or not path_of(settings.HOME, found).is_file():
        raise Http404
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    content = path_of(settings.HOME, found).read_bytes()
    return HttpResponse(content, content_type=found.media_type, headers=headers)


def _acted(request: Request, dispute_id: int, name: str, form: Any, act: Callable[..., object]) -> HttpResponse:
    """What somebody did to a dispute; refusals stand in the form they came from."""
    dispute = _dispute(request, dispute_id)
    form.is_valid()
    with as_form_error(form, request.words):
        act(dispute_id=dispute.id, by=signed_in(request), now=timezone.now())
        messages.success(request, request.words("Saved."))
        return redirect("dispute", dispute_id=dispute.id)
    return _page(request, _dispute(request, dispute_id), status=422, **{name: form})


def _page(request: Request, dispute: Dispute, status: int = 200, **forms: Any) -> HttpResponse:
    words, now = request.words, timezone.now()
    lead = lead_of(request.actor, dispute, now=now, words=words)
    page = dispute_page(
        dispute,
        Bench.of(request.actor, dispute),
        now=now,
        words=words,
        verdict=lead.verdict if lead else "",
        shows_lead=lead is not None,
    )
    made = {"decision": DecisionForm(words=words), "evidence": EvidenceForm(words=words), "end": EndForm(words=words)}
    return render_page(request, "disputes/show.html", page=page, status=status, **(made | forms))


def _dispute(request: Request, dispute_id: int) -> Dispute:
    try:
        return visible_dispute(request.actor, dispute_id)
    except Refused as error:
        raise Http404 from error


def _key(said: Mapping[str, str]) -> dict[str, Any]:
    episode = said.get("episode", "")
    names = {"agreement": "slug", "commitment": "commitment", "src": "src", "lead": "lead_id"}
    return {ours: said.get(theirs, "") for theirs, ours in names.items()} | {
        "episode": int(episode) if episode.isascii() and episode.isdigit() and len(episode) < 6 else 0,
        "is_left_out": said.get("left_out") == "1",
    }


def _contested(request: Request, said: Mapping[str, str]) -> Contested:
    try:
        return contested(request.actor, **_key(said), now=timezone.now(), words=request.words)
    except UserError as error:
        raise Http404 from error


def _form(found: Contested, words: Words, posted: Any = None) -> DisputeForm:
    clauses = [
        (id, " · ".join(filter(None, (part.title, _title(part, place)))))
        for part in document(found.terms, words)
        for place, id in enumerate((part.id, *part.clauses))
    ]
    initial = {"clause": found.clause}
    return DisputeForm(posted, words=words, clauses=clauses, may_become=found.may_become, initial=initial)


def _title(part: Any, place: int) -> str:
    return part.rows[place - 1][0].partition("\n")[0] if 0 < place <= len(part.rows) else ""


def _asked(
    request: Request, found: Contested, form: DisputeForm, said: Mapping[str, str], status: int = 200
) -> HttpResponse:
    verdict = request.words(VERDICTS[found.was]) if found.clock else ""
    return render_page(
        request, "disputes/new.html", status=status, found=found, form=form, key=_key(said), verdict=verdict
    )
