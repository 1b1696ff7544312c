"""Inflate a compressed request, and stop as soon as it is larger than anybody may send."""

from __future__ import annotations

import zlib

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

GZIP = 16 + zlib.MAX_WBITS  # zlib's way of saying: with the header of gzip


class TooLarge(Exception):
    """More than may be sent in one request."""


def inflated(body: bytes, encoding: str, most: int) -> bytes:
    """The body as its sender wrote it; never more than `most` bytes are made of it.

    Raises TooLarge, UserError when it is no gzip
    """
    if encoding != "gzip":
        return body
    inflater = zlib.decompressobj(GZIP)
    try:
        plain = inflater.decompress(body, most + 1)
    except zlib.error:
        raise _no_gzip() from None
    if len(plain) > most:
        raise TooLarge
    if not inflater.eof or inflater.unused_data:
        raise _no_gzip()
    return plain


def _no_gzip() -> UserError:
    return UserError(N_("The body is not one whole gzip stream."), hint=N_("Send it again, or send it uncompressed."))
