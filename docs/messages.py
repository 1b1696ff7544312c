"""The catalogues of sentences: extracted from the code, kept as .po, compiled to .mo.

python -m docs.messages            take new sentences into the .po files and compile them
python -m docs.messages --check    say what is missing, fuzzy, obsolete, malformed or not compiled; change nothing
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "smarketing"
LOCALE = SOURCE / "locale"
TRANSLATED = ("es", "it")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"say": None, "said": None, "words": None, "N_": None, "plural": (1, 2)}
PLURALS = "nplurals=2; plural=(n != 1);"
# terms whose fields are forms: their help is spoken
HINTED = ("agreement.py", "alert_rule.py", "commitment.py", "dispute_rule.py", "yaml_calendar.py")
FIELD = re.compile(r"\{(\w*)")


def extracted() -> Catalog:
    """Every sentence of the code and the templates, with the files it stands in (no line numbers: they move)."""
    catalogue = Catalog(project="smarketing", charset="utf-8")
    for path in sorted(SOURCE.rglob("*.py")):
        for message in said_in(path):
            catalogue.add(message, locations=[(path.relative_to(SOURCE).as_posix(), 0)])
    for path in sorted(path for path in SOURCE.rglob("templates/**/*") if path.is_file()):
        for _, message, _comments, _context in extract_from_file("jinja2.ext.babel_extract", path, KEYWORDS):
            catalogue.add(message, locations=[(path.relative_to(SOURCE).as_posix(), 0)])
        for plural in plurals_in(path):
            catalogue.add(plural, locations=[(path.relative_to(SOURCE).as_posix(), 0)])
    return catalogue


def plurals_in(path: Path) -> Iterator[tuple[str, str]]:
    """The plurals of a template: Jinja's own extraction knows plain names, and `words.plural` is none."""
    tree = Environment().parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr == "plural":
            one, many = call.args[:2]
            if isinstance(one, nodes.Const) and isinstance(many, nodes.Const):
                yield one.value, many.value


def said_in(path: Path) -> Iterator[str | tuple[str, str]]:
    """The sentences of a module, read from its syntax tree: also those inside f-strings and other calls."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name == "Field" and path.parent.name == "terms" and path.name in HINTED:
            yield from filter(None, (literal(word.value) for word in call.keywords if word.arg == "description"))
        if name == "Column" and path.match("facts/schema.py") and literal(call.args[2]):
            yield literal(call.args[2])  # the upload page tells what a column may become
        if name not in KEYWORDS:
            continue
        texts = [literal(argument) for argument in call.args[: len(KEYWORDS[name] or (1,))]]
        if texts and all(texts):
            yield texts[0] if len(texts) == 1 else (texts[0], texts[1])


def literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def catalogue_of(language: str) -> Catalog:
    path = LOCALE / language / "LC_MESSAGES" / "smarketing.po"
    if not path.exists():
        return Catalog(locale=language, project="smarketing", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def refresh() -> None:
    """Merge new sentences into each language's .po and compile it; nothing is guessed from similar sentences."""
    template = extracted()
    for language in TRANSLATED:
        catalogue = catalogue_of(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        folder = LOCALE / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "smarketing.po").write_bytes(_po(catalogue))
        (folder / "smarketing.mo").write_bytes(_mo(catalogue))


def complaints() -> Iterator[str]:
    """What keeps a language from being complete, one sentence each."""
    template = extracted()
    for language in TRANSLATED:
        catalogue = catalogue_of(language)
        for message in template:
            if message.id:
                yield from _complaints_about(language, message, catalogue.get(message.id))
        known = {_key(message) for message in template}
        for message in catalogue:
            if message.id and _key(message) not in known:
                yield f"{language}: no longer used: {_key(message)!r}"
        compiled = LOCALE / language / "LC_MESSAGES" / "smarketing.mo"
        if not compiled.exists() or compiled.read_bytes() != _mo(catalogue):
            yield f"{language}: smarketing.mo is not what smarketing.po compiles to; run python3 dev.py docs"


def _complaints_about(language: str, wanted: Message, found: Message | None) -> Iterator[str]:
    if found is None or not all(_strings(found)):
        yield f"{language}: not translated: {_key(wanted)!r}"
    elif found.fuzzy:
        yield f"{language}: fuzzy: {_key(wanted)!r}"
    else:
        fields = set(FIELD.findall(" ".join(wanted.id) if wanted.pluralizable else str(wanted.id)))
        for text in _strings(found):
            if not set(FIELD.findall(text)) <= fields or (
                not wanted.pluralizable and set(FIELD.findall(text)) != fields
            ):
                yield f"{language}: other placeholders than the English: {text!r}"


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def _key(message: Message) -> str:
    return message.id[0] if message.pluralizable else str(message.id)


def _po(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, omit_header=True, include_lineno=False)
    language = str(catalogue.locale)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {PLURALS}\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def _mo(catalogue: Catalog) -> bytes:
    """Compiled, without the dates that Babel would put in its header."""
    plain = Catalog(locale=catalogue.locale, charset="utf-8", creation_date=_EPOCH, revision_date=_EPOCH)
    for message in catalogue:
        if message.id and all(_strings(message)):
            plain.add(message.id, message.string)
    buffer = io.BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


if __name__ == "__main__":
    if "--check" in sys.argv:
        found = list(complaints())
        print("\n".join(found) or f"translations complete: {', '.join(TRANSLATED)}")
        sys.exit(1 if found else 0)
    refresh()
