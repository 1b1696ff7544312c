"""The log of what was said, and sending something again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.records.models import Notice
from smarketing.terms.errors import UserError
from smarketing.web.pages.notices import SHOWN, NoticesPage
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.resend_notice import resend_notice


def browse(request: Request) -> HttpResponse:
    show, before = str(request.GET.get("show", "")), str(request.GET.get("before", ""))
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0
    page = NoticesPage.of(request, show=show if show in SHOWN else "", before=number)
    return render_page(request, "settings/notices.html", page=page)


@require_POST
def replay(request: Request, notice_id: int) -> HttpResponse:
    notice = get_object_or_404(Notice, id=notice_id)
    try:
        resend_notice(notice=notice, by=signed_in(request), now=timezone.now())
        messages.success(request, request.words("It is sent again, marked as a repeat."))
    except UserError as error:
        error.translate(request.words)
        messages.error(request, error.what)
    return redirect("notices")
