"""The inbox on the site: read, taken care of, put off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from smarketing.records.access import Refused
from smarketing.records.inbox_marks import mark_read
from smarketing.records.models import Notice
from smarketing.terms.alert_rule import IN_APP
from smarketing.terms.errors import UserError
from smarketing.web.pages.messages import MessagePage, MessagesPage, inbox_of, unread_count
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.acknowledge_notice import acknowledge_notice
from smarketing.workflows.remind_again import remind_again
from smarketing.workflows.snooze_lead import snoozed_until


@never_cache
def browse(request: Request) -> HttpResponse:
    """GET lists them; POST marks all as read."""
    person, now = signed_in(request), timezone.now()
    if request.method == "POST":
        mark_read(person, now)
        return redirect("messages")
    before = str(request.GET.get("before", ""))
    page = MessagesPage.of(
        person,
        request.words,
        now,
        is_unread_only=request.GET.get("show") == "unread",
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0,
    )
    return render_page(request, "messages/browse.html", page=page, fragments={"list"})


@never_cache
def unread(request: Request) -> HttpResponse:
    """The bell alone, for a page that stays open."""
    return render_page(request, "_parts/bell.html", n_unread=unread_count(request))


@never_cache
def show(request: Request, notice_id: int) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    notice = get_object_or_404(Notice.objects.select_related("person"), id=notice_id, person=person)
    mark_read(person, now, notice_id=_shown_as(notice).id)
    return render_page(request, "messages/show.html", page=MessagePage.of(notice, request.words, now))


@require_POST
def acknowledge(request: Request, notice_id: int) -> HttpResponse:
    notice = get_object_or_404(Notice, id=notice_id, person=signed_in(request))
    acknowledge_notice(notice=notice, by=signed_in(request), now=timezone.now())
    messages.success(request, request.words("Everybody can see that you take care of it."))
    return redirect("message", notice_id=notice.id)


@require_POST
def snooze(request: Request, notice_id: int) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    notice = get_object_or_404(Notice, id=notice_id, person=person)
    try:
        until = snoozed_until(str(request.POST.get("until", "")), None, zone_name=request.zone, now=now)
        remind_again(notice=notice, until=until, by=person, now=now)
        at = request.words.instant(until, request.zone)
        messages.success(request, request.words("Reminders about it wait until {at}.", at=at))
    except Refused:
        messages.error(request, request.words("Only whoever works on this lead can put it off."))
    except UserError as error:
        error.translate(request.words)
        messages.error(request, error.what)
    return redirect("message", notice_id=notice.id)


def _shown_as(notice: Notice) -> Notice:
    """The copy in the inbox of a message that came by mail."""
    if notice.channel == IN_APP or notice.moment_id is None or notice.person is None:
        return notice
    return inbox_of(notice.person).filter(moment_id=notice.moment_id).first() or notice
