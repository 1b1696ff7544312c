"""Uploaded files: kept, read through a guess that a person corrects, then imported in the background."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from smarketing.ledger.models import Import
from smarketing.records.models import Job
from smarketing.terms.errors import UserError
from smarketing.web.forms.uploads import reading_of
from smarketing.web.pages.data_tabs import data_tabs
from smarketing.web.pages.uploads import upload_page
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.web.views import imports
from smarketing.workflows.hold_upload import Reading, Upload, held_upload, hold_upload, said
from smarketing.workflows.keep_profile import keep_profile
from smarketing.workflows.read_upload import first_reading, profile_for_import, read_upload, reading_of_import
from smarketing.workflows.take_upload import take_upload


@require_POST
def create(request: Request) -> HttpResponse:
    """Keeps the files; rejects of an earlier import are read as that import was, without a question."""
    by, words, now = signed_in(request), request.words, timezone.now()
    chunks = [(file.name or "file", file.chunks()) for file in request.FILES.getlist("files")]
    if not chunks:
        return imports.browse(request, problem=words("Choose at least one file."), status=422)
    earlier = Import.objects.filter(pk=request.POST.get("of", "")).first()
    try:
        limit_mb = settings.ENVIRONMENT.import_limit_mb
        upload = hold_upload(settings.HOME, chunks, by=by, now=now, limit_mb=limit_mb)
        ways, reading = first_reading(upload, settings.HOME, zone=request.zone, words=words)
        upload = said(upload, ways=ways, reading=reading_of_import(earlier, settings.HOME) if earlier else reading)
    except UserError as error:
        error.translate(words)
        return imports.browse(request, problem=str(error), status=422)
    return redirect("upload", key=upload.key)


def show(request: Request, key: str) -> HttpResponse:
    """GET shows how the files would be read; POST says it otherwise."""
    upload = _upload(request, key)
    if request.method == "POST":
        upload = said(upload, reading=reading_of(request.POST, upload.reading))
        if not request.htmx:
            return redirect("upload", key=key)
    return _page(request, upload)


@require_POST
def bring(request: Request, key: str) -> HttpResponse:
    """Imports in the background; asked twice, there is one job."""
    upload = _upload(request, key)
    upload = said(upload, reading=reading_of(request.POST, upload.reading)) if "way" in request.POST else upload
    reading = upload.reading
    try:
        profile = profile_for_import(upload, settings.HOME, request.words)
        job = take_upload(
            files=upload.files,
            profile=profile,
            source=reading.source,
            zone=reading.zone,
            by=signed_in(request),
            now=timezone.now(),
        )
    except UserError as error:
        error.translate(request.words)
        return _page(request, upload, problem=str(error).removeprefix(": "), status=422)
    said(upload, job_id=job.id)
    return redirect("job", job_id=job.id)


@require_POST
def keep(request: Request, key: str) -> HttpResponse:
    """Keeps the way the files are read under a name, for next time."""
    upload = _upload(request, key)
    upload = said(upload, reading=reading_of(request.POST, upload.reading))
    name = request.POST.get("name", "").strip()
    try:
        text = read_upload(upload, settings.HOME, request.words).text
        keep_profile(
            name=name, text=text, home=settings.HOME, by=signed_in(request), now=timezone.now(), words=request.words
        )
    except UserError as error:
        error.translate(request.words)
        return _page(request, upload, problem=f"{error.what} {error.hint}".strip(), status=422)
    said(upload, reading=Reading("known", name, zone=upload.reading.zone, source=upload.reading.source),
         ways=tuple(dict.fromkeys((name, *upload.ways))))  # fmt: skip
    messages.success(request, request.words("Kept. Files like these are read as {name} from now on.", name=name))
    return redirect("upload", key=key)


def _page(request: Request, upload: Upload, *, problem: str = "", status: int = 200) -> HttpResponse:
    job = Job.objects.filter(pk=upload.job_id).first() if upload.job_id else None
    page = upload_page(upload, home=settings.HOME, now=timezone.now(), zone=request.zone, words=request.words)
    return render_page(
        request,
        "data/upload.html",
        page=page,
        tabs=data_tabs(request, "imports"),
        problem=problem,
        job=job,
        status=status,
        fragments={"reading"},
    )


def _upload(request: Request, key: str) -> Upload:
    """One's own, or anybody's for whoever runs the installation."""
    upload = held_upload(settings.HOME, key)
    if upload is None or not (request.grant.is_any or upload.by_id == signed_in(request).pk):
        raise Http404
    return upload
