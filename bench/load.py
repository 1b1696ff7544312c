"""Events posted by many senders at their own pace while people look at pages, beside a bare insert of the same rows.

The senders are a process of their own and wait for nobody; a request's time counts from when it was meant to leave.
Before any time counts the books must balance: every event that was acknowledged is a fact or a dead letter, once.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.databases import fresh_postgres, sqlite
from bench.load_events import Phase
from bench.load_watch import Watch, group_sizes
from bench.machine import describe, wall_clock
from bench.protocol import ROOT

IN_A_BATCH = 100
PATIENCE_S, SETTLE_S = 120.0, 3.0
WARM_UP = Phase("w", 50, 3)
Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run puts on the site."""

    phases: tuple[Phase, ...]
    people: int = 20
    open_clocks: int = 200_000
    leads: int = 2_000  # of the demo company, for people to look at
    is_apart: bool = False  # events have a web process of their own, as the how-to says for much of both


SHORT = Plan((Phase("s", 60, 4), Phase("b", 300, 2), Phase("k", 5, 2, 100)), people=3, open_clocks=500, leads=300)


def measure_load(plan: Plan, vendor: str) -> Report:
    """Raises RuntimeError when the books do not balance, or somebody was answered what nobody should be."""
    with ExitStack() as stack:
        urls = fresh_postgres(stack) if vendor == "postgres" else sqlite
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
        bare = _bare(place / "bare", urls())
        environment = _environment(place / "home", urls())
        order = {"open_clocks": plan.open_clocks, "people": plan.people, "leads": plan.leads}
        told = _step("prepare", order, place, environment)
        with _served(place, environment) as (port, watch):
            pages = port
            port = stack.enter_context(_door(place, environment, watch)) if plan.is_apart else pages
            people = _people(place, pages, told["people"])
            time.sleep(SETTLE_S)
            warm = _phase(WARM_UP, place, port, told["secret"], watch)
            phases = [_phase(phase, place, port, told["secret"], watch) for phase in plan.phases]
            (place / "stop").touch()
            people.wait(PATIENCE_S)
            books = _step("books", {"phases": [warm, *phases]}, place, environment)
            notices = _step("notices", {}, place, environment)
            open_clocks = _step("open_clocks", {}, place, environment)
            peaks = watch.peaks()
        report = {
            "vendor": vendor,
            "machine": describe(),
            "bare": bare,
            "phases": [{**one, "acked": len(one["acked"])} for one in phases],
            "people": json.loads((place / "people.json").read_text()),
            "groups": group_sizes(place / "site.log"),
            "peaks": peaks,
            "notices": notices,
            "open_clocks": open_clocks,
            "books": books,
        }
    check(report)
    return report


def check(report: Report) -> None:
    """Raises RuntimeError when an event was lost or doubled, or an answer was neither a receipt nor a refusal."""
    wrong = {name: n for name, n in report["books"]["faults"].items() if n}
    strange = [one["wrong"] for one in report["phases"] if one["n_wrong"]]
    if wrong or strange:
        raise RuntimeError(f"The books do not balance, so no time counts: {wrong} {strange}")


def _environment(home: Path, url: str) -> Mapping[str, str]:
    own = {"SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": url, "SMARKETING_LOG_FORMAT": "json"}
    return {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}


def _bare(home: Path, url: str) -> Report:
    answer = home.with_suffix(".json")
    _run([sys.executable, "-m", "bench.load_bare", str(answer)], _environment(home, url))
    return dict(json.loads(answer.read_text()))


def _step(name: str, order: Report, place: Path, environment: Mapping[str, str]) -> Report:
    given, answer = place / f"{name}.order.json", place / f"{name}.json"
    given.write_text(json.dumps(order))
    _run([sys.executable, "-m", "bench.load_site", name, str(given), str(answer)], environment)
    return dict(json.loads(answer.read_text()))


def _run(words: list[str], environment: Mapping[str, str]) -> None:
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=environment)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(words[2:4])} failed:\n{run.stderr[-3000:]}")


@contextmanager
def _served(place: Path, environment: Mapping[str, str]) -> Iterator[tuple[int, Watch]]:
    """The site and its worker, as `smarketing serve` runs them."""
    words = [sys.executable, "-m", "smarketing", "serve", "--port", "0", "--json"]
    with (place / "site.log").open("ab") as log:
        site = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log)
    assert site.stdout is not None
    try:
        said = ""
        while not said.endswith("}\n"):
            line = site.stdout.readline().decode()
            if not line:
                raise RuntimeError(f"the site did not start:\n{(place / 'site.log').read_text()[-3000:]}")
            said = said + line if said or line.startswith("{") else ""  # granian speaks there as well
        with Watch(site.pid) as watch:
            yield int(json.loads(said)["address"].rpartition(":")[2]), watch
    finally:
        site.send_signal(signal.SIGTERM)
        site.wait(PATIENCE_S)


