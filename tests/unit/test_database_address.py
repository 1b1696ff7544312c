"""Every way to name the database ends in the same promises about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.config.database import LASTING, WATCHFUL, database_of, embedded


def test_a_file_named_by_its_address_is_as_lasting_as_the_embedded_one(tmp_path: Path) -> None:
    named = database_of(f"sqlite:///{tmp_path}/smarketing.sqlite3")
    assert Path(named["NAME"]) == tmp_path / "smarketing.sqlite3" == embedded(tmp_path)["NAME"]
    assert named["OPTIONS"] == embedded(tmp_path)["OPTIONS"] == LASTING
    assert "synchronous=FULL" in LASTING["init_command"]


@pytest.mark.parametrize(("said", "timeout"), [("", LASTING["timeout"]), ("?timeout=5", 5)])
def test_what_an_address_says_goes_before_ours(tmp_path: Path, said: str, timeout: int) -> None:
    options = database_of(f"sqlite:///{tmp_path}/a.sqlite3{said}")["OPTIONS"]
    assert int(options["timeout"]) == timeout
    assert options["transaction_mode"] == "IMMEDIATE"


def test_a_server_is_watched() -> None:
    assert database_of("postgres://ann@db.example.com/sla?sslmode=require")["OPTIONS"] == {
        **WATCHFUL,
        "sslmode": "require",
    }
