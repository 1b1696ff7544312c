"""The board of clocks at risk, refreshed while one looks at it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from smarketing.web.pages.board import board_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.web.views.renewed import tag_of, tagged, unchanged
from smarketing.workflows.clocks_key import board_key
from smarketing.workflows.list_board import board_filter, list_board
from smarketing.workflows.take_back_deed import latest_deed


def show(request: Request) -> HttpResponse:
    """The page; asked again by itself with what it showed, it answers that nothing has changed, or anew."""
    now = timezone.now()
    latest = latest_deed(signed_in(request), now)
    etag = tag_of(request, board_key(request.actor, now=now), request.get_full_path(), latest)
    if same := unchanged(request, etag):
        return same
    query = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    asked = board_filter(query)
    page = board_page(
        list_board(request.actor, asked, zone_name=request.zone, now=now, words=request.words),
        asked,
        query,
        request.actor,
        path=request.path,
        etag=etag,
        key=uuid4().hex,
        href_of=_href_of,
        now=now,
        zone=request.zone,
        words=request.words,
        latest=latest,
    )
    return tagged(render_page(request, "desk/board.html", page=page, fragments={"board"}), etag)


def _href_of(src: str, lead_id: str, agreement: str) -> str:
    query = urlencode({"agreement": agreement, "verdict": "running", "sort": "due"})
    return f"{reverse('lead', args=(src, lead_id))}?{query}"
