"""Take a mail into the inbox as one event of a source; when this returns it will not be lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from smarketing.ledger.inbox import Arrival, Receipt, take_in
from smarketing.records.models import Source, SourceKind
from smarketing.records.sources import note_use
from smarketing.sources.webhook.mail import fields_of
from smarketing.sources.webhook.shapes import SHAPES
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.receive_events import check_size


def receive_mail(*, slug: str, message: bytes, said: Mapping[str, str], now: datetime) -> Receipt | None:
    """Takes    said  fields that every mail of this way has, whatever stands in it: `channel` → `webinar`
    Returns  nothing where a machine answered, or a server reported what it could not deliver
    Raises   UserError where there is no such source, or it does not read plain fields; TooLarge
    """
    source = Source.objects.filter(slug=slug, retired_at=None, is_enabled=True).first()
    if source is None:
        hint = N_("smarketing source list shows them.")
        raise UserError(N_('There is no source "{slug}".'), slug=slug, where="--source", hint=hint)
    if source.kind != SourceKind.FLAT:
        hint = N_("Make one for the mails: smarketing source create NAME --kind flat.")
        raise UserError(N_("This source reads other events than plain fields."), where=f"--source {slug}", hint=hint)
    fields = fields_of(message, now)
    if fields is None:
        return None
    body = json.dumps({**fields, **said}, ensure_ascii=False).encode()
    events = [Arrival(slug, each.key, each.raw, each.occurred_at) for each in SHAPES[source.kind].split(body, {})]
    check_size(len(events), len(body))
    receipt = take_in(events, now, headers={"content-type": "message/rfc822"})
    note_use(source, now)
    return receipt
