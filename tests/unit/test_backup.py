"""Backups are whole or refused; what is restored is the same, silent, and signed in by nobody."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pytest
from tests.databases import Database

ROOT = Path(__file__).parents[2]


class Home:
    """An installation in a folder, asked through its command line."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.path = Path(environment["SMARKETING_HOME"])
        self.environment = {**os.environ, **environment, "SMARKETING_LOG_LEVEL": "ERROR"}
        self.environment |= {
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "smarketing.config.settings",
        }

    def run(self, *words: str, code: int = 0) -> Any:
        command = [sys.executable, "-m", "smarketing", *words, "--json"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def python(self, text: str) -> str:
        start = "import django; django.setup()\n"
        words = [sys.executable, "-c", start + text]
        done = subprocess.run(words, env=self.environment, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


FILL = """
from datetime import datetime, UTC
from pathlib import Path
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from smarketing.records.models import *
from smarketing.records.events import one_write
now = datetime(2026, 1, 1, tzinfo=UTC)
person = Person.objects.create_user("olu@example.com", "long enough for tests", name="Olu", is_admin=True)
with one_write(verb="save_team", by=person, now=now) as write:
    write.about(Team.objects.create(slug="sales", name="Söles", role="sales", fact_names=["a", "b\\\\n\\tc"]))
ApiToken.objects.create(person=person, name="t", prefix="p", digest="d", created_at=now, expires_at=now)
Job.objects.create(kind="sweep", asked_at=now, not_before_at=now)
session = SessionStore(); session["a"] = 1; session.save()
(Path(settings.HOME) / "uploads").mkdir(exist_ok=True)
(Path(settings.HOME) / "uploads" / "leads.csv").write_text("id\\n1\\n")
"""
TELL = """
import json
from django.contrib.sessions.models import Session
from smarketing.records.models import *
from smarketing.records.events import chain_faults
print(json.dumps({
    "people": list(Person.objects.values_list("email", "password")),
    "teams": list(Team.objects.values_list("name", "fact_names")),
    "verbs": list(Event.objects.order_by("seq").values_list("verb", flat=True)),
    "faults": len(list(chain_faults())),
    "tokens": ApiToken.objects.filter(revoked_at=None).count(), "sessions": Session.objects.count(),
    "jobs": list(Job.objects.values_list("status", flat=True)),
    "held": list(Installation.objects.values_list("is_sending_held", flat=True)),
    "next": Team.objects.create(slug="x", name="x", role="sales").id,
}))
"""


HELD = """
from smarketing.records.models import Installation
print(*Installation.objects.values_list("is_sending_held", flat=True))
"""


@pytest.fixture
def home(each_database: Database) -> Home:
    found = Home(each_database.environment)
    found.run("migrate")
    found.python(FILL)
    return found


def test_what_is_restored_is_the_same_silent_and_signed_in_by_nobody(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    taken = home.run("backup", "--output", str(archive))
    assert "uploads/leads.csv" in taken["manifest"]["files"] and "secret.key" not in taken["manifest"]["files"]
    assert archive.stat().st_mode & 0o077 == 0
    before = json.loads(home.python(TELL))
    assert "installation here already" in home.run("restore", str(archive), code=2)["error"]["what"]
    (home.path / "uploads" / "leads.csv").unlink()
    restored = home.run("restore", str(archive), "--force")
    assert (restored["n_faults"], restored["n_sessions"] in (0, 1), restored["n_tokens"]) == (0, True, 1)
    after = json.loads(home.python(TELL))
    assert (after["people"], after["teams"]) == (before["people"], before["teams"][:1])
    assert after["verbs"] == ["save_team", "restore_backup"] and after["faults"] == 0
    assert (after["tokens"], after["sessions"], after["jobs"], after["held"]) == (0, 0, ["cancelled"], [True])
    assert after["next"] > 1
    assert (home.path / "uploads" / "leads.csv").read_text() == "id\n1\n"
    assert home.run("sending", "release")["is_sending_held"] is False


def test_a_restore_that_was_killed_sends_nothing_and_is_run_again(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    home.run("backup", "--output", str(archive))
    assert home.python(HELD).split() == ["False"]
    deadly = {**home.environment, "SMARKETING_TESTING": "1", "SMARKETING_FAILPOINT": "restore.quiet.before"}
    words = [sys.executable, "-m", "smarketing", "restore", str(archive), "--force"]
    assert subprocess.run(words, env=deadly, capture_output=True).returncode == -signal.SIGKILL
    assert home.python(HELD).split() == ["True"]
    home.run("restore", str(archive), "--force")
    after = json.loads(home.python(TELL))
    assert (after["tokens"], after["jobs"], after["held"], after["verbs"][-1]) == (
        0,
        ["cancelled"],
        [True],
        "restore_backup",
    )


def sqlite_home(database: Database) -> Home:
    found = Home(database.environment)
    found.run("migrate")
    found.python(FILL)
    return found


def test_an_old_log_beside_the_database_is_not_read_into_the_restored_one(
    sqlite_database: Database, tmp_path: Path
) -> None:
    home = sqlite_home(sqlite_database)
    archive = tmp_path / "backup.tar.gz"
    home.run("backup", "--output", str(archive), "--with-secret")
    with closing(sqlite3.connect(home.path / "smarketing.sqlite3")) as other:
        other.execute("PRAGMA wal_autocheckpoint=0")
        other.execute("UPDATE records_team SET name = 'stale'")
        other.commit()
        wal = (home.path / "smarketing.sqlite3-wal").read_bytes()
    (home.path / "smarketing.sqlite3-wal").write_bytes(wal)
    home.run("restore", str(archive), "--force")
    assert json.loads(home.python(TELL))["teams"] == [["Söles", ["a", "b\\n\tc"]]]


def test_a_backup_that_is_cut_off_altered_or_none_is_refused(sqlite_database: Database, tmp_path: Path) -> None:
    home = sqlite_home(sqlite_database)
    archive = tmp_path / "backup.tar.gz"
    home.run("backup", "--output", str(archive))
    whole = archive.read_bytes()
    for name, content in (("cut", whole[: len(whole) // 2]), ("empty", b""), ("text", b"hello")):
        (tmp_path / name).write_bytes(content)
        assert "no whole backup" in home.run("restore", str(tmp_path / name), "--force", code=4)["error"]["what"]
    with tarfile.open(archive) as old, tarfile.open(tmp_path / "altered", "w:gz") as new:
        for member in old.getmembers():
            data: IO[bytes] | None = old.extractfile(member)
            if member.name.startswith("uploads"):
                member.size, data = 3, BytesIO(b"xyz")
            new.addfile(member, data)
    assert "uploads/leads.csv" in home.run("restore", str(tmp_path / "altered"), "--force", code=4)["error"]["what"]
    assert json.loads(home.python(TELL))["verbs"] == ["save_team"]
    assert "of that name already" in home.run("backup", "--output", str(archive), code=4)["error"]["what"]


def test_a_newer_database_is_left_alone(sqlite_database: Database) -> None:
    home = sqlite_home(sqlite_database)
    with closing(sqlite3.connect(home.path / "smarketing.sqlite3")) as database:
        row = "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_future', '2030-01-01')"
        database.execute(row)
        database.commit()
    assert "records.9999_future" in home.run("migrate", code=4)["error"]["what"]
    levels = {each["name"]: each["level"] for each in home.run("doctor", code=4)}
    assert levels["migrations"] == "bad" and levels["database"] == "well"


def test_the_doctor_sees_open_doors(sqlite_database: Database) -> None:
    home = sqlite_home(sqlite_database)
    levels = {each["name"]: each["level"] for each in home.run("doctor", code=0)}
    assert levels["files"] == "well" and levels["secret"] == "well" and levels["worker"] == "warning"
    (home.path / "secret.key").chmod(0o644)
    levels = {each["name"]: each["level"] for each in home.run("doctor", code=4)}
    assert levels["secret"] == "bad"


def test_the_doctor_writes_numbers_as_the_reader_does(sqlite_database: Database) -> None:
    said = {each["name"]: each["what"] for each in sqlite_home(sqlite_database).run("doctor", "--lang", "it")}
    assert re.search(r"^[\d.]+,\d GB ", said["room"])


def test_production_mode_has_nothing_to_be_told(sqlite_database: Database) -> None:
    home = sqlite_home(sqlite_database)
    home.environment |= {"SMARKETING_URL": "https://sla.example.com", "SMARKETING_PROXIES": "1"}
    words = [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"]
    home.environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # for these tests alone: the browser's loop runs in them
    done = subprocess.run(words, env=home.environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = {each["name"]: each for each in home.run("doctor")}
    assert found["deployment"]["level"] == "well" and "strict" in found["deployment"]["what"]
    home.environment["SMARKETING_DEBUG"] = "1"
    assert home.run("migrate", code=4)["error"]["where"] == "SMARKETING_DEBUG"
