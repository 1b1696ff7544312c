"""One object of plain fields, as Zapier, Make and form builders post it; the source's mapping or a guess reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from smarketing.facts.schema import TABLES
from smarketing.sources.header_words import MEANINGS, TELLING, WORDS
from smarketing.sources.headers import plain
from smarketing.sources.webhook.cells import instant
from smarketing.sources.webhook.event import Event, Mapped, SourceReading
from smarketing.sources.webhook.meanings import meant
from smarketing.sources.webhook.refusal import Refused
from smarketing.sources.webhook.strict_json import BROKEN, Json, canonical, digest, kept_items, marked
from smarketing.sources.webhook.telling import Telling, mapped
from smarketing.sources.webhook.vendor_rows import slug

KINDS = ("lead", "touch", "deal")
WHEN = ("occurred_at", "updated_at", "created_at", "changed_at")
WHEN_WORDS = ("occurredat", "timestamp", "eventtime", "updatedat", "modifiedtime", "createdat", "submittedat", "date")


class Flat:
    """Nothing but field names and values."""

    def split(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:
        kind = {name.lower(): value for name, value in headers.items()}.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=1_000)
            return [_event(marked(dict(pairs)))]
        return [_event(event) for event in kept_items(body, "events")]

    def rows(self, events: Sequence[bytes], source: SourceReading, now: datetime) -> Mapped:
        return mapped(events, source, now, tell)

    def acknowledgement(self) -> tuple[bytes, str] | None:
        return None


def _event(event: Any) -> Event:
    raw = canonical(event)
    if not isinstance(event, dict) or BROKEN in event:
        return Event(raw, digest("broken", raw.decode()), None)
    by_plain = {_bare(name): value for name, value in event.items()}
    for word in WHEN_WORDS:
        try:
            return Event(raw, digest(event), instant(by_plain.get(word), "", word)[0])
        except Refused:
            continue
    return Event(raw, digest(event), None)


def tell(event: Json, telling: Telling) -> None:
    """What one object says. Raises Refused with the path of the fault."""
    fields = _fields(event)
    table, columns = placed(tuple(fields), tuple(sorted(telling.source.mapping.items())))
    given = {column: _said(column, fields[name]) for column, name in columns.items()}
    values = telling.columns(table, given, "")
    at = next((values[name] for name in WHEN if values.get(name) is not None), None)
    if at is None:
        stamp = next((fields[name] for name in fields if _bare(name) in WHEN_WORDS), None)
        if stamp is None:
            raise Refused("missing", "updated_at", name="updated_at")
        at = telling.instant(stamp, "timestamp")
    telling.check_time(at, "occurred_at")
    _TELL[table](values, at, telling)


def _bare(name: str) -> str:
    """A field's name as the lists of words write it: without accents, spaces and signs."""
    return plain(slug(name))


def _fields(event: Json, prefix: str = "") -> Json:
    """Fields of fields as `outer.inner`; lists say nothing."""
    flat: Json = {}
    for name, value in event.items():
        if isinstance(value, dict):
            flat.update(_fields(value, f"{prefix}{name}."))
        elif not isinstance(value, list):
            flat[f"{prefix}{name}"] = value
    return flat


@lru_cache(maxsize=256)
def placed(names: tuple[str, ...], mapping: tuple[tuple[str, str], ...]) -> tuple[str, dict[str, str]]:
    """The fact table of an object with these fields, and fact column → field.

    Raises Refused when nothing says what it is about.
    """
    if mapping:
        return _by_mapping(names, dict(mapping))
    guesses = {table: _guessed(table, names) for table in KINDS}
    table = max(KINDS, key=lambda kind: sum(column in guesses[kind] for column in TELLING[kind]))
    if not any(name in guesses[table] for name in (f"{table}_id", "person_key")):
        raise Refused("no_mapping", names=", ".join(names[:20]))
    return table, guesses[table]


def _by_mapping(names: tuple[str, ...], mapping: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    tables = {where.rpartition(".")[0] for where in mapping.values()} - {""}
    table = next(iter(sorted(tables)), "lead")
    if len(tables) > 1 or table not in KINDS:
        raise Refused("mapping_wrong", name=", ".join(sorted(tables)))
    columns: dict[str, str] = {}
    for name, where in mapping.items():
        column = where.rpartition(".")[2]
        if column not in TABLES[table].names:
            raise Refused("mapping_wrong", name=where)
        if name in names:
            columns.setdefault(column, name)
    return table, columns


def _guessed(table: str, names: tuple[str, ...]) -> dict[str, str]:
    """Fact column → field, by the words that CRMs and people use."""
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(_bare(name), name)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for column, words in {**dict.fromkeys(TABLES[table].names, ""), **WORDS[table]}.items():
        if column in ("src", "seen_at"):
            continue
        fit = next((by_plain[word] for word in [plain(column), *words.split()] if word in by_plain), None)
        if fit is not None and fit not in taken:
            found[column] = fit
            taken.add(fit)
    return found


def _said(column: str, value: Any) -> Any:
    if not isinstance(value, str) or not value.strip():
        return value
    if column == "channel":
        return slug(value)
    return meant(column, value) if column in MEANINGS else value


def _tell_lead(values: dict[str, Any], at: datetime, telling: Telling) -> None:
    own = values.get("lead_id") or _own_id(values.get("person_key"), values.get("created_at") or at)
    values = {**values, "lead_id": own}
    telling.patch("lead", at, values)
    telling.usual("lead", at, {"lead_id": own, "created_at": at, "object": "lead"})
    telling.changes("lead", own, values, at)


def _own_id(*parts: object) -> str:
    return "h-" + digest(*(str(part) for part in parts))[:32]


def _tell_touch(values: dict[str, Any], at: datetime, telling: Telling) -> None:
    values = {"occurred_at": at, **{name: value for name, value in values.items() if value is not None}}
    for name in ("kind", "direction"):
        if name not in values:
            raise Refused("missing", name, name=name)
    own = values.get("touch_id") or _own_id(
        *(values.get(name) for name in ("lead_id", "person_key", "kind", "occurred_at"))
    )
    telling.patch("touch", at, {**values, "touch_id": own})


def _tell_deal(values: dict[str, Any], at: datetime, telling: Telling) -> None:
    own = values.get("deal_id")
    if own is None:
        raise Refused("missing", "deal_id", name="deal_id")
    telling.patch("deal", at, values)
    telling.usual("deal", at, {"deal_id": own, "status": "open", "created_at": at})
    telling.changes("deal", own, values, at)


_TELL = {"lead": _tell_lead, "touch": _tell_touch, "deal": _tell_deal}
