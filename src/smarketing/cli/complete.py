"""What a shell may offer after the words typed so far: names that can be had without reading facts."""

from __future__ import annotations

from pathlib import Path

import typer

from smarketing.cli.console import say
from smarketing.terms.errors import UserError

AXES = ("rep", "team", "tier", "source", "week", "day")
PROFILES = Path(__file__).parent.parent / "sources" / "profiles"

Offer = list[tuple[str, str]]  # a word and what it stands for


def offered_starters() -> Offer:
    from smarketing.terms.starters import starters

    return [(starter.name, say(starter.purpose)) for starter in starters()]


def offered_commitments(context: typer.Context) -> Offer:
    """Those of the agreement that was named before; none while it cannot be read."""
    from smarketing.terms.read_yaml import read_versions

    path = context.params.get("agreement")
    try:
        versions = read_versions(Path(path)) if path else ()
    except UserError:
        return []
    return list({each.id: (each.id, each.title) for version in versions for each in version.commitments}.values())


def offered_profiles() -> list[str]:
    return sorted(path.stem for path in PROFILES.glob("*.yaml"))


def offered_axes() -> list[str]:
    return list(AXES)


def offered_languages() -> list[str]:
    from smarketing.terms.language import LANGUAGES

    return list(LANGUAGES)
