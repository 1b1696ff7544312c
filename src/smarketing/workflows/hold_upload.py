"""Uploaded files on their way to an import: kept in a folder of ours with what was said about how to read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from smarketing.failpoints import reach
from smarketing.records.models import Person
from smarketing.workflows.take_upload import UPLOADS, discard, keep_uploads

SAID = ".upload.json"
PROFILE = ".profile.yaml"
KEY = re.compile(r"[0-9a-f]{32}")
KEEP, KEEP_TORN = timedelta(days=30), timedelta(days=1)
TORN = "*.upload*"  # on their way in when the server was killed
KNOWN, COLUMNS, TEXT = "known", "columns", "text"


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are to be read: through a known profile, column by column, or through a text somebody wrote.

    `files` says of each file, by its title, the fact table, {fact column: header} and {fact column: {value: meaning}}.
    """

    way: str = ""
    profile: str = ""
    text: str = ""
    zone: str = ""
    source: str = ""
    currency: str = ""
    decimal: str = ""
    formats: tuple[str, ...] = ()
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """`ways` are names of the profiles that fit, the best first; `job_id` is set once they are being imported."""

    folder: Path
    by_id: int
    at: datetime
    reading: Reading
    ways: tuple[str, ...] = ()
    job_id: int | None = None

    @property
    def key(self) -> str:
        return self.folder.name

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(sorted(path for path in self.folder.iterdir() if not path.name.startswith(".")))

    @property
    def profile_path(self) -> Path:
        return self.folder / PROFILE


def hold_upload(
    home: Path,
    files: Iterable[tuple[str, Iterable[bytes]]],
    *,
    by: Person,
    now: datetime,
    limit_mb: int,
    reading: Reading | None = None,
) -> Upload:
    """Keep the files and remember whose they are.

    Raises UserError as keep_uploads does
    """
    kept = keep_uploads(home, files, limit_mb=limit_mb)
    return said(Upload(kept[0].parent, by.pk, now, reading or Reading()))


def said(upload: Upload, **changes: Any) -> Upload:
    """The upload with changes, written down."""
    changed = replace(upload, **changes)
    told = {"by": changed.by_id, "at": changed.at.isoformat(), "ways": list(changed.ways), "job": changed.job_id}
    text = json.dumps(told | {"reading": asdict(changed.reading)}, ensure_ascii=False, indent=1)
    temporary = changed.folder / f"{SAID}.new"
    temporary.write_text(text, encoding="utf-8")
    reach("upload.rename.before")
    temporary.replace(changed.folder / SAID)
    reach("upload.rename.after")
    return changed


def held_upload(home: Path, key: str) -> Upload | None:
    """The upload of this key; None when there is none, or it was swept out."""
    path = home / UPLOADS / key / SAID
    if not KEY.fullmatch(key) or not path.is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    reading = told["reading"] | {"formats": tuple(told["reading"]["formats"])}
    at = datetime.fromisoformat(told["at"])
    return Upload(path.parent, told["by"], at, Reading(**reading), tuple(told["ways"]), told["job"])


def sweep_uploads(home: Path, *, now: datetime) -> int:
    """Throw away what was uploaded long ago: what became facts is in the ledger. Returns how many went."""
    old = [
        folder
        for folder in (home / UPLOADS).glob("*")
        if KEY.fullmatch(folder.name) and folder.stat().st_mtime < (now - KEEP).timestamp()
    ]
    for folder in old:
        discard(folder)
    torn = [path for path in (home / UPLOADS).glob(TORN) if path.stat().st_mtime < (now - KEEP_TORN).timestamp()]
    for path in torn:
        path.unlink(missing_ok=True)
    return len(old) + len(torn)
