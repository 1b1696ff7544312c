"""JSON read strictly, so that a broken event in a batch spoils itself and none of the others."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

from smarketing.sources.webhook.refusal import Refused
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

MOST_DEPTH = 64
MOST_DIGITS = 40
MOST_EVENTS = 10_000
AT_ONCE = 1_000  # events that are parsed as one text
EXACT_DIGITS = 15  # that a float keeps
BROKEN = "_broken"
_MARK = f'"{BROKEN}"'.encode()
HOLDERS = (dict, list)
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_LONE = re.compile(r"[\ud800-\udfff]")

Json = dict[str, Any]


class _Broken(dict[str, Any]):
    """Stands for a value that is JSON for some and not for us, until its event is known."""

    def __init__(self, code: str, value: object) -> None:
        super().__init__({BROKEN: code, "value": str(value)[:200]})


def decoded(body: bytes) -> Any:
    """What a body says, `_Broken` where it cannot be trusted.

    Raises UserError when it is no JSON at all.
    """
    try:
        return _DECODER.decode(body.decode("utf-8-sig").strip())
    except UnicodeDecodeError:
        raise UserError(N_("The body is not UTF-8 text."), hint=N_("Send JSON in UTF-8.")) from None
    except RecursionError:
        raise UserError(N_("The body is nested too deeply."), hint=N_("Send plain objects.")) from None
    except json.JSONDecodeError as error:
        raise UserError(
            N_("The body is not JSON: line {line}, column {column}."),
            hint=N_("Send one event, a list of events, or an object with a list called events."),
            line=error.lineno,
            column=error.colno,
        ) from None


def event_list(found: Any, *names: str) -> list[Any]:
    """The events of a body: itself, its items, or the items of the field called one of `names`.

    Raises UserError when there are more than MOST_EVENTS or none.
    """
    for name in names:
        if isinstance(found, dict) and isinstance(found.get(name), list):
            found = found[name]
    events = found if isinstance(found, list) else [found]
    if not events:
        raise UserError(N_("The body holds no event."), hint=N_("Send at least one event."))
    if len(events) > MOST_EVENTS:
        raise UserError(
            N_("The body holds {n} events, {most} are the most."),
            hint=N_("Send them in several requests."),
            n=len(events),
            most=MOST_EVENTS,
        )
    return events


def sound(event: Any) -> Json:
    """The event, once nothing in it is broken.

    Raises Refused with the path of the first fault.
    """
    if not isinstance(event, dict):
        raise Refused("not_an_object", value=json.dumps(event)[:200])
    for path, value in _values(event):
        if isinstance(value, dict) and value.get(BROKEN) in _CODES:
            raise Refused(value[BROKEN], path, value.get("value"), most=MOST_DIGITS)
    return event


def marked(event: Any) -> Any:
    """The event as it can be kept: values that no database takes are replaced by what is wrong with them."""
    if isinstance(event, str):
        if "\x00" in event:
            return _Broken("control_character", event.replace("\x00", "�"))
        return _Broken("json_lone_surrogate", _LONE.sub("�", event)) if _LONE.search(event) else event
    if isinstance(event, list):
        return [marked(item) for item in event]
    if isinstance(event, dict):
        bad = next((key for key in event if "\x00" in key or _LONE.search(key)), None)
        if bad is not None:
            return _Broken("control_character", _LONE.sub("�", bad.replace("\x00", "�")))
        return event if isinstance(event, _Broken) else {key: marked(value) for key, value in event.items()}
    return event


def kept_items(body: bytes, *names: str) -> list[Any]:
    """The events of a body as they can be kept, with a mark where one is broken."""
    events = event_list(decoded(body), *names)
    if body.count(b"[") + body.count(b"{") > MOST_DEPTH:
        events = [_Broken("json_too_deep", "") if _is_deep(event) else event for event in events]
    if _ESCAPED.search(body.decode("utf-8-sig")):
        events = [marked(event) for event in events]
    return events


def canonical(event: Any) -> bytes:
    """One spelling of a value: the same content is the same bytes."""
    return _ENCODER.encode(event).encode()


def digest(*parts: object) -> str:
    """A key of 64 hexadecimal digits; parts are never run together."""
    return sha256(canonical(parts)).hexdigest()


def digest_of_texts(*parts: str) -> str:
    """The same key where all parts are text, found in a fraction of the time."""
    return sha256(f"[{','.join(map(encode_basestring, parts))}]".encode()).hexdigest()


def read(raw: bytes) -> Json:
    """An event as `split` wrote it.

    Raises Refused when it was broken.
    """
    try:
        found = _DECODER.decode(raw.decode())
    except (ValueError, RecursionError):
        raise Refused("json_invalid") from None
    return sound(found)


def read_all(raws: Sequence[bytes]) -> list[Any]:
    """Events as `split` wrote them, None for what must be read alone: what may be broken, and what is no object."""
    steps = range(0, len(raws), AT_ONCE)  # nothing else runs in the process meanwhile
    return [event for start in steps for event in _read_some(raws[start : start + AT_ONCE])]


def _read_some(raws: Sequence[bytes]) -> Iterator[Any]:
    body = b"[" + b",".join(raws) + b"]"
    try:
        found = _CANONICAL.decode(body.decode())
    except (ValueError, RecursionError):
        found = []
    if len(found) != len(raws):
        found = [None] * len(raws)
    is_sound = _MARK not in body
    for event, raw in zip(found, raws, strict=True):
        yield event if type(event) is dict and (is_sound or _MARK not in raw) else None


def _values(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict) and BROKEN not in value:
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _values(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from _values(inner, f"{path}[{n}]")


def _is_deep(value: Any) -> bool:
    """Whether objects and lists lie more than MOST_DEPTH deep, found without recursion."""
    layer = [value]
    for _ in range(MOST_DEPTH + 1):
        holders = [item for item in layer if isinstance(item, HOLDERS)]
        if not holders:
            return False
        layer = []
        for holder in holders:
            layer.extend(holder.values() if isinstance(holder, dict) else holder)
    return True


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        return _Broken("json_duplicate_key", next(name for name in names if names.count(name) > 1))
    return found


def _integer(text: str) -> Any:
    return int(text) if len(text) <= MOST_DIGITS else _Broken("number_too_long", text)


def _float(text: str) -> Any:
    """A float that says the same, else the digits as text."""
    if len(text) > MOST_DIGITS:
        return _Broken("number_too_long", text)
    number = float(text)
    if not math.isfinite(number):
        return _Broken("json_not_a_number", text)
    return text if sum(letter.isdigit() for letter in text) > EXACT_DIGITS else number


def _constant(text: str) -> Any:
    return _Broken("json_not_a_number", text)


_CODES = (
    "json_duplicate_key",
    "number_too_long",
    "json_not_a_number",
    "json_too_deep",
    "json_lone_surrogate",
    "control_character",
)
_ENCODER = json.JSONEncoder(  # what was JSON holds no circle
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
)
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_constant, parse_int=_integer, parse_float=_float)
_CANONICAL = json.JSONDecoder(parse_constant=_constant, parse_int=_integer, parse_float=_float)  # names nothing twice
