"""Vega for the browser: one script that draws a spec where it can be touched, and writes numbers in one language."""

from __future__ import annotations

import gzip
import json
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

from smarketing.charts.render import VEGA_LITE, number_locale, time_locale

EXPOSED = "window.vegaEmbed = vegaEmbed;"


def viewer(folder: Path, language: str) -> Path:
    """The gzipped script, made once and kept: libraries that set `vegaEmbed`, and `vegaLocale` for its options.

    Takes  folder  where it is kept; a new version of the libraries is another file beside it
    """
    path = folder / f"vega-{edition()}.{language}.js.gz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        own = path.with_suffix(f".{os.getpid()}")
        own.write_bytes(gzip.compress((_libraries(folder) + _locale(language)).encode(), 9, mtime=0))
        own.replace(path)
    return path


@cache
def edition() -> str:
    """Changes with the libraries; part of the address, so that browsers may keep the script for ever."""
    return f"{version('vl-convert-python')}-{VEGA_LITE}"


def _libraries(folder: Path) -> str:
    """Bundled within five seconds, so every language shares one file of them."""
    import vl_convert

    path = folder / f"vega-{edition()}.js"
    if not path.exists():
        own = path.with_suffix(f".{os.getpid()}")
        libraries = vl_convert.javascript_bundle(EXPOSED, vl_version=VEGA_LITE)
        own.write_text(f"(()=>{{{libraries}\n}})();", encoding="utf-8")  # its short names stay its own
        own.replace(path)
    return path.read_text(encoding="utf-8")


def _locale(language: str) -> str:
    said = {"formatLocale": number_locale(language), "timeFormatLocale": time_locale(language)}
    return f"\nwindow.vegaLocale = {json.dumps(said)};\n"
