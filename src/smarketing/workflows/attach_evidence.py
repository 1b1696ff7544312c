"""Show something in a dispute: a text, a link, or a file that is kept under the digest of its content."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from smarketing.ledger.durable import write_durably
from smarketing.records.access import Refused
from smarketing.records.events import one_write
from smarketing.records.models import Evidence, EvidenceKind, Person
from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_
from smarketing.workflows.decide_dispute import check_open, taken

EVIDENCE = "evidence"
MOST_BYTES = 10 * 1024 * 1024
MOST_PIECES = 50
LONGEST = 4_000


def attach_evidence(
    *,
    dispute_id: int,
    by: Person,
    now: datetime,
    home: Path,
    text: str = "",
    link: str = "",
    file: tuple[str, Iterable[bytes]] | None = None,
) -> Evidence:
    """The piece of evidence; exactly one of text, link and file is given.

    Takes    file  its name and its content, piece by piece
    Raises   Refused for who has no part in it, UserError for what cannot be kept
    """
    found = _file(*file) if file else _link(link.strip()) if link.strip() else _text(text.strip())
    content = b"".join(found.pop("content", ()))  # type: ignore[arg-type]
    with one_write(verb="attach_evidence", by=by, now=now) as write:
        dispute, bench = taken(dispute_id, by, now)
        if not bench.may_add(dispute):
            check_open(dispute)
            raise Refused(N_("You have no part in this dispute."))
        if dispute.evidence.count() >= MOST_PIECES:
            raise UserError(N_("There are {n} pieces of evidence already."), n=MOST_PIECES)
        if content:
            keep(home, str(found["digest"]), content)
        evidence = Evidence.objects.create(dispute=dispute, by=by, at=now, **found)
        write.about(evidence, dispute=dispute.id, kind=evidence.kind, name=evidence.name)
    return evidence


def keep(home: Path, digest: str, content: bytes) -> None:
    folder = home / EVIDENCE
    folder.mkdir(parents=True, exist_ok=True)
    write_durably(folder / digest, lambda path: path.write_bytes(content))


def path_of(home: Path, evidence: Evidence) -> Path:
    return home / EVIDENCE / evidence.digest


def _text(text: str) -> dict[str, object]:
    if not text:
        raise UserError(N_("There is nothing to add."), hint=N_("Write something, name a link or choose a file."))
    if len(text) > LONGEST:
        raise UserError(N_("The text is too long."), where="text", hint=N_("Keep it below {n} characters."), n=LONGEST)
    return {"kind": EvidenceKind.TEXT, "text": text}


def _link(link: str) -> dict[str, object]:
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or len(link) > LONGEST:
        raise UserError(N_("This is no link."), where="link", hint=N_("It begins with https://."))
    return {"kind": EvidenceKind.LINK, "text": link}


def _file(name: str, pieces: Iterable[bytes]) -> dict[str, object]:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > MOST_BYTES:
            raise UserError(N_("The file is too large."), where="file", hint=N_("Keep it below 10 MB."))
    if not content:
        raise UserError(N_("The file is empty."), where="file")
    plain = "".join(each for each in name.replace("\\", "/").rpartition("/")[2] if each.isprintable()).strip()[-200:]
    ending = Path(plain).suffix.lower()
    media_type, is_such = KINDS.get(ending, ("", _is_nothing))
    if not is_such(bytes(content)):
        raise UserError(
            N_("A file of this type cannot be evidence, or it is not what its name says."),
            where="file",
            hint=N_("Take one of {names}."),
            names=", ".join(sorted(each[1:] for each in KINDS)),
        )
    return {
        "kind": EvidenceKind.FILE,
        "name": plain,
        "media_type": media_type,
        "digest": hashlib.sha256(content).hexdigest(),
        "n_bytes": len(content),
        "content": (bytes(content),),
    }


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _is_office(content: bytes) -> bool:
    try:
        return "[Content_Types].xml" in zipfile.ZipFile(BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _is_nothing(_: bytes) -> bool:
    return False


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    ".csv": ("text/csv", _is_text),
    ".docx": (f"{OFFICE}.wordprocessingml.document", _is_office),
    ".eml": ("message/rfc822", _is_text),
    ".jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ".jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ".log": ("text/plain", _is_text),
    ".pdf": ("application/pdf", _begins(b"%PDF-")),
    ".png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ".txt": ("text/plain", _is_text),
    ".xlsx": (f"{OFFICE}.spreadsheetml.sheet", _is_office),
}
