"""Imports for programs: bring files, read what became of every row, take an import back."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from smarketing.ledger.models import Import
from smarketing.records.permissions import Principal
from smarketing.terms.language import Words
from smarketing.terms.marked import N_
from smarketing.terms.zones import check_zone
from smarketing.web.api.jobs import job_out
from smarketing.web.api.paging import PageNumber, PageSize, link_pages, one_page
from smarketing.web.api.shapes import ImportFileOut, ImportOut, ImportsOut, JobOut, UndoneOut
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.find_profile import find_profile
from smarketing.workflows.import_sentences import reason_sentence, rejects_in
from smarketing.workflows.take_upload import keep_uploads, take_upload
from smarketing.workflows.undo_import import undo_import

router = Router()
MOST_FILES = 50


@router.get("/imports", response=ImportsOut, url_name="imports", summary=N_("Imports, the latest first"))
def index(request: Request, response: HttpResponse, page: PageNumber = 1, size: PageSize = 50) -> ImportsOut:
    """An ingest token sees those of its person."""
    found = _seen(request).order_by("-at", "-sequence", "id").prefetch_related("files")
    rows, n, number, n_pages = one_page(found, page, size)
    following = link_pages(request, response, page=number, n_pages=n_pages)
    return ImportsOut(
        n=n, page=number, n_pages=n_pages, next=following, imports=[_import(each, request.words) for each in rows]
    )


@router.post("/imports", response={202: JobOut}, url_name="imports", summary=N_("Bring files"))
def create(
    request: Request,
    files: Annotated[list[UploadedFile], File(..., max_length=MOST_FILES)],
    profile: Annotated[str, Form(..., description="name of a profile: one of ours or one kept here", max_length=60)],
    source: Annotated[str, Form(description="name of the connection; the profile's if left out", max_length=100)] = "",
    zone: Annotated[str, Form(description="zone of times without an offset", max_length=80)] = "",
) -> Status[JobOut]:
    """Reads them in the background; the answer is the job. CSV, XLSX, Parquet and JSON Lines are read."""
    by = signed_in(request)
    if zone:
        check_zone(zone)
    named = find_profile(profile, home=settings.HOME)
    chunks = [(file.name or "file", file.chunks()) for file in files]
    kept = keep_uploads(settings.HOME, chunks, limit_mb=settings.ENVIRONMENT.import_limit_mb)
    job = take_upload(files=kept, profile=named, source=source, zone=zone, by=by, now=timezone.now())
    return Status(202, job_out(job))


@router.get("/imports/{import_id}", response=ImportOut, url_name="import", summary=N_("One import, file by file"))
def show(request: Request, import_id: str) -> ImportOut:
    return _import(get_object_or_404(_seen(request), pk=import_id), request.words)


@router.delete("/imports/{import_id}", response=UndoneOut, url_name="import", summary=N_("Take an import back"))
def undo(request: Request, import_id: str) -> UndoneOut:
    """What it brought goes, what it wrote over returns."""
    get_object_or_404(_seen(request), pk=import_id)
    found = undo_import(import_id=import_id, by=signed_in(request), now=timezone.now())
    return UndoneOut(n_removed=found.n_removed, n_restored=found.n_restored, n_kept=found.n_kept)


@router.get(
    "/imports/{import_id}/rejects/{position}",
    response=str,
    url_name="rejects",
    summary=N_("Rejected rows of one file, as CSV"),
)
def rejects(request: Request, import_id: str, position: int) -> StreamingHttpResponse:
    """With the reason beside each row, in the reader's language; to be corrected and brought again."""
    found = get_object_or_404(_seen(request), pk=import_id)
    file = get_object_or_404(found.files, position=position)
    path = settings.HOME / file.rejects_file
    if not file.rejects_file or not path.is_file():
        raise Http404
    etag = f'"{found.pk}-{position}-{path.stat().st_size}-{request.words.language}"'  # it is written once
    named = str(content_disposition_header(as_attachment=True, filename=path.name))
    headers = {"Content-Disposition": named, "ETag": etag}
    return StreamingHttpResponse(rejects_in(path, request.words), content_type="text/csv", headers=headers)


def _seen(request: Request) -> QuerySet[Import]:
    """All imports for those who run the installation or manage a team; an ingest token sees its person's own."""
    every = Import.objects.all()
    is_narrow = request.actor.token is Principal.TOKEN_INGEST
    if not is_narrow and (request.grant.is_any or request.grant.team_ids):
        return every
    return every.filter(by=signed_in(request).pk)


def _import(found: Import, words: Words) -> ImportOut:
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
            because={reason: reason_sentence(reason, words) for reason in file.reasons},
            has_rejects=bool(file.rejects_file),
        )
        for file in found.files.all()
    ]
    return ImportOut(
        id=found.id, at=found.at, profile=found.profile, source=found.source, status=found.status, files=files
    )
