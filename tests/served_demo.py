"""Starts the served demo as a stranger would, asks it two pages, stops it, and has its records proved.

python -m tests.served_demo
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def served(directory: Path, *more: str) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """What the demo says of itself once it answers, and its process; ended when the block is."""
    words = [sys.executable, "-m", "smarketing", "demo", "--directory", str(directory), "--port", "0"]
    running = subprocess.Popen([*words, "--no-open", "--json", *more], stdout=subprocess.PIPE, text=True)
    try:
        yield json.loads(_document(running)), running
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(timeout=40)


def _document(running: subprocess.Popen[str]) -> str:
    """The JSON that is printed when the site answers: it ends with a brace in the first column."""
    assert running.stdout is not None
    lines = []
    for line in running.stdout:
        lines.append(line)
        if line.rstrip() == "}":
            break
    said = "".join(lines)
    if said.startswith("{"):
        return said
    running.send_signal(signal.SIGINT)
    raise AssertionError(f"The demo ended with {running.wait(timeout=40)} and said: {said}")


def page(address: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address + path, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def audited(home: Path) -> dict[str, Any]:
    """What `smarketing audit verify` says of the demo's records."""
    words = [sys.executable, "-m", "smarketing", "audit", "verify", "--json"]
    environment = {**os.environ, "SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": ""}
    found: dict[str, Any] = json.loads(subprocess.check_output(words, env=environment, text=True))
    return found


def main() -> None:
    os.environ.setdefault("SMARKETING_LOG_LEVEL", "ERROR")
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "demo"
        with served(home, "--leads", "1500") as (said, running):
            for path, needle in (("/health/ready", '"ready": true'), ("/sign-in/", "<form")):
                status, text = page(said["address"], path)
                assert status == 200 and needle in text, (path, status, text[:400])
        assert running.returncode == 0, running.returncode
        proof = audited(home)
    assert proof["holds"] and proof["entries"] > 0, proof
    print(f"The served demo answered: {len(said['sign_ins'])} people may sign in; {proof['entries']} entries hold.")


if __name__ == "__main__":
    main()
