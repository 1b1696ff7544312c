"""Does the place of the data keep what it is given: probes of a folder's file system, which leave nothing behind."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from smarketing.ledger.durable import sync_file, sync_folder
from smarketing.ledger.lock import sole_writer
from smarketing.terms.errors import FactsError

# Where other machines or a hypervisor stand between us and the disk, locks and fsync may be promises only.
SHARED = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "fuse.sshfs", "fuse.s3fs", "vboxsf", "drvfs"})
PROBE = ".probe"


@dataclass(frozen=True, slots=True)
class Probed:
    """`broken` names what does not work; `kind` is empty where the system does not tell it."""

    kind: str
    broken: tuple[str, ...]
    fsync_ms: float
    n_free_bytes: int

    @property
    def is_shared(self) -> bool:
        return self.kind in SHARED


def probed(folder: Path) -> Probed:
    """Raises OSError when nothing can be written there at all."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / f"{PROBE}-{os.getpid()}"
    place.mkdir()
    try:
        started = time.perf_counter()
        (place / "one").write_bytes(b"1" * 4096)
        sync_file(place / "one")
        sync_folder(place)
        fsync_ms = (time.perf_counter() - started) * 1000
        checks = {"rename": _renames(place), "link": _links(place), "lock": _locks(place)}
    finally:
        shutil.rmtree(place, ignore_errors=True)
    broken = tuple(name for name, works in checks.items() if not works)
    return Probed(kind_of(folder), broken, fsync_ms, shutil.disk_usage(folder).free)


def kind_of(folder: Path) -> str:
    """The type of the file system as the kernel names it."""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    except OSError:
        return ""
    found = [(Path(line.split()[1]), line.split()[2]) for line in mounts]
    above = [(mount, kind) for mount, kind in found if folder.resolve().is_relative_to(mount)]
    return max(above, key=lambda each: len(each[0].parts), default=(None, ""))[1]


def _renames(place: Path) -> bool:
    """A rename replaces what is there, at once."""
    (place / "two").write_bytes(b"2")
    (place / "two").replace(place / "one")
    return (place / "one").read_bytes() == b"2" and not (place / "two").exists()


def _links(place: Path) -> bool:
    """A hard link is refused where the name is taken: that is how two first starts agree on one secret."""
    try:
        os.link(place / "one", place / "three")
        os.link(place / "one", place / "three")
    except FileExistsError:
        return True
    except OSError:
        return False
    return False


def _locks(place: Path) -> bool:
    try:
        with sole_writer(place), sole_writer(place):
            return False
    except FactsError:
        return True
