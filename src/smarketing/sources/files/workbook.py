"""What surrounds the cells of a workbook: its sheets, shared strings, number formats and date system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import join, normpath
from typing import TypeVar

from smarketing.sources.files.archive import entries, pieces
from smarketing.sources.files.xml_events import XmlStream
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

Stream = TypeVar("Stream", bound=XmlStream)
MAX_STRING_CHARACTERS = 256 << 20
GENERAL, DATE, DATETIME, LENGTH = range(4)
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), DATE),
    **dict.fromkeys((22,), DATETIME),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), LENGTH),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    is_hidden: bool
    n_bytes: int


class Workbook:
    """An XLSX file whose list of parts was found harmless."""

    def __init__(self, path: Path) -> None:
        self.path = path
        names = entries(path)
        if "xl/workbook.bin" in names:
            raise self._refusal(N_("This is a binary workbook."))
        if "xl/workbook.xml" not in names:
            is_open_document = "content.xml" in names
            raise self._refusal(
                N_("This is an OpenDocument file.") if is_open_document else N_("This archive is no workbook.")
            )
        main = self._parsed(_Main(path), "xl/workbook.xml")
        relations = self._parsed(_Relations(path), "xl/_rels/workbook.xml.rels")
        self.is_1904 = main.is_1904
        self.sheets = tuple(
            Sheet(name, part, hidden, names[part])
            for name, relation, hidden in main.sheets
            if (part := relations.targets.get(relation, "")) in names
        )
        self._strings_part = relations.strings if relations.strings in names else ""
        self._styles_part = relations.styles if relations.styles in names else ""
        if not self.sheets:
            raise self._refusal(N_("The workbook has no sheet."))

    @cached_property
    def strings(self) -> list[str]:
        return self._parsed(_Strings(self.path), self._strings_part).found if self._strings_part else []

    @cached_property
    def formats(self) -> list[int]:
        """For each cell style, whether its numbers are dates, lengths of time or just numbers."""
        return self._parsed(_Styles(self.path), self._styles_part).kinds if self._styles_part else []

    def _parsed(self, stream: Stream, part: str) -> Stream:
        for _ in stream.feed(pieces(self.path, part)):
            pass
        return stream

    def _refusal(self, what: str) -> UserError:
        return UserError(what, where=self.path.name, hint=N_("Save it as .xlsx (Excel workbook) or CSV."))


class _Main(XmlStream):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.is_1904 = False
        self.sheets: list[tuple[str, str, bool]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", "?")[:100], relation, hidden))


class _Relations(XmlStream):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.targets: dict[str, str] = {}
        self.strings = self.styles = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        self.targets[attributes.get("Id", "")] = part
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "sharedStrings":
            self.strings = part
        elif kind == "styles":
            self.styles = part


class _Strings(XmlStream):
    """Rich text is put together; the phonetic reading beside it (rPh) is left out."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._reads = self._is_phonetic = False
        self._n_characters = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "t":
            self._reads = not self._is_phonetic

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append(unescaped("".join(self._pieces)))
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "t":
            self._reads = False

    def text(self, piece: str) -> None:
        if self._reads:
            self._pieces.append(piece)
            self._n_characters += len(piece)
            if self._n_characters > MAX_STRING_CHARACTERS:
                what = N_("The workbook holds too much text.")
                raise UserError(what, where=self.path.name, hint=N_("Export it as CSV."))


class _Styles(XmlStream):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.kinds: list[int] = []
        self._custom: dict[int, int] = {}
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._custom[_whole(attributes.get("numFmtId"))] = format_kind(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            number = _whole(attributes.get("numFmtId"))
            self.kinds.append(self._custom.get(number, _BUILT_IN.get(number, GENERAL)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def format_kind(code: str) -> int:
    """What the numbers of a format code are: `dd/mm/yyyy hh:mm` are instants, `[h]:mm` lengths of time."""
    code = re.sub(r'"[^"]*"|\\.|_.|\*.', "", code.split(";")[0])
    if re.search(r"\[(h+|m+|s+)\]", code, re.IGNORECASE):
        return LENGTH
    code = re.sub(r"\[[^\]]*\]", "", code).lower()
    if code in ("", "general", "@") or re.search(r"[0#?]", code.replace("s.0", "s").replace("ss.000", "ss")):
        return GENERAL
    has_day, has_time = bool(re.search(r"[ydg]|mmm", code)), bool(re.search(r"[hs]", code))
    if has_day:
        return DATETIME if has_time else DATE
    return LENGTH if has_time else DATE if "m" in code else GENERAL


def unescaped(text: str) -> str:
    """Office writes control characters as _x000D_."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
