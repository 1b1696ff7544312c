"""What fails because the machine does, and passes by itself: a disk that is full, a database that does not answer."""

from __future__ import annotations

import errno
import sys

from django.db import InterfaceError, OperationalError

NO_SPACE = ("disk is full", "53100", "no space left", "disk quota")
ASKED_WRONGLY = ("no such ", "syntax error", "has no column")
FULL = (errno.ENOSPC, errno.EDQUOT)
SPACE_AFTER_S, DATABASE_AFTER_S = 60, 5


def is_disk_full(error: BaseException) -> bool:
    """Also where the database says so for the disk, or somebody raised another error because of it."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    said = str(error).lower()
    cause = error.__cause__ or error.__context__
    return any(sign in said for sign in NO_SPACE) or (cause is not None and is_disk_full(cause))


def is_database_away(error: BaseException) -> bool:
    """SQLite gives the same class to what is only asked wrongly."""
    is_asked_wrongly = any(sign in str(error) for sign in ASKED_WRONGLY)
    return isinstance(error, OperationalError | InterfaceError) and not is_asked_wrongly


def outage() -> int:
    """The status that fits what is being handled just now: 507, 503, or 500 for a mistake of ours."""
    error = sys.exc_info()[1]
    if error is None:
        return 500
    return 507 if is_disk_full(error) else 503 if is_database_away(error) else 500
