"""The server killed during an import, from the upload's first bytes to the receipt: nothing lost, nothing halved."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.databases import Database
from tests.faults.company import PASSWORD, SAM
from tests.faults.exports import N_ROWS, N_TWICE, export, right_leads
from tests.faults.served import Served, served
from tests.faults.visitor import Visitor

from smarketing.ledger.database import the_ledger
from smarketing.ledger.folder import folder_to_fill
from smarketing.ledger.models import Import, Merge
from smarketing.ledger.models.facts import FACTS
from smarketing.records import events
from smarketing.records.models import Event, Job
from smarketing.sources.read_profile import read_profile
from smarketing.workflows.hold_upload import KEEP, held_upload, sweep_uploads
from smarketing.workflows.import_files import import_files

SEED, N_INSTANTS = 20_261_122, 5
LARGE = 20  # times an export is more than is kept in memory
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
IN_THE_WORKER = {  # and whether the import is there afterwards
    "import.row_batch.after": False,
    "import.publish.after": False,
    "import.receipt.before_commit": False,
    "import.receipt.after_commit": True,
}
BESIDE_THOSE = {  # of a second job, since one is given five tries
    "import.row_batch.before": False,
    "import.row_batch.before@2": False,
    "import.publish.before": False,
    "import.finish": True,
}
NOTED = {  # while an upload is noted for the first time, and whether it is there afterwards
    "upload.rename.before": False,
    "upload.rename.after": True,
    "upload.rename.before@2": True,
    "upload.rename.after@2": True,
}


@pytest.fixture
def site(each_database: Database) -> Iterator[Served]:
    with served(each_database) as site:
        site.run("0", module="tests.faults.company")
        yield site


@pytest.fixture
def sam(site: Served) -> Visitor:
    site.start()
    return site.visitor(SAM, PASSWORD)


def test_killed_at_every_point_of_an_import(site: Served, sam: Visitor, tmp_path: Path) -> None:
    _drop_half(site, sam)
    site.start(failpoint="upload.chunk")
    sam.gets("/data/")
    connection = sam.posts_and_leaves("/data/uploads/", {}, [export(0)])
    site.wait_for_death_at("upload.chunk")
    site.kill()
    connection.close()
    assert _jobs(site) == []
    site.start(("web",), failpoint="upload.accepted")  # a worker's try would be one more than a job is given
    upload = _dropped(sam, 0)
    connection = sam.posts_and_leaves(f"{upload}imports/", {})
    site.wait_for_death_at("upload.accepted")
    site.kill()
    connection.close()
    assert [job.status for job in _jobs(site)] == ["waiting"]
    _kill_in_the_worker(site, IN_THE_WORKER)
    sam.gets(upload)
    _bring(sam, upload)
    _wait_for_jobs(site)
    _check_whole(site, {0}, tmp_path)


def test_killed_beside_those_points(site: Served, sam: Visitor, tmp_path: Path) -> None:
    site.restart(("web",))
    upload = _dropped(sam, 0)
    _bring(sam, upload)
    site.kill()
    _kill_in_the_worker(site, BESIDE_THOSE)
    assert [(job.n_tries, job.status) for job in _jobs(site)] == [(len(BESIDE_THOSE) + 1, "done")]
    _check_whole(site, {0}, tmp_path)


def test_killed_while_an_upload_is_noted(site: Served, sam: Visitor, tmp_path: Path) -> None:
    """What was noted is whole or not there; whoever drops the files again, or asks again, goes on as if nothing was."""
    noted: dict[str, bool] = {}
    for point, is_noted in NOTED.items():
        before = set(site.home.glob("uploads/*"))
        site.restart(("web",), failpoint=point)
        for key, was_noted in noted.items():
            sam.gets(f"/data/uploads/{key}/", expected=200 if was_noted else 404)
        sam.gets("/data/")
        connection = sam.posts_and_leaves("/data/uploads/", {}, [export(0)])
        site.wait_for_death_at(point)
        site.kill()
        connection.close()
        (folder,) = {*site.home.glob("uploads/*")} - before
        noted[folder.name] = is_noted
        assert (held_upload(site.home, folder.name) is not None) is is_noted, point
    assert _jobs(site) == []
    for point in ("upload.rename.before", "upload.rename.after"):
        _check_asked_once(site, sam, point)
    site.start()
    _wait_for_jobs(site)
    _check_whole(site, {0}, tmp_path)
    assert sweep_uploads(site.home, now=datetime.now(UTC) + 2 * KEEP) == len(NOTED) + 2  # noqa: TID251
    assert [*site.home.glob("uploads/*")] == []


def test_killed_at_any_instant_of_an_import(site: Served, sam: Visitor, tmp_path: Path) -> None:
    began = time.monotonic()
    _bring(sam, _dropped(sam, 0))
    _wait_for_jobs(site)
    lasts_s = time.monotonic() - began
    for number in range(1, N_INSTANTS + 1):
        after_s = random.Random(f"{SEED} {number}").uniform(0, 1.1) * lasts_s
        told = f"seed {SEED}, export {number}, killed {after_s * 1000:.0f} ms after the import was asked for"
        upload = _dropped(sam, number)
        connection = sam.posts_and_leaves(f"{upload}imports/", {})
        time.sleep(after_s)
        site.kill()
        connection.close()
        try:
            assert _check_books(site) - {number} == set(range(number))
            _start_after_a_kill(site)
            _bring(sam, upload)
            _wait_for_jobs(site)
            assert _check_books(site) == set(range(number + 1))
        except AssertionError as error:
            raise AssertionError(told) from error
    _check_whole(site, set(range(N_INSTANTS + 1)), tmp_path)


def _kill_in_the_worker(site: Served, points: Mapping[str, bool]) -> None:
    """Kill at one point after the other, look at the books each time, and let the job come to its end then."""
    for point, is_there in points.items():
        _start_after_a_kill(site, failpoint=point)
        site.wait_for_death_at(point)
        site.kill()
        assert _check_books(site) == ({0} if is_there else set()), point
    _start_after_a_kill(site)
    _wait_for_jobs(site)


def _check_asked_once(site: Served, visitor: Visitor, point: str) -> None:
    """Killed while it is noted of an upload that its import was asked for; asked again there is that one job."""
    n_before = len(_jobs(site))
    site.start(("web",), failpoint=f"{point}@3")  # twice while it is dropped
    upload = _dropped(visitor, 0)
    visitor.gets(upload)
    connection = visitor.posts_and_leaves(f"{upload}imports/", {})
    site.wait_for_death_at(point)
    site.kill()
    connection.close()
    key = upload.strip("/").rpartition("/")[2]
    *_, job = _jobs(site)
    assert _noted_job(site, key) == (None if point.endswith("before") else job.id)
    site.start(("web",))
    _bring(visitor, upload)
    site.kill()
    assert _noted_job(site, key) == job.id and len(_jobs(site)) == n_before + 1


def _noted_job(site: Served, key: str) -> int | None:
    upload = held_upload(site.home, key)
    assert upload is not None
    return upload.job_id


def _dropped(visitor: Visitor, number: int) -> str:
    """Drop an export on the page of imports; the path of the page that says how it would be read."""
    visitor.gets("/data/")
    return visitor.posts("/data/uploads/", {}, [export(number)], expected=302).leads_to


def _drop_half(site: Served, visitor: Visitor) -> None:
    """What has arrived of a large file when the server is killed lies in the home, where it is swept out."""
    name, content = export(0)
    visitor.gets("/data/")
    connection = visitor.posts_and_leaves("/data/uploads/", {}, [(name, LARGE * content)], share=0.5)
    site.wait_until(lambda: any(site.home.glob("uploads/*.upload*")))
    site.kill()
    connection.close()
    assert [*site.scratch.glob("*.upload*")] == []


def _bring(visitor: Visitor, upload: str) -> None:
    visitor.posts(f"{upload}imports/", {}, expected=302)


def _start_after_a_kill(site: Served, *, failpoint: str = "") -> None:
    site.let_leases_end()
    site.start(failpoint=failpoint)


def _jobs(site: Served) -> list[Job]:
    with site.looking() as alias:
        return list(Job.objects.using(alias).filter(kind="import_export").order_by("id"))


def _wait_for_jobs(site: Served) -> None:
    """Every import that was asked for comes to its end, and to a good one."""
    site.wait_until(lambda: all(job.status not in ("waiting", "running") for job in _jobs(site)))
    assert [job.problem for job in _jobs(site) if job.status != "done"] == []


def _check_books(site: Served) -> set[int]:
    """The exports that were imported: each one whole, with its receipt and its event."""
    with site.looking() as alias:
        imports = {each.id: list(each.files.all()) for each in Import.objects.using(alias).prefetch_related("files")}
        noted = Event.objects.using(alias).filter(verb="import_files").values_list("object_id", flat=True)
        assert sorted(noted) == sorted(imports)
        assert list(events.chain_faults(using=alias)) == []
        published = Merge.objects.using(alias).order_by("-seq").values_list("seq", flat=True).first() or 0
        leads = FACTS["lead"]._default_manager.using(alias).filter(seq__lte=published)
        there = set(leads.values_list("lead_id", flat=True))
    files = [file for each in imports.values() for file in each]
    for file in files:
        assert file.n_rows == N_ROWS + N_TWICE == file.n_accepted + file.n_rejected + file.n_duplicates
    found = {int(file.file.removeprefix("leads-").removesuffix(".csv")) for file in files}
    assert there == right_leads(found)
    return found


def _check_whole(site: Served, numbers: set[int], tmp_path: Path) -> None:
    """Facts are those of imports that nobody disturbed, nothing is left lying about, and the site is well."""
    site.check_well()
    site.kill()
    assert _check_books(site) == numbers
    assert list((site.home / "imports").glob(".staging-*")) == []
    job, undisturbed = _jobs(site)[0], folder_to_fill(tmp_path / "undisturbed")
    for number in sorted(numbers):
        name, content = export(number)
        (tmp_path / name).write_bytes(content)
        said = {key: job.arguments[key] for key in ("source", "zone")}
        profile = read_profile(job.arguments["profile"])
        import_files([tmp_path / name], profile=profile, facts=undisturbed, now=NOW, **said)
    with site.looking() as alias:
        ledger = the_ledger(site.home, using=alias)
        for table in ("lead", "touch", "stage_change", "identity", "owner"):
            assert _rows(ledger.frame(table)).equals(_rows(undisturbed.frame(table))), table
        assert not FACTS["lead"]._default_manager.using(alias).filter(seq__gt=ledger.sequence).exists()


def _rows(frame: pl.DataFrame) -> pl.DataFrame:
    facts = frame.drop("seen_at")
    return facts.sort(facts.columns)
