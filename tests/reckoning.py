"""A tiny reckoner of the workbooks we write: enough of a spreadsheet to check what formulas say."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import NormalDist
from typing import Any

import numpy as np
import openpyxl

REFERENCE = re.compile(r"(?:'([^']+)'!|(\w+)!)?\$?([A-Z]{1,2})\$?(\d+)(?::\$?([A-Z]{1,2})\$?(\d+))?")
EPOCH = datetime(1899, 12, 30)


class Reckoner:
    """Every cell of a workbook, reckoned from the inputs; blank and text are nothing, as N() has it."""

    def __init__(self, file: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(file))
        self.shown = openpyxl.load_workbook(io.BytesIO(file), data_only=True)
        self.names = {name: defined.attr_text for name, defined in self.book.defined_names.items()}
        self.known: dict[tuple[str, str], Any] = {}

    def formulas(self) -> list[tuple[str, str]]:
        return [
            (sheet.title, cell.coordinate)
            for sheet in self.book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]

    def cached(self, sheet: str, at: str) -> Any:
        return _plain(self.shown[sheet][at].value)

    def change(self, name: str, value: Any) -> None:
        """Types another number into a named cell."""
        sheet, at = self.place(name)
        self.book[sheet][at].value = value
        self.known.clear()

    def place(self, name: str) -> tuple[str, str]:
        found = REFERENCE.fullmatch(self.names[name])
        assert found
        return found[1] or found[2], found[3] + found[4]

    def named(self, name: str) -> Any:
        return self.cell(*self.place(name))

    def cell(self, sheet: str, at: str) -> Any:
        if (sheet, at) not in self.known:
            value = self.book[sheet][at].value
            is_formula = isinstance(value, str) and value.startswith("=") and self.book[sheet][at].data_type == "f"
            self.known[sheet, at] = self.reckon(value[1:], sheet) if is_formula else _plain(value)
        return self.known[sheet, at]

    def reckon(self, formula: str, sheet: str) -> Any:
        with np.errstate(all="ignore"):
            found = eval(self._python(formula), {"__builtins__": {}, **FUNCTIONS, "ref": self._ref(sheet)})
        if isinstance(found, Empty):
            return found.text
        return found.item() if isinstance(found, np.generic) else found

    def _ref(self, sheet: str) -> Callable[..., Any]:
        def ref(text: str) -> Any:
            found = REFERENCE.fullmatch(self.names.get(text, text))
            assert found, text
            page = found[1] or found[2] or sheet
            if found[5] is None:
                value = self.cell(page, found[3] + found[4])
                return np.float64(value) if isinstance(value, int | float) else Empty(value or "")
            rows = self.book[page][f"{found[3]}{found[4]}:{found[5]}{found[6]}"]
            values = [self.cell(page, cell.coordinate) for row in rows for cell in row]
            return np.array([value if isinstance(value, int | float) else 0.0 for value in values], float)

        return ref

    def _python(self, formula: str) -> str:
        parts = re.split(r'("(?:[^"]|"")*")', formula)
        return "".join(part if part.startswith('"') else self._code(part) for part in parts)

    def _code(self, text: str) -> str:
        text = text.replace("^", "**").replace("<>", "!=")
        text = re.sub(r"(?<![<>!=])=(?!=)", "==", text)
        known = "|".join(sorted(map(re.escape, self.names), key=len, reverse=True))
        return re.sub(rf"\b(?:{known})\b|{REFERENCE.pattern}(?!\()", lambda found: f"ref({found[0]!r})", text)


class Empty:
    """A cell with text or nothing: no number comes of it."""

    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return self.text == other

    def _nothing(self, *_: Any) -> float:
        return math.nan

    def _never(self, *_: Any) -> bool:
        return False

    __add__ = __sub__ = __mul__ = __truediv__ = __pow__ = _nothing
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __neg__ = _nothing
    __lt__ = __le__ = __gt__ = __ge__ = _never


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        at = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return (at - EPOCH) / timedelta(days=1)
    return value


def _edate(serial: float, months: float) -> float:
    on = EPOCH + timedelta(days=float(serial))
    total = on.year * 12 + on.month - 1 + int(months)
    return (datetime(total // 12, total % 12 + 1, on.day) - EPOCH).days


def _number(value: Any) -> float:
    return 0.0 if isinstance(value, str | Empty) or math.isnan(value) else float(value)


def _half_up(value: Any, digits: int) -> float:
    """Of numbers above zero, as all are that we round."""
    if isinstance(value, Empty) or not math.isfinite(value):
        return math.nan
    return math.floor(value * 10**digits + 0.5) / 10**digits


FUNCTIONS: dict[str, Any] = {
    "IF": lambda test, yes, no: yes if test else no,
    "OR": lambda *tests: any(tests),
    "N": _number,
    "MIN": lambda *values: np.min(np.hstack(values)),
    "MAX": lambda *values: np.max(np.hstack(values)),
    "SUM": np.sum,
    "SUMPRODUCT": lambda *values: np.sum(np.prod(values, axis=0)),
    "ROUND": _half_up,
    "ROUNDUP": lambda value, _: math.ceil(value) if math.isfinite(value) else value,
    "ROUNDDOWN": lambda value, _: math.floor(value) if math.isfinite(value) else value,
    "SQRT": np.sqrt,
    "EDATE": _edate,
    "NORMSINV": NormalDist().inv_cdf,
}
