"""The program as a process: what its help loads, pipes that close, disks that are full, Ctrl-C, completion."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = ("polars", "numpy", "babel", "holidays", "jinja2", "vl_convert", "fastexcel", "yaml", "smarketing.engine")
CALENDAR = "zone: Europe/Madrid\nhours:\n  mon-fri: 09:00-17:00\n"
DUE = ("clock", "due", "--start", "2026-06-12T14:30:00Z", "--allowance", "2 business hours", "--calendar")


def process(*arguments: str, **more: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SMARKETING_LANG": "en"}
    environment.pop("SMARKETING_COMMAND", None)
    words = [sys.executable, "-m", "smarketing", *arguments]
    pipes: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
    return subprocess.Popen(words, **pipes | more)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("words", [["--help"], ["score", "--help"], ["agreement", "new", "--help"], ["--version"]])
def test_help_loads_no_engine(words: list[str]) -> None:
    """Nor pydantic, save where the parser itself needs it to read the words before a command."""
    heavy = ENGINE if len(words) > 1 else (*ENGINE, "pydantic")
    script = (
        "import sys\n"
        f"sys.argv = ['smarketing', *{words!r}]\n"
        "from smarketing.cli.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SMARKETING_LANG": "en"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert done.stderr.strip() == "[]"


@pytest.fixture
def office(tmp_path: Path) -> str:
    path = tmp_path / "office.yaml"
    path.write_text(CALENDAR)
    return str(path)


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_reader_that_leaves_early_hears_nothing_more(office: str, form: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    running = process(*DUE, office, *form, stdout=write)
    os.close(write)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_full_disk_is_one_sentence(office: str, form: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        running = process(*DUE, office, *form, stdout=full)
        _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (2, "standard output: The system refuses: the disk is full.\n")


def test_a_closed_output_is_no_mistake(office: str) -> None:
    words = [sys.executable, "-m", "smarketing", *DUE, office]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    closed = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&- 2>&-', *words], env=environment)
    assert closed.returncode == 0


def test_ctrl_c_leaves_quietly(tmp_path: Path) -> None:
    running = process("demo", "--pipeline", "--directory", str(tmp_path / "demo"), start_new_session=True)
    assert running.stdout is not None
    running.stdout.readline()  # the first step is done: the work is under way
    time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in err


def test_output_to_a_file_has_no_colours(office: str) -> None:
    running = process(*DUE, office)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("smarketing agr", ["agreement"]),
        ("smarketing agreement f", ["fingerprint"]),
        ("smarketing agreement new --starter in", ["inside_sales"]),
        ("smarketing explain L-1 --agreement {agreement} --commitment dep", ["depth"]),
        ("smarketing explain L-1 --agreement nowhere --commitment dep", []),
        ("smarketing score --by t", ["team", "tier"]),
        ("smarketing import x.csv --profile hub", ["hubspot_export"]),
        ("smarketing plan --lang i", ["it"]),
    ],
)
def test_a_shell_is_offered_what_may_come_next(words: str, offered: list[str]) -> None:
    agreement = ROOT / "src" / "smarketing" / "sources" / "demo_company" / "agreement"
    typed = words.format(agreement=agreement)
    asked = {"_SMARKETING_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SMARKETING_COMMAND": "python3 dev.py run", **asked}
    done = subprocess.run([sys.executable, "-m", "smarketing"], capture_output=True, text=True, env=environment)
    assert (done.stdout.split(), done.stderr) == (offered, "")


def test_a_mistake_is_told_in_the_readers_language() -> None:
    running = process(*DUE[:-2], "2 hours", "--lang", "es")
    _, err = running.communicate(timeout=60)
    assert running.returncode == 2
    assert err.startswith("--allowance: ")
    assert "no unit" not in err
    assert "2 business hours" in err
