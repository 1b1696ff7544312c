"""Make a personal API token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from smarketing.records.access import Refused, check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import ApiToken, Person
from smarketing.records.models.tokens import Scope
from smarketing.records.secrets import digest
from smarketing.records.tokens import PREFIX_LENGTH, new_token
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

USUAL_DAYS, LONGEST_DAYS = 90, 365


@dataclass(frozen=True, slots=True)
class NewToken:
    """`raw` is shown to its person now and never again."""

    token: ApiToken
    raw: str


def create_token(*, name: str, scope: str, by: Person, now: datetime, days: int = USUAL_DAYS) -> NewToken:
    """A token of `by`, for what `scope` lets through of their rights.

    Raises UserError for a life that is too long, Refused where only administrators may.
    """
    check_person_can(by, "token", "create", now)
    if scope != Scope.READ and not by.is_admin:
        raise Refused(N_("Only administrators make tokens that do more than read."))
    if not 1 <= days <= LONGEST_DAYS:
        raise UserError(N_("A token lives for 1 to {most} days."), most=LONGEST_DAYS)
    raw = new_token()
    with one_write(verb="create_token", by=by, now=now) as write:
        token = ApiToken.objects.create(
            person=by,
            name=name,
            scope=Scope(scope),
            prefix=raw[:PREFIX_LENGTH],
            digest=digest(raw),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        write.about(token, name=name, scope=scope, expires_at=token.expires_at)
    return NewToken(token, raw)
