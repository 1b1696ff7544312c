"""XML read as a stream of elements, without entities, document types or anything else that can grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_


class XmlStream:
    """Feeds pieces of XML to `start`, `end` and `text`; subclasses see local names, prefixes are gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.n_bytes = 0
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._first_start
        parser.EndElementHandler = self._end_prefixed
        parser.CharacterDataHandler = self.text
        self._parser = parser
        self._prefix = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, piece: str) -> None:
        """Characters between tags, perhaps not all of them at once."""

    def feed(self, stream: Iterable[bytes]) -> Iterator[None]:
        """Parse piece by piece, so that the caller can take what is ready in between.

        Raises UserError when the XML is not well formed or declares a document type.
        """
        try:
            for piece in stream:
                self._parser.Parse(piece, False)
                self.n_bytes += len(piece)
                yield
            self._parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            raise UserError(
                N_("The workbook is damaged: {problem}."),
                where=self.path.name,
                hint=N_("Open it in a spreadsheet and save it as a new .xlsx file."),
                problem=error,
            ) from None

    def _first_start(self, name: str, attributes: dict[str, str]) -> None:
        """The root tells whether the document's own elements carry a prefix."""
        self._prefix = name.rfind(":") + 1
        if self._prefix:
            self._parser.StartElementHandler = self._start_prefixed
        else:
            self._parser.StartElementHandler = self.start
            self._parser.EndElementHandler = self.end
        self.start(name[self._prefix :], attributes)

    def _start_prefixed(self, name: str, attributes: dict[str, str]) -> None:
        self.start(name[self._prefix :], attributes)

    def _end_prefixed(self, name: str) -> None:
        self.end(name[self._prefix :])

    def _refuse_doctype(self, *_: object) -> None:
        raise UserError(
            N_("The workbook declares entities, which no spreadsheet does."),
            where=self.path.name,
            hint=N_("Open it in a spreadsheet and save it as a new .xlsx file."),
        )
