"""Reads a compiled time zone (TZif, RFC 9636): the changes it lists and the yearly rule that follows them."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

DAY_S = 86_400
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

NAME = r"(?:[A-Za-z]+|<[A-Za-z0-9+-]+>)"
CLOCK = r"[+-]?\d+(?::\d+(?::\d+)?)?"
DAY = r"M\d+\.\d\.\d"
RULE = re.compile(
    rf"{NAME}(?P<standard>{CLOCK})"
    rf"(?:{NAME}(?P<summer>{CLOCK})?,(?P<on>{DAY})(?:/(?P<on_at>{CLOCK}))?,(?P<off>{DAY})(?:/(?P<off_at>{CLOCK}))?)?"
)


@dataclass(frozen=True, slots=True)
class YearlyRule:
    """Offsets east of UTC in seconds; without daylight saving `summer_s` equals `standard_s`.

    `begins` and `ends` are (month, week, weekday with 0 = Sunday, seconds after local midnight); week 5 is the last.
    """

    standard_s: int
    summer_s: int
    begins: tuple[int, int, int, int] = (1, 1, 0, 0)
    ends: tuple[int, int, int, int] = (1, 1, 0, 0)

    @classmethod
    def read(cls, text: str) -> Self:
        """The rule in POSIX words: `CET-1CEST,M3.5.0,M10.5.0/3`. Its offsets count west of UTC."""
        found = RULE.fullmatch(text)
        if not found:
            raise ValueError(f"the time zone rule {text!r} has an unknown form")
        standard = -_seconds(found["standard"])
        if not found["on"]:
            return cls(standard, standard)
        summer = -_seconds(found["summer"]) if found["summer"] else standard + 3600
        return cls(standard, summer, _yearly(found["on"], found["on_at"]), _yearly(found["off"], found["off_at"]))

    def changes(self, year: int) -> Iterator[tuple[int, int]]:
        """(instant in seconds, offset from then on) of one year's changes, earliest first."""
        if self.summer_s == self.standard_s:
            return
        yield from sorted(
            [
                (_local_s(year, self.begins) - self.standard_s, self.summer_s),
                (_local_s(year, self.ends) - self.summer_s, self.standard_s),
            ]
        )


def changes_of(content: bytes, until_year: int) -> tuple[int, list[tuple[int, int]]]:
    """A TZif file's first offset, and its changes before `until_year` as (instant, offset from then on), in seconds."""
    second = 44 + _block_size(_counts(content, 0), 4)
    _, _, _, n_times, n_types, _ = counts = _counts(content, second)
    times = struct.unpack_from(f">{n_times}q", content, second + 44)
    kinds = struct.unpack_from(f">{n_times}B", content, second + 44 + 8 * n_times)
    types = [struct.unpack_from(">lBB", content, second + 44 + 9 * n_times + 6 * k)[0] for k in range(n_types)]
    listed = [(at, types[kind]) for at, kind in zip(times, kinds, strict=True)]
    rule = YearlyRule.read(content[second + 44 + _block_size(counts, 8) :].strip().decode("ascii"))
    latest = listed[-1][0] if listed else -(2**62)
    first_year = (date(1970, 1, 1) + timedelta(seconds=latest)).year if listed else 1970
    ruled = (change for year in range(first_year, until_year) for change in rule.changes(year))
    return types[0], [*listed, *(change for change in ruled if change[0] > latest)]


def _counts(content: bytes, at: int) -> tuple[int, int, int, int, int, int]:
    """n_utc, n_standard, n_leaps, n_times, n_types, n_letters of the block that begins at `at`."""
    return struct.unpack_from(">6l", content, at + 20)


def _block_size(counts: tuple[int, int, int, int, int, int], width: int) -> int:
    """Bytes of a data block whose times take `width` bytes (RFC 9636, section 3.2)."""
    n_utc, n_standard, n_leaps, n_times, n_types, n_letters = counts
    return n_times * (width + 1) + n_types * 6 + n_letters + n_leaps * (width + 4) + n_standard + n_utc


def _yearly(day: str, at: str | None) -> tuple[int, int, int, int]:
    month, week, weekday = map(int, day[1:].split("."))
    return month, week, weekday, _seconds(at) if at else 2 * 3600


def _seconds(clock: str) -> int:
    sign = -1 if clock.startswith("-") else 1
    parts = [int(part) for part in clock.lstrip("+-").split(":")]
    return sign * sum(part * size for part, size in zip(parts, (3600, 60, 1), strict=False))


def _local_s(year: int, yearly: tuple[int, int, int, int]) -> int:
    """The local clock reading, in seconds since 1970, at which a yearly change happens."""
    month, week, weekday, second = yearly
    first = date(year, month, 1)
    day = first.toordinal() + (weekday - first.isoweekday()) % 7 + 7 * (week - 1)
    beyond = date(year + month // 12, month % 12 + 1, 1).toordinal()
    return (day - (7 if day >= beyond else 0) - EPOCH_ORDINAL) * DAY_S + second
