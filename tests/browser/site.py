"""A site of our own, started as people start it: the program, a folder, a port."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cast import PASSWORD

ROOT = Path(__file__).parents[2]
STOPS_WITHIN_S = 20


@dataclass
class Site:
    """A running site, who can sign in to it, and the cookies of those who have."""

    address: str
    home: Path
    process: subprocess.Popen[bytes]
    people: dict[str, tuple[str, str]] = field(default_factory=dict)  # first name → address and password
    cookies: dict[str, Any] = field(default_factory=dict)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def start(arguments: list[str], home: Path, **environment: str) -> Site:
    """Run the program until it says its address.

    Takes    environment  what it says beside the home
    """
    said, log = home.parent / f"{home.name}.json", home.parent / f"{home.name}.log"
    with said.open("w") as out, log.open("w") as errors:
        words = [sys.executable, "-m", "smarketing", *arguments, "--port", "0", "--json"]
        process = subprocess.Popen(
            words, env=own_environment(home) | environment, stdout=out, stderr=errors, cwd=home.parent
        )
    while process.poll() is None and not said.read_text().rstrip().endswith("}"):
        time.sleep(0.2)
    if process.poll() is not None:
        raise AssertionError(f"The site did not start: {log.read_text()[-2000:]}")
    return Site(json.loads(said.read_text())["address"], home, process)


def start_demo(home: Path, *, n_leads: int) -> Site:
    """The demo company's site, with everybody's way to sign in."""
    site = start(["demo", "--directory", str(home), "--leads", str(n_leads), "--no-open"], home)
    for each in json.loads((home / "demo.json").read_text("utf-8"))["sign_ins"]:
        site.people[each["name"].split()[0].lower()] = (each["email"], each["password"])
    return site


def start_around_the_clock(home: Path, **environment: str) -> tuple[Site, str]:
    """The site of tests.browser.around_the_clock, and what its source signs with.

    Takes    environment  what the program says beside the home
    """
    ours = own_environment(home) | {"DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    words = [sys.executable, "-m", "tests.browser.around_the_clock"]
    secret = subprocess.run(words, env=ours, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    site = start(["serve"], home, **environment)
    site.people = {name: (f"{name}@example.com", PASSWORD) for name in ("rita", "sam")}
    return site, secret


def own_environment(home: Path) -> dict[str, str]:
    """What is said to a program of ours, and nothing that was said to somebody else's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SMARKETING_", "DJANGO_"))}
    ours = {"SMARKETING_HOME": str(home), "SMARKETING_LOG_LEVEL": "WARNING", "PYTHONPATH": str(ROOT / "src")}
    return kept | ours
