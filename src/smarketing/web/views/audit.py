"""What happened here, and proof that nothing of it was changed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.http import HttpResponse, StreamingHttpResponse

from smarketing.reports.leads_table import harmless
from smarketing.web.pages.audit import AuditPage, AuditQuery, asked_for, events_seen_by, exported
from smarketing.web.render import render_page
from smarketing.web.request import Request
from smarketing.workflows.verify_audit import verify_audit


def browse(request: Request) -> HttpResponse:
    query = AuditQuery.read(request.GET.dict())
    page = AuditPage.of(request.actor, request.grant, query, request.words, request.zone)
    return render_page(request, "settings/audit.html", page=page, fragments={"entries"})


def verify(request: Request) -> HttpResponse:
    """Walk the whole chain now."""
    return render_page(request, "settings/audit_proof.html", proof=verify_audit())


def export(request: Request) -> StreamingHttpResponse:
    """The same entries as on the page, all of them, as CSV; a cell never becomes a formula."""
    query = AuditQuery.read(request.GET.dict())
    events = asked_for(events_seen_by(request.actor, request.grant), query, request.zone)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingHttpResponse(_lines(exported(events)), content_type="text/csv; charset=utf-8", headers=headers)


class _Line:
    """What csv.writer writes into: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])
