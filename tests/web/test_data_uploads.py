"""From dropped files to a receipt: the guess, its correction, the preview, the import, its rejects and its undoing."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import Cast

from smarketing.ledger.models import Import
from smarketing.records.models import Event, Job
from smarketing.sources.files import kept_sample
from smarketing.tasks import TASKS, Work
from smarketing.terms.language import words
from smarketing.workflows.hold_upload import KEEP, KEEP_TORN, held_upload, sweep_uploads

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
ROWS = [f"{n},2025-06-02T09:0{n}:00Z,Rita,Google,New" for n in range(1, 9)]
LEADS = "\n".join(["Lead Id,Created Time,Owner,Lead Source,Status", *ROWS, "9,not a time,Zed,Google,New", ""]).encode()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def dropped(client: Client, *files: tuple[str, bytes], of: str = "") -> str:
    """The address of the upload's page."""
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    response = client.post("/data/uploads/", {"files": sent, "of": of})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def done(job: Job) -> dict[str, Any]:
    """What a worker would do."""
    said = {"tell": lambda *_: None, "is_cancelled": lambda: False, "check_is_held": lambda: None}
    result = TASKS[job.kind](Work(job.arguments, job.asked_by, NOW, words("en"), **said))  # type: ignore[arg-type]
    assert result is not None
    job.status, job.result = "done", result
    job.save()
    return result


def imported(client: Client, page: str) -> Import:
    assert client.post(f"{page}imports/").status_code == 302
    return Import.objects.get(pk=done(Job.objects.latest("id"))["id"])


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    said = cast.client_of(cast.sam).get("/data/").content.decode()
    assert "No import yet." in said
    assert 'type="file"' in said


@pytest.mark.django_db(transaction=True)
def test_from_a_file_to_its_receipt_and_back(cast: Cast) -> None:
    client = cast.client_of(cast.sam)
    page = dropped(client, ("leads.csv", LEADS))
    said = client.get(page).content.decode()
    assert "8 would be accepted" in said
    assert "1 rejected" in said
    assert "made at Mon 2 Jun 2025" in said
    found = imported(client, page)
    assert found.by == cast.sam.pk
    assert Event.objects.filter(verb="import_files", by=cast.sam, object_id=found.id).count() == 1
    receipt = client.get(f"/data/imports/{found.id}/").content.decode()
    assert "9 = 8 + 1 + 0" in receipt
    assert "not a time" in receipt
    listed = client.get("/data/").content.decode()
    assert "leads.csv" in listed
    # twice is once
    again = imported(client, page)
    assert again.seq is None
    # whoever reads it reads it in their language
    spanish = cast.client_of(cast.sam, accept_language="es").get(f"/data/imports/{found.id}/").content.decode()
    assert found.files.get().examples[0]["because"] not in spanish
    # rejects, corrected, come back without a question
    answer = client.get(f"/data/imports/{found.id}/rejects/0")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    corrected = rows.replace(b"9,not a time,", b"9,2025-06-03T09:00:00Z,")
    back = imported(client, dropped(client, ("leads-corrected.csv", corrected), of=found.id))
    assert [file.n_accepted for file in back.files.all()] == [1]
    # undone by whoever runs the installation
    assert "only whoever runs the installation" in receipt
    assert "Undo this import" not in receipt
    assert "Undo this import" in cast.client_of(cast.olu).get(f"/data/imports/{found.id}/").content.decode()
    assert client.post(f"/data/imports/{found.id}/undoing").status_code == 404
    boss = cast.client_of(cast.olu)
    assert boss.post(f"/data/imports/{found.id}/undoing", follow=True).status_code == 200
    found.refresh_from_db()
    assert found.status == Import.UNDONE
    assert "8 rows were taken away" in boss.get("/data/").content.decode() or found.undone_by == cast.olu.pk


def test_a_column_is_given_another_meaning(cast: Cast, home: Path) -> None:
    client = cast.client_of(cast.sam)
    page = dropped(client, ("leads.csv", LEADS))
    assert client.post(page, {"way": "columns"}).status_code == 302
    form = {
        "way": "columns", "source": "crm", "zone": "Europe/Madrid", "n_files": "1",
        "f0-title": "leads.csv", "f0-table": "lead", "f0-was": "lead", "f0-n": "5",
        "f0-0-header": "Lead Id", "f0-0-was": "lead_id", "f0-0": "lead_id",
        "f0-1-header": "Created Time", "f0-1-was": "created_at", "f0-1": "created_at",
        "f0-2-header": "Owner", "f0-2-was": "owner_id", "f0-2": "owner_id",
        "f0-3-header": "Lead Source", "f0-3-was": "channel", "f0-3": "campaign",
        "f0-4-header": "Status", "f0-4-was": "status", "f0-4": "",
    }  # fmt: skip
    said = client.post(page, form, headers={"HX-Request": "true", "HX-Target": "reading"}).content.decode()
    assert "campaign Google" in said
    assert "<html" not in said
    upload = held_upload(home, page.split("/")[-2])
    assert upload is not None
    assert upload.reading.files["leads.csv"]["columns"] == {
        "lead_id": "Lead Id", "created_at": "Created Time", "owner_id": "Owner", "campaign": "Lead Source",
    }  # fmt: skip


