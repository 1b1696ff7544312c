"""Read leads pasted from a spreadsheet: what each row says, and why some rows say nothing that can be kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from smarketing.records.models import Person
from smarketing.terms.code_names import CHANNELS
from smarketing.terms.errors import UserError
from smarketing.terms.language import Words, words
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone
from smarketing.workflows.enter_lead import LONGEST, SKEW, NewLead

MOST_ROWS = 500
MOST_CHARACTERS = 500_000
NAMES: dict[str, tuple[str, ...]] = {  # what people call each column, in small letters
    "person": (
        "person",
        "email",
        "e-mail",
        "mail",
        "correo",
        "contact",
        "contacto",
        "contatto",
        "name",
        "nombre",
        "nome",
    ),
    "source": ("source", "channel", "origen", "fuente", "canal", "fonte", "canale"),
    "campaign": ("campaign", "campaña", "campagna", "utm_campaign"),
    "content": ("content", "asset", "guide", "contenido", "contenuto", "guía", "guida", "utm_content"),
    "landing_page": ("landing page", "landing_page", "page", "url", "página", "pagina"),
    "grade": ("grade", "tier", "grado", "nivel", "livello"),
    "score": ("score", "puntuación", "punteggio"),
    "created_at": ("created", "created at", "created_at", "date", "fecha", "data"),
    "owner": ("owner", "rep", "sales rep", "propietario", "responsable", "proprietario"),
}
COLUMN_OF = {name: column for column, names in NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class PastedRow:
    """`digest` is the same for the same row, so that pasting it again adds nothing."""

    number: int  # as the spreadsheet counts, the heading being 1
    lead: NewLead
    digest: str

    @property
    def lead_id(self) -> str:
        return self.digest[:12]


@dataclass(frozen=True, slots=True)
class PastedReject:
    number: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """`unused` are headings that nobody here knows; rows = rows + rejects + repeated."""

    rows: tuple[PastedRow, ...]
    rejects: tuple[PastedReject, ...]
    n_repeated: int
    unused: tuple[str, ...]

    @property
    def n(self) -> int:
        return len(self.rows) + len(self.rejects) + self.n_repeated


def read_pasted(
    text: str, *, people: Mapping[str, Person], zone_name: str, now: datetime, say: Words | None = None
) -> Pasted:
    """The rows of a pasted table, its first line the headings.

    Takes    people     colleagues by address and by name, in small letters
             zone_name  whose clock reads times without an offset
    Raises   UserError for no table, no column that says whom to reach, or too much of it
    """
    say = say or words("en")
    if len(text) > MOST_CHARACTERS:
        raise UserError(N_("This is too much to paste; import it as a file."), where="text")
    table = [row for row in csv.reader(io.StringIO(text.strip("\ufeff\r\n")), delimiter=_delimiter(text)) if any(row)]
    if len(table) < 2:
        hint = N_("Copy the heading line and the rows below it, and paste them here.")
        raise UserError(N_("There is no table in this."), where="text", hint=hint)
    if len(table) - 1 > MOST_ROWS:
        raise UserError(N_("At most {n} rows can be pasted; import the others as a file."), where="text", n=MOST_ROWS)
    headings = [COLUMN_OF.get(each.strip().lower(), "") for each in table[0]]
    if "person" not in headings:
        hint = N_("One heading must be e-mail, contact or name.")
        raise UserError(N_("No column says whom to reach."), where="text", hint=hint)
    unused = tuple(said for said, column in zip(table[0], headings, strict=True) if not column and said.strip())
    return _read(table, headings, unused, _Reader(people, zone_name, now, say))


def _delimiter(text: str) -> str:
    first = text.strip("\ufeff\r\n").split("\n", 1)[0]
    return max("\t;,", key=first.count)


def _read(table: list[list[str]], headings: list[str], unused: tuple[str, ...], reader: _Reader) -> Pasted:
    rows: dict[str, PastedRow] = {}
    rejects, n_repeated = [], 0
    for number, cells in enumerate(table[1:], start=2):
        said = {column: cell.strip() for column, cell in zip(headings, cells, strict=False) if column and cell.strip()}
        try:
            lead = reader.lead(said)
        except _Odd as odd:
            rejects.append(PastedReject(number, odd.column, said.get(odd.column, "")[:80], odd.reason))
            continue
        digest = sha256(repr(sorted(said.items())).encode()).hexdigest()
        if digest in rows:
            n_repeated += 1
        else:
            rows[digest] = PastedRow(number, lead, digest)
    return Pasted(tuple(rows.values()), tuple(rejects), n_repeated, unused)


class _Odd(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class _Reader:
    def __init__(self, people: Mapping[str, Person], zone_name: str, now: datetime, say: Words) -> None:
        self.people, self.zone_name, self.now, self.say = people, zone_name, now, say

    def lead(self, said: Mapping[str, str]) -> NewLead:
        """Raises _Odd"""
        if not said.get("person"):
            raise _Odd("person", self.say("Nobody to reach is named."))
        for column, value in said.items():
            if len(value) > LONGEST:
                raise _Odd(column, self.say("This is longer than {n} characters.", n=LONGEST))
        return NewLead(**dict(self._values(said)))

    def _values(self, said: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        for column, value in said.items():
            match column:
                case "score":
                    yield column, self._score(value)
                case "created_at":
                    yield column, self._instant(value)
                case "owner":
                    yield column, self._owner(value)
                case "source":
                    yield column, self._source(value)
                case _:
                    yield column, value

    def _source(self, value: str) -> str:
        spelled = value.lower().replace(" ", "_")
        names = {self.say(name).lower(): code for code, name in CHANNELS.items()}
        return spelled if spelled in CHANNELS else names.get(value.lower(), value)

    def _score(self, value: str) -> float:
        try:
            return float(value.replace(",", "."))
        except ValueError:
            raise _Odd("score", self.say("This is no number.")) from None

    def _instant(self, value: str) -> datetime:
        try:
            local = datetime.fromisoformat(value)
        except ValueError:
            raise _Odd("created_at", self.say("Write date and time as 2026-10-05 14:30.")) from None
        at = local if local.tzinfo else local.replace(tzinfo=zone(self.zone_name))
        if at > self.now + SKEW:
            raise _Odd("created_at", self.say("A lead cannot have come later than now."))
        return at

    def _owner(self, value: str) -> Person:
        person = self.people.get(value.lower())
        if person is None:
            raise _Odd("owner", self.say("No colleague has this name or address."))
        return person
