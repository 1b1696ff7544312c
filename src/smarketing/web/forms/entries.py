"""Forms made of the terms themselves: entries name places of an agreement, rows its lists, and both read and write it.

What is typed is kept flat, by the name of its input, and the name of an input is the path of its value: that is how
a fault of the terms finds the field it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.text import slugify
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from smarketing.web.forms.tree_values import gather, is_blank, spread

Said = dict[str, str]
Choices = tuple[tuple[str, str], ...]
MOST_ROWS = 60
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


class Name(str):
    """A label that somebody gave, which no catalogue translates."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One value. `label` is a sentence of the catalogue, `about` too; `default` is what counts when it is left out.

    kind       text, area, lines, number, share, date, choice, ticks, allowance, target, week, dated, hidden
    choices    value and label, a sentence of the catalogue or a Name
    measures   of a target: what it may be judged by
    known      suggestions for a text
    follows    of a hidden id: the entry that a new one is called after
    """

    path: str
    label: str = ""
    about: str = ""
    kind: str = "text"
    choices: Choices = ()
    unit: str = ""
    default: str = ""
    is_required: bool = False
    measures: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    follows: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of parts of the same kind; `one` names a part, `titled` the entry that a part is recognised by."""

    path: str
    label: str
    one: str
    entries: tuple[Entry | Rows, ...]
    titled: str
    about: str = ""


Entries = Sequence[Entry | Rows]


def entry(model: type[BaseModel], path: str, label: str, **more: Any) -> Entry:
    """An entry for the field of a model that the path ends in: its help and what is meant when it is left out."""
    field = model.model_fields[path.rpartition(".")[2]]
    plain = field.default if field.default not in (None, (), PydanticUndefined) else ""
    default = "\n".join(plain) if isinstance(plain, tuple) else str(getattr(plain, "value", plain))
    kind = more.get("kind", "text")
    shown = next(iter(spread(kind, default).values()), "") if kind == "share" else default
    is_simple = kind in ("text", "area", "lines", "number", "share", "date", "choice", "ticks")
    told: dict[str, Any] = {"about": field.description or "", "is_required": field.is_required()}
    told["default"] = shown if is_simple else ""
    return Entry(path, label, **(told | more))


def posted(query: QueryDict) -> Said:
    """What was typed, without control characters; what is ticked several times as lines."""
    return {name: CONTROL.sub("", "\n".join(map(str, query.getlist(name))).replace("\r\n", "\n")) for name in query}


def opened(entries: Entries, tree: Any, prefix: str = "") -> Said:
    """What the inputs show of a tree."""
    said: Said = {}
    for each in entries:
        name, value = prefix + each.path, value_at(tree, each.path)
        if isinstance(each, Rows):
            said[f"{name}.n"] = str(len(value or ()))
            for position, item in enumerate(value or ()):
                said |= opened(each.entries, item, f"{name}.{position}.")
        else:
            parts = spread(each.kind, value) if value is not None else {"": each.default}
            said |= {name + end: text for end, text in parts.items()}
    return said


def gathered(entries: Entries, said: Mapping[str, str], tree: Any, prefix: str = "") -> Any:
    """A copy of the tree in which every place of the entries says what was typed."""
    tree = deepcopy(tree)
    for each in entries:
        name = prefix + each.path
        if isinstance(each, Rows):
            _put_rows(each, said, tree, name)
        else:
            put_at(tree, each.path, gather(each.kind, said, name))
    return tree


def _put_rows(rows: Rows, said: Mapping[str, str], tree: Any, name: str) -> None:
    items = [gathered(rows.entries, said, {}, f"{name}.{n}.") for n in range(n_rows(said, name))]
    for each in rows.entries:
        if isinstance(each, Entry) and each.follows:
            _name_new(items, each)
    put_at(tree, rows.path, items)


def _name_new(items: list[dict[str, Any]], id: Entry) -> None:
    """Parts that have no id yet get one after their name."""
    taken = {item.get(id.path) for item in items}
    for item in items:
        if not item.get(id.path):
            item[id.path] = free_id(str(item.get(id.follows, "")) or id.path, taken)
            taken.add(item[id.path])


def free_id(wanted: str, taken: Iterable[Any]) -> str:
    base, taken = slugify(wanted)[:40].strip("-_") or "part", set(taken)
    return next(name for n in range(1, len(taken) + 2) if (name := base if n == 1 else f"{base}-{n}") not in taken)


def n_rows(said: Mapping[str, str], name: str) -> int:
    text = said.get(f"{name}.n", "0")
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() else 0


def without_blanks(entries: Entries, said: Said, prefix: str = "") -> Said:
    """The same without the rows that nobody filled in."""
    for each in entries:
        if isinstance(each, Rows):
            name = prefix + each.path
            for n in range(n_rows(said, name)):
                said = without_blanks(each.entries, said, f"{name}.{n}.")
            empty = [n for n in range(n_rows(said, name)) if _is_empty(each.entries, said, f"{name}.{n}.")]
            said = _with_rows(said, name, [row for n, row in enumerate(_rows(said, name)) if n not in empty])
    return said


def _is_empty(entries: Entries, said: Said, prefix: str) -> bool:
    return all(
        n_rows(said, prefix + each.path) == 0
        if isinstance(each, Rows)
        else is_blank(each.kind, said, prefix + each.path)
        or (each.default != "" and said.get(prefix + each.path, "") == each.default)
        for each in entries
    )


def acted(said: Said, act: str) -> Said:
    """The same after a row was added, removed or moved: `add:parties`, `remove:parties.1`, `up:parties.1`, `down:…`."""
    verb, _, name = act.partition(":")
    if verb == "add":
        return said | {f"{name}.n": str(min(n_rows(said, name) + 1, MOST_ROWS))}
    name, _, position = name.rpartition(".")
    rows, n = _rows(said, name), int(position) if position.isascii() and position.isdigit() else -1
    if not 0 <= n < len(rows):
        return said
    row = rows.pop(n)
    if verb in ("up", "down"):
        rows.insert(max(0, n - 1 if verb == "up" else n + 1), row)
    return _with_rows(said, name, rows)


def _rows(said: Said, name: str) -> list[Said]:
    return [
        {key.removeprefix(start): text for key, text in said.items() if key.startswith(start)}
        for start in (f"{name}.{n}." for n in range(n_rows(said, name)))
    ]


def _with_rows(said: Said, name: str, rows: list[Said]) -> Said:
    mine = re.compile(rf"{re.escape(name)}\.\d+\.")
    kept = {key: text for key, text in said.items() if not mine.match(key)}
    moved = {f"{name}.{n}.{key}": text for n, row in enumerate(rows) for key, text in row.items()}
    return kept | moved | {f"{name}.n": str(len(rows))}


def value_at(tree: Any, path: str) -> Any:
    for step in path.split("."):
        tree = tree[int(step)] if isinstance(tree, list) else (tree or {}).get(step)
    return tree


def put_at(tree: Any, path: str, value: Any) -> None:
    """Say it at that place; nothing removes the place, and what surrounds it where that is empty then."""
    step, _, rest = path.partition(".")
    at: Any = int(step) if isinstance(tree, list) else step
    if not rest:
        if value is None:
            tree.pop(at, None)
        else:
            tree[at] = value
        return
    inner = tree[at] if isinstance(tree, list) else tree.setdefault(at, {})
    put_at(inner, rest, value)
    if not inner:
        del tree[at]
