"""Dead letters and conflicts of the inbox: read, tried again, put away."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from smarketing.ledger.models import InboxRow
from smarketing.terms.errors import UserError
from smarketing.web.pages.inbox import InboxPage, LetterPage
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.web.views.posted import whole_number
from smarketing.workflows.replay_events import dead_letters, discard_events, replay_events


def browse(request: Request) -> HttpResponse:
    asked = {name: request.GET.get(name, "")[:60].replace("\0", "") for name in ("src", "code")}
    is_conflicts = request.GET.get("show") == "conflicts"
    page = InboxPage.of(request.actor, request.words, is_conflicts=is_conflicts, **asked)
    return render_page(request, "settings/inbox.html", page=page)


def show(request: Request, row_id: int) -> HttpResponse:
    page = LetterPage.of(get_object_or_404(InboxRow, id=row_id), request.actor, request.words)
    return render_page(request, "settings/letter.html", page=page)


@require_POST
def replay(request: Request) -> HttpResponse:
    n = replay_events(found=_chosen(request), by=signed_in(request), now=timezone.now())
    messages.success(request, request.words.plural("{n} event is tried again.", "{n} events are tried again.", n))
    return redirect(_back(request))


@require_POST
def discard(request: Request) -> HttpResponse:
    reason = str(request.POST.get("reason", ""))
    try:
        n = discard_events(found=_chosen(request), reason=reason, by=signed_in(request), now=timezone.now())
    except UserError as error:
        error.translate(request.words)
        messages.error(request, error.what)
    else:
        messages.success(request, request.words.plural("{n} event is put away.", "{n} events are put away.", n))
    return redirect(_back(request))


def _chosen(request: Request) -> QuerySet[InboxRow]:
    """One letter, or all of a source and a reason."""
    one = whole_number(request, "id")
    src, code = (str(request.POST.get(name, ""))[:60].replace("\0", "") for name in ("src", "code"))
    if one:
        return dead_letters(ids=[one])
    return dead_letters(src=src, code=code) if src or code else InboxRow.objects.none()


def _back(request: Request) -> str:
    wanted = str(request.POST.get("next", ""))
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "inbox"
