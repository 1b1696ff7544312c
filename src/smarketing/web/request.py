"""A request as views see it: the middlewares have said who asks, in which language, and what they may."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from smarketing.records.access import Actor, Grant
from smarketing.records.models import ApiToken
from smarketing.terms.language import Words


class Request(HttpRequest):
    """Never made by us: only a name for what Django passes on."""

    actor: Actor
    grant: Grant
    token: ApiToken | None  # a program came with it
    words: Words
    zone: str  # IANA zone in which this reader is shown instants
    htmx: HtmxDetails
