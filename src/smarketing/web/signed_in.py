"""Who asks, where the gate let only people pass."""

from __future__ import annotations

from smarketing.records.models import Person
from smarketing.web.request import Request


def signed_in(request: Request) -> Person:
    assert request.actor.person is not None
    return request.actor.person
