"""Why a file cannot be read or written, in sentences of the catalogue."""

from __future__ import annotations

import errno
from collections.abc import Callable
from json import JSONDecodeError
from xml.parsers.expat import ExpatError

from smarketing.terms.marked import N_

TROUBLES = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EEXIST: N_("there is something of that name already"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EACCES: N_("permission is denied"),
    errno.EPERM: N_("permission is denied"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENOSPC: N_("the disk is full"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}
KINDS = {FileNotFoundError: errno.ENOENT, PermissionError: errno.EACCES, IsADirectoryError: errno.EISDIR}


def english(sentence: str, /, **values: object) -> str:
    return sentence.format(**values) if values else sentence


def trouble_words(error: Exception, words: Callable[..., str] = english) -> str:
    """One of the usual reasons in the reader's language, else the first line of what the system or a library says."""
    match error:
        case JSONDecodeError():
            return words(N_("line {line} is not the JSON that belongs there"), line=error.lineno)
        case UnicodeDecodeError():
            return words(N_("it holds bytes that are no text"))
        case ExpatError():
            return words(N_("line {line} of a part of it is no XML"), line=error.lineno)
        case KeyError() | TypeError() | AttributeError():
            return words(N_("something in it is missing or has another form"))
        case OSError():
            usual = TROUBLES.get(error.errno or KINDS.get(type(error), 0))
            return words(usual) if usual else error.strerror or _first_line(error)
    return _first_line(error)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
