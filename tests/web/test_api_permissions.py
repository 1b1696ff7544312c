"""Every operation of the API by every kind of token: let through or turned away exactly as the table says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from django.urls import get_resolver, reverse
from tests.cast import Cast
from tests.web.programs import LONG_AGO, Program, refused, token_of

from smarketing.records.models import Person
from smarketing.records.permissions import TABLE
from smarketing.web.gate import NOT_YOURS

SAID = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
ROUTES = {name.removeprefix("api:"): methods for name, methods in SAID["routes"].items() if name.startswith("api:")}
ARGUMENTS = {
    **{name: {"slug": "none"} for name in ("agreement", "versions", "scorecard_of")},
    **{name: {"slug": "none", "number": 1} for name in ("version", "version_yaml", "version_changes")},
    "scorecard_commitment": {"slug": "none", "commitment_id": "none"},
    **{name: {"src": "crm", "lead_id": "none"} for name in ("lead", "explanations")},
    "import": {"import_id": "none"},
    "rejects": {"import_id": "none", "position": 0},
    "job": {"job_id": 0},
}
ROWS = {
    "olu": ("person", "admin"),
    "maya": ("person", "manager", "signer"),
    "sam": ("person", "manager", "signer"),
    "rita": ("person", "rep"),
    "eva": ("person", "viewer"),
    "zed": ("person", "rep"),
    "zoe": ("person", "manager", "signer"),
    "nora": ("person",),
}
OPERATIONS = [(name, method) for name, methods in ROUTES.items() for method in methods]


def lets(name: str, method: str, who: str, scope: str) -> bool:
    """Read off the YAML without the code that obeys it."""
    thing, _, action = ROUTES[name][method].partition(".")
    allowed = SAID["objects"][thing][action]
    return f"token_{scope}" in allowed and any(row in allowed for row in ROWS[who])


def everybody(cast: Cast) -> Iterator[tuple[str, Person]]:
    return ((who, getattr(cast, who)) for who in ROWS)


def test_every_operation_is_in_the_table_and_every_row_is_one() -> None:
    _, found = get_resolver().namespace_dict["api"]
    assert {pattern.name for pattern in found.url_patterns} == set(ROUTES)


@pytest.mark.parametrize(("name", "method"), OPERATIONS)
def test_an_operation_by_everybody(cast: Cast, name: str, method: str) -> None:
    path = reverse(f"api:{name}", kwargs=ARGUMENTS.get(name))
    for who, person in everybody(cast):
        for scope in ("ingest", "read", "admin"):
            response = Program(token_of(person, scope)).ask(method, path)
            assert response.status_code < 500 and response.status_code not in (401, 403, 405)
            is_turned_away = response.status_code == 404 and NOT_YOURS in response.content.decode()
            assert is_turned_away != lets(name, method, who, scope), (who, scope, response.content)


@pytest.mark.parametrize(("name", "method"), OPERATIONS)
def test_nobody_and_tokens_that_ended_are_sent_to_sign_in(cast: Cast, name: str, method: str) -> None:
    path = reverse(f"api:{name}", kwargs=ARGUMENTS.get(name))
    ended = [token_of(cast.olu, "admin", expires_at=LONG_AGO), token_of(cast.olu, "admin", revoked_at=LONG_AGO)]
    for raw in ("", "smk_unknown", token_of(cast.dora, "admin"), *ended):
        refused(Program(raw).ask(method, path), 401)
