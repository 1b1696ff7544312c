"""Secrets that we must use again: kept sealed, so that a copy of the database gives none of them away."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from smarketing.terms.errors import UserError
from smarketing.terms.marked import N_

PURPOSE = b"smarketing sealed secrets 1"


def seal(secret: str) -> str:
    """The secret as text for a column; empty stays empty."""
    return _box().encrypt(secret.encode()).decode("ascii") if secret else ""


def unsealed(sealed: str) -> str:
    """The secret again.

    Raises UserError when it was sealed with another key: a database restored without the `secret.key` of its home.
    """
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except InvalidToken:
        raise UserError(
            N_("A secret of this installation cannot be read: it was kept under another key."),
            hint=N_("Bring the secret.key back that belongs to this database, or give out new secrets."),
        ) from None


def fingerprint(secret: str) -> str:
    """A few letters by which people compare two secrets without seeing them."""
    return hashlib.sha256(secret.encode()).hexdigest()[:8]


def _box() -> Fernet:
    return _box_of(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _box_of(key: str) -> Fernet:
    """A key of its own for this purpose, derived from the installation's (secret.key of its home, or its setting)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
