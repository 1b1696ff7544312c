"""Say how uploaded files would be read: which profile fits, what each column becomes, what is doubtful."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smarketing.facts.schema import TABLES
from smarketing.ledger.models import Import
from smarketing.sources.export import Export, match_export
from smarketing.sources.files.first_rows import first_rows
from smarketing.sources.files.kept_sample import sampled_file
from smarketing.sources.files.rows import RowFile
from smarketing.sources.guess import guessed_profile
from smarketing.sources.header_words import MEANINGS
from smarketing.sources.headers import Headers, Matched, without_reject_columns
from smarketing.sources.profile import Profile
from smarketing.sources.proposal import Choices, FileChoice, Line, Proposal
from smarketing.sources.read_profile import read_profile, read_profile_text, shipped_profiles
from smarketing.sources.rejection import shown_value
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_, Words
from smarketing.terms.yaml_nodes import Reading as YamlReading
from smarketing.terms.yaml_nodes import decoded
from smarketing.workflows.hold_upload import COLUMNS, KNOWN, TEXT, Reading, Upload
from smarketing.workflows.import_in_background import kept_reading

PROFILES = "profiles"
PROFILE_NAME = "crm"
MOST_VALUES = 40
FOR_DEMOS = ("demo",)


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A column of a file, a value of it, and the fact columns it fills: `lead.created_at`."""

    header: str
    example: str
    becomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueMap:
    """What the values of a column mean: `meanings` the texts a person may choose, none where any text will do."""

    column: str
    header: str
    entries: tuple[tuple[str, str], ...]
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRead:
    """One table of one file. `table` is the fact table that most of it becomes; empty for a file that says nothing."""

    title: str
    table: str
    columns: tuple[ColumnRead, ...] = ()
    maps: tuple[ValueMap, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class UploadRead:
    files: tuple[FileRead, ...]
    doubts: tuple[str, ...]
    text: str
    export: Export | None = None
    problem: str = ""


def kept_profiles(home: Path) -> dict[str, Path]:
    """The profiles that people here kept, by name."""
    return {path.stem: path for path in sorted((home / PROFILES).glob("*.yaml"))}


def profile_named(name: str, home: Path) -> str:
    """What read_profile takes: the path of a kept profile, or the name of a shipped one; never a path of theirs.

    Raises UserError when there is neither
    """
    kept = kept_profiles(home)
    if name in kept:
        return str(kept[name])
    if name not in shipped_profiles():
        hint = N_("Choose another way to read the files.")
        raise UserError(N_('There is no profile "{name}".'), hint=hint, name=name[:60])
    return name


def fitting_profiles(files: Sequence[Path], home: Path, words: Words) -> tuple[str, ...]:
    """Names of the profiles that read any of the files; first those that read most files, and most of their columns."""
    found: list[tuple[int, int, str]] = []
    for name in (*kept_profiles(home), *(name for name in shipped_profiles() if name not in FOR_DEMOS)):
        try:
            export = match_export(files, _profile(name, home, words), src="", zone="", opened=sampled_file)
        except UserError:
            continue
        if export.matched:
            n_columns = sum(len(column.becomes) > 0 for each in export.matched for column in _columns(each, {}))
            found.append((len({each.file.path for each in export.everything}), n_columns, name))
    return tuple(name for _, _, name in sorted(found, key=lambda each: (-each[0], -each[1])))


def first_reading(upload: Upload, home: Path, *, zone: str, words: Words) -> tuple[tuple[str, ...], Reading]:
    """The profiles that fit, and how to begin: the best of them where it knows every file, else column by column."""
    ways = fitting_profiles(upload.files, home, words)
    latest = Import.objects.exclude(profile__in=FOR_DEMOS).values_list("source", flat=True).first()
    if ways:
        export = match_export(upload.files, _profile(ways[0], home, words), src="", zone="", opened=sampled_file)
        if not export.unknown and not export.unreadable:
            return ways, Reading(way=KNOWN, profile=ways[0], zone=export.profile.zone or zone)
    return ways, Reading(way=COLUMNS, zone=zone, source=latest or PROFILE_NAME)


def read_upload(upload: Upload, home: Path, words: Words) -> UploadRead:
    """What the upload's reading makes of its files; faults of a text are its `problem`, one line each."""
    reading = upload.reading
    try:
        if reading.way == COLUMNS:
            proposal = proposed(upload)
        else:
            proposal = Proposal(reading.text if reading.way == TEXT else _text_of(reading.profile, home))
        profile = read_profile_text(proposal.text, where="", words=words)
        return _described(upload, profile, proposal, words)
    except UserError as error:
        error.translate(words)
        files = tuple(_unread(path, words) for path in upload.files)
        return UploadRead(files, (), reading.text, problem=str(error).removeprefix(": "))


def proposed(upload: Upload) -> Proposal:
    """The profile that follows from what somebody chose column by column."""
    reading = upload.reading
    files = {
        title: FileChoice(str(told.get("table", "")), told.get("columns", {}), told.get("meanings", {}))
        for title, told in reading.files.items()
    }
    choices = Choices(files, reading.currency, reading.decimal, reading.formats, reading.source)
    return guessed_profile(upload.files, name=PROFILE_NAME, zone=reading.zone, choices=choices, opened=sampled_file)


def profile_for_import(upload: Upload, home: Path, words: Words) -> str:
    """What take_upload takes as the profile; a text is put beside the files.

    Raises UserError when the text cannot be obeyed
    """
    reading = upload.reading
    if reading.way == KNOWN:
        return profile_named(reading.profile, home)
    text = reading.text if reading.way == TEXT else proposed(upload).text
    read_profile_text(text, where="", words=words)
    upload.profile_path.write_text(text, encoding="utf-8")
    return str(upload.profile_path)


def _profile(name: str, home: Path, words: Words) -> Profile:
    return read_profile(profile_named(name, home), words)


def _text_of(name: str, home: Path) -> str:
    from importlib.resources import files

    place = Path(profile_named(name, home))
    if place.is_absolute():
        return decoded(place.read_bytes(), YamlReading(place.name))
    return files("smarketing.sources").joinpath("profiles", f"{name}.yaml").read_text(encoding="utf-8")


def _described(upload: Upload, profile: Profile, proposal: Proposal, words: Words) -> UploadRead:
    source, zone = upload.reading.source or profile.src, upload.reading.zone
    export = match_export(upload.files, profile, src=source, zone=zone, opened=sampled_file)
    is_guess = upload.reading.way == COLUMNS
    files = [_read_file(found, is_guess=is_guess, reading=upload.reading) for found in export.everything]
    doubts = tuple(doubt.told(words) for doubt in proposal.doubts)
    return UploadRead((*files, *_left(export, upload.reading, proposal, words)), doubts, proposal.text, export)


def _left(export: Export, reading: Reading, proposal: Proposal, words: Words) -> list[FileRead]:
    """Files that the profile does not read, those whose columns are still to be found, and those nobody can read."""
    described = {each.file.title for each in export.everything} | {each.title for each in export.beside}
    left = [FileRead(each.title, "", _plain_columns(each)) for each in (*export.unknown, *export.beside)]
    for path, error in export.unreadable:
        error.translate(words)
        lacking = [each for each in _lacking(path, reading, proposal) if each.title not in described]
        left += lacking or [FileRead(path.name, "", problem=f"{error.what} {error.hint}".strip())]
    return left


def _lacking(path: Path, reading: Reading, proposal: Proposal) -> list[FileRead]:
    """The tables of a file for which no column was found that they need: what was proposed, to be completed."""
    lines: dict[str, list[Line]] = {}
    for line in proposal.lines:
        if line.file.startswith(path.name):
            lines.setdefault(line.file, []).append(line)
    return [_from_lines(title, told, reading) for title, told in lines.items()]


def _from_lines(title: str, lines: Sequence[Line], reading: Reading) -> FileRead:
    columns = tuple(
        ColumnRead(line.header, line.example, tuple(filter(None, line.becomes.split(", ")))) for line in lines
    )
    found = next((name.partition(".")[0] for column in columns for name in column.becomes), "")
    return FileRead(title, str(reading.files.get(title, {}).get("table") or found), columns)


def _unread(path: Path, words: Words) -> FileRead:
    try:
        return FileRead((found := sampled_file(path)[0]).title, "", _plain_columns(found))
    except UserError as error:
        error.translate(words)
        return FileRead(path.name, "", problem=f"{error.what} {error.hint}".strip())


def _read_file(found: Matched, *, is_guess: bool, reading: Reading) -> FileRead:
    table = found.rules.take[-1 if not is_guess else 0].table if found.rules.take else ""
    if found.rules.take:
        counts = [take.table for take in found.rules.take if take.table != "stage_change"]
        table = _main(counts) or table
    values = _values(found.file)
    said = reading.files.get(found.file.title, {})
    columns = _columns(found, values, only=table if is_guess else "")
    return FileRead(
        found.file.title, str(said.get("table") or table), columns, _maps(found, table, values) if is_guess else ()
    )


def _main(tables: list[str]) -> str:
    """The table a file is about: a deal's file tells of deals first, whatever else follows from it."""
    order = ("touch", "spend", "deal", "lead", "owner", "delivery", "identity", "deal_lead")
    return next((name for name in order if name in tables), tables[0] if tables else "")


def _values(file: RowFile) -> dict[str, list[str]]:
    """The most frequent values of each column in the file's first stretch."""
    rows = first_rows(file)
    if rows is None:
        return {}
    cells = rows.cells.head(5_000)
    names = without_reject_columns(file.headers)
    return {name: cells[name].drop_nulls().value_counts(sort=True)[name].head(MOST_VALUES).to_list() for name in names}


def _plain_columns(file: RowFile) -> tuple[ColumnRead, ...]:
    return tuple(ColumnRead(name, shown_value(next(iter(found), ""))) for name, found in _values(file).items())


def _columns(found: Matched, values: Mapping[str, list[str]], only: str = "") -> tuple[ColumnRead, ...]:
    headers = Headers(found.file.headers, found.file.title)
    becomes: dict[str, list[str]] = {}
    for take in found.rules.take:
        for name, cell in take.columns.items():
            if only and take.table != only:
                continue
            for header in headers.find_all(cell.column):
                told = f"{take.table}.{name}"
                if told not in becomes.setdefault(header, []):
                    becomes[header].append(told)
    names = without_reject_columns(found.file.headers)
    return tuple(
        ColumnRead(name, shown_value(next(iter(values.get(name, ())), "")), tuple(becomes.get(name, ())))
        for name in names
    )


def _maps(found: Matched, table: str, values: Mapping[str, list[str]]) -> tuple[ValueMap, ...]:
    maps = []
    for take in (take for take in found.rules.take if take.table == table):
        for name, cell in take.columns.items():
            if name not in MEANINGS or not cell.column:
                continue
            seen = [value for value in values.get(cell.column[0], ()) if value]
            if not seen or len(seen) >= MOST_VALUES:
                continue
            meanings = TABLES[table].column(name).values
            entries = tuple((value, cell.map.get(value) or "") for value in seen)
            maps.append(ValueMap(name, cell.column[0], entries, meanings))
    return tuple(maps)


def fact_columns(table: str, words: Words) -> tuple[tuple[str, str], ...]:
    """What a column of a file may become: name and meaning of each column of a fact table."""
    left = ("src", "seen_at", "created_prec", "prec", "object")
    return tuple((column.name, words(column.meaning)) for column in TABLES[table].columns if column.name not in left)


def reading_of_import(found: Import, home: Path) -> Reading:
    """How the files of an earlier import were read, for its corrected rejects."""
    kept = kept_reading(found.id, home)
    if kept.is_file():
        text = decoded(kept.read_bytes(), YamlReading(kept.name))
        return Reading(way=TEXT, text=text, zone=found.zone, source=found.source)
    return Reading(way=KNOWN, profile=found.profile, zone=found.zone, source=found.source)
