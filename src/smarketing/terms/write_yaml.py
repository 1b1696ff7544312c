"""An agreement as the YAML that people write: keys in the order of the document, calendars in their friendly form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import yaml
from pydantic import BaseModel

from smarketing.terms.agreement import Agreement
from smarketing.terms.allowance import Allowance
from smarketing.terms.calendar import Calendar
from smarketing.terms.fingerprint import is_default
from smarketing.terms.hours import day_words, week_words
from smarketing.terms.target import Target, plain

WIDTH = 110
ALWAYS = {"version", "kind", "language", "currency"}


def agreement_yaml(agreement: Agreement) -> str:
    """The text that `read_agreement_text` reads back as an equal agreement; what is left at its default is left out."""
    return _text(_fields(agreement, ALWAYS))


def agreement_data(agreement: Agreement) -> dict[str, Any]:
    """What agreement_yaml writes, as plain data for JSON: dates are text, decimals are numbers."""
    data: dict[str, Any] = _json(_fields(agreement, ALWAYS))
    return data


def agreement_tree(agreement: Agreement) -> dict[str, Any]:
    """What agreement_yaml writes as a tree of texts, for forms that show and change it value by value."""
    tree: dict[str, Any] = _texts(_fields(agreement, ALWAYS))
    return tree


def calendar_yaml(calendar: Calendar) -> str:
    """The text of a file that is one calendar."""
    return _text(_calendar(calendar))


def _fields(model: BaseModel, always: Iterable[str] = ()) -> dict[str, Any]:
    names = type(model).model_fields
    return {name: _plain(getattr(model, name)) for name in names if name in always or not is_default(model, name)}


def _plain(value: Any) -> Any:
    if isinstance(value, Target | Allowance):
        return str(value)
    if isinstance(value, Calendar):
        return _calendar(value)
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _calendar(calendar: Calendar) -> dict[str, Any]:
    written: dict[str, Any] = {"id": calendar.id}
    if calendar.name:
        written["name"] = calendar.name
    written |= {"zone": calendar.zone, "hours": week_words(calendar.week)}
    holidays = _fields(calendar.holidays)
    if holidays:
        written["holidays"] = holidays
    if calendar.exceptions:
        written["exceptions"] = {day.on: day_words(day.windows) for day in calendar.exceptions}
    return written


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _json(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_json(entry) for entry in value]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _texts(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_texts(entry) for entry in value]
    if isinstance(value, bool):
        return str(value).lower()
    return plain(value) if isinstance(value, Decimal) else str(value)


class _Dumper(yaml.SafeDumper):
    """Writes numbers bare, dates bare and texts of several lines as blocks; never anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 — YAML's own signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = plain(value)
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _string(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


def _day(dumper: yaml.SafeDumper, value: date) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat())


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(str, _string)
_Dumper.add_representer(date, _day)


def _text(document: dict[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
