"""Facts in a database: the same answers as a folder gives, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.db import connections, transaction
from tests.databases import Database
from tests.fact_rows import rows
from tests.past_company import past_company
from tests.unit.test_score_agreement import AGREEMENT, NOW

from smarketing.facts.schema import TABLES
from smarketing.ledger import database
from smarketing.ledger.database import Ledger, the_ledger
from smarketing.ledger.folder import Folder, create_folder
from smarketing.ledger.mirror import state_of
from smarketing.ledger.models import FACTS, Merge
from smarketing.scorecard.card import Axis
from smarketing.terms.errors import FactsError
from smarketing.terms.period import read_period
from smarketing.terms.read_yaml import read_agreement_text
from smarketing.workflows.score_agreement import score

LATER = "2025-07-02T00:00:00Z"
ODD = rows(
    "deal",
    {"deal_id": "d1", "amount": Decimal("99999999999999.9999"), "currency": "EUR", "expected_close": "2025-08-01"},
    {"deal_id": "d 2", "amount": Decimal("-0.0001"), "stage": 'he said "no",\nthen\ttab', "pipeline": ""},
    {"deal_id": "\\N", "stage": "\\N", "created_at": "1969-12-31T23:59:59.999999Z", "pipeline": "ñ€𝄞"},
)
FLAGS = rows("owner", {"owner_id": "a", "active": True}, {"owner_id": "b", "active": False}, {"owner_id": "c"})
CHANGES = rows(
    "stage_change",
    {"change_id": "a", "entity_id": "e", "origin": "history", "from_value": "new", "to_value": "sal"},
    {"change_id": "b", "entity_id": "e", "origin": "snapshot_diff", "exact": False},
    {"change_id": "c", "entity_id": "e"},
)
SCORES = rows("lead", {"lead_id": "a", "score": 0.1}, {"lead_id": "b", "score": 1e300}, {"lead_id": "c"})
ODDITIES = {"deal": ODD, "owner": FLAGS, "lead": SCORES, "stage_change": CHANGES}


@pytest.fixture
def ledger(each_database: Database) -> Ledger:
    return opened(each_database)


@pytest.fixture(autouse=True, params=[database.FEW_ROWS, -1], ids=["by_rows", "by_files"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows meet those of the database, many those of the mirror; the answers are the same."""
    monkeypatch.setattr(database, "FEW_ROWS", request.param)


def opened(database: Database) -> Ledger:
    return the_ledger(database.home, using=database.alias)


def frames(folder: Folder) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(folder.frame(name).rows(), key=repr) for name in TABLES if folder.n_rows(name)}


def lead(lead_id: str, **values: object) -> pl.DataFrame:
    return rows("lead", {"lead_id": lead_id, **values})


@pytest.mark.parametrize("is_rebuilt", [False, True])
def test_rows_come_back_to_the_last_digit(each_database: Database, is_rebuilt: bool) -> None:
    ledger = opened(each_database)
    ledger.merge(ODDITIES)
    if is_rebuilt:
        shutil.rmtree(ledger.path)
    again = opened(each_database)
    for name, given in ODDITIES.items():
        key = TABLES[name].key
        assert again.frame(name).sort(key).equals(given.sort(key))


def test_models_read_what_was_merged(ledger: Ledger) -> None:
    ledger.merge({"deal": ODD})
    deal = FACTS["deal"].objects.using(ledger.using).get(deal_id="d1")  # type: ignore[attr-defined]
    assert (str(deal.amount), deal.created_at.isoformat(), deal.expected_close.isoformat(), deal.seq) == (
        "99999999999999.9999",
        "2025-06-03T08:00:00+00:00",
        "2025-08-01",
        1,
    )


def test_the_same_rows_again_change_nothing(ledger: Ledger) -> None:
    first = ledger.merge({"lead": pl.concat([lead("ana"), lead("ben")])}).total
    again = ledger.merge({"lead": pl.concat([lead("ana"), lead("ben", seen_at=LATER)])}).total
    assert (first.n_new, again.n_duplicate, ledger.sequence) == (2, 2, 1)


def test_newer_content_wins_in_the_database_too(each_database: Database) -> None:
    ledger = opened(each_database)
    ledger.merge({"lead": lead("ana", owner_id="rita", updated_at="2025-06-02T00:00:00Z")})
    ledger.merge({"lead": lead("ana", owner_id="sam", updated_at="2025-06-03T00:00:00Z")})
    assert ledger.merge({"lead": lead("ana", owner_id="eva", updated_at="2025-06-01T00:00:00Z")}).total.n_outdated == 1
    shutil.rmtree(ledger.path)
    assert opened(each_database).frame("lead")["owner_id"].to_list() == ["sam"]


def test_a_bad_row_changes_no_table(each_database: Database) -> None:
    ledger = opened(each_database)
    with pytest.raises(FactsError, match="kind must be one of"):
        ledger.merge({"lead": lead("ana"), "touch": rows("touch", {"touch_id": "t", "kind": "pigeon"})})
    assert (opened(each_database).sequence, frames(opened(each_database))) == (0, {})


def test_a_block_that_fails_leaves_nothing(each_database: Database) -> None:
    ledger = opened(each_database)
    ledger.merge({"lead": lead("ana")})
    with pytest.raises(ZeroDivisionError), ledger.in_one_piece():
        ledger.merge({"lead": lead("ben")})
        ledger.merge({"lead": lead("eva")})
        raise ZeroDivisionError
    again = opened(each_database)
    assert (again.sequence, again.frame("lead")["lead_id"].to_list()) == (1, ["ana"])
    again.merge({"lead": lead("zoe")})
    assert sorted(opened(each_database).frame("lead")["lead_id"]) == ["ana", "zoe"]


