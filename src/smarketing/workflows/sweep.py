"""Throw away what nobody will ask for again: jobs done long ago, sessions that ended, uploads, failed sign-ins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.contrib.sessions.models import Session

from smarketing.records.models import Job, Worker
from smarketing.records.moment_rows import sweep_moments
from smarketing.workflows.hold_upload import sweep_uploads

KEEP_JOBS, KEEP_ATTEMPTS, KEEP_WORKERS = timedelta(days=30), timedelta(days=90), timedelta(days=1)


def sweep(*, now: datetime) -> dict[str, Any]:
    """Returns how many rows of each went. Work and machinery only: what people said is kept."""
    jobs = Job.objects.filter(ended_at__lt=now - KEEP_JOBS)
    return {
        "jobs": jobs.delete()[0],
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "attempts": sum(
            model.objects.filter(attempt_time__lt=now - KEEP_ATTEMPTS).delete()[0]
            for model in (AccessAttempt, AccessFailureLog)
        ),
        "uploads": sweep_uploads(settings.HOME, now=now),
        "moments": sweep_moments(now),
        "workers": Worker.objects.filter(seen_at__lt=now - KEEP_WORKERS).delete()[0],
    }
