"""What a mail says, as one object of plain fields: who writes, when, about what, and the lines `Label: value` in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from html import unescape
from typing import Any

from smarketing.sources.header_words import WORDS
from smarketing.sources.headers import plain

MOST_LINES, LONGEST = 100, 1_000
LINE = re.compile(r"[>\s*•·-]*([^\W\d_][^:\n]{0,59}?)\s*[*]*:[*]*\s+(\S[^\n]*)")
END_OF_LINE, TAG = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h\d)\b[^>]*>", re.I), re.compile(r"<[^>]*>")
HEAD = ("From", "Subject", "Message-ID")
NOT_OURS = frozenset({"from", "to", "cc", "subject", "messageid", "date", "sent"})  # a forwarded mail's own head
PEOPLE = frozenset(WORDS["lead"]["person_key"].split())


def fields_of(message: bytes, now: datetime) -> dict[str, str] | None:
    """Nothing where a machine answers or a server reports what it could not deliver.

    Returns  from, name, subject, message_id and date of the head, and what the lines of its text are called. `email`
             is whom to answer, unless a line names the person: a form's mail is written by the form
    """
    mail = message_from_bytes(message, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    if _is_machine(mail):
        return None
    said = {name: text for name, text in _lines(mail) if plain(name) not in NOT_OURS}
    writers = [each for name in ("Reply-To", "From") for each in getattr(_head(mail, name), "addresses", ())]
    writer = next((each for each in writers if each.addr_spec), None)
    if writer is not None and not any(plain(name) in PEOPLE for name in said):
        said |= {"email": writer.addr_spec, **({"name": writer.display_name} if writer.display_name else {})}
    head = {name.replace("-", "_").lower(): str(_head(mail, name) or "")[:LONGEST] for name in HEAD}
    return said | {name: text for name, text in head.items() if text} | {"date": _written_at(mail, now)}


def _head(mail: EmailMessage, name: str) -> Any:
    """None for a line that Python's reader of mails breaks at, as for one that is not there."""
    try:
        return mail[name]
    except (ValueError, IndexError, TypeError, AttributeError):
        return None


def _is_machine(mail: EmailMessage) -> bool:
    if mail.get_content_type() == "multipart/report" or _head(mail, "X-Autoreply") is not None:
        return True
    said = {name: str(_head(mail, name) or "").strip().lower() for name in ("Auto-Submitted", "Return-Path")}
    path = "".join(said["Return-Path"].partition("(")[0].split())  # blanks and a comment say nothing
    return said["Auto-Submitted"].startswith("auto-replied") or path == "<>"


def _written_at(mail: EmailMessage, now: datetime) -> str:
    """Its own time, or now where it says none or one that has not come yet."""
    at = getattr(_head(mail, "Date"), "datetime", None) or now
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return min(at, now).isoformat()


def _lines(mail: EmailMessage) -> Iterator[tuple[str, str]]:
    found = [each for each in map(LINE.fullmatch, map(str.strip, _text(mail).splitlines())) if each]
    for each in found[:MOST_LINES]:
        yield each[1].strip(), each[2].strip(" *")[:LONGEST]


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, MessageError):  # a character set that nobody knows
        text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
    return unescape(TAG.sub("", END_OF_LINE.sub("\n", text))) if part.get_content_subtype() == "html" else text
