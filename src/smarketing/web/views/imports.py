"""Imports: the list with the place to drop files, the receipt of one, its rejects, its undoing."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from smarketing.terms.errors import UserError
from smarketing.web.pages.data_tabs import data_tabs
from smarketing.web.pages.imports import import_page, imports_page, imports_seen_by
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.web.signed_in import signed_in
from smarketing.workflows.import_sentences import rejects_in
from smarketing.workflows.undo_import import undo_import


def browse(request: Request, problem: str = "", status: int = 200) -> HttpResponse:
    """Every import, what is being imported now, and the place for the next files."""
    page = imports_page(request, now=timezone.now(), limit_mb=settings.ENVIRONMENT.import_limit_mb)
    return render_page(
        request,
        "data/imports.html",
        page=page,
        tabs=data_tabs(request, "imports"),
        problem=problem,
        status=status,
        fragments={"import_jobs"},
    )


def show(request: Request, import_id: str) -> HttpResponse:
    found = get_object_or_404(imports_seen_by(request), pk=import_id)
    page = import_page(request, found, limit_mb=settings.ENVIRONMENT.import_limit_mb)
    return render_page(request, "data/import.html", page=page, tabs=data_tabs(request, "imports"))


@require_POST
def undo(request: Request, import_id: str) -> HttpResponse:
    get_object_or_404(imports_seen_by(request), pk=import_id)
    words = request.words
    try:
        found = undo_import(import_id=import_id, by=signed_in(request), now=timezone.now())
    except UserError as error:
        error.translate(words)
        messages.error(request, f"{error.what} {error.hint}".strip())
    else:
        taken = words.plural("{n} row was taken away,", "{n} rows were taken away,", found.n_removed)
        back = words.plural("{n} is as it was before.", "{n} are as they were before.", found.n_restored)
        messages.success(request, f"{taken} {back}")
    return redirect("import", import_id=import_id)


def rejects(request: Request, import_id: str, position: int) -> StreamingHttpResponse:
    """The rejected rows of one file, each with its reason, to be corrected and brought again."""
    found = get_object_or_404(imports_seen_by(request), pk=import_id)
    file = get_object_or_404(found.files, position=position)
    path = settings.HOME / file.rejects_file
    if not file.rejects_file or not path.is_file():
        raise Http404
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=path.name))}
    return StreamingHttpResponse(rejects_in(path, request.words), content_type="text/csv", headers=headers)
