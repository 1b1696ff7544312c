"""An upload as its page shows it: how it is read, what the first rows become, and the choices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.urls import reverse

from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone_names
from smarketing.web.pages.imports import TABLES
from smarketing.workflows.hold_upload import COLUMNS, KNOWN, TEXT, Reading, Upload
from smarketing.workflows.preview_upload import FilePreview, preview_upload
from smarketing.workflows.read_upload import FileRead, UploadRead, fact_columns, read_upload

PROFILE_TITLES = {
    "hubspot_export": N_("Export of HubSpot"),
    "salesforce_export": N_("Export of Salesforce"),
    "pipedrive_export": N_("Export of Pipedrive"),
    "zoho_export": N_("Export of Zoho"),
    "fivetran_hubspot": N_("HubSpot copied by Fivetran"),
    "fivetran_salesforce": N_("Salesforce copied by Fivetran"),
    "generic": N_("Plain tables of ours"),
}
MEANINGS = {
    "open": N_("open"), "won": N_("won"), "lost": N_("lost"), "out": N_("from us"), "in": N_("to us"),
    "internal": N_("among us"), "connected": N_("reached"), "no_answer": N_("no answer"), "voicemail": N_("voicemail"),
    "busy": N_("busy"), "wrong_number": N_("wrong number"), "bounced": N_("bounced"), "sent": N_("sent"),
    "replied": N_("replied"), "held": N_("held"), "no_show": N_("did not come"), "cancelled": N_("cancelled"),
    "scheduled": N_("scheduled, not done"), "unknown": N_("unknown"), "call": N_("call"), "email": N_("e-mail"),
    "meeting": N_("meeting"), "sms": N_("text message"), "chat": N_("chat"), "social": N_("social network"),
    "visit": N_("visit"), "note": N_("note"), "task": N_("task"), "lead": N_("lead"), "mql": N_("marketing qualified"),
    "sal": N_("accepted by sales"), "sql": N_("sales qualified"), "opportunity": N_("opportunity"),
    "customer": N_("customer"), "disqualified": N_("disqualified"), "recycled": N_("recycled"),
}  # fmt: skip
DECIMALS = (("", N_("found out")), (".", N_("point: 1,234.50")), (",", N_("comma: 1.234,50")), ("either", N_("both")))
FORMATS = ("%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d/%m/%Y", "%m/%d/%Y")


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    header: str
    example: str
    becomes: tuple[str, ...]  # names of fact columns, without the table where columns are chosen
    told: str  # the same in words


@dataclass(frozen=True, slots=True)
class MapChoice:
    column: str
    header: str
    title: str
    entries: tuple[tuple[str, str], ...]
    meanings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FileChoices:
    title: str
    table: str
    told: str
    columns: tuple[ColumnChoice, ...]
    n_used: int
    options: tuple[tuple[str, str], ...]
    maps: tuple[MapChoice, ...]
    problem: str
    preview: FilePreview | None


@dataclass(frozen=True, slots=True)
class UploadPage:
    key: str
    href: str
    title: str
    way: str
    ways: tuple[tuple[str, str], ...]
    reading: Reading
    files: tuple[FileChoices, ...]
    tables: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]
    problem: str
    text: str
    is_ready: bool
    zones: tuple[str, ...]
    decimals: tuple[tuple[str, str], ...]
    formats: tuple[str, ...]
    profile_name: str

    @property
    def is_chosen(self) -> bool:
        return self.reading.way == COLUMNS

    @property
    def is_text(self) -> bool:
        return self.reading.way == TEXT


def upload_page(upload: Upload, *, home: Path, now: datetime, zone: str, words: Words) -> UploadPage:
    read = read_upload(upload, home, words)
    previews = preview_upload(read.export, now=now, zone=zone, words=words) if read.export else ()
    by_title = {each.title: each for each in previews}
    reading = upload.reading
    return UploadPage(
        key=upload.key,
        href=reverse("upload", args=[upload.key]),
        title=", ".join(path.name for path in upload.files),
        way=f"{reading.way}:{reading.profile}" if reading.way == KNOWN else reading.way,
        ways=_ways(upload, words),
        reading=reading,
        files=tuple(
            _file(each, by_title.get(each.title), words, is_chosen=reading.way == COLUMNS) for each in read.files
        ),
        tables=tuple((name, words(title)) for name, title in TABLES.items()),
        doubts=read.doubts,
        problem=read.problem,
        text=read.text,
        is_ready=not read.problem and any(preview.n_readable for preview in previews),
        zones=tuple(sorted(zone_names())),
        decimals=tuple((value, words(said)) for value, said in DECIMALS),
        formats=FORMATS,
        profile_name=_name(read),
    )


def _name(read: UploadRead) -> str:
    return read.export.profile.src if read.export else ""


def _ways(upload: Upload, words: Words) -> tuple[tuple[str, str], ...]:
    names = dict.fromkeys((*upload.ways, *([upload.reading.profile] if upload.reading.way == KNOWN else [])))
    known = [(f"{KNOWN}:{name}", words(PROFILE_TITLES.get(name, name))) for name in names]
    return (*known, (COLUMNS, words("Column by column")), (TEXT, words("As a profile in YAML")))


def _file(read: FileRead, preview: FilePreview | None, words: Words, *, is_chosen: bool) -> FileChoices:
    options = fact_columns(read.table, words) if read.table else ()
    meanings = dict(options)
    columns = tuple(
        ColumnChoice(
            each.header,
            each.example,
            tuple(name.partition(".")[2] for name in each.becomes) if is_chosen else each.becomes,
            ", ".join(each.becomes),
        )
        for each in read.columns
    )
    maps = tuple(
        MapChoice(
            each.column,
            each.header,
            meanings.get(each.column, each.column),
            each.entries,
            tuple((value, words(MEANINGS.get(value, value))) for value in each.meanings),
        )
        for each in read.maps
    )
    return FileChoices(
        title=read.title,
        table=read.table,
        told=words(TABLES[read.table]) if read.table in TABLES else "",
        columns=columns,
        n_used=sum(bool(each.becomes) for each in columns),
        options=options,
        maps=maps,
        problem=read.problem,
        preview=preview,
    )
