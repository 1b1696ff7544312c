"""Which generation of the mirror is shown: whoever only looks stays with it for a while, though merges move it on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from smarketing.ledger.generations import PAST
from smarketing.ledger.lock import in_turn
from smarketing.ledger.manifest import Manifest, read_manifest, write_manifest
from smarketing.terms.errors import FactsError

FOLDER, SHOWN = "shown", "{sequence:012}-{stamp}.json"  # beside the tables, whose torn files anybody sweeps out


def shown(path: Path) -> Manifest | None:
    """What was shown last, as long as all its files are there."""
    latest = _names(path)[-1:]
    return _read(path, latest[0]) if latest else None


def note_shown(path: Path, manifest: Manifest) -> None:
    """From now on this is shown; who shows one of those before goes on."""
    name, folder = SHOWN.format(sequence=manifest.sequence, stamp=manifest.stamp[:8]), path / FOLDER
    if (folder / name).exists():
        return
    with suppress(FileNotFoundError):  # the mirror is thrown away meanwhile, and all that was shown with it
        folder.mkdir(exist_ok=True)
        with in_turn(folder):  # several come to the end of what was shown at once
            write_manifest(folder, manifest, name)
            for earlier in [*(folder / earlier for earlier in _names(path)[: -PAST - 1]), *folder.glob("*.tmp")]:
                earlier.unlink(missing_ok=True)


def shown_files(path: Path) -> frozenset[str]:
    """What these generations consist of."""
    found = [manifest.files for name in _names(path) if (manifest := _read(path, name))]
    return frozenset[str]().union(*found)


def shown_beginnings(path: Path) -> tuple[str, ...]:
    """How the names of what was made from these generations begin, as those of replicas do."""
    return tuple(f"{int(name.partition('-')[0]):06}-" for name in _names(path))


def _names(path: Path) -> list[str]:
    """Oldest first."""
    return sorted(file.name for file in (path / FOLDER).glob("*.json"))


def _read(path: Path, name: str) -> Manifest | None:
    """One that cannot be read, or whose files are gone, is as good as none."""
    try:
        return read_manifest(path, f"{FOLDER}/{name}")
    except FactsError:
        return None
