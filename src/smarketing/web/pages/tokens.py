"""The tokens that somebody may see, and the one that was just made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from smarketing.records.access import Actor, Grant
from smarketing.records.models import ApiToken


@dataclass(frozen=True, slots=True)
class TokenRow:
    id: int
    name: str
    owner: str
    prefix: str
    scope: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    state: str  # works, expired, revoked


@dataclass(frozen=True, slots=True)
class TokensPage:
    rows: tuple[TokenRow, ...]
    made: str  # the whole token, shown this once
    shows_owners: bool

    @classmethod
    def of(cls, actor: Actor, now: datetime, made: str) -> TokensPage:
        tokens = tokens_seen_by(actor, actor.grant("token", "read")).order_by("-created_at")
        return cls(tuple(_row(token, now) for token in tokens), made, actor.is_admin)


def tokens_seen_by(actor: Actor, grant: Grant) -> QuerySet[ApiToken]:
    mine = Q() if grant.is_any else Q(person=actor.person)
    return ApiToken.objects.filter(mine).select_related("person")


def _row(token: ApiToken, now: datetime) -> TokenRow:
    state = "revoked" if token.revoked_at else "expired" if token.expires_at <= now else "works"
    return TokenRow(
        token.id,
        token.name,
        str(token.person),
        token.prefix,
        token.scope,
        token.created_at,
        token.expires_at,
        token.latest_use_at,
        state,
    )
