"""Time zones by their IANA name, read from the pinned `tzdata` package and never from the machine's own files.

Two machines with the same lock file therefore agree on every deadline; the machine's files may be years older.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

from smarketing.terms.errors import TermsError
from smarketing.terms.marked import N_


def tzdb_version() -> str:
    """The release of the time zone database in use: `2026f`."""
    return str(tzdata.IANA_VERSION)


@cache
def zone_names() -> frozenset[str]:
    """Every name the database knows, old spellings included."""
    names = files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    return frozenset(names) - {"Factory"}


def check_zone(name: str) -> None:
    """Raises TermsError, with the nearest names, unless `name` is spelled exactly as the database does."""
    if name in zone_names():
        return
    shown = name if len(name) <= 40 else name[:40] + "…"
    near = get_close_matches(name[:40].replace(" ", "_").title(), zone_names(), n=3, cutoff=0.6)
    hint = N_("Did you mean {near}?") if near else N_("Write an IANA name: Europe/Madrid, America/New_York or UTC.")
    raise TermsError(N_('"{name}" is not a time zone.'), hint=hint, name=shown, near=", ".join(near))


@cache
def zone(name: str) -> ZoneInfo:
    """The zone called `name`.

    Raises TermsError when the database has no such zone.
    """
    return ZoneInfo.from_file(BytesIO(zone_bytes(name)), key=name)


def zone_bytes(name: str) -> bytes:
    """The compiled TZif file of a zone.

    Raises TermsError when the database has no such zone.
    """
    check_zone(name)
    return files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
