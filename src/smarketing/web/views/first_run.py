"""From nothing to a scorecard in five steps; each can be left for later."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from smarketing.records.models import Job, Team
from smarketing.web.forms.first_run import AdministratorForm, TeamsForm
from smarketing.web.forms.worded import WordedForm, as_form_error
from smarketing.web.pages.data_people import unknown_teams
from smarketing.web.pages.first_run import STEPS, FirstRunPage, path_of, starter_choices
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.bring_demo_facts import TASK, ask_for_demo_facts
from smarketing.workflows.draft_agreement import draft_starter
from smarketing.workflows.found_organisation import found_organisation, is_founded
from smarketing.workflows.save_team import save_team
from smarketing.workflows.skip_first_step import skip_first_step

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("password")
def administrator(request: Request) -> HttpResponse:
    """The first person; afterwards only the list of steps, for whoever runs the installation."""
    if is_founded():
        return _overview(request)
    initial = {"language": request.words.language, "zone": request.zone}
    form = AdministratorForm(request.POST or None, words=request.words, initial=initial)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            person = found_organisation(now=timezone.now(), **form.cleaned_data)
            login(request, person, backend=BACKEND)
            return redirect("first_run_teams")
    return _step(request, "administrator", form=form)


def teams(request: Request) -> HttpResponse:
    names = {role: request.words(role.capitalize()) for role in ("marketing", "sales")}
    form = TeamsForm(request.POST or None, words=request.words, initial=names)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            for role, name in form.cleaned_data.items():
                save_team(name=name, role=role, by=signed_in(request), now=timezone.now())
            return redirect("first_run_data")
    found = Team.objects.filter(retired_at=None).order_by("id")
    return _step(request, "teams", form=form, teams=found, people=path_of("people"), more=path_of("teams"))


def data(request: Request) -> HttpResponse:
    """Upload is the page of imports; the demo company comes as a background job."""
    if request.method == "POST":
        job = ask_for_demo_facts(by=signed_in(request), now=timezone.now(), after=path_of("first_run_agreement"))
        return redirect("job", job_id=job.id)
    asked = Job.objects.filter(kind=TASK).order_by("-id").first()
    return _step(request, "data", upload=path_of("imports"), job=asked)


def agreement(request: Request) -> HttpResponse:
    form = WordedForm(request.POST or None, words=request.words)
    if request.method == "POST" and form.is_valid():
        with as_form_error(form, request.words):
            draft_starter(
                name=request.POST.get("starter", ""),
                language=request.words.language,
                by=signed_in(request),
                now=timezone.now(),
                words=request.words,
            )
            return redirect("first_run_scorecard")
    return _step(
        request, "agreement", form=form, starters=starter_choices(request.words), guide=path_of("agreement_new")
    )


def scorecard(request: Request) -> HttpResponse:
    places = {name: path_of(name) for name in ("agreements", "people", "invitations", "scorecard", "data_people")}
    return _step(request, "scorecard", places=places, unknown=unknown_teams())


@require_POST
def skip(request: Request) -> HttpResponse:
    step = request.POST.get("step", "")
    if step not in {id for id, _, _ in STEPS[1:]}:
        raise Http404
    skip_first_step(step=step, by=signed_in(request), now=timezone.now())
    following = FirstRunPage.of(request.words).next
    return redirect(following.href if following else "home")


def _overview(request: Request) -> HttpResponse:
    if request.actor.person is None:
        return redirect("account_login")
    if not request.actor.is_admin:
        raise Http404
    return render_page(request, "first_run/overview.html", page=FirstRunPage.of(request.words))


def _step(request: Request, step: str, **context: Any) -> HttpResponse:
    page = FirstRunPage.of(request.words, step)
    return render_page(request, f"first_run/{step}.html", page=page, here=step, **context)
