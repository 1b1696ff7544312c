"""A form of an agreement as its page shows it: fields with their errors, rows, and how it will be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smarketing.terms.agreement import Agreement
from smarketing.terms.document import Section, document
from smarketing.terms.faults import Fault
from smarketing.terms.hours import DAYS
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.zones import zone_names
from smarketing.web.forms.entries import Choices, Entries, Entry, Name, Rows, Said, n_rows
from smarketing.web.forms.tree_values import LENGTHS
from smarketing.workflows.weigh_terms import concerns, own_cautions

DAY_NAMES = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
MEASURES = {
    "share": N_("a share of them in time"),
    "mean": N_("on average"),
    "median": N_("half of them (median)"),
    "p90": N_("nine in ten (90th percentile)"),
    "depth": N_("touches on average"),
    "count": N_("a number"),
    "sum": N_("a sum"),
    "rate": N_("a share of them"),
    "gap": N_("never longer than"),
}
MOST_DOUBTS = 6


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """`parts` are the texts of a value of several inputs, by the end of their names."""

    name: str
    kind: str
    label: str
    help: str
    value: str
    unit: str
    is_required: bool
    errors: tuple[str, ...]
    options: tuple[Option, ...]
    known: tuple[str, ...]
    parts: Mapping[str, str] = field(default_factory=dict)
    measures: tuple[Option, ...] = ()
    lengths: tuple[Option, ...] = ()
    days: tuple[tuple[str, str, str], ...] = ()
    counted: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    title: str
    controls: tuple[Control | RowSet, ...]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class RowSet:
    name: str
    label: str
    help: str
    one: str
    rows: tuple[Row, ...]
    errors: tuple[str, ...]
    kind: str = "rows"


@dataclass(frozen=True, slots=True)
class ReadRow:
    name: str
    lines: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A part of the document as it will be read; of each row its name, the lines under it, and what else it says."""

    title: str
    sentences: tuple[str, ...]
    rows: tuple[ReadRow, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the form will be read, and what speaks against it; `problem` where it cannot be read yet."""

    parts: tuple[Read, ...] = ()
    doubts: tuple[str, ...] = ()
    problem: str = ""
    good: str = ""


@dataclass(frozen=True, slots=True)
class FormPage:
    controls: tuple[Control | RowSet, ...]
    others: tuple[str, ...]  # what is wrong in another section
    n_errors: int
    reading: Reading
    zones: tuple[str, ...]


def form_page(
    entries: Entries, said: Said, faults: Sequence[Fault], *, words: Words, reading: Reading, prefix: str = ""
) -> FormPage:
    """Takes    prefix  where in the agreement the entries begin, for the paths of faults"""
    names = _names(entries, said)
    errors, others = _placed(faults, names, said, prefix, words)
    controls = _controls(entries, said, errors, words)
    zones = tuple(sorted(name for name in zone_names() if "/" in name))
    return FormPage(controls, others, len(faults), reading, zones)


def _names(entries: Entries, said: Said, prefix: str = "") -> dict[str, Entry | Rows]:
    found: dict[str, Entry | Rows] = {}
    for each in entries:
        name = prefix + each.path
        found[name] = each
        if isinstance(each, Rows):
            for n in range(n_rows(said, name)):
                found |= _names(each.entries, said, f"{name}.{n}.")
    return found


def _placed(
    faults: Sequence[Fault], names: Mapping[str, Entry | Rows], said: Said, prefix: str, words: Words
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    errors: dict[str, tuple[str, ...]] = {}
    others = []
    for fault in faults:
        path = ".".join(map(str, fault.path))
        steps = path.removeprefix(prefix).split(".") if path.startswith(prefix) else []
        name = next((".".join(steps[:end]) for end in range(len(steps), 0, -1) if ".".join(steps[:end]) in names), "")
        text = f"{fault.what} {fault.hint}".strip()
        if not name:
            others.append(f"{path}: {text}" if path else text)
            continue
        found = names[name]
        is_empty = isinstance(found, Entry) and found.is_required and _is_empty(found, said, name)
        errors[name] = (*errors.get(name, ()), words("Fill this in.") if is_empty or not text else text)
    return errors, tuple(others)


def _is_empty(entry: Entry, said: Said, name: str) -> bool:
    if entry.kind == "target":
        parts = [said.get(f"{name}.{part}", "") for part in ("value", "touches", "amount")]
        return not all(parts[:1]) or not any(parts)
    return not said.get(name, "").strip()


def _controls(
    entries: Entries, said: Said, errors: Mapping[str, tuple[str, ...]], words: Words, prefix: str = ""
) -> tuple[Control | RowSet, ...]:
    return tuple(
        _rows(each, said, errors, words, prefix + each.path)
        if isinstance(each, Rows)
        else _control(each, said, errors.get(prefix + each.path, ()), words, prefix + each.path)
        for each in entries
    )


def _rows(rows: Rows, said: Said, errors: Mapping[str, tuple[str, ...]], words: Words, name: str) -> RowSet:
    n = n_rows(said, name)
    one = words(rows.one)
    found = tuple(
        Row(
            name=f"{name}.{position}",
            title=said.get(f"{name}.{position}.{rows.titled}", "") or f"{one} {position + 1}",
            controls=_controls(rows.entries, said, errors, words, f"{name}.{position}."),
            is_first=position == 0,
            is_last=position == n - 1,
        )
        for position in range(n)
    )
    about = words(rows.about) if rows.about else ""
    return RowSet(name, words(rows.label), about, one, found, errors.get(name, ()))


def _control(entry: Entry, said: Said, errors: tuple[str, ...], words: Words, name: str) -> Control:
    value = said.get(name, "")
    chosen = set(value.splitlines()) if entry.kind == "ticks" else {value}
    start = f"{name}."
    parts = {key.removeprefix(start): text for key, text in said.items() if key.startswith(start)}
    about = _spoken(entry.about, words)
    return Control(
        name=name,
        kind=entry.kind,
        label=_spoken(entry.label, words),
        help=about[:1].upper() + about[1:],
        value=value,
        unit=_spoken(entry.unit, words),
        is_required=entry.is_required,
        errors=errors,
        options=_options(_in_said_order(entry, value), chosen, words, keep=value if entry.kind == "choice" else ""),
        known=entry.known,
        parts=parts,
        measures=_options(tuple((each, MEASURES[each]) for each in entry.measures), {parts.get("measure", "")}, words),
        lengths=_options(LENGTHS, {parts.get("unit", "business hour")}, words, keep=parts.get("unit", "")),
        days=tuple((day, words(label), parts.get(day, "")) for day, label in zip(DAYS, DAY_NAMES, strict=True)),
        counted=_options(entry.choices, {parts.get("counted", "")}, words, keep=parts.get("counted", ""))
        if entry.choices
        else (),
    )


def _in_said_order(entry: Entry, value: str) -> Choices:
    """What is ticked comes first where it was written in another order than it is offered, so that the order stays."""
    said, offered = value.splitlines(), [choice for choice, _ in entry.choices]
    if entry.kind != "ticks" or said == [each for each in offered if each in said]:
        return entry.choices
    labels = dict(entry.choices)
    order = [*said, *(each for each in offered if each not in said)]
    return tuple((each, labels.get(each, Name(each))) for each in order)


def _options(choices: Choices, chosen: set[str], words: Words, keep: str = "") -> tuple[Option, ...]:
    """The choices; one that is said already and no longer offered stays, so that nothing changes by itself."""
    offered = [Option(value, _spoken(label, words), value in chosen) for value, label in choices]
    if keep and keep not in {value for value, _ in choices}:
        offered.append(Option(keep, keep, True))
    return tuple(offered)


def _spoken(label: str, words: Words) -> str:
    return str(label) if isinstance(label, Name) or not label else words(label)


def read_as(terms: Agreement, previews: Sequence[str], *, words: Words) -> Reading:
    """The parts of the document whose id begins as one of `previews` does, and the doubts about them."""
    parts = tuple(
        Read(part.title, part.text, rows)
        for part in document(terms, words)
        for rows in [_rows_of(part, previews)]
        if rows or _is_of(part.id, previews)
    )
    doubts = [f"{each.what} {each.advice}" for each in concerns(terms, words) if _is_of(each.where, previews)]
    if any(_is_of(each, ("parties", "calendars", "commitments")) for each in previews):
        doubts += own_cautions(terms, words)
    is_about_hours = any(each.endswith(".capacity") for each in previews)
    able = any(party.capacity for party in terms.parties)
    good = words("The hours are there for what is promised.") if is_about_hours and able and not doubts else ""
    return Reading(parts, tuple(dict.fromkeys(doubts))[:MOST_DOUBTS], good=good)


def read_whole(terms: Agreement, words: Words) -> tuple[Read, ...]:
    """Every part of the document."""
    return tuple(
        Read(part.title, part.text, tuple(_read_row(part, row) for row in part.rows)) for part in document(terms, words)
    )


def _is_of(id: str, previews: Sequence[str]) -> bool:
    return any(id == each or id.startswith(f"{each}.") for each in previews) and not id.endswith(".commitments")


def _rows_of(part: Section, previews: Sequence[str]) -> tuple[ReadRow, ...]:
    clauses = part.clauses or ("",) * len(part.rows)
    told = zip(part.rows, clauses, strict=True)
    is_all = _is_of(part.id, previews)
    return tuple(_read_row(part, row) for row, clause in told if is_all or (clause and _is_of(clause, previews)))


def _read_row(part: Section, row: Sequence[str]) -> ReadRow:
    name, *lines = row[0].split("\n")
    pairs = tuple((header, cell) for header, cell in zip(part.header[1:], row[1:], strict=False) if cell)
    return ReadRow(name, tuple(lines), pairs)
