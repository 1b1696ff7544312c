"""Take uploaded files in: kept on disk under a name of ours, and a job that imports them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from smarketing.failpoints import reach
from smarketing.records.events import one_write
from smarketing.records.models import Job, Person
from smarketing.records.queue import enqueue
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

UPLOADS = "uploads"
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".jsonl", ".ndjson", ".json")
MB = 2**20
ODD = re.compile(r"[^\w.\- ]+")


def keep_uploads(home: Path, files: Iterable[tuple[str, Iterable[bytes]]], *, limit_mb: int) -> tuple[Path, ...]:
    """The files in a folder of their own; their names lose whatever could lead elsewhere. All of them or none.

    Raises UserError for a kind of file that is not read, an empty one, or more than the limit
    """
    folder = home / UPLOADS / uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    try:
        return tuple(_written(folder, files, limit_mb * MB))
    except BaseException:
        discard(folder)
        raise


def _written(folder: Path, files: Iterable[tuple[str, Iterable[bytes]]], limit: int) -> Iterator[Path]:
    left = limit
    for number, (name, chunks) in enumerate(files):
        plain = ODD.sub("_", Path(name.replace("\\", "/")).name).strip(". ")[-120:] or f"file-{number}"
        if not plain.lower().endswith(ENDINGS):
            hint = N_("Bring CSV, XLSX, Parquet or JSON Lines.")
            raise UserError(N_("This kind of file is not read."), where=name[:120], hint=hint)
        path = folder / (plain if not (folder / plain).exists() else f"{number}-{plain}")
        with path.open("wb") as file:
            for chunk in chunks:
                left -= len(chunk)
                if left < 0:
                    hint = N_("Bring parts of it, or raise SMARKETING_IMPORT_LIMIT_MB.")
                    raise UserError(N_("More than {n} MB."), where=name[:120], hint=hint, n=limit // MB)
                file.write(chunk)
                reach("upload.chunk")
        if not path.stat().st_size:
            raise UserError(N_("The file is empty."), where=name[:120])
        yield path


def discard(folder: Path) -> None:
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)
    folder.rmdir()


def take_upload(
    *, files: Sequence[Path], profile: str, source: str = "", zone: str = "", by: Person, now: datetime
) -> Job:
    """The job that imports kept files; asked twice for the same ones, there is one job."""
    names = [path.name for path in files]
    with one_write(verb="take_upload", by=by, now=now) as write:
        job = enqueue(
            "import_export",
            {"files": [str(path) for path in files], "profile": profile, "source": source, "zone": zone},
            by=by,
            now=now,
            key=f"import:{files[0].parent.name}" if files else "",
        )
        write.about(job, files=names, profile=Path(profile).name)
    reach("upload.accepted")
    return job
