"""What a PDF says, for tests: its text without the breaks of lines, its claims and its outline."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfReader


def text_of(file: bytes) -> str:
    pages = PdfReader(io.BytesIO(file)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def n_pages(file: bytes) -> int:
    return len(PdfReader(io.BytesIO(file)).pages)


def catalogue(file: bytes) -> dict[str, Any]:
    return dict(PdfReader(io.BytesIO(file)).trailer["/Root"])  # type: ignore[call-overload]


def claims(file: bytes) -> str:
    """The XMP packet: which standards the file keeps, when it was made, its title."""
    stream = PdfReader(io.BytesIO(file)).trailer["/Root"]["/Metadata"]  # type: ignore[index]
    return str(stream.get_object().get_data().decode())


def check_standards(file: bytes, language: str) -> None:
    """PDF/A-2a and PDF/UA-1 are claimed, and the file is tagged and in a language."""
    said, root = claims(file), catalogue(file)
    assert "<pdfaid:part>2</pdfaid:part>" in said and "<pdfaid:conformance>A</pdfaid:conformance>" in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert root["/Lang"] == language and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    fonts = {str(name) for page in PdfReader(io.BytesIO(file)).pages for name in _fonts(page)}
    assert fonts and all("+" in name for name in fonts), fonts  # each is a subset that the file holds


def _fonts(page: Any) -> list[str]:
    found = page["/Resources"].get("/Font", {})
    return [font.get_object()["/BaseFont"].lstrip("/") for font in found.values()]
