"""A profile proposed from headers and sample values, written with its reasons so that a person can correct it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from smarketing.facts.schema import TABLES, Column, DType
from smarketing.sources.files.first_rows import first_rows
from smarketing.sources.files.open_file import Layout, Open, open_file
from smarketing.sources.files.rows import Note, RowFile
from smarketing.sources.header_words import FILE_WORDS, MEANINGS, TELLING, WORDS
from smarketing.sources.headers import plain, without_reject_columns
from smarketing.sources.profile import Decimals, is_derived
from smarketing.sources.read_numbers import amounts
from smarketing.sources.read_times import Style, instants
from smarketing.sources.yaml_text import yaml_text
from smarketing.terms.errors import UserError
from smarketing.terms.language import N_

SAMPLE = 1_000
FILL_IN = "FILL IN"
EMPTY_WORDS = ("-", "--", "n/a", "na", "null", "none", "select", "(empty)", "(blank)", "nan", "\\n", "sin asignar")
DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%d %b %Y", "%b %d, %Y")
CLOCKS = (" %H:%M", " %H:%M:%S", " %I:%M %p", ", %H:%M", ", %I:%M %p", "")
SPECIALS = ("epoch_s", "epoch_ms", "excel_1900")
FEW_VALUES = 40


@dataclass(frozen=True, slots=True)
class Line:
    """What one column of one file becomes; nothing when nobody knows."""

    file: str
    header: str
    becomes: str
    example: str


@dataclass(slots=True)
class Proposal:
    """The text of a profile, a line for each column, and what should be looked at first."""

    text: str = ""
    lines: list[Line] = field(default_factory=list)
    doubts: list[Note] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        from dataclasses import asdict

        from smarketing.terms.faults import ENGLISH

        return {
            "columns": [asdict(line) for line in self.lines],
            "doubts": [doubt.told(ENGLISH) for doubt in self.doubts],
        }


@dataclass(frozen=True, slots=True)
class FileChoice:
    """What a person says of one file: the fact table it fills, and the header of each fact column.

    `meanings` holds for fact columns the value in the file → the value in the facts.
    """

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person says in place of the guess; files by their title, empty texts leave it to the guess."""

    files: Mapping[str, FileChoice] = field(default_factory=dict)
    currency: str = ""
    decimal: str = ""
    formats: tuple[str, ...] = ()
    source: str = ""


@dataclass(slots=True)
class _Seen:
    """A file with a sample of its cells, and what was found out about it."""

    file: RowFile
    cells: pl.DataFrame
    typed: dict[str, pl.Series]
    is_named: bool = False  # by its sheet: the workbook has others
    is_first: bool = True  # the sheet that the file is called after
    table: str = ""
    columns: dict[str, str] = field(default_factory=dict)  # fact column → header
    formats: list[str] = field(default_factory=list)
    decimals: set[str] = field(default_factory=set)
    currencies: set[str] = field(default_factory=set)
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        said = f"{self.file.path.stem} {self.file.sheet}" if self.is_named else self.file.path.stem
        stem = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
        return re.sub(r"[^a-z0-9]+", "_", stem).strip("_") or "file"

    def values(self, header: str) -> list[str]:
        return self.cells[header].drop_nulls().value_counts(sort=True)[header].to_list()[:FEW_VALUES]


def guessed_profile(
    paths: Sequence[Path], *, name: str, zone: str = "", choices: Choices | None = None, opened: Open = open_file
) -> Proposal:
    """A profile for these files. It loads as it is written, and names by FILL IN what it could not find.

    Takes    choices  what a person has said already; the files are then also known by their columns
             opened   opens a file: sampled_file where first rows are kept
    Raises UserError when a file cannot be opened.
    """
    proposal = Proposal()
    seen = [each for path in paths for each in _sheets(opened(path, Layout()))]
    for each in seen:
        _settle(each, choices)
        _read_samples(each, proposal)
    _explain(seen, proposal)
    for each in [each for each in seen if not each.columns]:
        proposal.doubts.append(
            Note(N_("{file}: nothing in it looks like a fact; it is left out."), {"file": each.file.title})
        )
    seen = [each for each in seen if each.columns]
    if not seen:
        names = ", ".join(path.name for path in paths)
        raise UserError(
            N_("No column of {names} says what it is."),
            where="--guess",
            hint=N_("Copy the profile generic and write one by hand."),
            names=names,
        )
    if not zone:
        proposal.doubts.append(Note(N_("Times without an offset need a zone: fill in `zone:` or say --zone.")))
    ident = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    document = _document(seen, ident if re.match("[a-z]", ident) else f"p_{ident}", zone, proposal)
    if choices is not None:
        document = _chosen(document, seen, choices)
    head = "# Proposed from headers and sample values. Read every line: a wrong column gives wrong numbers.\n"
    proposal.text = head + yaml_text(document)
    return proposal


