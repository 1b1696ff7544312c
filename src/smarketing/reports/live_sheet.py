"""A worksheet of live cells: inputs that look like inputs, formulas that carry the value we computed ourselves."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from smarketing.reports.leads_table import printable
from smarketing.terms.language import Words

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

Value = Fraction | float | int | str | None

INK, MUTED, RULE, WASH, ENTRY = "#1D1F27", "#666B7A", "#C7C9D2", "#F3F3F6", "#FFF9E8"
LOCALES = {"en": "[$-809]", "es": "[$-C0A]", "it": "[$-410]"}  # names of months are in the reader's language
LETTERS = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "vcenter"}


class Looks:
    """The formats of one workbook, made once each: a number format, and what the cell is for."""

    def __init__(self, book: Workbook, words: Words, currency: str) -> None:
        self.book, self.words = book, words
        self.codes = {
            "text": "@",
            "whole": "#,##0",
            "number": "#,##0.00",
            "percent": "0.00\\ %",
            "money": _money(currency, words),
            "month": f"{LOCALES[words.language]}mmm\\ yyyy",
            "general": "General",
        }
        self._made: dict[tuple[str, str], Format] = {}

    def __call__(self, code: str, role: str = "derived") -> Format:
        if (code, role) not in self._made:
            look = LETTERS | {"num_format": self.codes[code]} | ROLES[role]
            self._made[code, role] = self.book.add_format(look)
        return self._made[code, role]


ROLES: dict[str, dict[str, Any]] = {
    "derived": {},
    "result": {"bold": True, "top": 1, "bottom": 1, "top_color": INK, "bottom_color": INK},
    "input": {"bg_color": ENTRY, "font_color": "#2F5FD0", "border": 1, "border_color": RULE, "locked": False},
    "given": {"font_color": "#2F5FD0"},
    "label": {"indent": 1},
    "note": {"font_color": MUTED, "text_wrap": True, "font_size": 10, "quote_prefix": True},
    "title": {"bold": True, "font_size": 18, "quote_prefix": True},
    "section": {"bold": True, "font_size": 12, "bottom": 1, "bottom_color": INK},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "align": "right", "bottom": 1, "bg_color": WASH},
    "first": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bg_color": WASH},
    "open": {"font_color": MUTED, "italic": True},
    "total": {"bold": True, "top": 1, "top_color": RULE},
}


@dataclass
class LiveSheet:
    """One sheet, written from the top; `row` is the next free one."""

    sheet: Worksheet
    looks: Looks
    row: int = 0

    def text(self, column: int, text: str, role: str = "label", *, row: int | None = None) -> None:
        at = self.row if row is None else row
        self.sheet.write_string(at, column, printable(text), self.looks("text", role))

    def value(self, column: int, value: Value, code: str, role: str = "derived", *, row: int | None = None) -> None:
        at, look = self.row if row is None else row, self.looks(code, role)
        if value is None:
            self.sheet.write_blank(at, column, None, look)
        elif isinstance(value, str):
            self.sheet.write_string(at, column, printable(value), look)
        else:
            self.sheet.write_number(at, column, float(value), look)

    def formula(
        self, column: int, formula: str, value: Value, code: str, role: str = "derived", *, row: int | None = None
    ) -> None:
        """A formula with the value that we know it has; None shows as an empty cell."""
        at = self.row if row is None else row
        known = "" if value is None else value if isinstance(value, str) else float(value)
        self.sheet.write_formula(at, column, f"={formula}", self.looks(code, role), known)

    def section(self, title: str, width: int = 3) -> None:
        """A heading with a line under it, a free row above."""
        self.row += 1
        for column in range(width):
            self.text(column, title if column == 0 else "", "section")
        self.row += 1


def when(*names: str, then: str) -> str:
    """`then` where every one of the named cells holds a number above zero, else an empty cell."""
    return f'IF(MIN({",".join(f"N({name})" for name in names)})>0,{then},"")'


def up(expression: str) -> str:
    """Rounded up to a whole number; what is a millionth away from one counts as whole."""
    return f"ROUNDUP(ROUND({expression},6),0)"


def down(expression: str) -> str:
    return f"ROUNDDOWN(ROUND({expression},6),0)"


def _money(currency: str, words: Words) -> str:
    from babel.numbers import get_currency_symbol

    symbol = str(get_currency_symbol(currency, locale=words.language)).replace('"', "")
    return f'"{symbol}"#,##0.00' if words.language == "en" else f'#,##0.00\\ "{symbol}"'
