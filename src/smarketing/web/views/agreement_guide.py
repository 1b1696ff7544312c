"""Guided creation: questions to marketing and to sales over a draft that is saved with every answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from smarketing.records.models import Membership, Team
from smarketing.records.models.teams import MemberRole
from smarketing.terms.errors import UserError
from smarketing.web.forms.guide import GuideForm
from smarketing.web.forms.guide_steps import STEPS, previews_of
from smarketing.web.forms.plan import asked_of
from smarketing.web.forms.worded import as_form_error
from smarketing.web.pages.agreement_forms import read_whole
from smarketing.web.pages.plan import PlanPage, plan_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views.agreement_edit import on_draft
from smarketing.web.views.held_version import Opened, spoken
from smarketing.web.views.posted import asking
from smarketing.web.views.terms_form import FRAGMENTS, TermsForm
from smarketing.workflows.begin_guided import begin_guided
from smarketing.workflows.open_plan import plan_of
from smarketing.workflows.promise_leads import with_promised_leads
from smarketing.workflows.weigh_terms import all_cautions, concerns

NAMES = (*(step.id for step in STEPS), "review")


@dataclass(frozen=True, slots=True)
class Way:
    name: str
    state: str
    href: str = ""


def begin(request: Request) -> HttpResponse:
    """Which teams; the draft is there as soon as this is answered, so nothing that follows can be lost."""
    form = GuideForm(request.POST or None, words=request.words, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with as_form_error(form, request.words):
            version = begin_guided(
                title=said["title"],
                teams={role: said[role] for role in ("marketing", "sales")},
                contacts=form.contacts(),
                language=said["language"],
                currency=said["currency"],
                zone=said["zone"],
                by=asking(request),
                now=timezone.now(),
                words=request.words,
            )
            return redirect("agreement_guide", slug=version.agreement.slug, number=version.number, step="words")
    has_teams = all(Team.objects.filter(retired_at=None, role=role).exists() for role in ("marketing", "sales"))
    status = 422 if form.errors else 200
    return render_page(
        request,
        "agreements/guide_begin.html",
        form=form,
        has_teams=has_teams,
        way=_way(request, None, ""),
        status=status,
    )


def _initial(request: Request) -> dict[str, Any]:
    """The managers of the first team of each side, and the reader's own language and zone."""
    found: dict[str, Any] = {"language": request.words.language, "zone": request.zone, "currency": "EUR"}
    today = timezone.now().date()
    for role in ("marketing", "sales"):
        members = Membership.objects.on(today).filter(team__role=role, team__retired_at=None, role=MemberRole.MANAGER)
        first = members.select_related("person", "team").order_by("team_id", "id").first()
        if first:
            found |= {role: first.team, f"{role}_name": first.person.name, f"{role}_email": first.person.email}
    return found


@on_draft
def step(request: Request, it: Opened, step: str) -> HttpResponse:
    if step == "review":
        return _review(request, it)
    if step == "plan":
        return _plan(request, it)
    found = next((each for each in STEPS if each.id == step), None)
    if found is None:
        raise Http404
    form = TermsForm(request, it, found.entries(it.held.terms), previews_of(found, it.held.terms))
    if request.method == "POST":
        form.take()
    if form.saved:
        return redirect(_href(it, _after(step)))
    context = {
        "form": form.page(),
        "revision": form.revision,
        "trouble": form.trouble,
        "saved_changes": form.saved_changes,
    }
    return _show(request, it, step, "agreements/guide_step.html", status=form.status, **context)


def _plan(request: Request, it: Opened) -> HttpResponse:
    """The calculator: what is typed is kept for this draft; a promise of leads is changed only when that is wanted."""
    key = f"plan:{it.held.version.id}"
    trouble = None
    said = request.POST if request.method == "POST" else request.GET
    asked = asked_of(said)
    if not any(asked.said.values()) and request.method == "GET":
        asked = asked_of(_kept(request, key))
    sheet = plan_of(it.held.terms, asked, now=timezone.now(), words=request.words)
    if request.method == "POST":
        request.session[key] = dict(asked.said) | {"period": asked.period}
        needed = sheet.chain["leads_needed"]
        if request.POST.get("act") != "preview":
            try:
                if request.POST.get("act") == "promise" and needed:
                    _promise(request, it, int(needed), asked.period)
                return redirect(_href(it, _after("plan")))
            except UserError as error:
                trouble = spoken(error, request.words)
    plan: PlanPage = plan_page(sheet, agreement=it.held.terms.title, slug="", query="", words=request.words)
    status = 422 if trouble else 200
    more = {"plan": plan, "trouble": trouble, "status": status, "revision": it.held.revision.number}
    return _show(request, it, "plan", "agreements/guide_plan.html", **more)


def _kept(request: Request, key: str) -> Any:
    query = QueryDict(mutable=True)
    query.update(request.session.get(key, {}))
    return query


def _promise(request: Request, it: Opened, needed: int, period: str) -> None:
    """Marketing promises the leads that the quota needs."""
    terms = with_promised_leads(it.held.terms, needed, period)
    form = TermsForm(request, it, (), ("commitments",))
    form.put(terms)
    messages.success(request, request.words("Marketing now promises {n} leads.", n=request.words.number(needed)))


def _review(request: Request, it: Opened) -> HttpResponse:
    words, terms = request.words, it.held.terms
    return _show(
        request,
        it,
        "review",
        "agreements/guide_review.html",
        parts=read_whole(terms, words),
        concerns=concerns(terms, words),
        cautions=all_cautions(terms, now=timezone.now(), words=words),
    )


def _show(request: Request, it: Opened, step: str, template: str, **context: Any) -> HttpResponse:
    found = next((each for each in STEPS if each.id == step), None)
    words = request.words
    n = NAMES.index(step)
    return render_page(
        request,
        template,
        fragments=(*FRAGMENTS, "worksheet"),
        page=it.frame(),
        way=_way(request, it, step),
        title=words(found.title) if found else words("Review"),
        lead=words(found.lead)
        if found
        else words("The whole agreement, what speaks against it, and what the past says."),
        here=request.path,
        before=_href(it, NAMES[n - 1]) if n else "",
        after=_href(it, NAMES[n + 1]) if n + 1 < len(NAMES) else "",
        n=n + 2,
        n_steps=len(NAMES) + 1,
        **context,
    )


def _way(request: Request, it: Opened | None, here: str) -> tuple[Way, ...]:
    words = request.words
    steps = [("teams", words("Teams")), *((each.id, words(each.title)) for each in STEPS), ("review", words("Review"))]
    at = next((n for n, (id, _) in enumerate(steps) if id == here), 0)
    return tuple(
        Way(name, "here" if n == at else "done" if n < at else "", _href(it, id) if it and id != "teams" else "")
        for n, (id, name) in enumerate(steps)
    )


def _href(it: Opened, step: str) -> str:
    return reverse("agreement_guide", args=[it.held.version.agreement.slug, it.held.version.number, step])


def _after(step: str) -> str:
    return NAMES[NAMES.index(step) + 1]
