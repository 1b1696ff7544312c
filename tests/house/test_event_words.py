"""Whatever a workflow leaves in the audit trail has a sentence, a thing and names for its details."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from smarketing.records.event_words import DEEDS, DETAILS, THINGS
from smarketing.records.spoken_events import blanks
from smarketing.workflows.turn_versions import VERBS

SOURCE = Path(__file__).parents[2] / "src" / "smarketing"
WRITERS = [path for path in sorted(SOURCE.rglob("*.py")) if "one_write(" in path.read_text(encoding="utf-8")]
TABLE = "src/smarketing/records/event_words.py"
ALWAYS_KNOWN = {"object", "agreement", "number"}


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node


def patterns(verb: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    """What the verbs that an expression may become look like."""
    match verb:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.IfExp(body=one, orelse=other):
            yield from patterns(one, constants)
            yield from patterns(other, constants)
        case ast.JoinedStr(values=parts):
            yield "".join(
                re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else ".+"
                for part in parts
            )
        case ast.Name(id=name) if name in constants:
            yield re.escape(constants[name])
        case _:
            raise AssertionError(f"line {verb.lineno}: write the verb out where `one_write` is called")


def constants_of(tree: ast.Module) -> dict[str, str]:
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


@pytest.mark.parametrize("path", WRITERS, ids=lambda path: path.stem)
def test_every_verb_has_a_sentence(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in calls(tree, "one_write"):
        for keyword in call.keywords:
            for pattern in patterns(keyword.value, constants_of(tree)) if keyword.arg == "verb" else ():
                assert any(re.fullmatch(pattern, verb) for verb in DEEDS), f"{pattern} has no line in DEEDS of {TABLE}"


@pytest.mark.parametrize("path", WRITERS, ids=lambda path: path.stem)
def test_things_and_details_have_names(path: Path) -> None:
    for call in calls(ast.parse(path.read_text(encoding="utf-8")), "about"):
        thing = call.args[0] if call.args else None
        if isinstance(thing, ast.Constant):
            assert thing.value in THINGS, f"{thing.value!r} has no line in THINGS of {TABLE}"
        for keyword in call.keywords:
            assert keyword.arg is None or keyword.arg in DETAILS, f"{keyword.arg} has no line in DETAILS of {TABLE}"


def test_verbs_of_a_versions_life_have_sentences() -> None:
    assert {f"{verb}_version" for verb in ("counter", "reopen", *VERBS.values())} <= set(DEEDS)


@pytest.mark.parametrize("verb", DEEDS)
def test_the_last_sentence_names_the_verb_alone(verb: str) -> None:
    *full, plain = DEEDS[verb]
    assert not blanks(plain)
    for sentence in full:
        assert blanks(sentence) and blanks(sentence) <= {*DETAILS, *ALWAYS_KNOWN}
