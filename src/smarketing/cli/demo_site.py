"""The home of the served demo: a folder of its own, never the installation of whoever tries it."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from smarketing.cli.console import say, terminal
from smarketing.terms.errors import UserError

USUAL_FOLDER = Path("smarketing-demo-site")
MARK = "demo.json"  # a folder with this file is a demo's and may be thrown away
USUAL_PORT = 8000
OURS = "SMARKETING_"
KEPT = frozenset({"SMARKETING_COMMAND", "SMARKETING_LANG", "SMARKETING_LOG_LEVEL", "SMARKETING_LOG_FORMAT"})

SignIns = list[dict[str, str]]


def prepared(directory: Path | None, n_leads: int | None, *, is_fresh: bool) -> tuple[Path, SignIns]:
    """The demo's folder, filled, and who can sign in; this process and its children live there from now on.

    Raises UserError when the folder holds something else, or a demo in another language.
    """
    home = (directory or USUAL_FOLDER).resolve()
    _claim(home, is_fresh)
    _move_in(home)
    known = _told(home)
    if known is not None:
        return home, known
    return home, _seed(home, n_leads)


def usual_port(host: str) -> int:
    """8000 where it is free, else any."""
    from smarketing.cli.ports import check_port_is_free

    try:
        check_port_is_free(host, USUAL_PORT)
    except UserError:
        return 0
    return USUAL_PORT


def _claim(home: Path, is_fresh: bool) -> None:
    """Make the folder the demo's; what an interrupted demo left there goes."""
    mark = home / MARK
    if home.is_file():
        raise UserError(say("This is a file."), where=str(home), hint=say("Name another folder: --directory DIR."))
    if not mark.exists() and home.is_dir() and any(home.iterdir()):
        raise UserError(
            say("This folder holds other files, and the demo overwrites nothing that is not its own."),
            where=str(home),
            hint=say("Name another folder: --directory DIR."),
        )
    said = json.loads(mark.read_text("utf-8")) if mark.exists() else {}
    if mark.exists() and (is_fresh or not said.get("sign_ins")):
        shutil.rmtree(home)
        said = {}
    if said and said["language"] != say.language:
        raise UserError(
            say("The demo in this folder is in another language."),
            where=str(home),
            hint=say("Begin anew with --fresh, or name another folder: --directory DIR."),
        )
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not said:
        _mark(home, [])


def _move_in(home: Path) -> None:
    """A company's own settings are none of the demo's business: least of all its database."""
    for name in [*os.environ]:
        if (name.startswith(OURS) and name not in KEPT) or name == "DATABASE_URL":
            del os.environ[name]
    os.environ["SMARKETING_HOME"] = str(home)
    os.environ["SMARKETING_LANGUAGE"] = say.language
    os.environ.setdefault("SMARKETING_LOG_LEVEL", "WARNING")


def _seed(home: Path, n_leads: int | None) -> SignIns:
    from smarketing.cli.serve import make_ready
    from smarketing.workflows.import_files import Progress

    make_ready()
    from dataclasses import asdict

    from smarketing.workflows.seed_demo import N_DEMO_LEADS, Stage, seed_demo

    with terminal(stderr=True).status("") as status:

        def tell(step: Progress) -> None:
            rows = say.plural("{n} row", "{n} rows", step.n_rows)
            status.update(f"{step.file}: {rows}")

        for step in seed_demo(home, now=datetime.now(UTC), words=say, n_leads=n_leads or N_DEMO_LEADS, progress=tell):
            if isinstance(step, Stage):
                status.update(say(step.what))
            else:
                sign_ins = [asdict(each) for each in step]
    _mark(home, sign_ins)
    return sign_ins


def _told(home: Path) -> SignIns | None:
    sign_ins: SignIns = json.loads((home / MARK).read_text("utf-8"))["sign_ins"]
    return sign_ins or None


def _mark(home: Path, sign_ins: SignIns) -> None:
    """Readable by its owner alone: the passwords of the demo stand in it."""
    from smarketing.ledger.durable import sync_folder, write_durably

    text = json.dumps({"language": say.language, "sign_ins": sign_ins}, ensure_ascii=False, indent=1) + "\n"

    def write(part: Path) -> None:
        part.touch(mode=0o600)
        part.write_text(text, "utf-8")

    write_durably(home / MARK, write)
    sync_folder(home)
