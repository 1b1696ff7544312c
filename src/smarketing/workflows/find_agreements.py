"""Find the signed agreements that somebody's teams take part in, those in force first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from smarketing.records.access import Actor
from smarketing.records.agreements import CLOSED, Held, did_hold, held_versions


@dataclass(frozen=True, slots=True)
class Signed:
    """An agreement that was signed: its newest version that has begun, or the first that will."""

    slug: str
    title: str
    number: int
    from_on: date
    until_on: date | None
    is_in_force: bool


def agreements_of(actor: Actor, *, on: date) -> tuple[Signed, ...]:
    """Every agreement whose numbers `actor` may look at."""
    held = [each for each in held_versions(actor) if each.status in CLOSED and did_hold(each.version)]
    ordered = sorted(held, key=lambda each: (each.version.agreement.slug, each.version.number))
    found = [_signed(list(versions), on) for _, versions in groupby(ordered, lambda each: each.version.agreement.slug)]
    return tuple(sorted(found, key=lambda each: (not each.is_in_force, each.title.casefold(), each.slug)))


def _signed(versions: list[Held], on: date) -> Signed:
    begun = [each.version for each in versions if each.version.from_on <= on]
    shown = begun[-1] if begun else versions[0].version
    is_open = shown.ended_at is None and (shown.until_on is None or on <= shown.until_on)
    title = shown.agreement.title or shown.agreement.slug
    return Signed(shown.agreement.slug, title, shown.number, shown.from_on, shown.until_on, bool(begun) and is_open)
