"""Generations of what is made from the facts: the latest stay for whoever found one and still opens its files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PAST = 3  # beside the one in use; news may come several times a second, and a page reads one generation to its end


def latest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: -path.stat().st_mtime_ns)


def outlived(paths: Iterable[Path], spared: tuple[str, ...] = ()) -> list[Path]:
    """Those to remove when another is about to be made, but for names that begin as one of `spared`."""
    return [path for path in latest_first(paths)[PAST:] if not path.name.startswith(spared)]
