"""A part of an agreement that does not fit the rest, before it is put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from smarketing.terms.agreement import Agreement
from smarketing.terms.faults import nearest, shown
from smarketing.terms.language import N_

Path = tuple[str | int, ...]
ID = re.compile(r"[^\W_][\w-]{0,63}")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something at `path` that does not fit; sentences of the catalogue with their values."""

    path: Path
    what: str
    hint: str = ""
    values: dict[str, object] = field(default_factory=dict)


def named(path: Path, id: str, known: Iterable[str], noun: str = "") -> Iterator[Flaw]:
    """Nothing when `id` is known; else the flaw that it is not, under the name of its key."""
    ids = list(known)
    if id not in ids:
        yield unknown(path, noun or next(str(part) for part in reversed(path) if isinstance(part, str)), id, ids)


def unknown(path: Path, key: str, id: str, known: list[str]) -> Flaw:
    meant = nearest(id, known)
    hint = N_('Did you mean "{meant}"?') if meant else N_("The agreement has {known}.") if known else ""
    listed = ", ".join(dict.fromkeys(known[:12]))
    return Flaw(
        path, N_('There is no {key} "{id}".'), hint, {"key": key, "id": shown(id), "meant": meant, "known": listed}
    )


def contact(agreement: Agreement, name: str, path: Path) -> Iterator[Flaw]:
    """Nothing when a party has a contact of that name or address."""
    known = names(agreement)
    if name not in known and name not in addresses(agreement):
        yield unknown(path, "contact", name, known)


def names(agreement: Agreement) -> list[str]:
    return [contact.name for party in agreement.parties for contact in party.contacts]


def addresses(agreement: Agreement) -> list[str]:
    return [contact.email for party in agreement.parties for contact in party.contacts if contact.email]
