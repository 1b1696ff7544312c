"""Background work: how far one piece is, and the list of all for whoever runs the installation."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from smarketing.records.models import Job
from smarketing.records.queue import OPEN, ask_again, ask_to_cancel
from smarketing.web.pages.jobs import job_page, job_pages
from smarketing.web.render import render_page
from smarketing.web.request import Request

SHOWN = {"open": OPEN, "failed": ("failed",), "all": ("waiting", "running", "done", "failed", "cancelled")}
MOST = 200


def show(request: Request, job_id: int) -> HttpResponse:
    page = job_page(_job(request, job_id), now=timezone.now(), words=request.words)
    if page.after and request.headers.get("HX-Target") == "job-progress":  # somebody watched it end
        return HttpResponse(status=204, headers={"HX-Redirect": page.after})
    return render_page(request, "jobs/show.html", page=page, fragments={"job_progress"})


def cancel(request: Request, job_id: int) -> HttpResponse:
    job = _job(request, job_id)
    ask_to_cancel(job, now=timezone.now())
    return redirect("job", job_id=job.id)


def retry(request: Request, job_id: int) -> HttpResponse:
    job = _job(request, job_id)
    ask_again(job, now=timezone.now())
    return redirect("job", job_id=job.id)


def browse(request: Request) -> HttpResponse:
    wanted = request.GET.get("state", "open")
    shown = wanted if wanted in SHOWN else "open"
    jobs = Job.objects.filter(status__in=SHOWN[shown]).select_related("asked_by").order_by("-id")[:MOST]
    return render_page(
        request,
        "jobs/browse.html",
        pages=job_pages(list(jobs), now=timezone.now(), words=request.words),
        state=shown,
        counts={name: Job.objects.filter(status__in=statuses).count() for name, statuses in SHOWN.items()},
    )


def _job(request: Request, job_id: int) -> Job:
    jobs = Job.objects.select_related("asked_by")
    if not request.grant.is_any:
        jobs = jobs.filter(asked_by=request.actor.person)
    job = jobs.filter(id=job_id).first()
    if job is None:
        raise Http404
    return job
