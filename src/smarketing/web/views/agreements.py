"""Agreements: the list, the document, its versions and texts, its history and its past."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from smarketing.records.access import can
from smarketing.records.agreements import held_versions, waits
from smarketing.records.models import Job
from smarketing.reports.promises import promise
from smarketing.terms.errors import UserError
from smarketing.terms.language import LANGUAGES
from smarketing.web.pages.agreement_changes import changes_page, revisions_page
from smarketing.web.pages.agreements import list_page
from smarketing.web.pages.scorecard_board import TONES
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.views.asked_scorecard import asked
from smarketing.web.views.held_version import Opened, opened, spoken
from smarketing.web.views.posted import asking, posted_text
from smarketing.workflows.backtest_version import backtest_version
from smarketing.workflows.draft_agreement import draft_agreement, draft_starter
from smarketing.workflows.turn_versions import turn_versions


def browse(request: Request) -> HttpResponse:
    if request.method == "POST":
        return _draft(request)
    return _browse(request)


def _browse(request: Request, trouble: UserError | None = None) -> HttpResponse:
    turn_versions(now=timezone.now())
    held = held_versions(request.actor)
    can_draft = can(request.actor, "draft", "create")
    page = list_page(held, waits(request.actor, held), can_draft=can_draft, words=request.words)
    status = 422 if trouble else 200
    text = request.POST.get("text", "") if trouble else ""
    return render_page(request, "agreements/browse.html", page=page, trouble=trouble, text=text, status=status)


def _draft(request: Request) -> HttpResponse:
    """A draft from a starter, or from a text that was written elsewhere."""
    starter, language = request.POST.get("starter", ""), request.POST.get("language", request.words.language)
    by, now = asking(request), timezone.now()
    try:
        if starter:
            language = language if language in LANGUAGES else request.words.language
            version = draft_starter(name=starter, language=language, by=by, now=now, words=request.words)
        else:
            version = draft_agreement(text=posted_text(request), by=by, now=now, words=request.words)
    except UserError as error:
        return _browse(request, spoken(error, request.words))
    messages.success(request, request.words("Your draft is here. Nobody is bound by it yet."))
    return redirect("agreement_version", slug=version.agreement.slug, number=version.number)


def show(request: Request, slug: str) -> HttpResponse:
    return _document(request, opened(request, slug))


def version(request: Request, slug: str, number: int) -> HttpResponse:
    return _document(request, opened(request, slug, number))


def _document(request: Request, it: Opened) -> HttpResponse:
    if request.htmx and "remark" in request.GET:
        return notes(request, it, request.GET["remark"])
    return render_page(request, "agreements/show.html", page=it.frame(), document=it.document(), trouble=None, said={})


def notes(request: Request, it: Opened, clause: str) -> HttpResponse:
    """The margin of one clause."""
    document = it.document()
    found = next((each for each in document.notes if each.clause == clause), document.whole)
    return render_page(request, "agreements/notes.html", notes=found, page=it.frame())


def changes(request: Request, slug: str, number: int) -> HttpResponse:
    it = opened(request, slug, number)
    page = changes_page(it.held, it.others, request.GET, words=request.words)
    return render_page(request, "agreements/changes.html", page=it.frame("agreement_changes"), changes=page)


def revisions(request: Request, slug: str, number: int) -> HttpResponse:
    it = opened(request, slug, number)
    saved = revisions_page(it.held, words=request.words) if it.held.seat.sees_drafts else ()
    return render_page(request, "agreements/revisions.html", page=it.frame("agreement_revisions"), saved=saved)


def backtest(request: Request, slug: str, number: int) -> HttpResponse:
    it = opened(request, slug, number)
    answer, job, trouble = None, None, None
    try:
        found = backtest_version(revision=it.held.revision, by=asking(request), now=timezone.now(), words=request.words)
        answer, job = (None, found) if isinstance(found, Job) else (found, None)
    except UserError as error:
        trouble = spoken(error, request.words)
    frame = it.frame("agreement_backtest")
    return render_page(
        request, "agreements/backtest.html", page=frame, answer=answer, job=job, trouble=trouble, fragments={"past"}
    )


def standings(request: Request, slug: str, number: int) -> HttpResponse:
    """How each promise stands this month: marks for the document's margin."""
    it = opened(request, slug, number)
    card = asked(request, slug).shown.card
    words = request.words
    told = {line.id: promise(line, words) for line in card.lines} if card else {}
    rows = [(each, TONES.get(each.word_id, "muted")) for each in told.values()]
    template = "agreements/standings_parts.html" if request.htmx else "agreements/standings.html"
    return render_page(request, template, page=it.frame(), rows=rows, is_counting=card is None)
