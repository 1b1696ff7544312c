"""Imports for programs: bring files, watch the job, read what became of every row, take an import back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from smarketing.ledger.models import Import
from smarketing.records.models import Job
from smarketing.web.api.shapes import JobOut, Problem
from smarketing.web.request import Request
from smarketing.workflows.take_upload import keep_uploads, take_upload
from smarketing.workflows.undo_import import undo_import

router = Router()
REFUSED = {400: Problem, 401: Problem, 404: Problem, 422: Problem}


class ImportFileOut(Schema):
    """One table of one file: n_rows = n_accepted + n_rejected + n_duplicates."""

    position: int
    file: str
    sheet: str
    read_as: str
    status: str
    n_rows: int
    n_accepted: int
    n_rejected: int
    n_duplicates: int
    reasons: dict[str, int]
    has_rejects: bool


class ImportOut(Schema):
    id: str
    at: datetime
    profile: str
    source: str
    status: str
    files: list[ImportFileOut]


@router.get("/imports", response={200: list[ImportOut], 401: Problem, 404: Problem}, url_name="imports")
def index(request: Request) -> list[ImportOut]:
    """The latest hundred."""
    return [_import(each) for each in _seen(request).prefetch_related("files")[:100]]


@router.post("/imports", response={202: JobOut, **REFUSED}, url_name="imports")
def create(
    request: Request,
    files: Annotated[list[UploadedFile], File(...)],
    profile: Annotated[str, Form(..., description="name of a shipped profile")],
    source: Annotated[str, Form(description="name of the connection; the profile's if left out")] = "",
    zone: Annotated[str, Form(description="zone of times without an offset")] = "",
) -> tuple[int, JobOut]:
    """Brings files in the background; the answer is the job."""
    person = request.actor.person
    assert person is not None
    chunks = [(file.name or "file", file.chunks()) for file in files]
    kept = keep_uploads(settings.HOME, chunks, limit_mb=settings.ENVIRONMENT.import_limit_mb)
    named = Path(profile).name  # a name of ours, never a path of theirs
    job = take_upload(files=kept, profile=named, source=source, zone=zone, by=person, now=timezone.now())
    return 202, _job(job)


@router.get("/imports/{import_id}", response={200: ImportOut, 401: Problem, 404: Problem}, url_name="import")
def show(request: Request, import_id: str) -> ImportOut:
    return _import(get_object_or_404(_seen(request), pk=import_id))


@router.delete("/imports/{import_id}", response={200: dict[str, Any], 409: Problem, **REFUSED}, url_name="import")
def undo(request: Request, import_id: str) -> dict[str, Any]:
    """Takes the import back: what it brought goes, what it wrote over returns."""
    assert request.actor.person is not None
    get_object_or_404(_seen(request), pk=import_id)
    found = undo_import(import_id=import_id, by=request.actor.person, now=timezone.now())
    return {"n_removed": found.n_removed, "n_restored": found.n_restored, "n_kept": found.n_kept}


@router.get(
    "/imports/{import_id}/rejects/{position}", url_name="rejects", response={200: bytes, 401: Problem, 404: Problem}
)
def rejects(request: Request, import_id: str, position: int) -> FileResponse:
    """The rejected rows of one file as CSV, to be corrected and brought again."""
    found = get_object_or_404(_seen(request), pk=import_id)
    file = get_object_or_404(found.files, position=position)
    path = settings.HOME / file.rejects_file
    if not file.rejects_file or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv")


@router.get("/jobs/{job_id}", response={200: JobOut, 401: Problem, 404: Problem}, url_name="job")
def job(request: Request, job_id: int) -> JobOut:
    jobs = Job.objects.all() if request.grant.is_any else Job.objects.filter(asked_by=request.actor.person)
    return _job(get_object_or_404(jobs, pk=job_id))


def _seen(request: Request) -> Any:
    """All imports for those who run the installation or manage a team, one's own for the rest."""
    every = Import.objects.all()
    if request.grant.is_any or request.grant.team_ids:
        return every
    return every.filter(by=request.actor.person.pk if request.actor.person else -1)


def _import(found: Import) -> ImportOut:
    files = [
        ImportFileOut(
            position=file.position,
            file=file.file,
            sheet=file.sheet,
            read_as=file.read_as,
            status=file.status,
            n_rows=file.n_rows,
            n_accepted=file.n_accepted,
            n_rejected=file.n_rejected,
            n_duplicates=file.n_duplicates,
            reasons=file.reasons,
            has_rejects=bool(file.rejects_file),
        )
        for file in found.files.all()
    ]
    return ImportOut(
        id=found.id, at=found.at, profile=found.profile, source=found.source, status=found.status, files=files
    )


def _job(found: Job) -> JobOut:
    return JobOut(
        id=found.pk,
        kind=found.kind,
        status=found.status,
        share_done=found.share_done,
        progress=found.progress,
        problem=found.problem,
        result=found.result,
    )
