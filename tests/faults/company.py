"""A small company whose agreements wait for signatures, put into an installation by a process of its own.

python -m tests.faults.company N
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

OLU, MAYA, SAM = (f"{name}@example.com" for name in ("olu", "maya", "sam"))
PASSWORD = "long enough for tests"


def slug(number: int) -> str:
    return f"acme-{number}"


def found(n_agreements: int) -> None:
    """The cast, and agreements proposed by marketing; every second one is signed by it as well."""
    import django

    django.setup()
    from tests.cast import make_cast
    from tests.negotiations import TEXT, a_proposal, changed, sign

    now = datetime.now(UTC)  # noqa: TID251 — the server goes by the same clock
    text = changed("from_on: 2026-02-01", f"from_on: {now.year + 1}-02-01", TEXT)
    cast = make_cast()
    for number in range(n_agreements):
        version = a_proposal(cast, changed("id: acme", f"id: {slug(number)}", text), now=now)
        if number % 2:
            sign(version, cast.maya, "marketing", now=now)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    found(int(sys.argv[1]))
