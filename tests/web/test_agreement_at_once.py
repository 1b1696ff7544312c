"""Several processes sign at once, and one dies while it does, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.databases import Database

ROOT = Path(__file__).parents[2]
OPEN = """
import os, sys
import django
django.setup()
from tests.negotiations import NOW, fingerprint
from smarketing.records.models import Event, Person, Signature, Version
from smarketing.records.events import chain_faults
from smarketing.workflows.sign_version import sign_version
"""
BEGIN = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.cast import make_cast
from tests.negotiations import a_proposal
a_proposal(make_cast())
"""
SIGN = """
who, party = sys.argv[1:3]
version = Version.objects.get()
sign_version(version_id=version.id, party=party, fingerprint=fingerprint(version), method="password",
             by=Person.objects.get(email=f"{who}@example.com"), now=NOW)
"""
DIE = """
import signal
from smarketing.records import events
events._add = lambda write: os.kill(os.getpid(), signal.SIGKILL)
"""
TELL = """
said = [(each.party, each.person.name) for each in Signature.objects.order_by("party")]
verbs = list(Event.objects.order_by("seq").values_list("verb", flat=True))
print(Version.objects.get().status, said, verbs.count("sign_version"), list(chain_faults()))
"""


def python(database: Database, code: str, *arguments: str) -> subprocess.Popen[str]:
    settings = {"DJANGO_SETTINGS_MODULE": "smarketing.config.settings", "PYTHONPATH": str(ROOT)}
    environment = {**os.environ, **database.environment, **settings}
    command = [sys.executable, "-c", OPEN + code, *arguments]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> int:
    process.communicate()
    return process.returncode


def told(database: Database, code: str) -> str:
    out, _ = python(database, code).communicate()
    return out.strip()


def test_a_signature_is_given_once_whoever_hurries(each_database: Database) -> None:
    told(each_database, BEGIN)
    dying = python(each_database, DIE + SIGN, "maya", "marketing")
    assert ended(dying) == -signal.SIGKILL
    assert told(each_database, TELL) == "proposed [] 0 []"

    asked = [("maya", "marketing"), ("sam", "sales"), ("maya", "marketing"), ("sam", "sales")]
    signing = [python(each_database, SIGN, *each) for each in asked]
    assert [ended(each) for each in signing] == [0, 0, 0, 0]
    both = "[('marketing', 'Maya Olmedo'), ('sales', 'Sam Whitlock')]"
    assert told(each_database, TELL) == f"signed {both} 2 []"
