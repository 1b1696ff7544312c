"""One value of an event as the fact column it fills, or the reason why it cannot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import polars as pl

from smarketing.facts.local_time import instants, local_to_utc
from smarketing.facts.schema import Column, DType
from smarketing.sources.read_cells import IDS, MAX_ID, NAMES, NON_NEGATIVE, NOT_IDS
from smarketing.sources.read_numbers import MOST_DIGITS, NO, YES
from smarketing.sources.webhook.refusal import Refused
from smarketing.terms.instants import instant_at, micros

MOST_TEXT = 131_072
MOST_WHOLE = 2**53
FROM_YEAR, UNTIL_YEAR = 1900, 2200
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?)?\s?(Z|z|[+-]\d\d(?::?\d\d)?)?"
)  # year first


def value_of(column: Column, given: Any, zone: str, path: str) -> Any:
    """What `given` says in the column's type; None for nothing.

    Raises Refused.
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if isinstance(given, dict | list):
        raise Refused("not_text", path, "", name=column.name)
    try:
        return _READERS[column.dtype](column, given, zone, path)
    except (InvalidOperation, OverflowError):
        raise Refused("not_a_number", path, given) from None


def _text(column: Column, given: Any, _: str, path: str) -> str:
    if isinstance(given, bool):
        raise Refused("not_text", path, given, name=column.name)
    text = unicodedata.normalize("NFC", str(given).strip())
    if len(text) > MOST_TEXT:
        raise Refused("cell_too_long", path, text)
    if column.name in IDS:
        _check_id(given, text, path)
    if column.name in NAMES and len(text) > MAX_ID:
        raise Refused("name_too_long", path, text)
    if column.name == "currency" and not re.fullmatch("[A-Za-z]{3}", text):
        raise Refused("not_a_currency", path, text)
    if column.values and text not in column.values:
        raise Refused("one_of", path, text, name=column.name, choices=", ".join(column.values))
    return text.upper() if column.name == "currency" else text


def _check_id(given: Any, text: str, path: str) -> None:
    if isinstance(given, float):
        raise Refused("id_lost_digits", path, text)
    if len(text) > MAX_ID:
        raise Refused("id_too_long", path, text)
    if text.lower() in NOT_IDS:
        raise Refused("not_an_id", path, text)


def _instant(_: Column, given: Any, zone: str, path: str) -> datetime:
    return given if isinstance(given, datetime) else instant(given, zone, path)[0]


def instant(given: Any, zone: str, path: str) -> tuple[datetime, str]:
    """The instant of a text and how exact it is; a local time is read on the clock of `zone`.

    Raises Refused, for instance for a time that the zone's clock skipped.
    """
    if not isinstance(given, str):
        raise Refused("time_bare_number" if isinstance(given, int | float) else "no_instant", path, given, name=path)
    found = _ISO.fullmatch(given.strip())
    if found is None:
        return _read_or_refused(given.strip(), zone, path)
    day, clock, seconds, offset = found.groups()
    try:
        read = datetime.fromisoformat(f"{day}T{clock or '00:00'}{(seconds or ':00')[:10]}{(offset or '').upper()}")
        at = read.astimezone(UTC) if offset else _local(read, zone or "UTC")
    except (ValueError, OverflowError):
        at = None
    if at is None:
        return _read_or_refused(given.strip(), zone, path)
    if not zone and not offset:
        raise Refused("no_zone", path, given)
    if not FROM_YEAR <= at.year < UNTIL_YEAR:
        raise Refused("time_out_of_range", path, given)
    precision = "day" if not clock else "minute" if not seconds else "microsecond" if "." in seconds else "second"
    return at, precision


def _local(read: datetime, zone: str) -> datetime | None:
    """The instant of a reading of the zone's clock, the earlier of two; None where the clock never showed it."""
    meant = local_to_utc(zone, micros(read.replace(tzinfo=UTC)))
    return None if meant.status == "gap" else instant_at(meant.candidates[0])


@lru_cache(maxsize=1024)
def _read_slowly(text: str, zone: str) -> tuple[datetime | None, str | None, str | None]:
    parsed = instants(pl.Series("at", [text], dtype=pl.String), zone=zone)
    return parsed.at[0], parsed.reason[0], parsed.precision[0]


def _read_or_refused(text: str, zone: str, path: str) -> tuple[datetime, str]:
    """Any form that imports understand; without a zone only what names its offset, which is the same in all zones."""
    at, reason, precision = _read_slowly(text, zone or "UTC")
    if at is None:
        raise Refused(f"time_{reason or 'unreadable'}", path, text)
    if not zone and _read_slowly(text, "Etc/GMT+12")[0] != at:
        raise Refused("no_zone", path, text)
    return at, precision or "second"


def _day(column: Column, given: Any, _: str, path: str) -> date:
    if isinstance(given, str):
        try:
            return date.fromisoformat(given.strip()[:10])
        except ValueError:
            pass
    raise Refused("not_a_day", path, given, name=column.name)


def _decimal(given: Any, path: str) -> Decimal:
    if isinstance(given, bool):
        raise Refused("not_a_number", path, given)
    number = Decimal(str(given).strip())
    if not number.is_finite():
        raise Refused("not_a_number", path, given)
    return number


def _whole(column: Column, given: Any, _: str, path: str) -> int:
    number = _decimal(given, path)
    if number != number.to_integral_value():
        raise Refused("not_whole", path, given)
    if abs(number) >= MOST_WHOLE:
        raise Refused("number_too_large", path, given)
    if number < 0 and column.name in NON_NEGATIVE:
        raise Refused("negative", path, given)
    return int(number)


def _money(_: Column, given: Any, __: str, path: str) -> Decimal:
    number = _decimal(given, path)
    if abs(number) >= 10**MOST_DIGITS:
        raise Refused("number_too_large", path, given)
    return round(number, 4)


def _number(_: Column, given: Any, __: str, path: str) -> float:
    number = float(_decimal(given, path))
    if abs(number) == float("inf"):
        raise Refused("number_too_large", path, given)
    return number


def _flag(_: Column, given: Any, __: str, path: str) -> bool:
    if isinstance(given, bool):
        return given
    text = str(given).strip().lower()
    if text not in YES and text not in NO:
        raise Refused("not_a_flag", path, given)
    return text in YES


_READERS: dict[DType, Callable[[Column, Any, str, str], Any]] = {
    DType.TEXT: _text,
    DType.INSTANT: _instant,
    DType.DAY: _day,
    DType.INTEGER: _whole,
    DType.MONEY: _money,
    DType.NUMBER: _number,
    DType.FLAG: _flag,
}
