"""A vendor's record as columns of a fact table, by a table of its fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from smarketing.facts.schema import TABLES, DType
from smarketing.sources.webhook.cells import instant, value_of
from smarketing.sources.webhook.refusal import Refused
from smarketing.sources.webhook.strict_json import Json
from smarketing.terms.instants import EPOCH

MILLISECOND = timedelta(milliseconds=1)
FROM_MS = 10**11  # numbers above are milliseconds, below seconds: 1973 in the one, the year 5138 in the other


def columns_of(
    table: str, fields: Mapping[str, str], record: Json, path: str, *, only: Iterable[str] | None = None
) -> dict[str, Any]:
    """The columns that a record says; a field that it lacks, or that is not among `only`, says nothing.

    Raises Refused.
    """
    wanted = None if only is None else set(only)
    values: dict[str, Any] = {}
    for name, column in fields.items():
        if name not in record or (wanted is not None and name not in wanted):
            continue
        values[column] = vendor_value(table, column, record[name], f"{path}.{name}".lstrip("."))
    return values


def vendor_value(table: str, column: str, given: Any, path: str) -> Any:
    """A value as the column's type; numbers are instants in seconds or milliseconds, local times are UTC."""
    known = TABLES[table].column(column)
    if known.dtype is DType.INSTANT:
        return None if given in (None, "", False) else at_of(given, path)
    if known.dtype is DType.DAY and isinstance(given, int) and not isinstance(given, bool):
        return at_of(given, path).date()
    value = value_of(known, given, "UTC", path)
    return slug(value) if column == "channel" and value is not None else value


def slug(text: str) -> str:
    """Sources of leads in one spelling, as an import writes those that no map knows."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )
    return re.sub(r"[^\w]+|_+", "_", plain).strip("_")


def at_of(given: Any, path: str) -> datetime:
    """An instant as vendors write it.

    Raises Refused.
    """
    if isinstance(given, int | float) and not isinstance(given, bool):
        if not 0 <= given < FROM_MS * 100:
            raise Refused("no_instant", path, given, name=path)
        return EPOCH + (given * MILLISECOND if given >= FROM_MS else timedelta(seconds=given))
    return instant(given, "UTC", path)[0].astimezone(UTC)


def required_at(record: Json, names: Iterable[str], path: str) -> datetime:
    """The first instant that the record says under one of `names`.

    Raises Refused.
    """
    choices = tuple(names)
    for name in choices:
        if record.get(name) not in (None, "", False):
            return at_of(record[name], f"{path}.{name}".lstrip("."))
    raise Refused("missing", f"{path}.{choices[0]}".lstrip("."), name=choices[0])


def required_id(given: Any, path: str) -> str:
    """An id as text. Raises Refused."""
    own = value_of(TABLES["touch"].column("touch_id"), given, "", path)
    if own is None:
        raise Refused("missing", path, name=path)
    return str(own)


def object_in(event: Json, name: str) -> Json:
    """The object under a name. Raises Refused."""
    found = event.get(name)
    if not isinstance(found, dict):
        raise Refused("missing" if found is None else "not_an_object", name, found, name=name)
    return found
