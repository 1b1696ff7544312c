"""Profiles from YAML: the shipped ones by name, one's own by path, every fault with its line."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

from smarketing.sources.profile import Cell, Condition, Each, Profile
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH, nearest
from smarketing.terms.language import N_, Words
from smarketing.terms.yaml_nodes import Listing, Mapping, Node, Reading, Scalar, compose, decoded
from smarketing.terms.yaml_shape import Place, Shape


def shipped_profiles() -> list[str]:
    found = files("smarketing.sources").joinpath("profiles").iterdir()
    return sorted(path.name.removesuffix(".yaml") for path in found if path.name.endswith(".yaml"))


def read_profile(name: str, words: Words = ENGLISH) -> Profile:
    """The profile of a file, or a shipped one by its name.

    Raises UserError when there is neither, TermsError with every fault and its line when it cannot be obeyed.
    """
    path = Path(name)
    if path.suffix.lower() in (".yaml", ".yml") or path.is_file():
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UserError(N_("This profile cannot be read: {problem}."), where=name, problem=error) from None
        return read_profile_text(decoded(content, Reading(path.name, words)), where=path.name, words=words)
    known = shipped_profiles()
    if name not in known:
        meant = nearest(name, known)
        raise UserError(
            N_('There is no profile "{name}".'),
            where="--profile",
            hint=N_('Did you mean "{meant}"?') if meant else N_("Choose one of {known}, or name a .yaml file."),
            name=name[:60],
            meant=meant,
            known=", ".join(known),
        )
    text = files("smarketing.sources").joinpath("profiles", f"{name}.yaml").read_text(encoding="utf-8")
    return read_profile_text(text, where=f"{name}.yaml", words=words)


def read_profile_text(text: str, *, where: str, words: Words = ENGLISH) -> Profile:
    """A profile from its YAML text.

    Raises TermsError with every fault and its line.
    """
    reading = Reading(where, words)
    node = compose(text, reading)
    shape = Shape(reading, {Cell: _cell, Condition: _condition, Each: _each})
    profile = shape.model(Profile, node)
    reading.check()
    if profile is None:  # a refusal without a fault of its own; never seen, never silent
        raise reading.refuse(0, N_("This profile does not hold together."))
    return profile


def profile_fingerprint(profile: Profile) -> str:
    return hashlib.sha256(profile.model_dump_json().encode()).hexdigest()


def _cell(shape: Shape, node: Node, path: Place) -> Any:
    """`Id`, `[Id, Record ID]`, or a mapping; one header or format may stand without brackets."""
    if isinstance(node, Scalar):
        return {"column": [_text(shape, node, path)]}
    if isinstance(node, Listing):
        return {"column": [_text(shape, item, path) for item in node.items]}
    for key in ("column", "format"):
        if key in node.entries and isinstance(node.entries[key][1], Scalar):
            name, only = node.entries[key]
            node.entries[key] = (name, Listing(only.line, [only]))
    return shape.fields(Cell, node, path)


def _condition(shape: Shape, node: Node, path: Place) -> Any:
    if isinstance(node, Scalar) and node.text in ("filled", "empty"):
        return {"is_filled": "yes" if node.text == "filled" else "no"}
    if isinstance(node, Scalar):
        return {"one_of": [node.text]}
    if isinstance(node, Listing):
        return {"one_of": [_text(shape, item, path) for item in node.items]}
    found = node.entries.get("not")
    if found is None or len(node.entries) > 1:
        return shape.fault(
            path, N_("A condition is a value, a list of values, filled, empty, or the key not with a list.")
        )
    values = found[1]
    items = values.items if isinstance(values, Listing) else [values]
    return {"none_of": [_text(shape, item, path) for item in items]}


def _each(shape: Shape, node: Node, path: Place) -> Any:
    if isinstance(node, Mapping):
        return shape.fields(Each, node, path)
    return shape.fault(path, N_("Say which column is cut into pieces, and by what: keys column and split."))


def _text(shape: Shape, node: Node, path: Place) -> Any:
    if isinstance(node, Scalar):
        return node.text
    return shape.fault(path, N_("Write one value here."))
