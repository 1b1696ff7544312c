"""Every key an agreement file may hold, read from the models: the reference is written from it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from smarketing.terms.agreement import Agreement
from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar
from smarketing.terms.fingerprint import canonical
from smarketing.terms.target import Target
from smarketing.terms.yaml_calendar import CalendarForm

Row = tuple[str, str, str, str, str]
WRITTEN_AS: dict[type, type[BaseModel]] = {Calendar: CalendarForm}
NAMES: dict[Any, str] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    Decimal: "number",
    date: "date",
    datetime: "instant",
    Target: "target",
    Allowance: "length of time",
}


def agreement_keys() -> list[Row]:
    """(section, key, type, default, meaning) of every key, section by section in the order of the document.

    A section is the path of keys that leads to it: `parties.contacts`.
    """
    return list(_keys(Agreement, "agreement"))


def _keys(model: type[BaseModel], section: str) -> Iterator[Row]:
    inner = []
    for name, info in model.model_fields.items():
        part = _part(info.annotation)
        if part:
            inner.append((part, name if section == "agreement" else f"{section}.{name}"))
        yield section, name, _type(info.annotation), _default(info), info.description or ""
    for part, path in inner:
        yield from _keys(part, path)


def _part(wanted: Any) -> type[BaseModel] | None:
    """The model below a key that has keys of its own."""
    if isinstance(wanted, type) and issubclass(wanted, BaseModel) and wanted not in (Target, Allowance):
        return WRITTEN_AS.get(wanted, wanted)
    return next(filter(None, (_part(argument) for argument in get_args(wanted))), None)


def _type(wanted: Any) -> str:
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return _type(arguments[0])
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(a) for a in arguments if a is not type(None)))
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"{_type(arguments[0])} → {_type(arguments[1])}"
    if origin is Literal:
        return "one of " + ", ".join(map(str, arguments))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return "one of " + ", ".join(str(choice.value) for choice in wanted)
    return NAMES.get(wanted, "keys")


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    value = canonical(info.get_default(call_default_factory=True))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value in (None, "", {}) else str(value)
