"""Remember that an address takes no mail, or that it does again.

The hook of whoever reads bounces: a mail server or a provider runs `smarketing bounce add ADDRESS` for each.
"""

from __future__ import annotations

from datetime import datetime

from smarketing.records.events import one_write
from smarketing.records.models import Bounce, Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

REASONS = ("hard", "auto_reply", "complaint")


def add_bounce(*, address: str, reason: str, detail: str, by: Person | None, now: datetime) -> Bounce:
    """`by` is None from the command line.

    Raises UserError for what is no address, or no reason
    """
    plain = address.strip().lower()
    if "@" not in plain or " " in plain or len(plain) > 320:
        raise UserError(N_('"{address}" is no address.'), address=address[:80])
    if reason not in REASONS:
        raise UserError(N_('There is no reason "{reason}".'), reason=reason, hint=", ".join(REASONS))
    said = {"since_at": now, "reason": reason, "detail": detail[:300], "cleared_at": None}
    with one_write(verb="add_bounce", by=by, now=now) as write:
        bounce, _ = Bounce.objects.update_or_create(address=plain, defaults=said)
        write.about(bounce, email=plain, reason=reason)
    return bounce


def clear_bounce(*, address: str, by: Person | None, now: datetime) -> None:
    """Raises UserError when it takes mail already"""
    plain = address.strip().lower()
    with one_write(verb="clear_bounce", by=by, now=now) as write:
        bounce = Bounce.objects.filter(address=plain, cleared_at=None).first()
        if bounce is None:
            raise UserError(N_('"{address}" has not bounced.'), address=plain[:80])
        Bounce.objects.filter(id=bounce.id).update(cleared_at=now)
        write.about(bounce, email=plain)
