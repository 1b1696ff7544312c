"""Each value of an agreement as the texts of form inputs and back: lengths of time, targets, weeks, shares, lists."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from smarketing.terms.allowance import Allowance
from smarketing.terms.hours import CLOSED, DAYS
from smarketing.terms.marked import N_
from smarketing.terms.target import Measure, Target, plain

LENGTHS = (
    ("business minute", N_("business minutes")),
    ("business hour", N_("business hours")),
    ("business day", N_("business days")),
    ("clock minute", N_("minutes, nights included")),
    ("clock hour", N_("hours, nights included")),
    ("clock day", N_("calendar days")),
    ("rolled day", N_("rolled days")),
)
TIMES = (Measure.MEAN, Measure.MEDIAN, Measure.P90)
Parts = dict[str, str]  # what the inputs of one value say, by the end of their names; "" is the value's own name


def spread(kind: str, value: Any) -> Parts:
    """The texts of the inputs that show a value; none where it is left out."""
    if value is None or value == "":
        return {}
    match kind:
        case "lines" | "ticks":
            return {"": "\n".join(map(str, value))}
        case "share":
            return {"": _percent(str(value))}
        case "allowance":
            return _length(Allowance.model_validate(value))
        case "target":
            return _target(Target.model_validate(value))
        case "week":
            return {f".{day}": value.get(day, CLOSED) for day in DAYS}
        case "dated":
            return {"": "\n".join(f"{on} {_joined(hours)}" for on, hours in value.items())}
    return {"": str(value)}


def gather(kind: str, said: Mapping[str, str], name: str) -> Any:
    """The value that the inputs say, for the tree; None where they say nothing."""
    text = said.get(name, "").strip()
    match kind:
        case "lines" | "ticks":
            return [line.strip() for line in text.splitlines() if line.strip()]
        case "share":
            return _ratio(text)
        case "number":
            return _number(text) or None
        case "allowance":
            return _length_said(said, name)
        case "target":
            return _target_said(said, name)
        case "week":
            return {day: said.get(f"{name}.{day}", "").strip() or CLOSED for day in DAYS}
        case "dated":
            pairs = (line.split(None, 1) for line in text.splitlines() if line.strip())
            return {pair[0].rstrip(":"): pair[1].strip() if len(pair) > 1 else "" for pair in pairs}
    return text or None


def is_blank(kind: str, said: Mapping[str, str], name: str) -> bool:
    """Whether somebody left it empty; what is only chosen says nothing by itself."""
    if kind in ("choice", "hidden", "week", "ticks"):
        return True
    return all(not said.get(name + end, "").strip() for end in ("", ".value", ".amount", ".touches"))


def _joined(hours: str | list[str]) -> str:
    return hours if isinstance(hours, str) else ", ".join(hours)


def _percent(ratio: str) -> str:
    return plain(Decimal(ratio) * 100)


def _number(text: str) -> str:
    """A number with a point; a comma before one or two digits can only be a decimal one."""
    whole, comma, cents = text.partition(",")
    return f"{whole}.{cents}" if comma and "." not in text and cents.isdigit() and len(cents) < 3 else text


def _ratio(text: str) -> str | None:
    try:
        return plain(Decimal(_number(text.rstrip("% "))) / 100) if text else None
    except InvalidOperation:
        return text  # the model says what is wrong with it


def _length(allowance: Allowance) -> Parts:
    amount, mode, unit = str(allowance).split()
    return {".amount": amount, ".unit": f"{mode} {unit.removesuffix('s')}"}


def _length_said(said: Mapping[str, str], name: str) -> str | None:
    amount = said.get(f"{name}.amount", "").strip()
    return f"{amount} {said.get(f'{name}.unit', '')}" if amount else None


def _target(target: Target) -> Parts:
    parts = {".measure": target.measure.value} | (_length(target.within) if target.within else {})
    if target.touches:
        parts[".touches"] = str(target.touches)
    match target.measure:
        case Measure.SHARE | Measure.RATE:
            parts[".value"] = _percent(str(target.value))
        case Measure.DEPTH:
            parts[".touches"] = plain(target.value)
        case Measure.COUNT | Measure.SUM:
            parts |= {".value": plain(target.value), ".counted": target.unit}
    return parts


def _target_said(said: Mapping[str, str], name: str) -> str | None:
    """The words of a target; None while a part that it needs is empty."""
    value, touches = (_number(said.get(f"{name}.{part}", "").strip()) for part in ("value", "touches"))
    within, counted = _length_said(said, name), said.get(f"{name}.counted", "").strip()
    forms = {
        Measure.SHARE: (f"{value} %{f' with {touches} touches' if touches else ''} within {within}", value, within),
        Measure.DEPTH: (f"{touches} touches within {within}", touches, within),
        Measure.GAP: (f"at most {within}", within),
        Measure.RATE: (f"{value} %", value),
        Measure.SUM: (f"{value} {counted}", value, counted),
        Measure.COUNT: (f"{value} {counted}", value, counted),
        **{each: (f"{each} within {within}", within) for each in TIMES},
    }
    try:
        text, *needed = forms[Measure(said.get(f"{name}.measure", ""))]
    except ValueError:
        return None
    return text if all(needed) else None


def target_or_none(text: str | None) -> Target | None:
    try:
        return Target.model_validate(text) if text else None
    except ValidationError:
        return None
