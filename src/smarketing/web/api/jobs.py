"""Work in the background for programs: what one asked for, and how far it is."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router

from smarketing.records.models import Job
from smarketing.terms.marked import N_
from smarketing.web.api.paging import PageNumber, PageSize, link_pages, one_page
from smarketing.web.api.shapes import JobOut, JobsOut
from smarketing.web.request import Request

router = Router()


@router.get("/jobs", response=JobsOut, url_name="jobs", summary=N_("Work in the background, the latest first"))
def index(request: Request, response: HttpResponse, page: PageNumber = 1, size: PageSize = 50) -> JobsOut:
    rows, n, number, n_pages = one_page(_seen(request).order_by("-id"), page, size)
    following = link_pages(request, response, page=number, n_pages=n_pages)
    return JobsOut(n=n, page=number, n_pages=n_pages, next=following, jobs=[job_out(each) for each in rows])


@router.get("/jobs/{job_id}", response=JobOut, url_name="job", summary=N_("How far one piece of work is"))
def show(request: Request, job_id: int) -> JobOut:
    """Ask again until `status` is done, failed or cancelled; an import's `result` is its receipt."""
    return job_out(get_object_or_404(_seen(request), pk=job_id))


def job_out(found: Job) -> JobOut:
    return JobOut(
        id=found.pk,
        kind=found.kind,
        status=found.status,
        asked_at=found.asked_at,
        share_done=found.share_done,
        progress=found.progress,
        problem=found.problem,
        result=found.result,
    )


def _seen(request: Request) -> QuerySet[Job]:
    return Job.objects.all() if request.grant.is_any else Job.objects.filter(asked_by=request.actor.person)
