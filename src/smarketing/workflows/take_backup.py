"""Everything that cannot be computed again, in one file that says what it holds and was read back once."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection

from smarketing import __version__
from smarketing.ledger.durable import sync_file, sync_folder
from smarketing.records.events import head
from smarketing.records.outbound import installation
from smarketing.records.snapshot import steps_taken, write_snapshot
from smarketing.terms.errors import FactsError
from smarketing.terms.marked import N_

FORMAT = 1
MANIFEST = "manifest.json"
# Facts are a mirror of the database, and static files come with the program.
KEPT_FOLDERS = ("uploads", "imports", "evidence")
SECRET = "secret.key"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    n_files: int
    n_bytes: int
    manifest: dict[str, Any]


def take_backup(target: Path | None, *, with_secret: bool, now: datetime) -> Backup:
    """Write the backup and read it back; nobody has to stop meanwhile.

    Takes    target       a file that is not there yet; in the home's `backups` where left out
             with_secret  the key that signs sessions goes in as well: keep such a backup as you keep a key
    Raises   FactsError when the file is there already, or what was read back differs
    """
    home = Path(settings.HOME)
    path = target or home / "backups" / f"smarketing-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    if path.exists():
        raise FactsError(N_("There is a file of that name already."), where=str(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as place:
        folder = Path(place)
        installation(now)  # named before, so that whoever restores can have it hold its messages
        write_snapshot(folder)
        _gather(home, folder, with_secret)
        manifest = _manifest(folder, now)
        part = path.with_name(path.name + ".part")
        try:
            _pack(folder, manifest, part)
            sync_file(part)
            read_back(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    sync_folder(path.parent)
    return Backup(path, len(manifest["files"]), path.stat().st_size, manifest)


def read_back(path: Path) -> dict[str, Any]:
    """The manifest of a backup whose every file has the size and digest that it names.

    Raises FactsError when it is no backup, cut off, altered or of a newer version.
    """
    try:
        with tarfile.open(path, "r:gz") as archive:
            return _checked(archive, path)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
        raise FactsError(
            N_("This is no whole backup: {why}."), where=str(path), hint=N_("Take another one."), why=str(error)
        ) from error


def _checked(archive: tarfile.TarFile, path: Path) -> dict[str, Any]:
    first = archive.next()
    if first is None or first.name != MANIFEST:
        raise ValueError("manifest.json")
    manifest: dict[str, Any] = json.loads(_opened(archive, first).read())
    if manifest["format"] > FORMAT:
        raise FactsError(N_("A newer version of this program took this backup."), where=str(path))
    found = {}
    for member in archive.getmembers()[1:]:
        if not member.isfile() or member.name.startswith("/") or ".." in Path(member.name).parts:
            raise ValueError(member.name)
        found[member.name] = {"size": member.size, "sha256": _digest(_opened(archive, member))}
    wanted = manifest["files"]
    differing = sorted(name for name in found.keys() | wanted if found.get(name) != wanted.get(name))
    if differing:
        raise ValueError(", ".join(differing[:3]))
    return manifest


def _gather(home: Path, folder: Path, with_secret: bool) -> None:
    for name in KEPT_FOLDERS:
        if (home / name).is_dir():
            shutil.copytree(home / name, folder / name, symlinks=False, ignore=shutil.ignore_patterns("*.tmp", ".*"))
    if with_secret and (home / SECRET).exists():
        shutil.copy2(home / SECRET, folder / SECRET)


def _manifest(folder: Path, now: datetime) -> dict[str, Any]:
    seq, digest = head()
    return {
        "format": FORMAT,
        "program": __version__,
        "taken_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "database": connection.vendor,
        "migrations": steps_taken(),
        "installation": str(installation(now).identity),
        "latest_event": {"seq": seq, "digest": digest},  # at least this far the chain of events must reach
        "files": dict(_described(folder)),
    }


def _described(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                described = {"size": path.stat().st_size, "sha256": _digest(file)}
            yield path.relative_to(folder).as_posix(), described


def _pack(folder: Path, manifest: dict[str, Any], part: Path) -> None:
    part.touch(mode=0o600)
    with tarfile.open(part, "w:gz", compresslevel=6) as archive:
        text = json.dumps(manifest, indent=1).encode()
        about = tarfile.TarInfo(MANIFEST)
        about.size, about.mode = len(text), 0o600
        archive.addfile(about, BytesIO(text))
        for name in manifest["files"]:
            archive.add(folder / name, arcname=name, recursive=False, filter=_anonymous)


def _anonymous(about: tarfile.TarInfo) -> tarfile.TarInfo:
    about.uid = about.gid = 0
    about.uname = about.gname = ""
    about.mode = 0o600
    return about


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(member)
    if file is None:
        raise ValueError(member.name)
    return file


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()
