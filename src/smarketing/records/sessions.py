"""Browsers in which people are signed in."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from smarketing.records.models import Person


def forget_sessions(person: Person, session_key: str = "") -> int:
    """Sign out all browsers of a person, or one of them; how many that were."""
    known = UserSession.objects.filter(user=person)
    if session_key:
        known = known.filter(session_key=session_key)
    keys = list(known.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    known.delete()
    return len(keys)
