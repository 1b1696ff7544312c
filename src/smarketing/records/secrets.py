"""Secrets that are shown once: only their digests are kept."""

from __future__ import annotations

import hashlib
import secrets
import string

LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
N_BYTES = 32


def new_secret() -> str:
    """Thirty-two random bytes as letters and digits that a double click selects whole."""
    number, text = int.from_bytes(secrets.token_bytes(N_BYTES)), ""
    while number:
        number, digit = divmod(number, len(LETTERS))
        text += LETTERS[digit]
    return text.rjust(43, "0")


def digest(secret: str) -> str:
    """SHA-256: enough for a secret that nobody can guess, and quick at every request."""
    return hashlib.sha256(secret.encode()).hexdigest()