def _settle(seen: _Seen, choices: Choices | None) -> None:
    """The table and columns of a file: those that somebody chose, else the likeliest."""
    chosen = choices.files.get(seen.file.title) if choices else None
    seen.table = chosen.table if chosen else _table_of(seen)
    if not seen.table:
        seen.columns = {}
    elif chosen and chosen.columns:
        known = set(seen.cells.columns)
        names = TABLES[seen.table].names
        seen.columns = {name: header for name, header in chosen.columns.items() if header in known and name in names}
    else:
        seen.columns = _columns_of(seen)
    if chosen:
        seen.meanings = chosen.meanings


def _chosen(document: dict[str, Any], seen: Sequence[_Seen], choices: Choices) -> dict[str, Any]:
    """The document with what a person said of all files, and each file known by its columns as well."""
    said = {"source": choices.source, "currency": choices.currency, "decimal": choices.decimal}
    head = {key: value for key, value in document.items() if key != "files"}
    head |= {key: value for key, value in said.items() if value}
    files = {
        name: {"files": rules["files"], "headers": _telling(each)}
        | {key: value for key, value in rules.items() if key != "files"}
        | ({"format": list(choices.formats)} if choices.formats else {})
        for (name, rules), each in zip(document["files"].items(), seen, strict=True)
    }
    return head | {"files": files}


def _telling(seen: _Seen) -> list[str]:
    return list(dict.fromkeys(seen.columns.values()))


def _sheets(tables: list[RowFile]) -> list[_Seen]:
    """The visible tables of a file; the first when all are hidden."""
    shown = [table for table in tables if not table.is_hidden] or tables[:1]
    found = [_sampled(table, is_named=len(shown) > 1 or table.is_hidden) for table in shown]
    return [*found[:1], *(replace(each, is_first=False) for each in found[1:])]


def _sampled(file: RowFile, *, is_named: bool) -> _Seen:
    rows = first_rows(file)
    if rows is None:
        return _Seen(
            file, pl.DataFrame(schema=dict.fromkeys(without_reject_columns(file.headers), pl.String)), {}, is_named
        )
    names = without_reject_columns(file.headers)
    return _Seen(file, rows.cells.select(names), dict(rows.typed), is_named)


def _word(header: str) -> str:
    bare = unicodedata.normalize("NFKD", header)
    return plain("".join(letter for letter in bare if not unicodedata.combining(letter))).removeprefix("property")


def _table_of(seen: _Seen) -> str:
    """The fact table that this file is most like, by its telling columns, its name and the others; none by chance."""
    words = {_word(header) for header in seen.cells.columns}
    stem = _word(seen.file.path.stem * seen.is_first + seen.file.sheet)

    def likeness(table: str) -> float:
        hits = [name for name, known in WORDS[table].items() if words & set(known.split())]
        named = any(word in stem for word in FILE_WORDS[table].split())
        return (sum(3 if name in TELLING[table] else 1 for name in hits) + 4 * named) if hits else 0

    best = max(WORDS, key=likeness)
    return best if likeness(best) >= 2 else ""


def _columns_of(seen: _Seen) -> dict[str, str]:
    """For each fact column the header that says it most plainly; a header fills one column of a kind."""
    by_word = {_word(header): header for header in reversed(seen.cells.columns)}
    found: dict[str, str] = {}
    for name, known in WORDS[seen.table].items():
        column = TABLES[seen.table].column(name)
        candidates = [by_word[word] for word in known.split() if word in by_word]
        fitting = [header for header in candidates if _could_be(seen, header, column)]
        if fitting:
            found[name] = fitting[0]
    if seen.table == "lead" and "lead_id" in found:
        found.setdefault("person_key", found["lead_id"])  # activities that name the contact then find the lead
    own = TABLES[seen.table].key[-1]
    if own in WORDS[seen.table] and own in found and seen.cells[found[own]].drop_nulls().is_duplicated().any():
        del found[own]  # what repeats is no id; rows then get ids from their content
    return found


def _could_be(seen: _Seen, header: str, column: Column) -> bool:
    texts = _filled(seen, header)
    if texts.is_empty():
        return not column.required
    if column.dtype in (DType.INSTANT, DType.DAY):
        return bool(_formats(texts)[0] >= 0.8)
    if column.dtype is DType.MONEY or column.name in ("impressions", "clicks", "score"):
        return any(_share_read(texts, seen, header, sign) >= 0.8 for sign in (".", ","))
    return True


