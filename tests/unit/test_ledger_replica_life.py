"""The replica is disposable: rebuilt when the facts move on, and the same bytes whichever way the facts arrived."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.fact_rows import rows

from smarketing.engine.history import History
from smarketing.ledger import replica, replica_build, replica_rows, spill
from smarketing.ledger.bucket_files import PARTS, read_bucket, write_bucket
from smarketing.ledger.folder import Folder, create_folder, open_folder
from smarketing.ledger.generations import PAST
from smarketing.ledger.replica import open_replica
from smarketing.terms.errors import FactsError


def company(seed: int = 7, n_leads: int = 40) -> dict[str, pl.DataFrame]:
    """Leads with everything that can happen to them, from two sources."""
    dice = random.Random(seed)

    def at() -> str:
        return f"2025-06-{dice.randint(1, 28):02}T{dice.randint(0, 23):02}:{dice.choice(['00', '30'])}:00Z"

    def some(*values: object) -> object:
        return dice.choice(values)

    names = [f"lead-{number}" for number in range(n_leads)]
    people = [f"p{number}" for number in range(n_leads // 2)]
    reps = ["rita", "sam", "inbox", None]
    src = ["crm", "shop"]
    return {
        "owner": rows("owner", {"owner_id": "rita", "team": "North"}, {"owner_id": "inbox", "kind": "queue"}),
        "lead": rows(
            "lead",
            *[
                {
                    "lead_id": name,
                    "src": some(*src),
                    "created_at": at(),
                    "person_key": some(*people),
                    "owner_id": some(*reps),
                    "grade": some("A", "B", None),
                    "channel": some("organic", "paid", None),
                    "reason": some("no_budget", None, None),
                    "merged_into": some(None, None, None, *names[:3]),
                    "converted_at": some(None, at()),
                }
                for name in names
            ],
        ),
        "touch": rows(
            "touch",
            *[
                {
                    "touch_id": f"t{number}",
                    "src": some(*src),
                    "lead_id": some(None, *names),
                    "person_key": some(*people),
                    "owner_id": some(*reps),
                    "occurred_at": at(),
                    "outcome": some("connected", "no_answer", None),
                }
                for number in range(6 * n_leads)
            ],
        ),
        "stage_change": rows(
            "stage_change",
            *[
                {
                    "change_id": f"c{number}",
                    "src": some(*src),
                    "entity_id": some(*names),
                    "field": some("lifecycle", "owner"),
                    "to_value": some("mql", "rita", "sam"),
                    "changed_at": at(),
                }
                for number in range(3 * n_leads)
            ],
        ),
        "deal": rows(
            "deal",
            *[
                {
                    "deal_id": f"d{number}",
                    "src": some(*src),
                    "person_key": some(*people),
                    "created_at": at(),
                    "amount": 5,
                }
                for number in range(n_leads)
            ],
        ),
        "delivery": rows("delivery", {"delivery_id": "1", "deliverable": "paper", "delivered_at": at()}),
    }


@pytest.fixture
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (replica, replica_build, spill):
        monkeypatch.setattr(module, "BUCKET_LEADS", 16)
    monkeypatch.setattr(replica_rows, "CHUNK_ROWS", 25)
    yield


def files(folder: Folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in open_replica(folder).path.iterdir()}


def arrived(path: Path, batches: list[dict[str, pl.DataFrame]]) -> Folder:
    folder = create_folder(path)
    for batch in batches:
        folder.merge(batch)
    return folder


@pytest.mark.usefixtures("small_buckets")
def test_the_bytes_do_not_depend_on_the_order_in_which_facts_arrived(tmp_path: Path) -> None:
    whole = company()
    pieces = [
        {name: frame.sample(fraction=1, shuffle=True, seed=seed)[seed::3]}
        for seed in range(3)
        for name, frame in sorted(whole.items(), reverse=True)
    ]
    shuffled = [{name: frame.sample(fraction=1, shuffle=True, seed=5)} for name, frame in whole.items()]
    one = files(arrived(tmp_path / "one", [whole]))
    assert len(one) == 3 * 6 + 2
    assert files(arrived(tmp_path / "shuffled", shuffled)) == one
    assert files(arrived(tmp_path / "again", [*shuffled, whole, *pieces])) == one


@pytest.mark.usefixtures("small_buckets")
def test_every_bucket_is_sorted_and_complete(tmp_path: Path) -> None:
    opened = open_replica(arrived(tmp_path, [company()]))
    assert (opened.n_leads, opened.n_buckets) == (40, 3)
    histories = [opened.history(bucket) for bucket in range(3)]
    assert [history.first for history in histories] == [0, 16, 32]
    assert [len(history.leads) for history in histories] == [16, 16, 8]
    created = np.concatenate([history.leads.created_at for history in histories])
    assert (np.diff(created) >= 0).all()
    for history in histories:
        for part, at in (("touches", "at"), ("stages", "at"), ("assignments", "at"), ("deals", "created_at")):
            table = getattr(history, part)
            assert table.lead.min(initial=0) >= 0
            assert table.lead.max(initial=0) < len(history.leads)
            assert _is_sorted(table.lead, getattr(table, at))


def _is_sorted(lead: np.ndarray, at: np.ndarray) -> bool:  # type: ignore[type-arg]
    rises = (np.diff(lead) > 0) | ((np.diff(lead) == 0) & (np.diff(at) >= 0))
    return bool(rises.all())


@pytest.mark.usefixtures("small_buckets")
def test_the_size_of_the_buckets_does_not_change_what_is_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(path: Path) -> list[list[int]]:
        opened = open_replica(arrived(path, [company()]))
        parts = [opened.history(bucket) for bucket in range(opened.n_buckets)]
        return [
            np.concatenate([h.touches.lead + h.first for h in parts]).tolist(),
            [a for h in parts for a in h.touches.at],
        ]

    small = everything(tmp_path / "small")
    for module in (replica, replica_build, spill):
        monkeypatch.setattr(module, "BUCKET_LEADS", 1000)
    assert everything(tmp_path / "large") == small


def test_a_bucket_comes_back_as_it_was_written(tmp_path: Path) -> None:
    history = open_replica(arrived(tmp_path / "facts", [company()])).history(0)
    write_bucket(tmp_path, 3, history)
    again = read_bucket(tmp_path, 3)
    assert again.first == history.first
    for part, kind in PARTS.items():
        for f in fields(kind):
            before, after = getattr(getattr(history, part), f.name), getattr(getattr(again, part), f.name)
            assert before.dtype == after.dtype
            np.testing.assert_array_equal(before, after)


def test_reading_gives_arrays_nobody_can_change(tmp_path: Path) -> None:
    history: History = open_replica(arrived(tmp_path, [company()])).history(0)
    with pytest.raises(ValueError, match="read-only"):
        history.touches.at[0] = 0


def test_facts_that_did_not_change_need_no_new_replica(tmp_path: Path) -> None:
    folder = arrived(tmp_path, [company()])
    first = open_replica(folder).path
    folder.merge(company())
    assert open_replica(folder).path == first


def test_facts_that_moved_on_are_seen_and_old_generations_go(tmp_path: Path) -> None:
    folder, opened = create_folder(tmp_path), []
    for number in range(2 * PAST + 2):
        folder.merge({"lead": rows("lead", {"lead_id": f"lead-{number}"})})
        opened.append(open_replica(folder))
        assert opened[-1].n_leads == number + 1
    for number, earlier in enumerate(opened[-PAST - 1 :], len(opened) - PAST):
        assert len(earlier.lead_ids(0)) == number, "whoever found it goes on"
    generations = {path.name for path in (tmp_path / "replica").iterdir() if path.is_dir()}
    assert generations <= {each.path.name for each in opened[-PAST - 2 :]}


def test_whoever_opened_the_facts_before_they_moved_on_finds_their_generation(tmp_path: Path) -> None:
    """And does not make it anew, upon which whoever comes next would make the latest anew."""
    before = arrived(tmp_path, [company()])
    first = open_replica(before)
    after = open_folder(tmp_path)
    after.merge({"lead": rows("lead", {"lead_id": "new"})})
    second = open_replica(after)
    assert second.path != first.path
    assert open_replica(before).path == first.path and open_replica(before).n_leads == 40
    assert open_replica(after).path == second.path and open_replica(after).n_leads == 41
    for number in range(PAST + 2):
        after.merge({"lead": rows("lead", {"lead_id": f"more-{number}"})})
        open_replica(after)
    notes = {path.name.partition(".")[0] for path in (tmp_path / "replica").glob("*.pointer.json")}
    assert notes == {path.name for path in (tmp_path / "replica").iterdir() if path.is_dir()}


def test_what_a_killed_builder_left_goes_with_the_next(tmp_path: Path) -> None:
    folder = arrived(tmp_path, [company()])
    open_replica(folder)
    torn = tmp_path / "replica" / "000009-torn"
    torn.mkdir()
    folder.merge({"lead": rows("lead", {"lead_id": "new"})})
    assert open_replica(folder).n_leads == 41
    assert not torn.exists()


def test_a_replica_of_other_facts_is_not_trusted(tmp_path: Path) -> None:
    folder = arrived(tmp_path, [company()])
    open_replica(folder)
    (tmp_path / "facts.json").unlink()
    other = arrived(tmp_path, [{"lead": rows("lead", {"lead_id": "ana"})}])
    assert other.sequence == folder.sequence
    assert open_replica(other).n_leads == 1


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense"])
def test_a_damaged_pointer_only_costs_time(tmp_path: Path, text: str) -> None:
    folder = arrived(tmp_path, [company()])
    open_replica(folder)
    (tmp_path / "replica" / "replica.json").write_text(text)
    assert open_replica(folder).n_leads == 40


def test_a_build_that_was_killed_is_swept_and_done_again(tmp_path: Path) -> None:
    folder = arrived(tmp_path, [company()])
    torn = tmp_path / "replica" / "000001-torn"
    torn.mkdir(parents=True)
    (torn / "touches_0000.spill").write_bytes(b"half")
    assert open_replica(folder).n_leads == 40
    assert not torn.exists()


@pytest.mark.parametrize("file", ["touches_0000.parquet", "leads_0000.parquet", "codebook.json"])
def test_a_damaged_bucket_is_a_sentence_with_the_way_out(tmp_path: Path, file: str) -> None:
    folder = arrived(tmp_path, [company()])
    (open_replica(folder).path / file).write_bytes(b"\x00" * 50)
    with pytest.raises(FactsError, match="Delete the folder it is in; it is rebuilt"):
        open_replica(folder).history(0)


def test_a_bucket_says_which_time_it_covers(tmp_path: Path) -> None:
    touch = {"touch_id": "1", "lead_id": "ana", "occurred_at": "2025-06-30T09:00:00Z"}
    folder = arrived(tmp_path, [{"lead": rows("lead", {"lead_id": "ana"}), "touch": rows("touch", touch)}])
    opened = open_replica(folder)
    assert opened.span(0) == (opened.first_at, opened.latest_at)
    (opened.path / "leads_0000.parquet").unlink()
    with pytest.raises(FactsError, match="This part of the replica cannot be read"):
        opened.span(0)


def test_a_replica_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    folder = arrived(tmp_path, [company()])
    (tmp_path / "replica").write_text("a file where a folder should be")
    with pytest.raises(FactsError, match="The replica cannot be written"):
        open_replica(folder)
