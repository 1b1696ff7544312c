"""My leads: what one person has to do about which lead now, and the deeds done from there."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.web.pages.desk import desk_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.list_desk import list_desk
from smarketing.workflows.log_touch import log_touch


def show(request: Request) -> HttpResponse:
    now = timezone.now()
    page = desk_page(
        list_desk(request.actor, now=now), now=now, zone=request.zone, words=request.words, href_of=_href_of
    )
    return render_page(request, "desk/show.html", page=page, fragments={"desk"})


@require_POST
def touches(request: Request) -> HttpResponse:
    """Note that somebody tried to reach a lead."""
    try:
        src, lead_id = lead_of(request)
        log_touch(
            src=src,
            lead_id=lead_id,
            kind=request.POST.get("kind", ""),
            outcome=request.POST.get("outcome", ""),
            at=instant_of(request, "at"),
            by=signed_in(request),
            now=timezone.now(),
            key=key_of(request),
        )
        messages.success(request, request.words("Noted."))
    except UserError as error:
        tell(request, error)
    return back(request)


def lead_of(request: Request) -> tuple[str, str]:
    src, _, lead_id = str(request.POST.get("lead", "")).partition(":")
    return src, lead_id


def key_of(request: Request) -> str:
    """What tells this showing of the form from any other; nothing where it is none of ours."""
    key = str(request.POST.get("key", ""))
    return key if len(key) == 32 and key.isalnum() and key.isascii() else ""


def instant_of(request: Request, name: str) -> datetime | None:
    """A local reading of the reader's clock, as fields for dates and times send it.

    Raises UserError for what is none
    """
    said = str(request.POST.get(name, "")).strip()
    try:
        local = datetime.fromisoformat(said) if said else None
    except ValueError:
        raise UserError(N_('"{said}" is no date and time.'), where=name, said=said[:40]) from None
    return local if local is None or local.tzinfo else local.replace(tzinfo=ZoneInfo(request.zone))


def tell(request: Request, error: UserError) -> None:
    error.translate(request.words)
    messages.error(request, f"{error.what} {error.hint}".strip())


def back(request: Request) -> HttpResponse:
    """The list anew for htmx, else where the form says that it came from."""
    if request.htmx and request.htmx.target == "desk":
        return show(request)
    return HttpResponseRedirect(reverse("desk"))


def _href_of(src: str, lead_id: str) -> str:
    return reverse("lead", args=(src, lead_id))
