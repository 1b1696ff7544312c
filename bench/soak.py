"""The served program under mixed load with kill -9 every few seconds, and the books at the end.

Sources send, people answer their leads, import and look around, messages go out to a mail server and a room of this
machine; meanwhile parts of the site, or all of it, are killed. Then it is left alone until nothing is left to do, and
every book must balance.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.databases import fresh_postgres, sqlite
from bench.machine import describe
from bench.protocol import ROOT
from bench.soak_kills import Tree, kill_for

SETTLE_S, PATIENCE_S = 3.0, 600.0
ERROR, MOST_ERRORS = re.compile(r"[\w.]*(Error|Exception|Lost|Full|Slow)\b"), 20
Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Soak:
    """`rate` is of new leads a second, each of which is told of in about two requests."""

    seconds: float
    rate: float = 2.0
    seed: int = 0


def measure_soak(soak: Soak, vendor: str, keep: Path | None = None) -> Report:
    """Everything that was counted; `faults` of the books and `wrong` answers must be none."""
    from smarketing.cli.ports import free_port

    with ExitStack() as stack:
        url = fresh_postgres(stack)() if vendor == "postgres" else sqlite()
        place = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        mails, posts = stack.enter_context(_receivers())
        port = free_port("127.0.0.1")
        environment = _environment(place, url, port, mails.port, posts.port)
        told = _step("prepare", {"room": posts.url("/room")}, place, environment)
        tree = Tree(environment, port, place / "site.log", chance=Random(f"kills {soak.seed}"))
        tree.start()
        try:
            order = {"port": port, "stop": str(place / "stop"), "seed": soak.seed, "rate": soak.rate, **told}
            actors = {name: _actor(name, order, place, environment) for name in ("sender", "people")}
            time.sleep(SETTLE_S)
            kill_for(tree, soak.seconds)
            (place / "stop").touch()
            said = {name: _ended(name, actor, place) for name, actor in actors.items()}
            settled = _step("settled", {"patience_s": PATIENCE_S}, place, environment)
            code = tree.end()
        finally:
            tree.kill_now()
        errors = _errors(tree.log)
        parcels = [{**one, "number": number} for number, one in enumerate(said["sender"].pop("parcels"))]
        came = {"mails": mails.ids, "posts": [post.headers["webhook-id"] for post in posts.posts]}
        given = {"parcels": parcels, "deeds": said["people"].pop("deeds"), "seed": soak.seed, **came}
        books = _step("books", {**given, "scratch": str(place / "scratch")}, place, environment)
    kills = {"kills": dict(tree.kills), "given_up": tree.n_given_up, "restarts_s": sorted(tree.restarts_s)}
    ended = {"settled": settled, "code": code, "orphans": tree.orphans, "errors": errors}
    return {"vendor": vendor, "soak": soak, "machine": describe(), **kills, **ended, **said, **books}


def faults(report: Report) -> dict[str, object]:
    """What is off, by name; empty when all is well."""
    found: dict[str, object] = {name: n for name, n in report["faults"].items() if n}
    found |= {f"answers to {name}": report[name]["wrong"] for name in ("sender", "people") if report[name]["n_wrong"]}
    found |= {"left to do": left} if (left := report["settled"]["left"]) else {}
    found |= {"orphans": report["orphans"]} if report["orphans"] else {}
    return found | ({"exit code": report["code"]} if report["code"] else {})


@contextmanager
def _receivers() -> Iterator[tuple[Any, Any]]:
    from tests.receivers import http_listener, mail_server

    with mail_server() as mails, http_listener() as posts:
        yield mails, posts


def _environment(place: Path, url: str, port: int, mail: int, room: int) -> Mapping[str, str]:
    home = place / "home"
    own = {"SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": url, "SMARKETING_LOG_LEVEL": "WARNING"}
    own |= {"SMARKETING_EMAIL_URL": f"smtp://127.0.0.1:{mail}", "SMARKETING_EGRESS_HOSTS": f"127.0.0.1:{room}"}
    own |= {"SMARKETING_URL": f"http://127.0.0.1:{port}", "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {**os.environ, **own, "PYTHONPATH": path}


def _step(name: str, order: Report, place: Path, environment: Mapping[str, str]) -> Report:
    given, answer = place / f"{name}.order.json", place / f"{name}.json"
    given.write_text(json.dumps(order))
    words = [sys.executable, "-m", "bench.soak_site", name, str(given), str(answer)]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=environment)
    if run.returncode != 0:
        raise RuntimeError(f"{name} failed:\n{run.stderr[-3000:]}")
    return dict(json.loads(answer.read_text()))


def _actor(name: str, order: Report, place: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    given = place / f"{name}.order.json"
    given.write_text(json.dumps(order))
    words = [sys.executable, "-m", f"bench.soak_{name}", str(given), str(place / f"{name}.json")]
    with (place / f"{name}.log").open("wb") as log:
        return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log)


def _ended(name: str, actor: subprocess.Popen[bytes], place: Path) -> Report:
    if actor.wait(PATIENCE_S) != 0:
        raise RuntimeError(f"the {name} failed:\n{(place / f'{name}.log').read_text('utf-8', 'replace')[-3000:]}")
    return dict(json.loads((place / f"{name}.json").read_text()))


def print_soak(minutes: float, vendors: list[str], rate: float, seed: int | None, path: Path | None = None) -> int:
    """1 where anything is off."""
    code = 0
    for vendor in vendors:
        soak = Soak(minutes * 60, rate, secrets.randbelow(10**6) if seed is None else seed)
        print(f"{vendor}: {minutes:g} minutes, {rate:g} leads/s, seed {soak.seed}", flush=True)
        report = measure_soak(soak, vendor, _kept(vendor))
        print_report(report)
        code |= bool(faults(report))
        if path:
            with path.open("a") as file:
                file.write(json.dumps(report, default=str) + "\n")
    return code


def _kept(vendor: str) -> Path | None:
    """Where everything stays to be looked at, if that was asked for."""
    if not (wanted := os.environ.get("SMARKETING_SOAK_KEEP")):
        return None
    place = Path(wanted) / f"{vendor}-{os.getpid()}"
    place.mkdir(parents=True)
    return place


def _errors(log: Path) -> dict[str, int]:
    """What the site wrote of errors, with the last line of each traceback; how often."""
    found, said = Counter[str](), ""
    for line in log.read_text("utf-8", "replace").splitlines():
        if " ERROR " in line:
            said = line.partition(" ERROR ")[2].strip()
            found[said] += 1
        elif said and ERROR.match(line):
            found[f"{said} — {line[:160]}"] += 1
    return dict(found.most_common(MOST_ERRORS))


def print_report(report: Report) -> None:
    machine, restarts = report["machine"], report["restarts_s"]
    median = restarts[len(restarts) // 2]
    print(f"{machine['processor']}, {machine['cores']} cores, load {machine['load'][0]}")
    kills = ", ".join(f"{part} {n}" for part, n in report["kills"].items())
    print(f"killed {sum(report['kills'].values())} times: {kills}; the supervisor gave up {report['given_up']} times")
    print(f"started {len(restarts)} times, in {median:.1f} s (median), {restarts[-1]:.1f} s at worst")
    for name in ("sender", "people"):
        print(f"answers to the {name}: {dict(sorted(report[name]['statuses'].items()))}")
    print(f"nothing left to do {report['settled']['after_s']:.0f} s after the last kill; ended with {report['code']}")
    for name, n in report["counts"].items():
        print(f"  {name:<40}{n:>12,}")
    print("books")
    for name, n in report["faults"].items():
        print(f"  {name:<40}{n:>12,}" + "".join(f"\n      {one}" for one in report["samples"].get(name, ())))
    print("errors in the site's log" + "".join(f"\n  {n:>6} × {one}" for one, n in report["errors"].items()))
    off = faults(report)
    print("the books balance" if not off else f"NOT WELL: {off}")
