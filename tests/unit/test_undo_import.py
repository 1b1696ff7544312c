"""An import is taken back: rows, receipt, event; and its file may be read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.small_import import profile

from smarketing.ledger.models import Import
from smarketing.records.models import Event, Person
from smarketing.terms.errors import FactsError
from smarketing.workflows.import_files import Cancelled, import_files
from smarketing.workflows.note_import import note_import
from smarketing.workflows.open_facts import open_facts, open_ledger
from smarketing.workflows.rebuild_facts import rebuild_facts
from smarketing.workflows.undo_import import undo_import

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEADER = "Id,Created,Owner,Source,Score,Status"


@pytest.fixture
def olu(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:  # noqa: ARG001
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    return Person.objects.create(email="olu@example.com", name="Olu")


def bring(tmp_path: Path, olu: Person, text: str, now: datetime = NOW) -> str:
    path = tmp_path / "leads.csv"
    path.write_text(f"{HEADER}\n{text}")
    keep = note_import(by=olu, now=now)
    return import_files([path], profile=profile(), facts=open_ledger(by=olu.pk), now=now, keep=keep).id


def owners() -> dict[str, str]:
    return dict(open_ledger().frame("lead").sort("lead_id").select("lead_id", "owner_id").rows())


def test_what_it_brought_goes_and_what_it_overwrote_returns(olu: Person, tmp_path: Path) -> None:
    bring(tmp_path, olu, "a,05/01/2026 10:00,rita,Web,1,New\nb,05/01/2026 10:00,rita,Web,1,New")
    second = bring(
        tmp_path, olu, "b,05/01/2026 10:00,sam,Web,1,New\nc,05/01/2026 10:00,sam,Web,1,New", NOW + timedelta(1)
    )
    assert owners() == {"a": "rita", "b": "sam", "c": "sam"}
    found = undo_import(import_id=second, by=olu, now=NOW + timedelta(2))
    assert (found.n_removed, found.n_restored, owners()) == (1, 1, {"a": "rita", "b": "rita"})
    rebuild_facts()
    assert owners() == {"a": "rita", "b": "rita"}
    assert list(Event.objects.order_by("seq").values_list("verb", flat=True)) == [
        "import_files",
        "import_files",
        "undo_import",
    ]
    row = Import.objects.get(pk=second)
    assert (row.status, row.undone_by, row.by) == ("undone", olu.pk, olu.pk)


def test_an_undone_file_can_be_read_again(olu: Person, tmp_path: Path) -> None:
    text = "a,05/01/2026 10:00,rita,Web,1,New"
    undo_import(import_id=bring(tmp_path, olu, text), by=olu, now=NOW)
    assert owners() == {}
    bring(tmp_path, olu, text, NOW + timedelta(1))
    assert owners() == {"a": "rita"}


def test_it_is_undone_once(olu: Person, tmp_path: Path) -> None:
    found = bring(tmp_path, olu, "a,05/01/2026 10:00,rita,Web,1,New")
    undo_import(import_id=found, by=olu, now=NOW)
    with pytest.raises(FactsError, match="undone already"):
        undo_import(import_id=found, by=olu, now=NOW)
    with pytest.raises(FactsError, match="no such import"):
        undo_import(import_id="june", by=olu, now=NOW)


def test_imports_of_one_second_are_told_apart(olu: Person, tmp_path: Path) -> None:
    text = "a,05/01/2026 10:00,rita,Web,1,New"
    first, second = (bring(tmp_path, olu, text) for _ in range(2))
    assert second == f"{first}-2"
    assert Import.objects.get(pk=second).seq is None


def test_a_cancelled_import_leaves_nothing(olu: Person, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(f"{HEADER}\na,05/01/2026 10:00,rita,Web,1,New")
    with pytest.raises(Cancelled, match="nothing of it was kept"):
        import_files([path], profile=profile(), facts=open_ledger(by=olu.pk), now=NOW, is_cancelled=lambda: True)
    assert not Import.objects.exists()
    assert list((settings.HOME / "imports").iterdir()) == [settings.HOME / "imports" / "writer.lock"]
    with pytest.raises(FactsError, match=r"There are no facts here\. Bring some in"):
        open_facts(None)