def _filled(seen: _Seen, header: str) -> pl.Series:
    texts = seen.cells[header].drop_nulls()
    return texts.filter(~texts.str.to_lowercase().is_in(EMPTY_WORDS)).head(SAMPLE)


def _share_read(texts: pl.Series, seen: _Seen, header: str, decimal: Decimals) -> float:
    typed = seen.typed.get(header)
    if typed is not None and typed.all():
        return 1.0
    read, _ = amounts(texts, None, decimal)
    return read.reasons.null_count() / max(len(texts), 1)


def _formats(texts: pl.Series) -> tuple[float, list[str], bool]:
    share, formats, is_doubtful = _formats_of(tuple(texts))
    return share, list(formats), is_doubtful


@lru_cache(maxsize=256)
def _formats_of(values: tuple[str, ...]) -> tuple[float, tuple[str, ...], bool]:
    """How much of a column can be read as times, by which formats, and whether day and month may be swapped."""
    texts = pl.Series(values, dtype=pl.String)

    def share(formats: tuple[str, ...]) -> float:
        return instants(texts, Style(zone="UTC", format=formats)).reasons.null_count() / max(len(texts), 1)

    plainly = share(())
    if plainly >= 0.999:
        return plainly, (), False
    scores = {written: share((written,)) for date in DATES for written in (date + clock for clock in CLOCKS)}
    if max(scores.values()) < 0.5:
        numbers = {name: share((name,)) for name in SPECIALS}
        best = max(numbers, key=lambda name: numbers[name])
        return max(plainly, numbers[best]), (best,) if numbers[best] > plainly else (), False
    best = max(scores, key=lambda written: scores[written])
    twin = best.replace("%d", "#").replace("%m", "%d").replace("#", "%m")
    is_doubtful = twin != best and abs(scores.get(twin, 0) - scores[best]) < 1e-9
    chosen = [best]
    others = [written for written in scores if written != best and scores[written] > 0 and written != twin]
    order = best[:5]
    for written in sorted(others, key=lambda w: -scores[w]):
        if written[:5] == order and share((*chosen, written)) > share(tuple(chosen)):
            chosen.append(written)
    return share(tuple(chosen)), tuple(chosen), is_doubtful


def _read_samples(seen: _Seen, proposal: Proposal) -> None:
    """Formats, decimal sign and currencies, from the cells of the columns that need them."""
    for name, header in seen.columns.items():
        column = TABLES[seen.table].column(name)
        texts = _filled(seen, header)
        if texts.is_empty():
            continue
        if column.dtype in (DType.INSTANT, DType.DAY):
            _, formats, is_doubtful = _formats(texts)
            seen.formats += [written for written in formats if written not in seen.formats]
            if is_doubtful:
                message = N_(
                    '{file}: day and month of "{header}" may be the other way round; the sample does not tell.'
                )
                proposal.doubts.append(Note(message, {"file": seen.file.title, "header": header}))
        elif column.dtype is DType.MONEY and not (header in seen.typed and seen.typed[header].all()):
            shares: dict[Decimals, float] = {
                sign: _share_read(texts, seen, header, sign) for sign in (".", ",", "either")
            }
            seen.decimals.add(max(shares, key=lambda sign: shares[sign]))
            named = amounts(texts, None, "either")[1].drop_nulls()
            seen.currencies |= set(named.filter(named.str.contains("^[A-Z]{3}$")).to_list())


def _explain(seen: list[_Seen], proposal: Proposal) -> None:
    for each in seen:
        becomes: dict[str, list[str]] = {}
        for name, header in each.columns.items():
            becomes.setdefault(header, []).append(f"{each.table}.{name}")
        for header in each.cells.columns:
            sample = next(iter(each.values(header)), "")
            proposal.lines.append(Line(each.file.title, header, ", ".join(becomes.get(header, [])), _shown(sample)))


def _shown(sample: str) -> str:
    from smarketing.sources.rejection import shown_value

    return shown_value(sample)


# ------------------------------------------------------------------------------------------------- the document


