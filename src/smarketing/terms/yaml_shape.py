"""Nodes read by the models: each value as its key wants it, and every fault with its line.

The models say what a key holds; this file says how a bare YAML value becomes that without guessing, and turns what
the models refuse into sentences.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from smarketing.terms.allowance import Allowance
from smarketing.terms.faults import Mistake, nearest, shown
from smarketing.terms.language import N_
from smarketing.terms.target import Target
from smarketing.terms.yaml_nodes import Listing, Mapping, Node, Reading, Scalar

Place = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,8})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
NOTHING = ("", "~", "null", "Null", "NULL")
YES_OR_NO = re.compile(r"(?i)y|yes|n|no|on|off|true|false")
TRUE_OR_FALSE = ("true", "false")
SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
OTHERS_TAKE = {
    "tag:yaml.org,2002:bool": N_('{key} "{text}" means yes or no to other readers of YAML.'),
    "tag:yaml.org,2002:null": N_('{key} "{text}" means nothing to other readers of YAML.'),
    "tag:yaml.org,2002:int": N_('{key} "{text}" means another number to other readers of YAML.'),
    "tag:yaml.org,2002:float": N_('{key} "{text}" means another number to other readers of YAML.'),
}
EXAMPLES = {
    "id": "id: speed",
    "title": "title: Marketing and sales",
    "zone": "zone: Europe/Madrid",
    "in_force": "in_force: {from_on: 2026-01-01}",
    "from_on": "from_on: 2026-01-01",
    "party": "party: sales",
    "kind": "kind: speed_to_lead",
    "target": 'target: "95 % within 1 business hour"',
    "hours": "hours: {mon-fri: 09:00-17:00}",
    "role": "role: sales",
    "strikes": "strikes: 2",
    "cadence": "cadence: monthly",
}
LIMITS = {
    "greater_than": N_("{key} must be more than {gt}, not {value}."),
    "greater_than_equal": N_("{key} must be at least {ge}, not {value}."),
    "less_than": N_("{key} must be less than {lt}, not {value}."),
    "less_than_equal": N_("{key} must be at most {le}, not {value}."),
}
KINDS_OF_NODE = {Scalar: N_("one value"), Listing: N_("a list"), Mapping: N_("keys with values")}


RESOLVER = yaml.resolver.Resolver()


class Unread:
    """Stands where a value was refused, so that the models complain there and nowhere else."""


UNREAD = Unread()
Reader = Callable[["Shape", Node, Place], Any]


class Shape:
    """Reads the nodes of one file; `places` remembers the line of every value and `_refused` what has its fault.

    `readers` read the models that are written in a friendlier form than their own fields.
    """

    def __init__(self, reading: Reading, readers: dict[type, Reader] | None = None) -> None:
        self.reading = reading
        self.readers = readers or {}
        self.places: dict[Place, int] = {}
        self._refused: set[Place] = set()

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a value, or of what surrounds it when it is missing."""
        for end in range(len(path), -1, -1):
            if tuple(path[:end]) in self.places:
                return self.places[tuple(path[:end])]
        return 1

    def fault(self, path: Place, what: str, hint: str = "", /, **values: object) -> Unread:
        self._refused.add(path)
        self.reading.fault_at(path, self.line(path), what, hint, **values)
        return UNREAD

    def is_refused(self, path: Place) -> bool:
        return any(path[:end] in self._refused for end in range(len(path) + 1))

    def model(self, model: type[M], node: Node, path: Place = ()) -> M | None:
        """The model written at `node`; None when it has faults, which are then in `reading`."""
        built = self._built(model, self.value(model, node, path), path)
        return None if any(refused[: len(path)] == path for refused in self._refused) else built

    def rest(self, model: type[M], node: Node, path: Place) -> M | None:
        """The model at `node` without the values that were refused, so that what is left of it can be judged too."""
        return self._built(model, pruned(self.fields(model, node, path)), path)

    def _built(self, model: type[M], data: Any, path: Place) -> M | None:
        if isinstance(data, Unread):
            return None
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self._explain(detail, path)
            return None

    def value(self, wanted: Any, node: Node, path: Place) -> Any:
        """What `node` says, as a value that the type `wanted` accepts, or UNREAD."""
        self.places.setdefault(path, node.line)
        wanted, is_optional = unwrapped(wanted, node)
        if is_nothing(node):
            if is_optional:
                return None
            return self.fault(
                path, N_("{key} is left empty."), N_("Write its value, or leave the key out."), key=key_of(path)
            )
        origin = get_origin(wanted)
        if isinstance(wanted, type) and issubclass(wanted, BaseModel) and wanted not in (Target, Allowance):
            reader = self.readers.get(wanted)
            read = reader(self, node, path) if reader else self.fields(wanted, node, path)
            if isinstance(read, Unread):
                self._refused.add(path)
            return read
        if origin is tuple:
            return self._listing(get_args(wanted)[0], node, path)
        if origin is dict:
            return self._entries(get_args(wanted), node, path)
        if not isinstance(node, Scalar):
            return self._wrong_node(Scalar, node, path)
        return self._scalar(wanted, node, path)

    def fields(self, model: type[BaseModel], node: Node, path: Place) -> dict[str, Any] | Unread:
        """The values of a mapping by the keys of `model`; unknown keys are faults."""
        if not isinstance(node, Mapping):
            return self._wrong_node(Mapping, node, path)
        data: dict[str, Any] = {}
        for name, (key, child) in node.entries.items():
            self.places[(*path, name)] = key.line
            field = model.model_fields.get(name)
            if field is None:
                self._unknown_key(name, list(model.model_fields), (*path, name))
            else:
                data[name] = self.value(field.annotation, child, (*path, name))
        return data

    def _unknown_key(self, name: str, known: list[str], path: Place) -> None:
        meant = nearest(name, known)
        if meant:
            self._refused.add((*path[:-1], meant))  # it is misspelt rather than missing
            self.fault(
                path, N_('There is no key "{key}" here.'), N_('Did you mean "{meant}"?'), key=shown(name), meant=meant
            )
        else:
            hint = N_("The keys here are {known}.")
            self.fault(path, N_('There is no key "{key}" here.'), hint, key=shown(name), known=", ".join(known))

    def _listing(self, wanted: Any, node: Node, path: Place) -> Any:
        if not isinstance(node, Listing):
            return self._wrong_node(Listing, node, path)
        return [self.value(wanted, item, (*path, position)) for position, item in enumerate(node.items)]

    def _entries(self, wanted: tuple[Any, ...], node: Node, path: Place) -> Any:
        if not isinstance(node, Mapping):
            return self._wrong_node(Mapping, node, path)
        data = {}
        for name, (key, child) in node.entries.items():
            self.places[(*path, name)] = key.line
            if not isinstance(self._scalar(wanted[0], key, (*path, name)), Unread):
                data[name] = self.value(wanted[1], child, (*path, name))
        return data

    def _wrong_node(self, expected: type[Node], node: Node, path: Place) -> Unread:
        hint = ""
        if expected is Listing and isinstance(node, Scalar):
            hint = N_('Write it in brackets: "{key}: [{text}]".')
        text = shown(node.text) if isinstance(node, Scalar) else ""
        return self.fault(
            path,
            N_("{key} holds {expected}, not {found}."),
            hint,
            key=key_of(path) or self.reading.words("The file"),
            expected=self.reading.words(KINDS_OF_NODE[expected]),
            found=self.reading.words(KINDS_OF_NODE[type(node)]),
            text=text,
        )

    def _scalar(self, wanted: Any, node: Scalar, path: Place) -> Any:
        if wanted is int or wanted is Decimal:
            return self._number(wanted, node, path)
        if wanted is bool:
            return self._yes_or_no(node, path)
        if wanted is date or wanted is datetime:
            return self._time(wanted, node, path)
        if get_origin(wanted) is Literal:
            return self._choice([str(choice) for choice in get_args(wanted)], node, path)
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return self._choice([str(choice.value) for choice in wanted], node, path)
        if wanted in (Target, Allowance):
            return node.text
        return self._text(node, path)

    def _number(self, wanted: type[int] | type[Decimal], node: Scalar, path: Place) -> Any:
        text, values = node.text, {"key": label(path, node), "text": shown(node.text)}
        if (INTEGER if wanted is int else NUMBER).fullmatch(text):
            return text
        if YES_OR_NO.fullmatch(text):
            return self.fault(
                path, N_('{key} is a number, and "{text}" means yes or no.'), N_("Write a number."), **values
            )
        if SEXAGESIMAL.fullmatch(text):
            hint = N_("A time of day belongs in a calendar's hours; a length of time has a unit.")
            return self.fault(path, N_('{key} is a number, and "{text}" reads as a time.'), hint, **values)
        if re.fullmatch(r"0[0-7]+|0[xob][0-9a-fA-F]+", text):
            hint = N_("Write it without the zero in front: other readers of YAML take that for another number.")
            return self.fault(path, N_('{key} "{text}" begins with a zero.'), hint, **values)
        hint = N_("Write a whole number: 3.") if wanted is int else N_("Write a plain number: 3 or 0.75.")
        return self.fault(path, N_('{key} "{text}" is not a number.'), hint, **values)

    def _yes_or_no(self, node: Scalar, path: Place) -> Any:
        if node.text in TRUE_OR_FALSE:
            return node.text == "true"
        values = {"key": label(path, node), "text": shown(node.text)}
        return self.fault(path, N_('{key} is true or false, not "{text}".'), N_("Write true or false."), **values)

    def _time(self, wanted: type[date], node: Scalar, path: Place) -> Any:
        values = {"key": label(path, node), "text": shown(node.text)}
        pattern, reader = (INSTANT, datetime) if wanted is datetime else (DAY, date)
        try:
            if pattern.fullmatch(node.text):
                return reader.fromisoformat(node.text)
        except ValueError:
            return self.fault(path, N_('{key} "{text}" is not in the calendar.'), N_("Count its days again."), **values)
        if wanted is datetime:
            hint = N_("Write RFC 3339 with an offset: 2026-01-31T09:00:00Z.")
            return self.fault(path, N_('{key} "{text}" is not an instant.'), hint, **values)
        return self.fault(path, N_('{key} "{text}" is not a date.'), N_("Write year-month-day: 2026-01-31."), **values)

    def _choice(self, choices: list[str], node: Scalar, path: Place) -> Any:
        if node.text in choices:
            return node.text
        meant = nearest(node.text, choices)
        hint = N_('Did you mean "{meant}"?') if meant else N_("Choose one of {choices}.")
        values = {"key": label(path, node), "text": shown(node.text), "meant": meant, "choices": ", ".join(choices)}
        return self.fault(path, N_('There is no {key} "{text}".'), hint, **values)

    def _text(self, node: Scalar, path: Place) -> Any:
        if not node.is_plain:
            return node.text
        meaning: str = RESOLVER.resolve(  # type: ignore[no-untyped-call]
            yaml.ScalarNode, node.text, (True, False)
        )
        is_same = re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", node.text)
        if meaning not in OTHERS_TAKE or is_same:
            return node.text
        hint = N_('Put it in quotes: "{text}".')
        return self.fault(path, OTHERS_TAKE[meaning], hint, key=label(path, node), text=shown(node.text))

    def _explain(self, detail: ErrorDetails, above: Place) -> None:
        """One refusal of a model as a fault of the file, unless the place has one already."""
        path = (*above, *detail["loc"])
        if self.is_refused(path):
            return
        values: dict[str, object] = {"key": key_of(path), "value": shown(str(detail["input"])), **detail.get("ctx", {})}
        mistake = values.pop("error", None)
        if detail["type"] == "missing":
            example = EXAMPLES.get(key_of(path))
            hint = N_('Add it: "{example}".') if example else N_('Add "{key}:" and its value.')
            self.fault(path, N_('The key "{key}" is missing.'), hint, example=example, **values)
        elif isinstance(mistake, Mistake):
            own = key_of(path) + " " if mistake.what.startswith('"') else ""
            self._refused.add(path)
            words = self.reading.words
            self.reading.fault_at(path, self.line(path), own + mistake.sentence(words), mistake.advice(words))
        elif detail["type"] == "string_pattern_mismatch":
            self.fault(
                path,
                N_('{key} "{value}" is not written as it should be.'),
                N_("Write three capital letters: EUR."),
                **values,
            )
        else:
            what = LIMITS.get(detail["type"], N_("{key} does not hold together: {problem}."))
            self.fault(path, what, problem=detail["msg"], **values)


def unwrapped(wanted: Any, node: Node) -> tuple[Any, bool]:
    """The type without Annotated and None, and whether None was allowed; of several types the one `node` fits."""
    while get_origin(wanted) is Annotated:
        wanted = get_args(wanted)[0]
    if get_origin(wanted) not in (Union, types.UnionType):
        return wanted, False
    choices = [choice for choice in get_args(wanted) if choice is not type(None)]
    fitting = [choice for choice in choices if (get_origin(choice) is tuple) == isinstance(node, Listing)]
    return unwrapped((fitting or choices)[0], node)[0], len(choices) < len(get_args(wanted))


def is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_plain and node.text in NOTHING


def pruned(data: Any) -> Any:
    """The same data without what could not be read."""
    if isinstance(data, dict):
        return {key: pruned(value) for key, value in data.items() if not isinstance(value, Unread)}
    if isinstance(data, list):
        return [pruned(value) for value in data if not isinstance(value, Unread)]
    return data


def label(path: Place, node: Scalar) -> str:
    """The key of a value; of a key that is itself a value, such as a date, the key above it."""
    return key_of(path[:-1]) if path and path[-1] == node.text else key_of(path)


def key_of(path: Place) -> str:
    """The key that people see above a value."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")
