"""The page of what happened: filters, walls, the file to take away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.cast import Cast

from smarketing.records.events import one_write

NOW = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)


@pytest.fixture
def told(cast: Cast) -> Cast:
    """One entry each of Rita, Sam, Maya and the machine."""
    for person, name in ((cast.rita, "=cmd()"), (cast.sam, "<b>Sam</b>"), (cast.maya, "Maya"), (None, "machine")):
        with one_write(verb="update_profile", by=person, now=NOW) as write:
            write.about("person", f"{name} 1", name=name)
    return cast


def seen(cast: Cast, who: str, query: str = "") -> set[str]:
    page = cast.client_of(getattr(cast, who)).get(f"/settings/audit/{query}").content.decode()
    names = ("rita@example.com", "sam@example.com", "maya@example.com", "the machine")
    return {name for name in names if f"<td>{name}</td>" in page}


def test_each_sees_what_is_theirs(told: Cast) -> None:
    assert seen(told, "olu") == {"rita@example.com", "sam@example.com", "maya@example.com", "the machine"}
    assert seen(told, "sam") == {"rita@example.com", "sam@example.com"}
    assert seen(told, "rita") == {"rita@example.com"}
    assert seen(told, "zed") == set()


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("?person=RITA", 1),
        ("?verb=update_profile", 4),
        ("?verb=sign_version", 0),
        ("?kind=person&object=Maya+1", 1),
        ("?from=2026-01-16&until=2026-01-16", 4),  # 23:30 UTC is the next day in Madrid
        ("?until=2026-01-15", 0),
        ("?from=yesterday&before=x&until=9999-99-99", 4),
        ("?before=2", 1),
        ("?before=99999999999999999999", 4),
    ],
)
def test_filters(told: Cast, query: str, n: int) -> None:
    assert len(seen(told, "olu", query)) == n


def test_what_people_wrote_is_text(told: Cast) -> None:
    page = told.client_of(told.olu).get("/settings/audit/").content.decode()
    assert "&lt;b&gt;Sam" in page and "<b>Sam" not in page


def test_the_file_has_the_chain_and_no_formula(told: Cast) -> None:
    response = told.client_of(told.olu).get("/settings/audit/audit.csv")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[0].endswith("previous,digest") and len(text.splitlines()) == 5
    assert "'=cmd() 1" in text
    assert "attachment" in response.headers["Content-Disposition"]
    own = b"".join(told.client_of(told.rita).get("/settings/audit/audit.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert len(own.splitlines()) == 2


def test_only_administrators_prove_the_chain(told: Cast) -> None:
    assert "the chain holds" in told.client_of(told.olu).get("/settings/audit/proof/").content.decode()
    assert told.client_of(told.sam).get("/settings/audit/proof/").status_code == 404