def _document(seen: list[_Seen], ident: str, zone: str, proposal: Proposal) -> dict[str, Any]:
    decimals = {sign for each in seen for sign in each.decimals}
    currencies = {code for each in seen for code in each.currencies}
    empty = sorted({text for each in seen for text in _empty_texts(each)})
    document: dict[str, Any] = {"profile": ident, "kind": "file"}
    document |= {"zone": zone} if zone else {}
    document |= {"currency": currencies.pop()} if len(currencies) == 1 else {}
    document |= {"decimal": decimals.pop() if len(decimals) == 1 else "either"} if decimals - {"."} else {}
    document |= {"empty": empty} if empty else {}
    files: dict[str, Any] = {}
    has_leads = any(each.table == "lead" for each in seen)
    for each in seen:
        name = each.name
        while name in files:
            name += "_2"
        takes = [_take(each, each.table, each.columns, proposal)]
        if each.table == "deal" and not has_leads:
            takes.insert(0, _lead_of_deal(each, proposal))
        if each.table in ("lead", "deal"):
            takes += _first_stage(takes[0])
        files[name] = {
            "files": [f"{each.file.path.stem}*"],
            **({"sheet": each.file.sheet} if each.is_named else {}),
            **({"format": each.formats} if each.formats else {}),
            "take": takes,
        }
    return document | {"files": files}


def _empty_texts(seen: _Seen) -> set[str]:
    found: set[str] = set()
    for name in seen.cells.columns:
        texts = seen.cells[name].drop_nulls()
        found |= set(texts.filter(texts.str.to_lowercase().is_in(EMPTY_WORDS)).to_list())
    return found


def _take(seen: _Seen, table: str, columns: dict[str, str], proposal: Proposal) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for column in TABLES[table].columns:
        if column.name in columns:
            cells[column.name] = _cell(seen, columns[column.name], column)
        elif column.required and not is_derived(table, column):
            cells[column.name] = _default(seen, table, column, proposal)
    return {"table": table, "columns": cells}


def _cell(seen: _Seen, header: str, column: Column) -> Any:
    meanings = MEANINGS.get(column.name)
    if meanings is None:
        return header
    values, said = seen.values(header), seen.meanings.get(column.name)
    entries = dict(said) if said is not None else {v: meant for v in values if (meant := _meaning(v, meanings))}
    otherwise = {"status": "open", "outcome": "unknown", "reason": "slug", "lifecycle": "lead"}.get(column.name)
    told: dict[str, Any] = {"column": header}
    told |= {"map": entries} if entries else {}
    return told | ({"otherwise": otherwise} if otherwise and (entries or column.values) else {})


def _meaning(value: str, meanings: tuple[tuple[str, str], ...]) -> str:
    return next((meant for pattern, meant in meanings if re.search(pattern, value.lower())), "")


def _default(seen: _Seen, table: str, column: Column, proposal: Proposal) -> Any:
    """What a required column gets when no header says it: what is usual, or a line to fill in."""
    stem = _word(seen.file.path.stem + " ".join(seen.cells.columns))
    usual = {
        ("touch", "kind"): next((m for p, m in MEANINGS["kind"] if re.search(p, stem)), "call"),
        ("touch", "direction"): "out",
        ("owner", "kind"): "person",
        ("stage_change", "entity"): "deal" if "deal" in stem or "opportunit" in stem else "lead",
        ("stage_change", "field"): "status",
    }
    value = usual.get((table, column.name))
    if value is None:
        message = N_("{file}: no column was found for {column}; write its header in place of FILL IN.")
        proposal.doubts.append(Note(message, {"file": seen.file.title, "column": f"{table}.{column.name}"}))
        return FILL_IN
    message = N_("{file}: {column} is taken to be {value} for every row.")
    values = {"file": seen.file.title, "column": f"{table}.{column.name}", "value": value}
    proposal.doubts.append(Note(message, values))
    return {"value": value}


def _lead_of_deal(seen: _Seen, proposal: Proposal) -> dict[str, Any]:
    """No file is about leads: then a deal's row is the request as well."""
    twin = _Seen(seen.file, seen.cells, seen.typed, table="lead")
    columns = {name: header for name, header in _columns_of(twin).items() if name != "lead_id"}
    if "deal_id" in seen.columns:
        columns["lead_id"] = seen.columns["deal_id"]
        seen.columns.setdefault("lead_id", seen.columns["deal_id"])
    message = N_("{file}: no file is about leads, so every deal is taken to be a lead as well.")
    proposal.doubts.append(Note(message, {"file": seen.file.title}))
    return _take(twin, "lead", columns, proposal)


def _first_stage(lead: dict[str, Any]) -> list[dict[str, Any]]:
    """A lead is a lead from the moment it was made; later stages need a history."""
    columns = lead["columns"]
    if lead["table"] != "lead" or "lead_id" not in columns or columns.get("created_at") in (None, FILL_IN):
        return []
    said = {"entity": "lead", "field": "lifecycle", "to_value": "lead", "origin": "derived"}
    cells = {name: {"value": value} for name, value in said.items()}
    return [
        {
            "table": "stage_change",
            "columns": {**cells, "entity_id": columns["lead_id"], "changed_at": columns["created_at"]},
        }
    ]
