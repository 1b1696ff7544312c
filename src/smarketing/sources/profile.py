"""A mapping profile: which files an export has, and how their columns and values become facts."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from smarketing.facts.schema import TABLES, Column, DType, Table
from smarketing.facts.time_formats import check_form
from smarketing.terms.errors import UserError
from smarketing.terms.faults import Mistake, nearest
from smarketing.terms.language import N_
from smarketing.terms.term import Term
from smarketing.terms.zones import zone_names

DERIVED = ("src", "seen_at", "lead_id", "touch_id", "deal_id", "change_id", "spend_id", "delivery_id")
Decimals = Literal[".", ",", "either"]
FilledBy = Literal["s", "ms", "min", "h", "clock"]


def _unknown(what: str, value: str, known: list[str], **values: object) -> Mistake:
    meant = nearest(value, known)
    hint = N_('Did you mean "{meant}"?') if meant else N_("Choose one of {known}.")
    return Mistake(what, hint, value=value[:60], meant=meant, known=", ".join(known[:20]), **values)


def _zone_name(name: str) -> str:
    if name and name not in zone_names():
        raise _unknown(N_('"{value}" is not a time zone.'), name, sorted(zone_names()))
    return name


def _time_format(written: str) -> str:
    try:
        check_form(written)
    except UserError as error:
        raise Mistake(
            N_('"{value}" is no format of times.'),
            N_("Write %d.%m.%Y %H:%M, iso, epoch_s, epoch_ms, excel_1900 or excel_1904."),
            value=written[:40],
        ) from error
    return written


ZoneName = Annotated[str, AfterValidator(_zone_name)]
TimeFormat = Annotated[str, AfterValidator(_time_format)]
Spaced = Annotated[str, StringConstraints(strip_whitespace=False)]


class Condition(Term):
    """Which rows: `filled`, `empty`, a list of values (`*` stands for anything), or {not: [values]}."""

    is_filled: Literal["", "yes", "no"] = ""
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


class Cell(Term):
    """How one fact column is filled. Written as a header, a list of headers (the first filled one), or these keys."""

    column: tuple[str, ...] = Field((), description="headers; the first filled one, in this order")
    join: Spaced | None = Field(None, description="put all of them together with this text between")
    value: str | None = Field(None, description="the same text for every row")
    map: dict[str, str | None] = Field(default_factory=dict, description="value in the file → value in the facts")
    use_map: str = Field("", description="name of one of the profile's maps")
    otherwise: str = Field("", description="for values not in the map: keep, empty, reject, slug, or a value")
    if_empty: str = Field("", description="value where the cell is empty")
    prefix: Spaced = Field("", description="text put before an id")
    trim: Spaced = Field("", description="characters taken off both ends: []")
    part: int = Field(0, ge=0, description="position of one piece, beginning at 1, when `split` is said")
    split: Spaced = Field("", description="text between the pieces of the cell")
    format: tuple[TimeFormat, ...] = Field(
        (), description="time formats: %d.%m.%Y %H:%M, epoch_s, epoch_ms, excel_1900"
    )
    zone: ZoneName = Field("", description="zone of times without an offset")
    precision: Literal["", "microsecond", "second", "minute", "day"] = Field(
        "", description="how exact the times are, whatever their cells show; day takes the time of day off"
    )
    day: Literal["start", "end"] = Field("start", description="the instant of a day that a date without time means")
    unit: FilledBy = Field("s", description="unit of a length of time; clock reads 1:30 as hours and minutes")
    decimal: Decimals | None = Field(None, description="decimal sign of this column, instead of the file's")
    unreadable: Literal["reject", "empty"] = Field("reject", description="what to do with what cannot be read")
    when: dict[str, Condition] = Field(default_factory=dict, description="empty in rows whose cells are not like this")

    @model_validator(mode="after")
    def _one_origin(self) -> Cell:
        if bool(self.column) == (self.value is not None):
            raise Mistake(N_("A fact column is filled by `column` or by `value`."), N_("Write one of the two."))
        if bool(self.split) != bool(self.part):
            raise Mistake(N_("`split` and `part` go together."), N_('Write both: split: ";", part: 1.'))
        return self


class Each(Term):
    """One row for every piece of a cell: `a;b;c` in `column` is three."""

    column: str = Field(description="header of the cell that is cut")
    split: Spaced = Field(description="text between the pieces")


class Take(Term):
    """What a row of the file becomes: rows of one fact table."""

    table: str = Field(description="name of the fact table")
    when: dict[str, Condition] = Field(default_factory=dict, description="only rows whose cells are like this")
    each: Each | None = Field(None, description="one row for every piece of a cell")
    columns: dict[str, Cell] = Field(description="fact column → how it is filled")

    @property
    def schema(self) -> Table:
        return TABLES[self.table]

    @model_validator(mode="after")
    def _fills_a_table(self) -> Take:
        if self.table not in TABLES:
            raise _unknown(N_('There is no fact table "{value}".'), self.table, list(TABLES))
        names = self.schema.names
        for name in self.columns:
            if name not in names:
                raise _unknown(N_('{table} has no column "{value}".'), name, names, table=self.table)
        for column in self.schema.columns:
            if column.required and column.name not in self.columns and not is_derived(self.table, column):
                raise Mistake(
                    N_("{table}.{column} must be filled and is not."),
                    N_("Add it under `columns`: {meaning}."),
                    table=self.table,
                    column=column.name,
                    meaning=column.meaning,
                )
        for name, cell in self.columns.items():
            _check_values(self.schema.column(name), [cell.value, *cell.map.values(), cell.if_empty or None])
        return self


class Lookup(Term):
    """Columns of another file of the same import, found by equal values: links kept in a table of their own."""

    file: str = Field(description="name of the other file in this profile")
    on: dict[str, str] = Field(description="header here → header there")
    columns: tuple[str, ...] = Field(description="headers there that are wanted here, as `file.header`")
    when: dict[str, Condition] = Field(default_factory=dict, description="only rows there that are like this")
    many: Literal["first", "rows"] = Field("first", description="several matches: the first one, or a row for each")


class FileRules(Term):
    """One kind of file of the export: how to recognise it, and what to take from it."""

    files: tuple[str, ...] = Field((), description="file names, `*` stands for anything")
    headers: tuple[str, ...] = Field((), description="columns by which the file is known whatever its name")
    sheet: str = Field("", description="sheets of a workbook, `*` stands for anything; all visible ones when left out")
    delimiter: str = Field("", description="separator of a text file; found out when left out")
    encoding: str = Field("", description="utf-8, cp1252, shift_jis…; found out when left out")
    header_row: int = Field(1, ge=1, le=1_000, description="number of the row that names the columns")
    zone: ZoneName = Field("", description="zone of this file's times, instead of the profile's")
    decimal: Decimals | None = Field(None, description="decimal sign of this file, instead of the profile's")
    format: tuple[TimeFormat, ...] = Field((), description="time formats of this file, instead of the profile's")
    lookups: tuple[Lookup, ...] = Field((), description="columns taken from other files of the export")
    take: tuple[Take, ...] = Field((), description="what a row becomes; nothing for a file that is only looked into")

    @model_validator(mode="after")
    def _is_recognisable(self) -> FileRules:
        if not self.files and not self.headers:
            raise Mistake(
                N_("Nothing says which file this is."), N_('Add `files: ["*deals*"]` or `headers: [Deal Owner]`.')
            )
        return self

    def has_name(self, name: str) -> bool:
        return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in self.files)


class Profile(Term):
    """The whole mapping of one source; its id names the source where nothing else does."""

    profile: str = Field(pattern=r"^[a-z][a-z0-9_]{0,60}$", description="id")
    title: str = Field("", description="what it reads")
    kind: str = Field("file", description="hubspot, salesforce, pipedrive, odoo, file…")
    source: str = Field("", description="name of the connection in the facts; the profile's id when left out")
    zone: ZoneName = Field("", description="IANA zone of times without an offset")
    currency: str = Field("", pattern=r"^([A-Z]{3})?$", description="currency of amounts without one")
    decimal: Decimals = Field(".", description="decimal sign of amounts; either, where only one reading is possible")
    format: tuple[TimeFormat, ...] = Field((), description="time formats besides ISO 8601, tried in this order")
    twice: Literal["earlier", "later", "reject"] = Field("earlier", description="a local time that came twice")
    gap: Literal["reject", "later"] = Field("reject", description="a local time that never came")
    empty: tuple[str, ...] = Field((), description="texts that mean nothing: -, Select")
    maps: dict[str, dict[str, str | None]] = Field(
        default_factory=dict, description="maps of values that several columns use"
    )
    files: dict[str, FileRules] = Field(description="the files of the export, by a name of your own")

    @model_validator(mode="after")
    def _holds_together(self) -> Profile:
        for rules in self.files.values():
            for lookup in rules.lookups:
                if lookup.file not in self.files:
                    raise _unknown(N_('This profile has no file "{value}".'), lookup.file, list(self.files))
        for take, name, cell in self._cells():
            if cell.use_map and cell.use_map not in self.maps:
                raise _unknown(N_('This profile has no map "{value}".'), cell.use_map, list(self.maps))
            if cell.use_map:
                _check_values(take.schema.column(name), self.maps[cell.use_map].values())
        return self

    def _cells(self) -> Iterator[tuple[Take, str, Cell]]:
        for rules in self.files.values():
            for take in rules.take:
                for name, cell in take.columns.items():
                    yield take, name, cell

    @property
    def src(self) -> str:
        return self.source or self.profile


def is_derived(table: str, column: Column) -> bool:
    """Whether the importer fills a required column by itself: ids of rows that have none, names of the source."""
    own_id = TABLES[table].key[-1] == column.name and column.name in DERIVED
    return own_id or column.name in ("src", "seen_at") or (table == "deal_lead" and column.name == "role")


def _check_values(column: Column, values: object) -> None:
    for value in values:  # type: ignore[attr-defined]
        if column.values and value is not None and value not in column.values:
            raise _unknown(N_('{column} cannot be "{value}".'), str(value), list(column.values), column=column.name)
        if column.dtype is DType.FLAG and value not in (None, "true", "false"):
            raise Mistake(N_('{column} is "true" or "false", in quotes.'), column=column.name)
