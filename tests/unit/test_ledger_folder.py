"""Facts in a folder: what is the same adds nothing, what is newer wins, what is torn is not there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.fact_rows import rows

from smarketing.ledger.change import MANY_PARTS
from smarketing.ledger.durable import write_durably
from smarketing.ledger.folder import Folder, create_folder, open_folder
from smarketing.ledger.lock import LOCK, sole_writer
from smarketing.terms.errors import FactsError
from smarketing.terms.language import words


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return create_folder(tmp_path / "facts")


def lead(lead_id: str, **values: object) -> pl.DataFrame:
    return rows("lead", {"lead_id": lead_id, **values})


def outcome(folder: Folder, frame: pl.DataFrame) -> tuple[int, int, int, int]:
    counts = folder.merge({"lead": frame}).total
    assert counts.n_rows == frame.height == counts.n_accepted + counts.n_duplicate + counts.n_outdated
    return counts.n_new, counts.n_updated, counts.n_duplicate, counts.n_outdated


def owners(folder: Folder) -> dict[str, str]:
    return dict(folder.frame("lead").sort("lead_id").select("lead_id", "owner_id").rows())


def test_a_new_folder_has_every_table_and_no_rows(folder: Folder) -> None:
    assert folder.sequence == 0
    assert folder.frame("touch").is_empty()
    assert folder.n_rows("touch") == 0


def test_rows_come_back_as_they_went_in(folder: Folder) -> None:
    frame = rows("deal", {"deal_id": "d1", "amount": 1234, "currency": "EUR", "expected_close": "2025-08-01"})
    folder.merge({"deal": frame})
    assert open_folder(folder.path).frame("deal").equals(frame)


def test_the_same_rows_again_add_nothing_and_write_nothing(folder: Folder) -> None:
    frame = pl.concat([lead("ana"), lead("ben")])
    assert outcome(folder, frame) == (2, 0, 0, 0)
    before = (folder.path / "facts.json").stat().st_mtime_ns
    assert outcome(folder, frame) == (0, 0, 2, 0)
    assert folder.sequence == 1
    assert (folder.path / "facts.json").stat().st_mtime_ns == before


def test_the_same_content_learnt_later_is_a_duplicate(folder: Folder) -> None:
    outcome(folder, lead("ana"))
    assert outcome(folder, lead("ana", seen_at="2025-07-09T00:00:00Z")) == (0, 0, 1, 0)


def test_newer_content_wins_and_older_content_comes_too_late(folder: Folder) -> None:
    outcome(folder, lead("ana", owner_id="rita", updated_at="2025-06-02T00:00:00Z"))
    assert outcome(folder, lead("ana", owner_id="sam", updated_at="2025-06-03T00:00:00Z")) == (0, 1, 0, 0)
    assert outcome(folder, lead("ana", owner_id="eva", updated_at="2025-06-01T00:00:00Z")) == (0, 0, 0, 1)
    assert owners(folder) == {"ana": "sam"}


def test_without_a_time_of_change_the_later_sight_wins(folder: Folder) -> None:
    outcome(folder, lead("ana", owner_id="rita"))
    assert outcome(folder, lead("ana", owner_id="sam", seen_at="2025-07-02T00:00:00Z")) == (0, 1, 0, 0)
    assert owners(folder) == {"ana": "sam"}


def test_a_known_time_of_change_beats_an_unknown_one(folder: Folder) -> None:
    outcome(folder, lead("ana", owner_id="rita", updated_at="2025-06-02T00:00:00Z"))
    assert outcome(folder, lead("ana", owner_id="sam", seen_at="2025-07-02T00:00:00Z")) == (0, 0, 0, 1)


def test_twice_in_one_batch_is_once(folder: Folder) -> None:
    newer = lead("ana", owner_id="sam", updated_at="2025-06-03T00:00:00Z")
    older = lead("ana", owner_id="rita", updated_at="2025-06-02T00:00:00Z")
    assert outcome(folder, pl.concat([newer, older, newer])) == (1, 0, 1, 1)
    assert owners(folder) == {"ana": "sam"}


def test_equal_ids_of_two_sources_are_two_leads(folder: Folder) -> None:
    assert outcome(folder, pl.concat([lead("ana"), lead("ana", src="other")])) == (2, 0, 0, 0)


def test_all_tables_of_a_merge_change_or_none(folder: Folder) -> None:
    bad = rows("touch", {"touch_id": "t1", "kind": "pigeon"})
    with pytest.raises(FactsError, match="kind must be one of"):
        folder.merge({"lead": lead("ana"), "touch": bad})
    assert open_folder(folder.path).frame("lead").is_empty()


def test_an_update_rewrites_only_the_part_it_is_in(folder: Folder) -> None:
    for name in ("ana", "ben"):
        folder.merge({"lead": lead(name)})
    first, second = folder.parts("lead")
    folder.merge({"lead": lead("ben", owner_id="sam", seen_at="2025-07-02T00:00:00Z")})
    assert folder.parts("lead")[0] == first
    assert folder.parts("lead")[1] != second


def test_many_small_merges_end_in_few_files(folder: Folder) -> None:
    names = [f"lead-{number}" for number in range(3 * MANY_PARTS)]
    for name in names:
        folder.merge({"lead": lead(name)})
    assert len(folder.parts("lead")) <= MANY_PARTS
    assert sorted(folder.frame("lead")["lead_id"]) == sorted(names)


def test_who_opened_the_facts_before_a_change_can_still_read_them(folder: Folder) -> None:
    folder.merge({"lead": lead("ana", owner_id="rita")})
    reader = open_folder(folder.path)
    folder.merge({"lead": lead("ana", owner_id="sam", seen_at="2025-07-02T00:00:00Z")})
    assert owners(reader) == {"ana": "rita"}
    assert owners(folder) == {"ana": "sam"}


def test_what_no_manifest_names_is_swept_by_the_next_writer(folder: Folder) -> None:
    torn = folder.path / "tables" / "lead-9-1.parquet.tmp"
    orphan = folder.path / "tables" / "lead-9-2.parquet"
    for path in (torn, orphan):
        path.write_bytes(b"PAR1 torn")
    assert open_folder(folder.path).frame("lead").is_empty()
    folder.merge({"lead": lead("ana")})
    assert not torn.exists()
    assert not orphan.exists()


def test_imports_that_changed_something_are_remembered(folder: Folder) -> None:
    folder.merge({"lead": lead("ana")}, import_id="june")
    folder.merge({"lead": lead("ana")}, import_id="june again")
    assert open_folder(folder.path).manifest.imports == ("june",)


def test_creating_a_folder_that_is_there_opens_it(folder: Folder) -> None:
    folder.merge({"lead": lead("ana")})
    assert create_folder(folder.path).frame("lead").height == 1


def test_a_path_without_facts_is_refused_with_the_way_on(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"There are no facts here\. Bring some in: smarketing import"):
        open_folder(tmp_path)


def test_a_file_cannot_become_a_folder(tmp_path: Path) -> None:
    (tmp_path / "facts").write_text("not a folder")
    with pytest.raises(FactsError, match="cannot be made here"):
        create_folder(tmp_path / "facts")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', "\x00" * 100])
def test_a_damaged_manifest_is_a_sentence(folder: Folder, text: str) -> None:
    (folder.path / "facts.json").write_text(text)
    with pytest.raises(FactsError, match=r"The list of facts is damaged: .* Put back a copy"):
        open_folder(folder.path)


def test_facts_of_another_format_are_not_damaged(folder: Folder) -> None:
    (folder.path / "facts.json").write_text('{"format": 99}')
    with pytest.raises(FactsError, match="These facts have format 99; this smarketing reads format 1"):
        open_folder(folder.path)


def test_the_reason_of_damage_is_told_in_the_readers_language(folder: Folder) -> None:
    (folder.path / "facts.json").write_text("{")
    with pytest.raises(FactsError) as damaged:
        open_folder(folder.path)
    damaged.value.translate(words("es"))
    assert damaged.value.what == "La lista de datos está dañada: la línea 1 no es el JSON que corresponde ahí."


def test_a_manifest_that_names_a_strange_table_is_damaged(folder: Folder) -> None:
    content = json.loads((folder.path / "facts.json").read_text()) | {"tables": {"pigeon": []}}
    (folder.path / "facts.json").write_text(json.dumps(content))
    with pytest.raises(FactsError, match="names tables that there are not: pigeon"):
        open_folder(folder.path)


def test_a_missing_or_shortened_file_is_named(folder: Folder) -> None:
    folder.merge({"lead": lead("ana")})
    path = folder.path / folder.parts("lead")[0].file
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(FactsError, match=r"lead-1-1\.parquet: A file of the facts has lost bytes"):
        open_folder(folder.path)
    path.unlink()
    with pytest.raises(FactsError, match=r"lead-1-1\.parquet: A file of the facts is missing"):
        open_folder(folder.path)


def test_a_file_whose_bytes_were_changed_is_a_sentence(folder: Folder) -> None:
    folder.merge({"lead": lead("ana")})
    path = folder.path / folder.parts("lead")[0].file
    path.write_bytes(b"\x00" * path.stat().st_size)
    with pytest.raises(FactsError, match="The facts cannot be read"):
        open_folder(folder.path).frame("lead")


def test_a_second_writer_is_told_who_is_writing(folder: Folder) -> None:
    hold = "import sys; from pathlib import Path; from smarketing.ledger.lock import sole_writer\n"
    hold += "with sole_writer(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(folder.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(FactsError, match=f"Process {other.pid} is writing to these facts"):
            folder.merge({"lead": lead("ana")})
        other.kill()
        other.wait()
    assert folder.merge({"lead": lead("ana")}).n_accepted == 1  # the killed holder left its lock file, but no lock


def test_a_lock_file_that_nobody_holds_is_taken(folder: Folder) -> None:
    (folder.path / LOCK).write_text("99999999")
    with sole_writer(folder.path):
        assert (folder.path / LOCK).read_text() != "99999999"


def test_a_write_that_fails_leaves_the_old_file_and_no_torn_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        write_durably(path, fail)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("file", "old")]


def test_rows_that_add_nothing_are_duplicates_of_the_merge(folder: Folder) -> None:
    newer = lead("ana", owner_id="sam", updated_at="2025-06-03T00:00:00Z")
    older = lead("ana", owner_id="rita", updated_at="2025-06-02T00:00:00Z")
    folder.merge({"lead": newer})
    counts = folder.merge({"lead": pl.concat([newer, older, lead("ben")])})
    assert (counts.n_accepted, counts.n_duplicates) == (1, 2)
