"""Send a test to an endpoint, to the address that is configured and to no other, at most a few times a minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from smarketing.alerts.message import Outcome
from smarketing.records.access import check_person_can
from smarketing.records.events import one_write
from smarketing.records.models import Endpoint, Event, Notice, Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.send_notices import post_to
from smarketing.workflows.word_notice import Wording, word_notice

MOST, WITHIN = 3, timedelta(minutes=1)
VERB = "try_endpoint"


def try_endpoint(*, endpoint: Endpoint, by: Person, now: datetime) -> Outcome:
    """How it went.

    Raises UserError when it was tried too often, Refused
    """
    check_person_can(by, "endpoint", "test", now)
    if endpoint.retired_at is not None:
        raise UserError(N_("This endpoint is retired."))
    with one_write(verb=VERB, by=by, now=now) as write:
        lately = Event.objects.filter(verb=VERB, object_id=str(endpoint.id), at__gt=now - WITHIN)
        if lately.count() >= MOST:
            raise UserError(N_("It was tried {n} times within a minute. Wait a little."), n=MOST)
        write.about(endpoint, name=endpoint.name)
    notice = Notice(
        key=uuid4().hex * 2,
        occasion="test",
        endpoint=endpoint,
        channel=endpoint.slug,
        payload={"by": str(by)},
        created_at=now,
        not_before_at=now,
    )
    return post_to(endpoint, word_notice(notice, Wording(now)), now)
