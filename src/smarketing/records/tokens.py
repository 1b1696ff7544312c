"""Whose token this is, while it holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from smarketing.records.models import ApiToken
from smarketing.records.secrets import digest, new_secret

MARK = "smk_"  # lets scanners of repositories and mail find a token that leaked
PREFIX_LENGTH = 12
USE_NOTED_EVERY = timedelta(minutes=1)


def new_token() -> str:
    return MARK + new_secret()


def token_of(raw: str, now: datetime) -> ApiToken | None:
    """The token, if it is known, not expired, not revoked, and its person is still here; notes that it was used."""
    if not raw.startswith(MARK):
        return None
    token = (
        ApiToken.objects.select_related("person")
        .filter(digest=digest(raw), revoked_at=None, expires_at__gt=now, person__is_active=True)
        .first()
    )
    if token is not None:
        _note_use(token, now)
    return token


def _note_use(token: ApiToken, now: datetime) -> None:
    """At most once a minute, so that reading does not become writing."""
    stale = Q(latest_use_at=None) | Q(latest_use_at__lt=now - USE_NOTED_EVERY)
    if token.latest_use_at is None or now - token.latest_use_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(stale, id=token.id).update(latest_use_at=now)
