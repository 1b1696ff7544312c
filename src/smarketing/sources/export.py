"""The files of one export sorted by what a profile knows of them, and what one looks up in another."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import polars as pl

from smarketing.sources.files.open_file import Layout, Open, open_file
from smarketing.sources.files.rows import RowFile
from smarketing.sources.headers import Headers, Matched, match_file
from smarketing.sources.profile import Profile
from smarketing.sources.read_profile import profile_fingerprint
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_


@dataclass(slots=True)
class Export:
    """`matched` files are read, `linking` ones are only looked into, `unknown` ones fit no rule of the profile;
    `beside` are visible sheets of a workbook that has others which are read."""

    profile: Profile
    src: str
    zone: str
    matched: list[Matched] = field(default_factory=list)
    linking: list[Matched] = field(default_factory=list)
    unknown: list[RowFile] = field(default_factory=list)
    beside: list[RowFile] = field(default_factory=list)
    unreadable: list[tuple[Path, UserError]] = field(default_factory=list)
    hashes: dict[Path, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        return _joined(profile_fingerprint(self.profile), self.src, self.zone, *sorted(self.hashes.values()))

    def fingerprint_of(self, found: Matched) -> str:
        """This content, read by this profile beside these files to look things up in."""
        names = {lookup.file for lookup in found.rules.lookups}
        beside = {self.hashes[other.file.path] for other in self.everything if other.name in names}
        own = (self.hashes[found.file.path], found.file.sheet, found.name)
        return _joined(*own, profile_fingerprint(self.profile), self.src, self.zone, *sorted(beside))

    @property
    def everything(self) -> list[Matched]:
        return [*self.matched, *self.linking]

    def looked_up(self, found: Matched) -> dict[str, pl.DataFrame]:
        """The files that this one looks things up in: whole, with only the columns that are asked for."""
        frames: dict[str, pl.DataFrame] = {}
        for lookup in found.rules.lookups:
            others = [other.file for other in self.everything if other.name == lookup.file]
            if not others:
                found.file.note(N_("there is no {name} file beside it: what it links stays unknown"), name=lookup.file)
                continue
            wanted = [*lookup.on.values(), *lookup.columns, *lookup.when]
            whole = pl.concat([_columns(other, wanted) for other in others], how="diagonal")
            known = frames.get(lookup.file)
            frames[lookup.file] = whole if known is None else _merged(known, whole)
        return frames


def match_export(paths: Sequence[Path], profile: Profile, *, src: str, zone: str, opened: Open = open_file) -> Export:
    """Open every file and find the rules that read it. A file that cannot be opened does not stop the others.

    Takes    opened  opens a file: sampled_file where first rows are enough
    """
    export = Export(profile, src, zone)
    for path in dict.fromkeys(paths):
        try:
            tables = opened(path, layout_of(path, profile))
            fitting = [found for table in tables if (found := match_file(table, profile))]
            export.hashes[path] = _sha256(path)
        except UserError as error:
            export.unreadable.append((path, error))
            continue
        export.matched += [found for found in fitting if found.rules.take]
        export.linking += [found for found in fitting if not found.rules.take]
        read = {found.file.sheet for found in fitting}
        left = [table for table in tables if table.sheet not in read]
        if not fitting:
            export.unknown.append(tables[0])
        elif left:
            names = ", ".join(table.sheet for table in left)
            fitting[0].file.note(N_("other sheets are not read: {names}"), names=names)
            export.beside += [table for table in left if not table.is_hidden]
    return export


def _columns(file: RowFile, wanted: list[str]) -> pl.DataFrame:
    headers = Headers(file.headers, file.title)
    names = headers.find_all(wanted)
    frames = [rows.cells.select(names) for rows in file.read()]
    return pl.concat(frames) if frames else pl.DataFrame(schema=dict.fromkeys(names, pl.String))


def _merged(known: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Two lookups into one file: rows are the same and in the same order, so that columns stand side by side."""
    return known.with_columns(more.get_column(name) for name in more.columns if name not in known.columns)


def layout_of(path: Path, profile: Profile) -> Layout:
    """What the rules that fit the file's name say of its shape."""
    for rules in profile.files.values():
        if rules.has_name(path.name):
            return Layout(rules.delimiter, rules.encoding, rules.header_row)
    return Layout()


def _sha256(path: Path) -> str:
    told = path.stat()
    return _sha256_of(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=64)
def _sha256_of(path: Path, changed_ns: int, n_bytes: int) -> str:  # noqa: ARG001
    """What tells one state of a file from another is part of the key."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _joined(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
