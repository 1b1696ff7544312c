"""The API against its own file: made-up requests as everybody break nothing, and no answer surprises."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.cast import Cast
from tests.web.programs import token_of

from smarketing.web.api import door
from smarketing.web.api.api import api
from smarketing.web.api.pace import Meter

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROLES = {
    "nobody": None,
    "ingest": ("olu", "ingest"),
    "rep": ("rita", "read"),
    "manager": ("sam", "read"),
    "viewer": ("eva", "read"),
    "stranger": ("zed", "read"),
    "admin": ("olu", "admin"),
}
THERE = {"slug": "company", "number": 1, "commitment_id": "speed", "src": "crm", "lead_id": "L0001"}
N_EXAMPLES = 4  # of each operation, as each role, of requests that fit the file and of such that do not


def operations() -> list[tuple[str, str]]:
    return [(path, method) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods]


@pytest.mark.parametrize(("path", "method"), operations(), ids=lambda value: value.removeprefix("/api/v1"))
def test_no_request_breaks_it(company: Cast, monkeypatch: pytest.MonkeyPatch, path: str, method: str) -> None:
    monkeypatch.setattr(door, "METER", Meter(most=10**9, step=10**9))
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.app = get_wsgi_application()
    operation = schema[path][method]
    for role in ROLES.values():
        raw = token_of(getattr(company, role[0]), role[1]) if role else ""
        asked(requests(operation), {"Authorization": f"Bearer {raw}"} if raw else {})


def requests(operation: APIOperation) -> st.SearchStrategy[Case]:
    """Such that fit the file, such that do not, and such about things that are there."""
    named = {each.name for each in operation.path_parameters}
    there = {name: value for name, value in THERE.items() if name in named}
    modes = [operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]
    return st.one_of(*modes, operation.as_strategy(path_parameters=there)) if there else st.one_of(*modes)


def asked(cases: st.SearchStrategy[Case], headers: dict[str, str]) -> None:
    @settings(max_examples=N_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def ask(case: Case) -> None:
        if case.headers is not None:
            case.headers.pop("Authorization", None)
        with transaction.atomic():
            # Its own transport to an application in this process does not unpack what was packed.
            case.call_and_validate(headers={"Accept-Encoding": "identity", **headers}, checks=CHECKS)
            transaction.set_rollback(True)

    ask()
