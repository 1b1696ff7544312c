"""facts.json: which files are the facts right now. Replacing it is what makes a change happen, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from smarketing.facts.schema import TABLES
from smarketing.ledger.durable import sync_folder, write_durably
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

MANIFEST = "facts.json"
FORMAT = 1
RESTORE = N_("Put back a copy of the folder, or import the files again into a new one.")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a table. The parts of a table share no key."""

    file: str
    n_rows: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    id: str = ""  # tells this folder of facts from another that took its place
    sequence: int = 0
    tables: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    imports: tuple[str, ...] = ()  # ids of the imports that changed something, in order
    stamp: str = ""  # of a database's mirror: tells the merge that had this sequence from another that took its place

    @property
    def files(self) -> frozenset[str]:
        return frozenset(part.file for parts in self.tables.values() for part in parts)


def write_manifest(folder: Path, manifest: Manifest, name: str = MANIFEST) -> None:
    content = {"format": FORMAT, **asdict(manifest)}
    text = json.dumps(content, indent=1) + "\n"
    write_durably(folder / name, lambda path: path.write_text(text, encoding="utf-8"))
    sync_folder(folder)


def read_manifest(folder: Path, name: str = MANIFEST) -> Manifest:
    """The manifest of `folder`, once every file it names is there in its full length.

    Raises FactsError when there are no facts, or the manifest or a file of it is damaged.
    """
    path = folder / name
    try:
        manifest = _parsed(path.read_text(encoding="utf-8"), path)
    except (FileNotFoundError, NotADirectoryError):
        raise FactsError(
            N_("There are no facts here."),
            where=str(folder),
            hint=N_("Bring some in: smarketing import FILE --facts DIR."),
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FactsError(
            N_("The list of facts is damaged: {reason}."), where=str(path), hint=RESTORE, reason=error
        ) from error
    for part in sorted(manifest.files):
        _check_is_whole(folder, manifest, part)
    return manifest


def _parsed(text: str, path: Path) -> Manifest:
    content = json.loads(text)
    if content["format"] != FORMAT:
        raise FactsError(
            N_("These facts have format {found}; this smarketing reads format {known}."),
            where=str(path),
            hint=N_("Read them with the smarketing that wrote them, or import the files again into a new folder."),
            found=content["format"],
            known=FORMAT,
        )
    tables = {name: tuple(Part(**part) for part in parts) for name, parts in content["tables"].items()}
    if not set(tables) <= set(TABLES):
        raise FactsError(
            N_("The list of facts names tables that there are not: {names}."),
            where=str(path),
            hint=RESTORE,
            names=", ".join(sorted(set(tables) - set(TABLES))),
        )
    return Manifest(
        str(content["id"]), int(content["sequence"]), tables, tuple(content["imports"]), content.get("stamp", "")
    )


def _check_is_whole(folder: Path, manifest: Manifest, file: str) -> None:
    expected = next(p.n_bytes for parts in manifest.tables.values() for p in parts if p.file == file)
    path = folder / file
    if path.is_file() and path.stat().st_size == expected:
        return
    what = N_("A file of the facts has lost bytes.") if path.is_file() else N_("A file of the facts is missing.")
    raise FactsError(what, where=str(path), hint=RESTORE)
