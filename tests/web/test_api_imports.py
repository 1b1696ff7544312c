"""Imports by programs: files become a job and an import, names lead nowhere, rejects and undo."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.cast import Cast
from tests.web.programs import NOW, Program, program, refused, said

from smarketing.ledger.models import Import
from smarketing.records.models import Job, Person
from smarketing.terms.language import words


def a_file(name: str = "leads.csv", text: str = "id,created\n1,2025-01-01T09:00:00Z\n") -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = name
    return file


def an_import(by: Person, name: str, *, rejects: str = "") -> Import:
    found = Import.objects.create(
        id=name,
        at=NOW + timedelta(minutes=Import.objects.count()),
        by=by.id,
        profile="generic",
        source="crm",
        sequence=1,
    )
    path = f"rejects/{name}.csv" if rejects else ""
    if rejects:
        (settings.HOME / path).parent.mkdir(exist_ok=True)
        (settings.HOME / path).write_text(rejects)
    counts = {"n_rows": 3, "n_accepted": 1, "n_rejected": 1, "n_duplicates": 1}
    found.files.create(position=0, file="leads.csv", status="read", rejects_file=path, **counts)
    return found


@pytest.fixture
def olu(cast: Cast) -> Program:
    return program(cast.olu, "ingest")


def test_a_file_becomes_a_job(olu: Program, cast: Cast) -> None:
    job = said(olu.upload(a_file(), profile="hubspot_export", zone="Europe/Madrid"), 202)
    row = Job.objects.get()
    assert (job["id"], job["status"], row.asked_by, row.kind) == (row.id, "waiting", cast.olu, "import_export")
    assert [Path(path).name for path in row.arguments["files"]] == ["leads.csv"]
    assert said(olu.get(f"jobs/{job['id']}")) == job
    assert said(olu.get("jobs"))["jobs"] == [job]


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "..\\..\\boot.csv", "/srv/x.csv", "a\nb.csv", ".csv.csv"])
def test_names_of_files_lead_nowhere(olu: Program, name: str) -> None:
    said(olu.upload(a_file(name), profile="hubspot_export"), 202)
    kept = Path(Job.objects.get().arguments["files"][0]).resolve()
    assert kept.is_relative_to((settings.HOME / "uploads").resolve()) and kept.is_file()


@pytest.mark.parametrize(
    "profile", ["../hubspot", "/etc/passwd", "hubspot.yaml", "profiles/hubspot", "", "none", "../../secret.key", "."]
)
def test_names_of_profiles_lead_nowhere(olu: Program, profile: str) -> None:
    response = olu.upload(a_file(), profile=profile)
    assert response.status_code in (400, 422)
    refused(response, response.status_code)
    assert not Job.objects.exists()


def test_a_profile_that_was_kept_here_is_found(olu: Program) -> None:
    kept = settings.HOME / "profiles" / "weekly.yaml"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("name: weekly\n")
    said(olu.upload(a_file(), profile="weekly"), 202)
    assert Job.objects.get().arguments["profile"] == str(kept)
    kept.unlink()


@pytest.mark.parametrize(
    ("file", "form", "status"),
    [
        (a_file("run.exe"), {"profile": "hubspot_export"}, 400),
        (a_file(text=""), {"profile": "hubspot_export"}, 400),
        (a_file(), {"profile": "hubspot_export", "zone": "Mars/Olympus"}, 422),
        (a_file(), {}, 422),
        ("no file", {"profile": "hubspot_export"}, 422),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(
    olu: Program, file: object, form: dict[str, str], status: int
) -> None:
    refused(olu.upload(file, **form), status)
    assert not Job.objects.exists()


def test_an_ingest_token_sees_what_its_person_brought(olu: Program, cast: Cast) -> None:
    an_import(cast.sam, "of-sam")
    an_import(cast.olu, "of-olu")
    assert [each["id"] for each in said(olu.get("imports"))["imports"]] == ["of-olu"]
    refused(olu.get("imports/of-sam"), 404)
    refused(olu.ask("DELETE", "imports/of-olu"), 404)  # bringing is not taking back
    everything = said(program(cast.olu, "admin").get("imports"))
    assert [each["id"] for each in everything["imports"]] == ["of-olu", "of-sam"]


def test_imports_come_in_pages(cast: Cast) -> None:
    for number in range(5):
        an_import(cast.olu, f"import-{number}")
    asks = program(cast.olu, "admin")
    first = asks.get("imports?size=2")
    page = said(first)
    assert (page["n"], page["n_pages"], page["page"]) == (5, 3, 1)
    assert [each["id"] for each in page["imports"]] == ["import-4", "import-3"]
    assert said(asks.get("imports?size=2&page=9"))["page"] == 3
    refused(asks.get("imports?size=0"), 422)
    assert f'<{page["next"]}>; rel="next"' in first.headers["Link"]


def test_rejects_are_the_file_that_was_written(cast: Cast) -> None:
    an_import(cast.olu, "one", rejects="id,reason\n7,no date\n")
    asks = program(cast.olu, "ingest")
    assert said(asks.get("imports/one"))["files"][0]["has_rejects"] is True
    response = asks.get("imports/one/rejects/0")
    assert b"".join(response.streaming_content) == b"id,reason\n7,no date\n"  # type: ignore[attr-defined]
    response.close()
    assert response.headers["Content-Type"] == "text/csv" and "attachment" in response.headers["Content-Disposition"]
    again = asks.get("imports/one/rejects/0", If_None_Match=response.headers["ETag"])
    assert again.status_code == 304
    refused(asks.get("imports/one/rejects/1"), 404)


def test_reasons_are_told_in_the_readers_language(cast: Cast) -> None:
    file = an_import(cast.olu, "one", rejects="id,why\n7,This cannot be an id.\n").files.get()
    file.reasons = {"not_an_id": 1, "from_long_ago": 2}
    file.save()
    asks = program(cast.olu, "ingest")
    told = said(asks.get("imports/one", Accept_Language="it"))["files"][0]["because"]
    assert told == {"not_an_id": words("it")("This cannot be an id."), "from_long_ago": "from_long_ago"}
    answer = asks.get("imports/one/rejects/0", Accept_Language="it")
    rows = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert rows.decode() == f"id,why\n7,{told['not_an_id']}\n"


def test_an_import_is_taken_back_once(cast: Cast) -> None:
    an_import(cast.olu, "one")
    asks = program(cast.olu, "admin")
    assert said(asks.ask("DELETE", "imports/one")) == {"n_removed": 0, "n_restored": 0, "n_kept": 0}
    assert said(asks.get("imports/one"))["status"] == "undone"
    refused(asks.ask("DELETE", "imports/one"), 409)
    refused(program(cast.sam, "admin").ask("DELETE", "imports/one"), 404)


def test_a_job_is_seen_by_who_asked_for_it(olu: Program, cast: Cast) -> None:
    job = said(olu.upload(a_file(), profile="hubspot_export"), 202)
    refused(program(cast.sam).get(f"jobs/{job['id']}"), 404)
    said(program(cast.olu).get(f"jobs/{job['id']}"))
    refused(olu.get("jobs/99999999999999999999999"), 404)
