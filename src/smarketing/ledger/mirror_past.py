"""The files of the mirror's generations past: whoever still reads one finds them for a while."""

from __future__ import annotations

import json
from pathlib import Path

from smarketing.ledger.manifest import Manifest

PAST = "past"
MOST = 8  # generations; a page is drawn within fewer of them, and each may hold whole tables


def note_past(path: Path, manifest: Manifest) -> None:
    """Remember which files `manifest` names, and forget the oldest generation beyond MOST."""
    folder = path / PAST
    folder.mkdir(exist_ok=True)
    name = f"{manifest.sequence:012}-{manifest.stamp[:8]}.json"
    (folder / name).write_text(json.dumps(sorted(manifest.files)), encoding="utf-8")
    for file in sorted(folder.iterdir())[:-MOST]:
        file.unlink(missing_ok=True)


def past_files(path: Path) -> frozenset[str]:
    """What generations past consist of; a note torn by a kill says nothing."""
    found: set[str] = set()
    for file in (path / PAST).glob("*.json"):
        try:
            found.update(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return frozenset(found)