@contextmanager
def _door(place: Path, environment: Mapping[str, str], watch: Watch) -> Iterator[int]:
    """One more web process, for events alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    words = [sys.executable, "-m", "smarketing", "web", "--port", str(port), "--workers", "1"]
    with (place / "site.log").open("ab") as log:
        door = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=log)
    watch.pids.add(door.pid)
    try:
        for _ in range(int(PATIENCE_S)):
            time.sleep(1)
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
        yield port
    finally:
        door.send_signal(signal.SIGTERM)
        door.wait(PATIENCE_S)


def _people(place: Path, port: int, people: list[Report]) -> subprocess.Popen[bytes]:
    order = place / "people.order.json"
    order.write_text(json.dumps({"port": port, "stop": str(place / "stop"), "people": people}))
    return subprocess.Popen(
        [sys.executable, "-m", "bench.load_people", str(order), str(place / "people.json")], cwd=ROOT
    )


def _phase(phase: Phase, place: Path, port: int, secret: str, watch: Watch) -> Report:
    order, answer = place / f"{phase.name}.order.json", place / f"{phase.name}.json"
    told = {"phase": asdict(phase), "began_at": wall_clock().isoformat()}
    order.write_text(json.dumps({**told, "port": port, "secret": secret}))
    words = [sys.executable, "-m", "bench.load_sender", str(order), str(answer)]
    sender = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert sender.stdout is not None and sender.stderr is not None
    sender.stdout.readline()  # it has made its requests ready, and begins
    load, before, began = os.getloadavg()[0], watch.cpu(), time.monotonic()
    said = sender.communicate()[1]
    if sender.returncode != 0:
        raise RuntimeError(f"the sender failed:\n{said.decode()[-3000:]}")
    lasted_s = time.monotonic() - began
    cores = {name: (cpu - before.get(name, 0.0)) / lasted_s for name, cpu in watch.cpu().items()}
    return {**told, **json.loads(answer.read_text()), "load": load, "cores": cores}


def plan_of(words: Namespace) -> Plan:
    """What the knobs of `bench load` ask for."""
    phases = (
        Phase("s", words.rate, words.seconds),
        Phase("b", words.burst_rate, words.burst_seconds),
        Phase("k", words.batch_rate / IN_A_BATCH, words.batch_seconds, IN_A_BATCH),
    )
    return Plan(
        tuple(one for one in phases if one.rate and one.seconds), words.people, words.open_clocks, is_apart=words.apart
    )


def print_load(plan: Plan, vendors: list[str], path: Path | None = None) -> None:
    for vendor in vendors:
        report = measure_load(plan, vendor)
        print_report(report)
        if path:
            with path.open("a") as file:
                file.write(json.dumps(report) + "\n")


def check_short() -> str:
    """What the gate says of a short run on SQLite.

    Raises RuntimeError when the books do not balance
    """
    books = measure_load(SHORT, "sqlite")["books"]
    return f"load: {books['n_acked']:,} events acknowledged, each once a fact or a dead letter ({books['n_dead']:,})"


def print_report(report: Report) -> None:
    machine, bare = report["machine"], report["bare"]
    print(f"\n{report['vendor']} · {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB")
    for name, one in (("one row a commit", bare["one"]), ("a hundred rows a commit", bare["many"])):
        said = f"{one['rows_per_s']:,.0f} rows/s, {one['cpu_us']:,.0f} µs CPU a row"
        print(f"bare insert, {name}: {said}, p50 {one['p50']:.1f} ms, p99 {one['p99']:.1f} ms")
    for one in report["phases"]:
        _print_phase(one, bare)
    people, books = report["people"], report["books"]
    pages = people["all"]
    print(f"pages p50 {pages.get('p50', 0):.0f} ms, p99 {pages.get('p99', 0):.0f} ms; {people['statuses']}")
    print("events of a commit: " + ", ".join(f"{size} × {n:,}" for size, n in report["groups"].items()))
    print("peak MiB: " + ", ".join(f"{name} {mib:,.0f}" for name, mib in report["peaks"].items()))
    print("open clocks: " + ", ".join(f"{src} {n:,}" for src, n in report["open_clocks"].items()))
    _print_notices(report["notices"])
    counts = ", ".join(f"{name[2:]} {n:,}" for name, n in books.items() if name.startswith("n_"))
    print(f"drained {books['drained_after_s']:.0f} s after the last phase; {counts}")
    print("the books balance: " + ", ".join(f"{name} {n}" for name, n in books["faults"].items()))


def _print_notices(one: Report) -> None:
    for name in ("written", "sent"):
        for phase, ms in one[f"{name}_ms"].items():
            said = ", ".join(f"{share} {ms[share]:,.0f} ms" for share in ("p50", "p99", "worst"))
            print(f"messages {name} after their event was kept and they were due, phase {phase}: {said}")
    became = ", ".join(f"{name} {n:,}" for name, n in one["became"].items())
    print(f"  of {one['n_moments']:,} moments, of which {one['n_waiting']:,} wait still: {became}")


def _print_phase(one: Report, bare: Report) -> None:
    phase, ack = one["phase"], one["ack_ms"]
    events = phase["rate"] * phase["each"]
    beside = bare["one" if phase["each"] == 1 else "many"]
    print(f"\n{phase['rate']:,.0f} requests/s of {phase['each']} for {phase['seconds']:.0f} s ({events:,.0f} events/s)")
    print(f"  sent {one['n']:,}, acknowledged at the first try {one['n_first']:,}, in the end {one['acked']:,}")
    print("  " + ", ".join(f"{name} {ms:,.1f} ms" for name, ms in ack.items()), end="")
    print(f"; p50 {ack['p50'] / beside['p50']:.1f}× and p99 {ack['p99'] / beside['p99']:.1f}× a bare commit's")
    if one["n_refused"]:
        refused = ", ".join(f"{name} {ms:,.1f} ms" for name, ms in one["refused_ms"].items())
        print(f"  refused at first {one['n_refused']:,}: {refused}")
    done = one["acked"] * phase["each"] / one["over_s"]
    ratio = done / beside["rows_per_s"]
    print(f"  {done:,.0f} events/s, {ratio:.2f}× bare; over after {one['over_s']:.1f} s; {one['statuses']}")
    cores = ", ".join(f"{name} {n:.2f}" for name, n in one["cores"].items())
    print(f"  cores: {cores}; load {one['load']:.1f}; the sender was {one['sender']['late_ms']:.0f} ms late at worst")