def test_a_column_that_nobody_recognised_is_chosen_on_screen(cast: Cast) -> None:
    client = cast.client_of(cast.sam)
    page = dropped(client, ("leads.csv", LEADS.replace(b"Created Time", b"Nacimiento")))
    said = client.get(page).content.decode()
    assert "no column was found for lead.created_at" in said
    assert 'name="f0-1-header" value="Nacimiento"' in said
    form = {
        "way": "columns", "source": "crm", "zone": "Europe/Madrid", "n_files": "1",
        "f0-title": "leads.csv", "f0-table": "lead", "f0-was": "lead", "f0-n": "2",
        "f0-0-header": "Lead Id", "f0-0-was": "lead_id", "f0-0": "lead_id",
        "f0-1-header": "Nacimiento", "f0-1-was": "", "f0-1": "created_at",
    }  # fmt: skip
    said = client.post(page, form, headers={"HX-Request": "true", "HX-Target": "reading"}).content.decode()
    assert "8 would be accepted" in said


def test_reasons_are_given_a_meaning(cast: Cast) -> None:
    client = cast.client_of(cast.sam)
    rows = [f"{n},2025-06-02T09:0{n}:00Z,{said}" for n, said in enumerate(("Sin dinero", "Duplicado", "Sin dinero"))]
    page = dropped(client, ("leads.csv", "\n".join(["Lead Id,Created Time,Reason", *rows, ""]).encode()))
    client.post(page, {"way": "columns"})
    said = client.get(page).content.decode()
    assert 'name="f0-value-reason" value="Sin dinero"' in said
    assert 'name="f0-meaning-reason" value="duplicate"' in said
    form = {
        "way": "columns", "n_files": "1", "f0-title": "leads.csv", "f0-table": "lead", "f0-was": "lead", "f0-n": "3",
        "f0-0-header": "Lead Id", "f0-0-was": "lead_id", "f0-0": "lead_id",
        "f0-1-header": "Created Time", "f0-1-was": "created_at", "f0-1": "created_at",
        "f0-2-header": "Reason", "f0-2-was": "reason", "f0-2": "reason", "f0-mapped": "reason",
        "f0-value-reason": ["Sin dinero", "Duplicado"], "f0-meaning-reason": ["no_budget", ""],
    }  # fmt: skip
    said = client.post(page, form, headers={"HX-Request": "true", "HX-Target": "reading"}).content.decode()
    assert "reason no_budget" in said
    assert "reason duplicado" in said


def test_every_sheet_is_guessed(cast: Cast) -> None:
    client = cast.client_of(cast.sam)
    file = BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        for name, header, row in (
            ("Leads", ("Lead Id", "Created Time"), ("1", "2025-06-02T09:00:00Z")),
            ("Deals", ("Deal Id", "Created Time", "Stage"), ("7", "2025-06-03T09:00:00Z", "Won")),
            ("Colours", ("Blue", "Red"), ("x", "y")),
        ):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, header)
            sheet.write_row(1, 0, row)
    page = dropped(client, ("crm.xlsx", file.getvalue()))
    client.post(page, {"way": "columns"})
    said = client.get(page).content.decode()
    assert said.count("would be accepted") == 2
    for name in ("Leads", "Deals", "Colours"):
        assert f"crm.xlsx [{name}]" in said
    assert "crm.xlsx [Colours]: nothing in it looks like a fact" in said


