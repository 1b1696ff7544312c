"""Headers matched to the names a profile uses, and files matched to the rules of a profile."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from smarketing.facts.schema import Column
from smarketing.sources.files.rows import RowFile
from smarketing.sources.profile import Cell, FileRules, Profile, Take, is_derived
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

REJECT_COLUMNS = ("rejected row", "rejected column", "rejected value", "rejected because")


def plain(header: str) -> str:
    """`Created Date`, `created_date` and `CreatedDate` are one header."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(letter for letter in text if letter.isalnum()) or text


class Headers:
    """The columns of one file, found exactly or, where that is unmistakable, whatever their case and spaces."""

    def __init__(self, names: Sequence[str], where: str) -> None:
        self.names = tuple(names)
        self._where = where
        self._by_plain: dict[str, list[str]] = {}
        for name in self.names:
            self._by_plain.setdefault(plain(name), []).append(name)

    def find(self, wanted: str) -> str | None:
        """The file's own spelling of a header, or None.

        Raises UserError when two columns could be meant.
        """
        if f"{wanted} (2)" in self.names and wanted in self.names:
            raise UserError(
                N_('Two columns are called "{name}".'), where=self._where, hint=N_("Rename one of them."), name=wanted
            )
        if wanted in self.names:
            return wanted
        alike = self._by_plain.get(plain(wanted), [])
        if len(alike) > 1:
            raise UserError(
                N_('"{name}" may be any of these columns: {names}.'),
                where=self._where,
                hint=N_("Spell it in the profile as the file does."),
                name=wanted,
                names=", ".join(alike),
            )
        return alike[0] if alike else None

    def find_all(self, wanted: Sequence[str]) -> list[str]:
        found = [self.find(name) for name in wanted]
        return list(dict.fromkeys(name for name in found if name))

    def nearest(self, wanted: Sequence[str]) -> str:
        by_plain = {plain(name): name for name in self.names}
        for name in wanted:
            close = get_close_matches(plain(name), by_plain, n=1, cutoff=0.6)
            if close:
                return by_plain[close[0]]
        return ""


@dataclass(frozen=True, slots=True)
class Matched:
    """A file and the rules of the profile that read it."""

    file: RowFile
    name: str
    rules: FileRules


def match_file(file: RowFile, profile: Profile) -> Matched | None:
    """The rules that fit a file: by its name if its columns do not object, else by its columns alone.

    Raises UserError when the name fits and a column that must be there is missing, or two rules fit equally well.
    """
    candidates = [(name, rules) for name, rules in profile.files.items() if _fits_sheet(file, rules)]
    headers = Headers([name for name in file.headers if name not in REJECT_COLUMNS], file.title)
    named = [(name, rules) for name, rules in candidates if rules.has_name(file.path.name)]
    if named:
        whole = [(name, rules) for name, rules in named if not missing(rules, headers)]
        known = [(name, rules) for name, rules in whole if _is_known_by(rules, headers)] or whole
        if len(known) > 1:
            # The pattern that says most about the name is meant: deal_stage* before deal*.
            known.sort(
                key=lambda pair: (
                    -max(len(p) for p in pair[1].files if fnmatchcase(file.path.name.casefold(), p.casefold()))
                )
            )
        if known:
            return _bound(file, *known[0], headers)
        others = [
            pair for pair in candidates if pair not in named and pair[1].headers and _is_known_by(pair[1], headers)
        ]
        if not others and not file.sheet:
            raise _lacks(file, *named[0], headers)
    known = [
        (name, rules)
        for name, rules in candidates
        if rules.headers and rules.take and _is_known_by(rules, headers) and not missing(rules, headers)
    ]
    if not known:
        return None
    most = max(len(rules.headers) for _, rules in known)
    best = [(name, rules) for name, rules in known if len(rules.headers) == most]
    if len(best) > 1:
        raise UserError(
            N_("The profile {profile} could read this file in several ways: {names}."),
            where=file.title,
            hint=N_("Say by `files:` in the profile which names belong to which."),
            profile=profile.profile,
            names=", ".join(name for name, _ in best),
        )
    return _bound(file, *best[0], headers)


def _bound(file: RowFile, name: str, rules: FileRules, headers: Headers) -> Matched:
    """Raises UserError when a column the rules read could be two of the file's."""
    used_columns(rules, headers)
    return Matched(file, name, rules)


def _fits_sheet(file: RowFile, rules: FileRules) -> bool:
    if rules.sheet:
        return fnmatchcase(file.sheet.casefold(), rules.sheet.casefold())
    return not file.is_hidden


def _is_known_by(rules: FileRules, headers: Headers) -> bool:
    return all(headers.find(name) for name in rules.headers)


def is_possible(take: Take, headers: Headers) -> bool:
    """Whether any row of a file with these columns could fit: what must be filled has a column."""
    must_have = [key for key, when in take.when.items() if when.is_filled == "yes" or when.one_of]
    has_all = all(headers.find_all([key, *key.split("|")]) for key in must_have)
    return has_all and (take.each is None or headers.find(take.each.column) is not None)


def missing(rules: FileRules, headers: Headers) -> list[tuple[Take, Column, Cell]]:
    """What the rules must fill and cannot, because the file has none of the columns they name."""
    looked_up = {f"{lookup.file}.{name}" for lookup in rules.lookups for name in lookup.columns}
    return [
        (take, column, cell)
        for take in rules.take
        if is_possible(take, headers)
        for name, cell in take.columns.items()
        if (column := take.schema.column(name)).required
        and cell.column
        and not cell.if_empty
        and not is_derived(take.table, column)
        and not headers.find_all(cell.column)
        and not looked_up & set(cell.column)
    ]


def _lacks(file: RowFile, name: str, rules: FileRules, headers: Headers) -> UserError:
    lacking = missing(rules, headers)
    take, column, cell = lacking[0]
    near = headers.nearest(cell.column)
    return UserError(
        N_("The file looks like {rules} and lacks a column that {fact} needs: {wanted}. Columns lacking: {n}."),
        where=file.title,
        hint=N_('Is it "{near}"? Then write that in the profile.') if near else N_("Export it with that column."),
        rules=name,
        fact=f"{take.table}.{column.name}",
        wanted=", ".join(cell.column[:4]),
        n=len(lacking),
        near=near,
    )


def used_columns(rules: FileRules, headers: Headers) -> set[str]:
    """Columns of the file that the rules read."""
    used: set[str] = set()
    for take in rules.take:
        names = [name for cell in take.columns.values() for name in cell.column]
        keys = [*take.when, *[key for cell in take.columns.values() for key in cell.when]]
        names += [name for key in keys for name in (key, *key.split("|"))]
        names += [take.each.column] if take.each else []
        used.update(headers.find_all(names))
    for lookup in rules.lookups:
        used.update(headers.find_all(list(lookup.on)))
    return used


def unused(rules: FileRules, headers: Headers) -> list[str]:
    """Columns of the file that the rules do not read."""
    used = used_columns(rules, headers)
    return [name for name in headers.names if name not in used and name not in REJECT_COLUMNS]


def without_reject_columns(names: Sequence[str]) -> list[str]:
    return [name for name in names if name not in REJECT_COLUMNS]
