"""Drawings kept on disk under the hash of what they show, so that the same chart is never drawn twice."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from threading import Lock
from uuid import uuid4

from smarketing.charts.chart import Chart
from smarketing.charts.render import VEGA_LITE, Size, complete_spec, render

MOST = 4_000  # drawings of some 12 kB
EVERY = 200  # drawings between two looks at how many there are


class KeptDrawings:
    """Takes    folder  made when the first chart is drawn; may be deleted at any time"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()  # Vega draws one chart at a time, and two readers want the same one
        self._n_drawn = 0

    def __call__(self, chart: Chart, *, language: str, size: Size) -> str:
        """The chart as SVG, as `charts.render.render` draws it."""
        place = self.folder / f"{drawing_key(chart, language=language, size=size)}.svg"
        return _read(place) or self._draw(place, chart, language, size)

    def _draw(self, place: Path, chart: Chart, language: str, size: Size) -> str:
        with self._lock:
            known = _read(place)
            if known:
                return known
            text = render(chart, language=language, size=size)
            self._keep(place, text)
        return text

    def _keep(self, place: Path, text: str) -> None:
        """Losing a drawing costs a moment, so nothing is fsynced and a full disk is no trouble."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = place.with_suffix(f".{uuid4().hex[:8]}")
            part.write_text(text, encoding="utf-8")
            part.replace(place)
            self._n_drawn += 1
            if self._n_drawn % EVERY == 1:
                self._sweep()
        except OSError:
            return

    def _sweep(self) -> None:
        """Forget the oldest half when there are too many."""
        drawings = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in drawings[: len(drawings) // 2] if len(drawings) > MOST else ():
            path.unlink(missing_ok=True)


def drawing_key(chart: Chart, *, language: str, size: Size) -> str:
    """Everything that the drawing depends on."""
    shown = [VEGA_LITE, language, chart.id, chart.title, chart.desc, complete_spec(chart, size)]
    return sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()


def _read(place: Path) -> str:
    try:
        return place.read_text(encoding="utf-8")
    except OSError:
        return ""