def test_looking_again_opens_no_workbook(cast: Cast, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even in another process: what was sampled lies beside the file, and is gone with it."""
    client = cast.client_of(cast.sam)
    page = dropped(client, ("leads.csv", LEADS))
    before = client.get(page).content.decode()
    kept_sample._tables.cache_clear()
    monkeypatch.setattr(kept_sample, "open_file", None)
    after = client.get(page).content.decode()
    assert before.count("would be accepted") == after.count("would be accepted") == 1
    upload = held_upload(home, page.split("/")[-2])
    assert upload is not None
    assert [path.name for path in upload.files] == ["leads.csv"]


def test_a_text_with_a_fault_says_its_line(cast: Cast) -> None:
    client = cast.client_of(cast.sam)
    page = dropped(client, ("leads.csv", LEADS))
    assert client.post(page, {"way": "text", "text": "profile: x\nkinds: file\n"}).status_code == 302
    said = client.get(page).content.decode()
    assert "kinds" in said
    assert "2:" in said
    assert client.post(f"{page}imports/").status_code == 422


def test_a_profile_is_kept_and_recognised(cast: Cast, home: Path) -> None:
    client = cast.client_of(cast.sam)
    page = dropped(client, ("leads.csv", LEADS))
    assert client.post(page, {"way": "columns"}).status_code == 302
    assert client.post(f"{page}profile", {"name": "Bad Name"}).status_code == 422
    assert client.post(f"{page}profile", {"name": "weekly"}).status_code == 302
    assert (home / "profiles" / "weekly.yaml").is_file()
    assert Event.objects.filter(verb="keep_profile").count() == 1
    other = dropped(client, ("anything.csv", LEADS))
    assert '<option value="known:weekly" selected>' in client.get(other).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("x.exe", b"MZ", "not read"), ("leads.csv", b"", "empty")],
)
def test_what_is_not_kept(cast: Cast, home: Path, name: str, content: bytes, said: str) -> None:
    file = SimpleUploadedFile(name, content)
    response = cast.client_of(cast.sam).post("/data/uploads/", {"files": [file]})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not list((home / "uploads").glob("*"))


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"\xd0\xcf\x11\xe0secret"), ("b.csv", b"%PDF-1.7 x")])
def test_renamed_and_locked_files_say_so_on_the_page(cast: Cast, name: str, content: bytes) -> None:
    client = cast.client_of(cast.sam)
    said = client.get(dropped(client, (name, content))).content.decode()
    assert "workbook" in said or "PDF" in said
    assert "disabled" in said


def test_names_lead_nowhere(cast: Cast, home: Path) -> None:
    client = cast.client_of(cast.sam)
    upload = held_upload(home, dropped(client, ("..\\..\\leads.csv", LEADS)).split("/")[-2])
    assert upload is not None
    assert [path.parent for path in upload.files] == [home / "uploads" / upload.key]


def test_no_path_of_theirs_is_a_profile(cast: Cast, home: Path) -> None:
    client = cast.client_of(cast.sam)
    page = dropped(client, ("leads.csv", LEADS))
    (home / "secret.yaml").write_text("secret: 42\n")
    for name in (str(home / "secret.yaml"), "../secret", "../../../secret.yaml"):
        client.post(page, {"way": f"known:{name}"})
        said = client.get(page).content.decode()
        assert "There is no profile" in said
        assert "secret: 42" not in said
        assert client.post(f"{page}imports/").status_code == 422


def test_old_uploads_are_swept_out(cast: Cast, home: Path) -> None:
    client = cast.client_of(cast.sam)
    upload = held_upload(home, dropped(client, ("leads.csv", LEADS)).split("/")[-2])
    assert upload is not None
    os.utime(upload.folder, (NOW.timestamp(), NOW.timestamp()))
    assert sweep_uploads(home, now=NOW + KEEP) == 0
    assert sweep_uploads(home, now=NOW + KEEP * 2) == 1
    assert client.get(f"/data/uploads/{upload.key}/").status_code == 404


def test_halves_of_uploads_are_swept_out(home: Path) -> None:
    torn = home / "uploads" / "tmp1.upload.csv"
    torn.parent.mkdir()
    torn.write_text("what had arrived when the server was killed")
    os.utime(torn, (NOW.timestamp(), NOW.timestamp()))
    assert sweep_uploads(home, now=NOW + KEEP_TORN) == 0
    assert sweep_uploads(home, now=NOW + KEEP_TORN * 2) == 1
    assert not torn.exists()


@pytest.mark.django_db(transaction=True)
def test_workbooks_of_a_school(cast: Cast, crm_data: Path) -> None:
    """Four raw files at once: guessed, previewed and brought without a line of YAML."""
    names = ("contacts_raw.xlsx", "deals_raw.xlsx", "spend_raw.xlsx", "calls.parquet")
    client = cast.client_of(cast.olu)
    page = dropped(client, *((name, (crm_data / "school_crm" / name).read_bytes()) for name in names))
    said = client.get(page).content.decode()
    assert said.count("would be accepted") == 4
    found = imported(client, page)
    for file in found.files.all():
        assert file.n_rows == file.n_accepted + file.n_rejected + file.n_duplicates
        assert file.n_accepted > 0.9 * file.n_rows - file.n_duplicates
