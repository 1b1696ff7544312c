"""The arrow of ARCHITECTURE.md holds, and what is banned is absent."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "smarketing"
MODULES = sorted(SOURCE.rglob("*.py"))
OF_THE_FRAMEWORK = {
    "get_extra_info": "how httpcore asks a connection what it is made of",
    "get_openapi_operation_id": "how Ninja names what an address does",
    "get_openapi_schema": "how Ninja writes the OpenAPI document",
    "get_prep_value": "how a Django field turns a value into one of the database",
}
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|core|base|managers?|services?|misc)(_|$|\.)")


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode != 0:
        return [p for p in ROOT.rglob("*") if p.is_file() and not {".venv", ".git"} & set(p.relative_to(ROOT).parts)]
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_import_contracts_hold() -> None:
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_says_in_one_sentence_what_it_is_for(path: Path) -> None:
    first = path.read_text(encoding="utf-8").lstrip().splitlines()[0]
    assert first.startswith('"""'), f"{path} has no module docstring"


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [path for path in SOURCE.rglob("*") if path.is_dir() or path.suffix == ".py"]
    nothing = [str(path.relative_to(SOURCE)) for path in named if BANNED_NAMES.search(path.stem)]
    assert nothing == []


def test_nothing_is_named_get() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in MODULES
        for line in path.read_text(encoding="utf-8").splitlines()
        if (name := re.match(r"\s*def (get_\w*)", line)) and name[1] not in OF_THE_FRAMEWORK
    ]
    assert found == []


def test_no_row_loop_in_engine_and_scorecard() -> None:
    slow = re.compile(r"iter_rows|map_elements|\.apply\(|iterrows|itertuples|np\.vectorize")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("engine", "scorecard")
        for path in (SOURCE / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if slow.search(line)
    ]
    assert found == []


def test_no_registry_host_and_no_path_of_one_machine() -> None:
    hosts = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian.org"]
    paths = ["/wo" + "rk/", "/ro" + "ot/", "/home/" + "user"]
    forbidden = re.compile("|".join(re.escape(word) for word in hosts + paths))
    found = []
    for path in tracked_files():
        if path.suffix in (".mo", ".png", ".parquet", ".xlsx"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if forbidden.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_requirements_are_pinned_by_hash_and_name_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path
        pins = len(re.findall(r"^[a-z0-9][\w.\-]*(\[[\w,]+\])?==", text, re.M))
        assert pins > 0 and pins == len(re.findall(r"==[^\n]*\\\n", text)), path
        assert text.count("--hash=sha256:") >= pins, path


def test_every_dependency_has_a_line_that_says_why() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.match(r"[\w\-]+", line).group() for line in project["dependencies"]}  # type: ignore[union-attr]
    for extra in project["optional-dependencies"].values():
        wanted |= {re.match(r"[\w\-]+", line).group() for line in extra}  # type: ignore[union-attr]
    page = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    missing = sorted(name for name in wanted if f"`{name}`" not in page)
    assert missing == []


def test_no_two_test_files_share_a_name() -> None:
    """Because pytest would collect only one of them."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, n in names.items() if n > 1] == []
