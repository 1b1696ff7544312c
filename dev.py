#!/usr/bin/env python3
"""Set up this checkout and run it: python3 dev.py demo | test | run | check | fix | docs | lock | bench | shape.

Standard library only, because it runs before anything is installed. It makes `.venv`, installs the
hash-pinned requirements with uv (pip where uv cannot be had), puts `src/` on the path, and does
nothing at all the second time.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST, NEWEST = (3, 11), (3, 14)


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    action = COMMANDS.get(command)
    if action is None:
        print(USAGE)
        return 0 if command in ("help", "-h", "--help") else 2
    ensure_python()
    return action(rest)


def demo(rest: list[str]) -> int:
    set_up("base")
    return smarketing("demo", *rest)


def run(rest: list[str]) -> int:
    set_up("base")
    return smarketing(*rest)


def test(rest: list[str]) -> int:
    set_up("dev")
    is_serial = any(word.startswith("-n") or word == "--pdb" for word in rest)
    parallel = [] if is_serial else ["-n", "auto"]
    return in_venv("-m", "pytest", *parallel, *rest)


def check(_rest: list[str]) -> int:
    """Lint, format, types, import contracts, translations, generated docs; changes nothing."""
    set_up("dev")
    steps = {
        "lint": [tool("ruff"), "check", "."],
        "format": [tool("ruff"), "format", "--check", "."],
        "types": [tool("mypy")],
        "contracts": [tool("lint-imports")],
        "translations": [str(PYTHON), "-m", "docs.messages", "--check"],
        "docs": [str(PYTHON), "-m", "docs.build", "--check"],
    }
    failed = [name for name, words in steps.items() if announce(name, words) != 0]
    print(f"check: {', '.join(failed)} failed" if failed else "check: all clean")
    return 1 if failed else 0


def fix(_rest: list[str]) -> int:
    set_up("dev")
    call([tool("ruff"), "check", "--fix", "."])
    return call([tool("ruff"), "format", "."])


def docs(_rest: list[str]) -> int:
    """Write docs/reference and the compiled translations again."""
    set_up("dev")
    return in_venv("-m", "docs.messages") or in_venv("-m", "docs.build")


def bench(rest: list[str]) -> int:
    set_up("bench")
    return in_venv("-m", "bench", *rest)


def shape(_rest: list[str]) -> int:
    """Print the sizes of our files and functions."""
    set_up("dev")
    return in_venv("-m", "docs.shape", "src/smarketing")


def lock(_rest: list[str]) -> int:
    """Pin again what pyproject.toml asks for, with hashes and without host names."""
    set_up("dev")
    uv = find_uv()
    if uv is None:
        return fail("uv is needed to lock; install it and run this again.")
    for name, extras in (("base", []), ("dev", ["dev"]), ("bench", ["dev", "bench"])):
        words = [uv, "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "--no-header"]
        words += ["--no-annotate", "--quiet", "--upgrade", "-o", f"requirements/{name}.txt"]
        words += [word for extra in extras for word in ("--extra", extra)]
        if call(words) != 0:
            return 1
    return 0


COMMANDS = {
    "demo": demo,
    "run": run,
    "test": test,
    "check": check,
    "fix": fix,
    "docs": docs,
    "bench": bench,
    "shape": shape,
    "lock": lock,
}
USAGE = """python3 dev.py COMMAND

  demo [ARGS]    set up, serve the site with a made-up company in it, open the browser (--pipeline: no site)
  run ARGS       the command line: dev.py run score --help
  test [ARGS]    set up and run the tests (ARGS go to pytest)
  check          lint, format, types, import contracts, translations, generated docs
  fix            repair what a machine can
  docs           write docs/reference and the compiled translations again
  bench [ARGS]   timed runs beside peers
  shape          sizes of files and functions
  lock           pin the requirements again
"""


def ensure_python() -> None:
    """Continue in a Python that can run us, or say which one is needed."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            os.execv(found, [found, *sys.argv])
    sys.exit("smarketing needs Python 3.11 to 3.14; none is on the PATH. Install one and run this again.")


