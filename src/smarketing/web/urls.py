"""Addresses of the site, grouped by noun; no verbs in paths."""

from __future__ import annotations

from django.urls import include, path

from smarketing.web.views import health, help, home, jobs, leads, plan, reader

urlpatterns = [
    path("", home.show, name="home"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("jobs/<int:job_id>/", jobs.show, name="job"),
    path("jobs/<int:job_id>/cancellation", jobs.cancel, name="job_cancellation"),
    path("jobs/<int:job_id>/tries", jobs.retry, name="job_tries"),
    path("settings/jobs/", jobs.browse, name="jobs"),
    path("reader/", reader.choose, name="reader"),
    path("help/", help.show, name="help"),
    path("help/glossary/", help.words, name="glossary"),
    path("help/keys/", help.keys, name="keys"),
    path("help/components/", help.components, name="components"),
    path("leads/", leads.index, name="leads"),
    path("leads/export.<str:form>", leads.export, name="leads_export"),
    path("leads/views/", leads.views, name="leads_views"),
    path("leads/views/<int:view_id>/", leads.view, name="leads_view"),
    path("leads/<str:src>/<path:lead_id>/", leads.show, name="lead"),
    path("plan/", plan.show, name="plan"),
    path("", include("smarketing.web.account_urls")),
]
