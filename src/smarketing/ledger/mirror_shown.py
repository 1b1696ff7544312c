"""Which generation of the mirror is shown: whoever only looks stays with it for a while, though merges move it on."""

from __future__ import annotations

from pathlib import Path

from smarketing.ledger.generations import PAST
from smarketing.ledger.lock import in_turn
from smarketing.ledger.manifest import Manifest, read_manifest, write_manifest
from smarketing.terms.errors import FactsError

SHOWN, SHOWN_LOCK = "shown-{sequence:012}-{stamp}.json", "shown.lock"


def shown(path: Path) -> Manifest | None:
    """What was shown last, as long as all its files are there."""
    latest = _names(path)[-1:]
    return _read(path, latest[0]) if latest else None


def note_shown(path: Path, manifest: Manifest) -> None:
    """From now on this is shown; who shows one of those before goes on."""
    name = SHOWN.format(sequence=manifest.sequence, stamp=manifest.stamp[:8])
    if (path / name).exists():
        return
    with in_turn(path, SHOWN_LOCK):  # several come to the end of what was shown at once
        if not (path / name).exists():
            write_manifest(path, manifest, name)
        for earlier in [*(path / earlier for earlier in _names(path)[: -PAST - 1]), *path.glob("shown-*.tmp")]:
            earlier.unlink(missing_ok=True)


def shown_files(path: Path) -> frozenset[str]:
    """What these generations consist of."""
    found = [manifest.files for name in _names(path) if (manifest := _read(path, name))]
    return frozenset[str]().union(*found)


def _names(path: Path) -> list[str]:
    """Oldest first."""
    return sorted(file.name for file in path.glob("shown-*.json"))


def _read(path: Path, name: str) -> Manifest | None:
    """One that cannot be read, or whose files are gone, is as good as none."""
    try:
        return read_manifest(path, name)
    except FactsError:
        return None
