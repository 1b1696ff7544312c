"""A large import keeps nobody from writing, tells how far it is, and can be cancelled until it is published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections, transaction
from tests.databases import Database
from tests.fact_rows import rows
from tests.small_import import LEADS

from smarketing.ledger import row_writes
from smarketing.ledger.database import Ledger
from smarketing.ledger.folder import Tell
from smarketing.ledger.mirror import state_of
from smarketing.ledger.models import FACTS, Import, LedgerId
from smarketing.sources.read_profile import read_profile
from smarketing.terms.errors import FactsError
from smarketing.workflows.import_files import Cancelled, Progress, import_files

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
N_LEADS = 2_000
DONE = [0.0, 0.25, 0.5, 0.75, 1.0]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_writes, "LOADED_ROWS", 500)


def brought(
    ledger: Ledger, folder: Path, tell: object = None, is_cancelled: object = None, owner: str = "rita"
) -> None:
    (folder / "small.yaml").write_text(LEADS)
    lines = [f"r{n},2026-01-05T10:00,{owner},Web,{n},New" for n in range(N_LEADS)]
    (folder / "leads.csv").write_text("\n".join(["Id,Created,Owner,Source,Score,Status", *lines]))
    import_files(
        [folder / "leads.csv"],
        profile=read_profile(str(folder / "small.yaml")),
        facts=ledger,
        now=NOW,
        progress=tell,  # type: ignore[arg-type]
        is_cancelled=is_cancelled or (lambda: False),  # type: ignore[arg-type]
    )


def n_stored(ledger: Ledger) -> int:
    return int(FACTS["lead"].objects.using(ledger.using).count())  # type: ignore[attr-defined]


def test_others_write_between_two_chunks_and_see_nothing_of_it(each_database: Database, tmp_path: Path) -> None:
    ledger, seen = Ledger(each_database.home, using=each_database.alias), []
    connections.databases["other"] = connections.databases[each_database.alias]

    def tell(step: Progress) -> None:
        if step.number < step.n_files:
            return
        LedgerId.objects.using("other").create(pk=100 + len(seen))  # a small write of somebody's
        seen.append((round(step.share, 2), n_stored(ledger), state_of("other").sequence))
        assert Ledger(tmp_path / "there", using="other").n_rows("lead") == 0

    try:
        brought(ledger, tmp_path, tell)
    finally:
        connections["other"].close()
        del connections["other"]
        del connections.databases["other"]
    assert seen[:-1] == [(share, round(share * N_LEADS), 0) for share in DONE]
    assert (n_stored(ledger), ledger.sequence, ledger.n_rows("lead")) == (N_LEADS, 1, N_LEADS)


def kept_by(ledger: Ledger) -> tuple[object, ...]:
    n_imports = Import.objects.using(ledger.using).count()
    return ledger.sequence, sorted(ledger.frame("lead").rows()), n_stored(ledger), n_imports


@pytest.mark.parametrize("is_known", [False, True])
def test_cancelled_while_it_is_written_it_leaves_nothing(
    each_database: Database, tmp_path: Path, is_known: bool
) -> None:
    ledger, shares = Ledger(each_database.home, using=each_database.alias), []
    if is_known:  # changed rows are written in one go
        brought(ledger, tmp_path)
    before = kept_by(ledger)

    def tell(step: Progress) -> None:
        shares.extend([step.share] if step.number == step.n_files else [])

    with pytest.raises(Cancelled, match="nothing of it was kept"):
        brought(ledger, tmp_path, tell, lambda: shares and shares[-1] >= (0 if is_known else 0.5), owner="sam")
    again = Ledger(each_database.home, using=each_database.alias)
    assert before == kept_by(again)
    brought(again, tmp_path, owner="sam")
    assert again.frame("lead")["owner_id"].unique().to_list() == ["sam"]


def test_shares_only_grow(each_database: Database, tmp_path: Path) -> None:
    ledger, told = Ledger(each_database.home, using=each_database.alias), []
    brought(ledger, tmp_path, lambda step: told.append(step.whole))
    assert told == sorted(told)
    assert (told[0] <= 0.5, told[-1]) == (True, 1.0)


def test_rows_of_a_merge_that_was_killed_go_with_the_next(each_database: Database) -> None:
    ledger = Ledger(each_database.home, using=each_database.alias)
    ledger.merge({"lead": rows("lead", {"lead_id": "ana"})})

    def dies(_: float) -> None:
        raise KeyboardInterrupt

    original, Ledger._forget = Ledger._forget, lambda *_: None  # type: ignore[method-assign,assignment]
    try:
        with pytest.raises(KeyboardInterrupt), ledger.in_turn():
            kept: Tell = dies
            ledger.prepare({"lead": rows("lead", {"lead_id": "ben"})}, tell=kept)
    finally:
        Ledger._forget = original  # type: ignore[method-assign]
    assert n_stored(ledger) == 2
    again = Ledger(each_database.home, using=each_database.alias)
    again.merge({"lead": rows("lead", {"lead_id": "ben"}, {"lead_id": "eva"})})
    assert (n_stored(again), sorted(again.frame("lead")["lead_id"])) == (3, ["ana", "ben", "eva"])


def test_who_merges_within_a_transaction_is_told_at_once_that_somebody_else_does(sqlite_database: Database) -> None:
    """It holds the lock that the other needs to come to an end."""
    one, two = (Ledger(sqlite_database.home / name, using=sqlite_database.alias) for name in ("one", "two"))
    refused = pytest.raises(FactsError, match="is writing to these facts")
    with one.in_turn(), transaction.atomic(using=sqlite_database.alias), refused:
        two.merge({"lead": rows("lead", {"lead_id": "late"})})