def test_what_another_process_merged_is_seen_by_the_next_reader(each_database: Database, tmp_path: Path) -> None:
    """Two homes on one database, as two machines would be."""
    here = opened(each_database)
    there = Ledger(tmp_path / "there", using=each_database.alias)
    here.merge({"lead": pl.concat([lead("ana"), lead("ben")])})
    here.merge({"lead": lead("ben", owner_id="sam", seen_at=LATER), "touch": rows("touch", {"touch_id": "t1"})})
    assert there.sequence == 0
    again = Ledger(tmp_path / "there", using=each_database.alias)
    assert (again.sequence, frames(again)) == (2, frames(here))
    there.merge({"lead": lead("eva")})  # finds itself behind, and catches up first
    assert sorted(opened(each_database).frame("lead")["lead_id"]) == ["ana", "ben", "eva"]


@pytest.mark.parametrize("damage", ["facts.json", "tables"])
def test_a_damaged_mirror_is_made_again(each_database: Database, damage: str) -> None:
    ledger = opened(each_database)
    ledger.merge({"lead": lead("ana"), "deal": ODD})
    wanted = frames(ledger)
    broken = ledger.path / damage
    broken.write_text("{") if broken.is_file() else shutil.rmtree(broken)
    assert frames(opened(each_database)) == wanted


def test_a_mirror_of_a_time_that_never_was_is_made_again(each_database: Database) -> None:
    """A restored backup has gone back, and then another way."""
    ledger = opened(each_database)
    ledger.merge({"lead": lead("ana")})
    ledger.merge({"lead": lead("ben")})
    FACTS["lead"].objects.using(ledger.using).filter(lead_id="ben").delete()  # type: ignore[attr-defined]
    Merge.objects.using(ledger.using).filter(seq=2).update(stamp="another")
    assert opened(each_database).frame("lead")["lead_id"].to_list() == ["ana"]


def test_readers_of_an_outer_transaction_do_not_spoil_the_mirror(each_database: Database) -> None:
    ledger = opened(each_database)
    ledger.merge({"lead": lead("ana")})
    with pytest.raises(ZeroDivisionError), transaction.atomic(using=each_database.alias):
        ledger.merge({"lead": lead("ben")})
        assert opened(each_database).n_rows("lead") == 2
        raise ZeroDivisionError
    assert opened(each_database).frame("lead")["lead_id"].to_list() == ["ana"]


def test_a_key_that_the_mirror_does_not_know_is_a_sentence_and_changes_nothing(
    each_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "FEW_ROWS", -1)  # whoever asks the database knows it
    ledger = opened(each_database)
    ledger.merge({"lead": lead("ana")})
    with connections[each_database.alias].cursor() as cursor:
        cursor.execute("""UPDATE "ledger_lead" SET "lead_id" = 'ben'""")
    with pytest.raises(FactsError, match=r"does not fit the database.*smarketing rebuild"):
        ledger.merge({"lead": lead("ben"), "touch": rows("touch", {"touch_id": "t1"})})
    again = opened(each_database)
    again.rebuild()
    assert (again.frame("lead")["lead_id"].to_list(), again.n_rows("touch"), state_of(ledger.using).sequence) == (
        ["ben"],
        0,
        1,
    )


def test_a_database_that_may_lose_a_commit_is_refused(sqlite_database: Database) -> None:
    ledger = opened(sqlite_database)
    connections[sqlite_database.alias].cursor().execute("PRAGMA synchronous=NORMAL")
    with pytest.raises(FactsError, match="PRAGMA synchronous=FULL"):
        ledger.merge({"lead": lead("ana")})


def test_a_scorecard_is_the_folders_and_the_same_once_the_mirror_is_made_again(
    each_database: Database, tmp_path: Path
) -> None:
    company = past_company(tmp_path / "plain", n_leads=200)
    opened(each_database).merge({name: company.frame(name) for name in TABLES if company.n_rows(name)})
    wanted = card(company)
    assert card(opened(each_database)) == wanted
    shutil.rmtree(opened(each_database).path)
    assert card(opened(each_database)) == wanted


def card(facts: Folder) -> str:
    versions = [read_agreement_text(AGREEMENT, where="test", folder=None)]
    found = score(versions, facts, period=read_period("2025-05"), now=NOW, by=tuple(Axis)).to_json()
    return json.dumps(found, sort_keys=True, default=str)


def test_what_no_database_tells_apart_is_made_the_same(each_database: Database) -> None:
    ledger = opened(each_database)
    ledger.merge({"lead": pl.concat([lead("a", score=float("nan")), lead("b", score=-0.0)])})
    scores = frames(ledger)
    ledger.rebuild()
    assert frames(ledger) == scores
    assert ledger.frame("lead").sort("lead_id")["score"].to_list() == [None, 0.0]


def test_a_merge_gives_what_a_folder_gives(each_database: Database, tmp_path: Path) -> None:
    ledger, folder = opened(each_database), create_folder(tmp_path / "plain")
    batch = {"lead": pl.concat([lead("ana"), lead("ana", owner_id="sam", seen_at=LATER)]), "deal": ODD}
    assert ledger.merge(batch) == folder.merge(batch)
    assert ledger.merge({"deal": ODD}) == folder.merge({"deal": ODD})
    assert frames(ledger) == frames(folder)
