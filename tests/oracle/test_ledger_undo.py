"""Any sequence of merges and undos: the database and its mirror say what a slow list of versions says."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import Database
from tests.fact_rows import rows

from smarketing.facts.schema import TABLES
from smarketing.ledger.database import Ledger
from smarketing.ledger.folder import Folder, create_folder
from smarketing.ledger.models import FACTS, Import, LedgerId, Merge, Overwritten, Removed

SEEN = [f"2025-07-0{day}T00:00:00Z" for day in range(1, 6)]
LEADS = st.fixed_dictionaries(
    {
        "lead_id": st.sampled_from("abcd"),
        "owner_id": st.sampled_from(["rita", "sam", None]),
        "seen_at": st.sampled_from(SEEN),
    }
)
TOUCHES = st.fixed_dictionaries({"touch_id": st.sampled_from("xyz"), "seen_at": st.sampled_from(SEEN)})
CHANGES = st.fixed_dictionaries(
    {
        "change_id": st.sampled_from("uvw"),
        "entity_id": st.just("a"),
        "origin": st.sampled_from(["history", "webhook", None]),
        "seen_at": st.sampled_from(SEEN),
    }
)
BATCH = st.fixed_dictionaries(
    {
        "lead": st.lists(LEADS, max_size=4),
        "touch": st.lists(TOUCHES, max_size=2),
        "stage_change": st.lists(CHANGES, max_size=3),
    }
)
STEP = st.one_of(BATCH, BATCH, st.integers(0, 5), st.just("reopen"), st.just("rebuild"))


@dataclass
class Twin:
    """Every version of every row, oldest first, with the merge that wrote it; a folder decides who wins."""

    place: Path
    versions: dict[tuple[str, Any], list[tuple[int, tuple[Any, ...]]]] = field(default_factory=dict)
    sequence: int = 0
    n_folders: int = 0

    def frames(self) -> dict[str, list[tuple[Any, ...]]]:
        current = {key: chain[-1][1] for key, chain in self.versions.items() if chain}
        return {name: sorted((row for (table, _), row in current.items() if table == name), key=repr) for name in TOLD}

    def folder(self) -> Folder:
        """What stands now, in a plain folder."""
        self.n_folders += 1
        folder = create_folder(self.place / str(self.n_folders))
        folder.merge(
            {name: pl.DataFrame(found, TABLES[name].schema, orient="row") for name, found in self.frames().items()}
        )
        return folder

    def merge(self, batch: dict[str, pl.DataFrame]) -> Any:
        folder = self.folder()
        before = self.frames()
        counts = folder.merge(batch)
        after = frames(folder)
        changed = [(name, row) for name in TOLD for row in after[name] if row not in before[name]]
        self.sequence += bool(changed)
        for name, row in changed:
            self.versions.setdefault((name, row[:2]), []).append((self.sequence, row))
        return counts

    def undo(self, seq: int) -> None:
        self.sequence += 1
        for key, chain in self.versions.items():
            self.versions[key] = [link for link in chain if link[0] != seq]


TOLD = ("lead", "touch", "stage_change")


def frames(folder: Folder) -> dict[str, list[tuple[Any, ...]]]:
    return {name: sorted(folder.frame(name).rows(), key=repr) for name in TOLD}


def emptied(database: Database) -> None:
    for model in (*FACTS.values(), Merge, Overwritten, Removed, Import, LedgerId):
        model.objects.using(database.alias).all().delete()  # type: ignore[attr-defined]


@settings(max_examples=25, suppress_health_check=[*HealthCheck])
@given(steps=st.lists(STEP, max_size=8))
def test_the_ledger_says_what_the_twin_says(each_database: Database, steps: list[Any]) -> None:
    emptied(each_database)
    with tempfile.TemporaryDirectory() as place:
        twin, home = Twin(Path(place) / "twin"), Path(place) / "home"
        ledger = Ledger(home, using=each_database.alias)
        late = Ledger(Path(place) / "late", using=each_database.alias)
        for step in steps:
            if isinstance(step, dict):
                batch = {name: rows(name, *found) for name, found in step.items()}
                assert ledger.merge(batch) == twin.merge(batch)
            elif isinstance(step, int):
                if 1 <= step <= twin.sequence:
                    ledger.take_back(step)
                    twin.undo(step)
            elif step == "reopen":
                ledger = Ledger(home, using=each_database.alias)
            else:
                shutil.rmtree(ledger.path)
                ledger = Ledger(home, using=each_database.alias)
            assert (ledger.sequence, frames(ledger)) == (twin.sequence, twin.frames())
        again = Ledger(late.home, using=each_database.alias)
        assert (again.sequence, frames(again)) == (twin.sequence, twin.frames())
    connections[each_database.alias].close()
