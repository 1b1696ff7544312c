"""How somebody signs in: password, second factors, and the browsers they are signed in with."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.web.pages.security import SecurityPage
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.end_sessions import end_sessions


def show(request: Request) -> HttpResponse:
    page = SecurityPage.of(signed_in(request), request.session.session_key)
    return render_page(request, "settings/security.html", page=page)


@require_POST
def sessions(request: Request) -> HttpResponse:
    """Sign out everywhere, here too."""
    end_sessions(of=signed_in(request), by=signed_in(request), now=timezone.now())
    logout(request)
    return redirect("account_login")


@require_POST
def session(request: Request, session_id: int) -> HttpResponse:
    """Sign out one browser."""
    person = signed_in(request)
    found = UserSession.objects.filter(user=person, id=session_id).first()
    if found is None:
        raise Http404
    end_sessions(of=person, by=person, now=timezone.now(), session_key=found.session_key)
    messages.success(request, request.words("That browser is signed out."))
    return redirect("security")
