"""YAML text as nodes that keep every scalar as it was written, with its line; what YAML would guess is refused.

Only the part of YAML that every reader understands alike is let in: mappings, lists and scalars of one document.
Anchors, tags and merge keys are refused, so nothing is built, repeated or run by reading a file.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import yaml

from smarketing.terms.faults import ENGLISH, Fault, UnreadableTerms, shown
from smarketing.terms.language import N_, Words

LARGEST = 1 << 20  # characters; the longest starter has a thirtieth of it
MOST_NODES = 20_000
DEEPEST = 12
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

HINTS = (
    (
        "mapping values are not allowed",
        N_('Put a text that contains ": " in quotes, and indent keys of one level alike.'),
    ),
    (
        "cannot start any token",
        N_("Indent with spaces, and put a text that begins with a sign such as @ or % in quotes."),
    ),
    ("unexpected end of stream", N_("A quote was opened and never closed.")),
    ("expected ',' or", N_("A bracket was opened and never closed, or a comma is missing.")),
    ("expected '-' indicator", N_("A list and a key stand at the same level: indent one of them.")),
    ("expected <block end>", N_("Indent the keys of one level alike, and close what a quote opened.")),
    ("expected key", N_("Indent the keys of one level alike, and close what a quote opened.")),
    ("could not find expected ':'", N_('A line without "key: value" stands between keys.')),
    ("control characters", N_("Remove the invisible character.")),
)


@dataclass(slots=True)
class Scalar:
    """`is_plain` tells a bare value from one in quotes or a block of text."""

    line: int
    text: str
    is_plain: bool = True


@dataclass(slots=True)
class Listing:
    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    line: int
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)


Node = Scalar | Listing | Mapping


@dataclass(slots=True)
class Reading:
    """One file being read: what it is called, the reader's language, and the faults found so far."""

    source: str
    words: Words = ENGLISH
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, what: str, hint: str = "", /, **values: object) -> None:
        self.fault_at((), line, what, hint, **values)

    def fault_at(self, path: tuple[str | int, ...], line: int, what: str, hint: str = "", /, **values: object) -> None:
        advice = self.words(hint, **values) if hint else ""
        self.faults.append(Fault(self.source, line, self.words(what, **values), advice, path))

    def refuse(self, line: int, what: str, hint: str = "", /, **values: object) -> UnreadableTerms:
        """The error to raise when reading cannot go on."""
        self.fault(line, what, hint, **values)
        return UnreadableTerms(self.faults, self.words)

    def check(self) -> None:
        if self.faults:
            raise UnreadableTerms(self.faults, self.words)


def decoded(content: bytes, reading: Reading) -> str:
    """The text of a file: UTF-8, with or without a byte order mark.

    Raises UnreadableTerms for any other encoding or for a file that is too large.
    """
    if len(content) > 4 * LARGEST:
        raise _too_large(reading)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise reading.refuse(line, N_("The file is not UTF-8 text."), N_("Save it again as UTF-8.")) from None


def compose(text: str, reading: Reading) -> Node:
    """The one document of `text`, in Unicode's composed form.

    Faults that do not stop the reading are left in `reading`. Raises UnreadableTerms when there is no document.
    """
    if len(text) > LARGEST:
        raise _too_large(reading)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise reading.refuse(0, N_("The file is not UTF-8 text."), N_("Save it again as UTF-8."))
    for found in HIDDEN.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        reading.fault(line, N_("An invisible character hides in this line."), N_("Type the line again."))
        break
    composer = Composer(reading)
    try:
        for event in yaml.parse(unicodedata.normalize("NFC", text), Loader=LOADER):
            composer.take(event)
    except yaml.YAMLError as error:
        raise _torn(error, text, reading) from None
    if composer.root is None or composer.root == Scalar(composer.root.line, "", True):
        raise reading.refuse(0, N_("The file is empty."), N_('Begin with a starter: "smarketing agreement new".'))
    return composer.root


def _too_large(reading: Reading) -> UnreadableTerms:
    return reading.refuse(0, N_("The file is too large for terms that people read."), N_("Keep it below a megabyte."))


def _torn(error: yaml.YAMLError, text: str, reading: Reading) -> UnreadableTerms:
    """The error of a text that is not YAML, with the line that people would look at."""
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = min(mark.line, text.count("\n")) + 1 if mark else _line_of(error, text)
    written = text.split("\n")[line - 1] if line else ""
    if re.match(r" *\t", written):
        return reading.refuse(line, N_("A tab indents this line."), N_("Indent with spaces."))
    hint = next((hint for part, hint in HINTS if part in problem), "")
    return reading.refuse(line, N_("This is not YAML: {problem}."), hint, problem=problem)


def _line_of(error: yaml.YAMLError, text: str) -> int:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 0


class Composer:
    """Takes parser events one by one and hangs each node where it belongs; its stack is bounded."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.root: Node | None = None
        self._open: list[Listing | Mapping] = []
        self._keys: list[Scalar | None] = []
        self._n_nodes = 0
        self._n_documents = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            self._begin_document(line)
        elif isinstance(event, yaml.AliasEvent):
            raise self.reading.refuse(
                line,
                N_('"*{name}" repeats another part of the file.'),
                N_("Write the part out again: aliases are refused."),
                name=shown(event.anchor or ""),
            )
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _begin_document(self, line: int) -> None:
        self._n_documents += 1
        if self._n_documents > 1:
            raise self.reading.refuse(
                line, N_('A second document begins here ("---").'), N_("Keep one document in a file.")
            )

    def _take_node(self, event: yaml.NodeEvent, line: int) -> None:
        self._check_plain(event, line)
        self._n_nodes += 1
        if self._n_nodes > MOST_NODES or len(self._open) >= DEEPEST:
            raise self.reading.refuse(
                line,
                N_("The file is longer or deeper than terms that people read."),
                N_("Keep it below {n} values and {depth} levels."),
                n=MOST_NODES,
                depth=DEEPEST,
            )
        node = _node(event, line)
        self._hang(node)
        if not isinstance(node, Scalar):
            self._open.append(node)
            self._keys.append(None)

    def _check_plain(self, event: yaml.NodeEvent, line: int) -> None:
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self.reading.fault(
                line, N_('The tag "{tag}" is not understood.'), N_("Remove it: tags are refused."), tag=shown(tag)
            )
        if event.anchor:
            self.reading.fault(
                line,
                N_('The anchor "&{name}" names a part of the file.'),
                N_("Remove it: anchors are refused."),
                name=shown(event.anchor),
            )

    def _hang(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Listing):
            parent.items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = self._key(node)
        else:
            key, self._keys[-1] = self._keys[-1], None
            self._enter(parent, key, node)

    def _key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        raise self.reading.refuse(node.line, N_("A key must be one word, not a list or mapping."))

    def _enter(self, parent: Mapping, key: Scalar, node: Node) -> None:
        if key.text == "<<" and key.is_plain:
            self.reading.fault(
                key.line, N_('"<<" merges another mapping.'), N_("Write the keys out: merge keys are refused.")
            )
        elif key.text in parent.entries:
            self.reading.fault(
                key.line,
                N_('"{key}" is said twice: first on line {line}.'),
                N_("Keep one of them."),
                key=shown(key.text),
                line=parent.entries[key.text][0].line,
            )
        else:
            parent.entries[key.text] = (key, node)


def _node(event: yaml.NodeEvent, line: int) -> Node:
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(line, event.value, is_plain=not event.style or event.style == " ")
    return Listing(line) if isinstance(event, yaml.SequenceStartEvent) else Mapping(line)
