"""Pages travel packed, and what is packed already as it is."""

from __future__ import annotations

import gzip

from tests.cast import Cast
from tests.web.programs import program


def test_a_page_is_packed_for_whoever_unpacks_it(cast: Cast) -> None:
    client = cast.client_of(cast.olu)
    packed = client.get("/help/glossary/", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    plain = client.get("/help/glossary/")
    assert not plain.has_header("Content-Encoding")
    assert len(packed.content) < len(plain.content) / 3
    assert "</html>" in gzip.decompress(packed.content).decode()


def test_a_packed_answer_of_the_api_is_known_again(cast: Cast) -> None:
    sam = program(cast.sam)
    first = sam.get("openapi.json", Accept_Encoding="gzip")
    assert first.headers["Content-Encoding"] == "gzip"
    again = sam.get("openapi.json", Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert again.status_code == 304


def test_a_workbook_is_not_packed_twice(company: Cast) -> None:
    answer = company.client_of(company.olu).get("/plan/workbook", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and not answer.has_header("Content-Encoding")