def set_up(wanted: str) -> None:
    """Make `.venv` hold requirements/<wanted>.txt; return at once if it already does."""
    pins = {name: (ROOT / "requirements" / f"{name}.txt").read_bytes() for name in ("base", "dev", "bench")}
    order = ("base", "dev", "bench")
    stamp = VENV / "smarketing-stamp"
    have = stamp.read_text().split() if stamp.exists() else []
    for name in order[order.index(wanted) :]:  # a larger set contains the smaller ones
        if have == [name, digest(pins[name])] and PYTHON.exists():
            return
    if have and have[0] in order and order.index(have[0]) > order.index(wanted):
        wanted = have[0]
    print(f"Setting up .venv ({wanted}); this happens once.", file=sys.stderr, flush=True)
    make_venv()
    install(wanted)
    site = subprocess.check_output([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True)
    Path(site.strip(), "_smarketing.pth").write_text(f"{ROOT / 'src'}\n")
    write_launcher()
    stamp.write_text(f"{wanted} {digest(pins[wanted])}")


def write_launcher() -> None:
    """`.venv/bin/smarketing`, for shells that have the environment on their path."""
    if os.name == "nt":
        return
    launcher = BIN / "smarketing"
    launcher.write_text(f"#!{PYTHON}\nfrom smarketing.cli.__main__ import main\n\nmain()\n")
    launcher.chmod(0o755)


def digest(pins: bytes) -> str:
    return hashlib.sha256(sys.version.encode() + str(ROOT).encode() + pins).hexdigest()


def make_venv() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        version = sysconfig.get_python_version()
        hint = f"On Debian or Ubuntu: apt-get install python{version}-venv"
        sys.exit(f"Python {version} cannot make a virtual environment here. {hint}\n{made.stderr or made.stdout}")


def install(wanted: str) -> None:
    requirements = str(ROOT / "requirements" / f"{wanted}.txt")
    uv = find_uv()
    if uv:
        words = [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--compile-bytecode",
            "--require-hashes",
            "--python",
            str(PYTHON),
        ]
        if subprocess.run([*words, requirements], env=quiet_environment(), capture_output=True).returncode == 0:
            return
        print("uv could not install here; pip does, which takes a minute longer.", file=sys.stderr)
    words = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements]
    if subprocess.run(words).returncode != 0:
        sys.exit("The requirements could not be installed. Is there a network? Run the command again.")


def find_uv() -> str | None:
    """uv from the PATH, or installed (hash-pinned) beside the interpreter; None when neither works."""
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], capture_output=True).returncode == 0:
        return found
    own = BIN / ("uv.exe" if os.name == "nt" else "uv")
    if not own.exists():
        tools = str(ROOT / "requirements" / "tools.txt")
        words = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", tools]
        subprocess.run(words, capture_output=True)
    return str(own) if own.exists() else None


def quiet_environment() -> dict[str, str]:
    # The machine's own certificates, as pip uses them: behind a company's proxy uv's bundled ones are not enough.
    own = {"UV_NO_PROGRESS": "1", "UV_SYSTEM_CERTS": "1", "VIRTUAL_ENV": str(VENV)}
    return {**os.environ, **own}


def smarketing(*words: str) -> int:
    return in_venv("-m", "smarketing", *words)


def in_venv(*words: str) -> int:
    return call([str(PYTHON), *words])


def tool(name: str) -> str:
    return str(BIN / (f"{name}.exe" if os.name == "nt" else name))


def announce(name: str, words: list[str]) -> int:
    print(f"── {name}", flush=True)
    return call(words)


def call(words: list[str]) -> int:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    # A command of ours belongs to the caller's folder; a development tool to the checkout.
    folder = None if words[1:3] == ["-m", "smarketing"] else ROOT
    environment["SMARKETING_COMMAND"] = f"python3 {shlex.quote(sys.argv[0])} run"  # what it tells people to type
    try:
        return subprocess.run(words, cwd=folder, env=environment).returncode
    except KeyboardInterrupt:
        return 130


def fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
