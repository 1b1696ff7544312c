"""The key that signs sessions: given by the environment, or made once and kept in the home, readable by its owner."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(given: str, home: Path) -> str:
    """The key of this installation; two processes that start at once agree on one."""
    if given:
        return given
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / "secret.key"
    if not path.exists():
        own = home / f"secret.key.{os.getpid()}"
        handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(own, path)  # fails where the other process was first: then its key holds
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return path.read_text(encoding="ascii").strip()
