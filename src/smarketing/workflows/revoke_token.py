"""End a token at once."""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import ApiToken, Person


def revoke_token(*, token: ApiToken, by: Person, now: datetime) -> ApiToken:
    """A token that was revoked already stays as it is."""
    with one_write(verb="revoke_token", by=by, now=now) as write:
        ApiToken.objects.filter(id=token.id, revoked_at=None).update(revoked_at=now)
        write.about(token, name=token.name, of=token.person.email)
    token.refresh_from_db()
    return token
