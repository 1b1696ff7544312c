"""The page and the file that tell programmers what there is."""

from __future__ import annotations

import json

import pytest
from tests.cast import Cast
from tests.web.programs import program

from smarketing.web.api.api import api


def test_the_page_lists_every_operation(cast: Cast) -> None:
    page = cast.client_of(cast.rita).get("/help/api/").content.decode()
    assert all(path in page for path in api.get_openapi_schema()["paths"])
    assert "/help/api/openapi.json" in page and "/settings/tokens/" in page
    assert "Make a token" not in cast.client_of(cast.eva).get("/help/api/").content.decode()


def test_people_and_programs_read_the_same_file(cast: Cast) -> None:
    by_person = cast.client_of(cast.eva).get("/help/api/openapi.json")
    by_program = program(cast.sam).get("openapi.json")
    assert json.loads(by_person.content) == json.loads(by_program.content) == api.get_openapi_schema()
    assert cast.client_of(None).get("/help/api/openapi.json").status_code == 302


@pytest.mark.parametrize("part", ["operationId", "summary", "tags", "responses"])
def test_every_operation_is_described(part: str) -> None:
    found = [said for methods in api.get_openapi_schema()["paths"].values() for said in methods.values()]
    assert all(each.get(part) for each in found)
    assert len({each["operationId"] for each in found}) == len(found)
