"""Generations of what is made from the facts: the latest stay for whoever found one and still opens its files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PAST = 3  # beside the one in use; news may come several times a second, and a page reads one generation to its end


def latest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: -path.stat().st_mtime_ns)


def outlived(paths: Iterable[Path]) -> list[Path]:
    """Those to remove when another is about to be made."""
    return latest_first(paths)[PAST:]
