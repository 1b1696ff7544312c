"""Links in mails that do one thing without signing in: they show a button, and the button does it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from smarketing.records.models import Notice
from smarketing.records.signed_links import ACKNOWLEDGE, SNOOZE, SignedAct, act_of
from smarketing.terms.errors import UserError
from smarketing.terms.language import LANGUAGES
from smarketing.terms.language import words as words_in
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.workflows.acknowledge_notice import acknowledge_notice
from smarketing.workflows.remind_again import remind_again
from smarketing.workflows.snooze_lead import snoozed_until
from smarketing.workflows.stop_messages import stop_messages


@csrf_exempt  # the link itself is what entitles; mail programs post to it by one click
@never_cache
def act(request: Request, token: str) -> HttpResponse:
    """GET asks, POST does it. What we did not sign, what is too old and whose reader has gone look the same."""
    signed = act_of(token, timezone.now())
    found = Notice.objects.filter(id=signed.notice_id, person_id=signed.person_id) if signed else Notice.objects.none()
    notice = found.select_related("person").first()
    if signed is None or notice is None or notice.person is None or not notice.person.is_active:
        raise Http404
    if notice.person.language in LANGUAGES:
        request.words = words_in(notice.person.language)
    trouble = _done(request, signed, notice) if request.method == "POST" else ""
    is_done = request.method == "POST" and not trouble
    response = render_page(
        request, "messages/link.html", act=signed.act, is_done=is_done, trouble=trouble, status=422 if trouble else 200
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _done(request: Request, signed: SignedAct, notice: Notice) -> str:
    """Why it was not, or nothing."""
    assert notice.person is not None
    by, now = notice.person, timezone.now()
    try:
        if signed.act == ACKNOWLEDGE:
            acknowledge_notice(notice=notice, by=by, now=now)
        elif signed.act == SNOOZE:
            until = snoozed_until("1h", None, zone_name=by.zone or "UTC", now=now)
            remind_again(notice=notice, until=until, by=by, now=now)
        else:
            stop_messages(occasion=notice.occasion, by=by, now=now)
    except UserError as error:
        error.translate(request.words)
        return error.what
    return ""
