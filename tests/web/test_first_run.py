"""From nothing to a scorecard: the first person, the steps, and the door that closes behind them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.cast import Cast

from smarketing.records.events import chain_faults
from smarketing.records.models import Agreement, Event, Job, Person, Team
from smarketing.terms.errors import UserError
from smarketing.workflows.found_organisation import found_organisation

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
OLU = {
    "name": "Olu Adeyemi",
    "email": "olu@example.com",
    "password": "long enough for tests",
    "language": "en",
    "zone": "Europe/Madrid",
}


@pytest.fixture
def founded(db: None) -> Client:  # noqa: ARG001 — opens the database
    """The browser in which Olu has just become the administrator."""
    client = Client()
    assert client.post("/first-run/", OLU).status_code == 302
    return client


@pytest.mark.parametrize("path", ["/", "/leads/", "/sign-in/", "/help/"])
@pytest.mark.django_db
def test_every_page_leads_there_while_there_is_nobody(path: str) -> None:
    assert Client().get(path).headers["Location"] == "/first-run/"


@pytest.mark.django_db
def test_a_fragment_takes_the_whole_page_there() -> None:
    answer = Client().get("/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/first-run/"


@pytest.mark.django_db
def test_machines_still_hear_how_we_are() -> None:
    assert Client().get("/health/live").status_code == 200


def test_whoever_comes_first_runs_the_installation_and_is_signed_in(founded: Client) -> None:
    olu = Person.objects.get()
    assert (olu.email, olu.is_admin, olu.zone) == ("olu@example.com", True, "Europe/Madrid")
    event = Event.objects.get(verb="found_organisation")
    assert event.by == olu
    assert list(chain_faults()) == []
    assert founded.get("/first-run/teams/").status_code == 200


def test_the_door_closes_behind_them(founded: Client) -> None:
    stranger = Client()
    assert stranger.get("/first-run/").headers["Location"] == "/sign-in/"
    assert stranger.post("/first-run/", OLU | {"email": "zed@example.com"}).headers["Location"] == "/sign-in/"
    assert Person.objects.count() == 1
    assert founded.get("/first-run/").status_code == 200


@pytest.mark.parametrize(
    ("field", "wrong"), [("password", "short"), ("password", "olu@example.com"), ("email", "olu"), ("name", "")]
)
@pytest.mark.django_db
def test_what_makes_no_sense_is_said_and_nothing_is_written(field: str, wrong: str) -> None:
    page = Client().post("/first-run/", OLU | {field: wrong})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert not Person.objects.exists() and not Event.objects.exists()


@pytest.mark.django_db
def test_the_workflow_refuses_a_second_founder() -> None:
    found_organisation(name="Olu", email="olu@example.com", password="x" * 12, now=NOW)
    with pytest.raises(UserError, match="administrator already"):
        found_organisation(name="Zed", email="zed@example.com", password="x" * 12, now=NOW)
    assert Person.objects.count() == Event.objects.count() == 1


FOUND = """
import sys, django
django.setup()
from datetime import UTC, datetime
from smarketing.terms.errors import UserError
from smarketing.workflows.found_organisation import found_organisation
print("ready", flush=True)
sys.stdin.readline()
try:
    found_organisation(name="A", email=sys.argv[1], password="x" * 12, now=datetime(2026, 1, 15, tzinfo=UTC))
    print("founded")
except UserError:
    print("refused")
"""


def test_of_two_at_the_same_moment_one_wins(tmp_path: Path) -> None:
    """Two processes stand at the line and run together."""
    settings = {"SMARKETING_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "smarketing.config.settings"}
    env = {**os.environ, **settings}
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], env=env, check=True)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", FOUND, f"{name}@example.com"],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("olu", "zed", "eva")
    ]
    for racer in racers:
        assert racer.stdout and racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    assert sorted(racer.communicate()[0].strip() for racer in racers) == ["founded", "refused", "refused"]


def test_two_teams_are_made_and_the_step_is_behind(founded: Client) -> None:
    answer = founded.post("/first-run/teams/", {"marketing": "Growth", "sales": "Sales"})
    assert answer.headers["Location"] == "/first-run/data/"
    assert set(Team.objects.values_list("name", "role")) == {("Growth", "marketing"), ("Sales", "sales")}
    assert "These teams are here already" in founded.get("/first-run/teams/").content.decode()


def test_the_two_teams_need_names_of_their_own(founded: Client) -> None:
    page = founded.post("/first-run/teams/", {"marketing": "Sales", "sales": "sales"}).content.decode()
    assert "The two teams need names of their own." in page
    assert not Team.objects.exists()


def test_the_demo_company_is_asked_for_once(founded: Client) -> None:
    first, again = (founded.post("/first-run/data/").headers["Location"] for _ in range(2))
    assert first == again == f"/jobs/{Job.objects.get().id}/"
    assert first in founded.get("/first-run/data/").content.decode()


def test_a_starter_becomes_a_draft(founded: Client) -> None:
    founded.post("/first-run/teams/", {"marketing": "Marketing", "sales": "Sales"})
    answer = founded.post("/first-run/agreement/", {"starter": "small_b2b"})
    assert answer.headers["Location"] == "/first-run/scorecard/"
    assert Agreement.objects.get().versions.get().status == "draft"


def test_a_starter_that_there_is_not_is_refused_in_words(founded: Client) -> None:
    page = founded.post("/first-run/agreement/", {"starter": "small_b2"}).content.decode()
    assert "There is no starter" in page
    assert not Agreement.objects.exists()


def test_a_step_may_wait_and_home_still_leads_to_it(founded: Client) -> None:
    assert founded.post("/first-run/skipped-steps/", {"step": "teams"}).headers["Location"] == "/first-run/data/"
    assert founded.post("/first-run/skipped-steps/", {"step": "teams"}).headers["Location"] == "/first-run/data/"
    assert Event.objects.filter(verb="skip_first_step").count() == 1
    home = founded.get("/").content.decode()
    assert "1 of 5 first steps are done" in home and 'href="/first-run/teams/"' in home


def test_only_steps_are_skipped(founded: Client) -> None:
    assert founded.post("/first-run/skipped-steps/", {"step": "administrator"}).status_code == 404


@pytest.mark.parametrize("path", ["", "teams/", "data/", "agreement/", "scorecard/"])
def test_the_steps_are_for_whoever_runs_the_installation(cast: Cast, path: str) -> None:
    assert cast.client_of(cast.maya).get(f"/first-run/{path}").status_code == 404
    assert cast.client_of(cast.olu).get(f"/first-run/{path}").status_code == 200
