"""The facts as they were when the replica was built: hard links to their files, which cost nothing until they change.

What changed since is then the difference between two sets of files, wherever the facts come from and however many
merges lie between.
"""

from __future__ import annotations

import os
from pathlib import Path

from smarketing.facts.schema import TABLES
from smarketing.ledger.durable import sync_folder
from smarketing.ledger.folder import Folder
from smarketing.ledger.manifest import Manifest, Part

LINKS = "replica_facts"

Parts = dict[str, list[list[object]]]  # by table: file, rows and bytes of each part, as JSON has them


def parts_of(folder: Folder) -> Parts:
    """Which files are the facts right now."""
    return {
        name: sorted([part.file, part.n_rows, part.n_bytes] for part in folder.parts(name))
        for name in sorted(TABLES)
        if folder.parts(name)
    }


def link_parts(folder: Folder) -> None:
    """Keep the files of the facts under another name, and let go of those kept before.

    Where links cannot be made nothing is kept, and the next replica is built whole.
    """
    links = folder.path / LINKS
    links.mkdir(exist_ok=True)
    wanted = {Path(part.file).name: folder.path / part.file for name in TABLES for part in folder.parts(name)}
    for kept in links.iterdir():
        if kept.name not in wanted or not kept.samefile(wanted[kept.name]):
            kept.unlink()
    for name, file in wanted.items():
        try:
            if not (links / name).exists():
                os.link(file, links / name)
        except OSError:
            return
    sync_folder(links)


def linked_facts(folder: Folder, parts: Parts) -> Folder | None:
    """The facts that the `parts` of an earlier time are; None when a file of theirs is no longer there."""
    tables = {
        name: tuple(
            Part(f"{LINKS}/{Path(str(file)).name}", int(str(rows)), int(str(size))) for file, rows, size in given
        )
        for name, given in parts.items()
        if name in TABLES
    }
    earlier = Folder(folder.path, Manifest(folder.manifest.id, -1, tables))
    for part in (part for given in tables.values() for part in given):
        file = folder.path / part.file
        if not file.is_file() or file.stat().st_size != part.n_bytes:
            return None
    return earlier
