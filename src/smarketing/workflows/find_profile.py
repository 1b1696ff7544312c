"""Find a profile by its name: one that smarketing has, or one that was kept here."""

from __future__ import annotations

import re
from pathlib import Path

from smarketing.sources.read_profile import shipped_profiles
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
KEPT = "profiles"  # beneath the home


def find_profile(name: str, *, home: Path) -> str:
    """What an import takes: the name of a shipped profile, or the path of a kept one. Never a path that somebody typed.

    Raises UserError when there is neither
    """
    shipped = shipped_profiles()
    kept = {path.stem: path for path in sorted((home / KEPT).glob("*.yaml"))}
    if name in shipped:
        return name
    if not NAME.fullmatch(name) or name not in kept:
        hint = N_("Choose one of {known}.")
        known = ", ".join([*shipped, *kept])
        raise UserError(N_('There is no profile "{name}".'), where="profile", hint=hint, name=name[:60], known=known)
    return str(kept[name])
