"""Where messages go besides people, as those who run the installation and managers see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from smarketing.alerts.wording.troubles import trouble_words
from smarketing.records.access import Actor, can
from smarketing.records.models import Endpoint, Notice, NoticeState
from smarketing.terms.language import Words
from smarketing.web.forms.messages import KIND_NAMES

DAY = timedelta(days=1)
LATEST = 20


@dataclass(frozen=True, slots=True)
class EndpointRow:
    endpoint: Endpoint
    kind: str
    state: str
    tone: str
    trouble: str
    n_waiting: int
    n_sent: int


@dataclass(frozen=True, slots=True)
class FailureRow:
    at: datetime
    trouble: str
    n_tries: int


@dataclass(frozen=True, slots=True)
class EndpointsPage:
    rows: tuple[EndpointRow, ...]
    retired: tuple[Endpoint, ...]
    may_create: bool

    @classmethod
    def of(cls, actor: Actor, now: datetime, words: Words) -> EndpointsPage:
        rows = tuple(endpoint_row(one, now, words) for one in Endpoint.objects.filter(retired_at=None))
        return cls(rows, tuple(Endpoint.objects.exclude(retired_at=None)), can(actor, "endpoint", "create"))


@dataclass(frozen=True, slots=True)
class EndpointPage:
    """`secret` is filled in only right after it was made."""

    row: EndpointRow
    failures: tuple[FailureRow, ...]
    may_change: bool
    is_signed: bool
    is_both: bool
    secret: str = ""

    @classmethod
    def of(cls, endpoint: Endpoint, actor: Actor, now: datetime, words: Words, secret: str = "") -> EndpointPage:
        until = endpoint.previous_until_at
        return cls(
            row=endpoint_row(endpoint, now, words),
            failures=tuple(_failures(endpoint, words)),
            may_change=can(actor, "endpoint", "update") and endpoint.retired_at is None,
            is_signed=endpoint.kind == "webhook",
            is_both=until is not None and now < until,
            secret=secret,
        )


def endpoint_row(endpoint: Endpoint, now: datetime, words: Words) -> EndpointRow:
    state, tone = _state(endpoint, words)
    notices = Notice.objects.filter(endpoint=endpoint).order_by()
    counts = dict(notices.filter(created_at__gt=now - DAY).values_list("state").annotate(n=Count("id")))
    waiting = notices.filter(state__in=(NoticeState.WAITING, NoticeState.CLAIMED)).count()
    trouble = trouble_words(code_of(endpoint.trouble), words)
    kind = words(KIND_NAMES[endpoint.kind])
    return EndpointRow(endpoint, kind, state, tone, trouble, waiting, counts.get(NoticeState.SENT, 0))


def _state(endpoint: Endpoint, words: Words) -> tuple[str, str]:
    if endpoint.retired_at is not None:
        return words("retired"), "muted"
    if not endpoint.is_enabled:
        return words("off"), "muted"
    if endpoint.broken_since is not None:
        return words("does not answer"), "bad"
    return words("works"), "good"


def _failures(endpoint: Endpoint, words: Words) -> list[FailureRow]:
    found = Notice.objects.filter(endpoint=endpoint).exclude(trouble=None).order_by("-id")[:LATEST]
    return [FailureRow(one.created_at, trouble_words(code_of(one.trouble), words), one.n_tries) for one in found]


def code_of(trouble: dict[str, Any] | None) -> str:
    return str((trouble or {}).get("code") or "")
