"""What happened here, as far as somebody may know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from smarketing.records.access import Actor, Grant
from smarketing.records.models import Event, Membership
from smarketing.records.spoken_events import EventTeller, Told, deed_name, thing_name
from smarketing.terms.language import Words
from smarketing.terms.zones import zone

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What was asked for in the address; what makes no sense is left out."""

    person: str = ""
    kind: str = ""
    object_id: str = ""
    verb: str = ""
    from_on: date | None = None
    until_on: date | None = None  # included
    before: int | None = None  # only events with a smaller number

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> AuditQuery:
        before = asked.get("before", "")
        return cls(
            person=asked.get("person", "")[:254].strip().lower(),
            kind=asked.get("kind", "")[:40],
            object_id=asked.get("object", "")[:200],
            verb=asked.get("verb", "")[:60],
            from_on=_day(asked.get("from", "")),
            until_on=_day(asked.get("until", "")),
            before=int(before) if before.isdecimal() and len(before) < 16 else None,
        )

    @property
    def address(self) -> str:
        """The filters as the end of an address, without the page."""
        said = {
            "person": self.person,
            "kind": self.kind,
            "object": self.object_id,
            "verb": self.verb,
            "from": self.from_on.isoformat() if self.from_on else "",
            "until": self.until_on.isoformat() if self.until_on else "",
        }
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class EventRow:
    """One entry in words; the codes stand beside them in small print."""

    seq: int
    at: datetime
    actor: str
    verb: str
    kind: str
    object_id: str
    told: Told


@dataclass(frozen=True, slots=True)
class Pager:
    text: str
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    rows: tuple[EventRow, ...]
    query: AuditQuery
    verbs: tuple[tuple[str, str], ...]  # code and name, by name
    kinds: tuple[tuple[str, str], ...]
    pager: Pager

    @classmethod
    def of(cls, actor: Actor, grant: Grant, query: AuditQuery, words: Words, in_zone: str) -> AuditPage:
        seen = events_seen_by(actor, grant)
        found = asked_for(seen, query, in_zone)
        if query.before is not None:
            found = found.filter(seq__lt=query.before)
        events = list(found.order_by("-seq")[: PAGE_SIZE + 1])
        teller = EventTeller(events[:PAGE_SIZE], words, in_zone)
        rows = tuple(event_row(event, teller) for event in events[:PAGE_SIZE])
        more = f"?{query.address}&before={rows[-1].seq}" if len(events) > PAGE_SIZE else ""
        back = f"?{query.address}" if query.before is not None else ""
        text = words.plural("{n} entry on this page", "{n} entries on this page", len(rows))
        return cls(
            rows,
            query,
            _choices(seen, "verb", deed_name, words),
            _choices(seen, "object_kind", thing_name, words),
            Pager(text, back, more),
        )


def events_seen_by(actor: Actor, grant: Grant) -> QuerySet[Event]:
    """All of them for administrators; for managers those of their teams' members; else one's own."""
    if grant.is_any:
        return Event.objects.all()
    members = Membership.objects.filter(team_id__in=grant.team_ids).values("person_id")
    mine = Q(by=actor.person) if actor.person else Q(pk__in=[])
    return Event.objects.filter(mine | Q(by_id__in=members))


def asked_for(events: QuerySet[Event], query: AuditQuery, in_zone: str) -> QuerySet[Event]:
    equal = {"verb": query.verb, "object_kind": query.kind, "object_id": query.object_id}
    found = events.filter(**{field: value for field, value in equal.items() if value})
    if query.person:
        found = found.filter(actor__icontains=query.person)
    if query.from_on:
        found = found.filter(at__gte=datetime.combine(query.from_on, time(), zone(in_zone)))
    if query.until_on:
        found = found.filter(at__lt=datetime.combine(query.until_on + timedelta(days=1), time(), zone(in_zone)))
    return found


def event_row(event: Event, teller: EventTeller) -> EventRow:
    told = teller.tell(event)
    return EventRow(event.seq, event.at, event.actor, event.verb, event.object_kind, event.object_id, told)


def exported(events: QuerySet[Event]) -> Iterator[tuple[str, ...]]:
    """Rows of a CSV file, in the order of the chain, with the digests that prove it."""
    yield ("seq", "at", "actor", "verb", "object_kind", "object_id", "detail", "previous", "digest")
    for event in events.order_by("seq").iterator(chunk_size=2_000):
        about = (event.verb, event.object_kind, event.object_id, _plain_detail(event))
        at = event.at.isoformat(timespec="microseconds")
        yield (str(event.seq), at, event.actor, *about, event.previous, event.digest)


def _plain_detail(event: Event) -> str:
    """Keys and values as they were written: who checks the digests needs no words."""
    return " · ".join(f"{name}: {_short(value)}" for name, value in event.detail.items() if value not in ("", None))


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def _choices(
    seen: QuerySet[Event], field: str, name: Callable[[str, Words], str], words: Words
) -> tuple[tuple[str, str], ...]:
    codes = seen.order_by(field).values_list(field, flat=True).distinct()
    return tuple(sorted(((code, name(code, words)) for code in codes if code), key=lambda each: each[1].casefold()))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2200 else None
