"""The database server restarted under the running site, unreachable at the start of a connection, and half open."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.databases import Database, Server, _binaries, _own_server, alias_of
from tests.faults.served import Served, served
from tests.faults.visitor import Visitor

from smarketing.config.database import WATCHFUL, database_of
from smarketing.records.models import Worker

AT_MOST_S = 10.0


class Middleman:
    """A TCP port in front of the server's socket that may stop to forward, and says nothing about it."""

    def __init__(self, target: str) -> None:
        self.target, self.is_deaf = target, False
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.ends: list[socket.socket] = [self.door]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                guest, _ = self.door.accept()
                self.ends.append(guest)
                if self.is_deaf:
                    continue
                there = socket.socket(socket.AF_UNIX)
                there.connect(self.target)
                self.ends.append(there)
                for one, other in ((guest, there), (there, guest)):
                    threading.Thread(target=self._forward, args=(one, other), daemon=True).start()

    def _forward(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while got := one.recv(65_536):
                other.sendall(got)
            other.shutdown(socket.SHUT_WR)


@pytest.fixture
def middleman(postgres: Server) -> Iterator[Middleman]:
    found = Middleman(str(Path(postgres.parameters["HOST"]) / ".s.PGSQL.5432"))
    yield found
    for end in found.ends:
        end.close()


def test_d20_a_server_that_vanishes_is_noticed(middleman: Middleman) -> None:
    """The kernel is told to look after every connection; without that a half-open one lasts for hours."""
    settings = database_of(f"postgres://postgres@127.0.0.1:{middleman.port}/postgres")
    with psycopg.connect(_dsn(settings)) as connection:
        wire = socket.socket(fileno=os.dup(connection.fileno()))
        with wire:
            looked = wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            idle_s = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
            unsent_ms = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    assert (bool(looked), idle_s, unsent_ms) == (True, WATCHFUL["keepalives_idle"], WATCHFUL["tcp_user_timeout"])


def test_d20_a_server_that_says_nothing_is_given_up(middleman: Middleman) -> None:
    middleman.is_deaf = True
    settings = database_of(f"postgres://postgres@127.0.0.1:{middleman.port}/postgres?connect_timeout=2")
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(_dsn(settings))
    assert time.monotonic() - began < AT_MOST_S


def _dsn(settings: dict[str, Any]) -> str:
    said = {"dbname": settings["NAME"], "host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    return " ".join(f"{name}={value}" for name, value in {**said, **settings["OPTIONS"]}.items())


def test_a_restart_of_the_server_is_survived_within_seconds(tmp_path: Path, django_db_blocker: Any) -> None:
    """Site and worker live on and find their way back by themselves; nothing is started again."""
    with django_db_blocker.unblock(), _own_server(_binaries()) as server, _site(server, tmp_path) as site:
        site.start()
        visitor = Visitor(site.address)
        site.wait_until(lambda: site._is_ready(visitor))
        pids = {part: process.pid for part, process in site.processes.items()}
        _restart(Path(server.parameters["HOST"]) / "data")
        back_at = datetime.now(UTC)  # noqa: TID251 — the worker goes by the same clock
        site.wait_until(lambda: _beat_at(site) > back_at and site._is_ready(visitor), AT_MOST_S)
        assert {part: process.pid for part, process in site.processes.items() if process.poll() is None} == pids
        site.check_well()


def _beat_at(site: Served) -> datetime:
    with site.looking() as alias:
        return Worker.objects.using(alias).latest("seen_at").seen_at


def _restart(data: Path) -> None:
    """By the program that runs it, as whoever owns it."""
    control = Path((data / "postmaster.opts").read_text().split()[0]).with_name("pg_ctl")
    user = [] if os.geteuid() else ["runuser", "-u", data.owner(), "--"]
    words = [*user, str(control), "-D", str(data), "-w", "-s", "-m", "fast", "-l", str(data.parent / "log"), "restart"]
    subprocess.run(words, check=True, cwd="/tmp", stdout=subprocess.DEVNULL)


@contextmanager
def _site(server: Server, place: Path) -> Iterator[Served]:
    server.create("restarted")
    home = place / "home"
    environment = {"SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": server.url("restarted")}
    with (
        alias_of(server.settings("restarted")) as alias,
        served(Database(alias, "postgresql", environment, home)) as site,
    ):
        yield site
