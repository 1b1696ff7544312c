"""Addresses of the site, grouped by noun; no verbs in paths."""

from __future__ import annotations

from django.urls import include, path

from smarketing.web.api.api import api
from smarketing.web.views import charts, first_run, health, help, home, intake, jobs, leads, plan, reader, scorecards

urlpatterns = [
    path("", home.show, name="home"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("jobs/<int:job_id>/", jobs.show, name="job"),
    path("jobs/<int:job_id>/cancellation", jobs.cancel, name="job_cancellation"),
    path("jobs/<int:job_id>/tries", jobs.retry, name="job_tries"),
    path("settings/jobs/", jobs.browse, name="jobs"),
    path("reader/", reader.choose, name="reader"),
    path("first-run/", first_run.administrator, name="first_run"),
    path("first-run/teams/", first_run.teams, name="first_run_teams"),
    path("first-run/data/", first_run.data, name="first_run_data"),
    path("first-run/agreement/", first_run.agreement, name="first_run_agreement"),
    path("first-run/scorecard/", first_run.scorecard, name="first_run_scorecard"),
    path("first-run/skipped-steps/", first_run.skip, name="first_run_skips"),
    path("charts/<str:version>/vega.<str:language>.js", charts.vega, name="vega"),
    path("help/", help.show, name="help"),
    path("help/glossary/", help.words, name="glossary"),
    path("help/keys/", help.keys, name="keys"),
    path("help/api/", help.api, name="help_api"),
    path("help/api/openapi.json", help.api_file, name="help_api_file"),
    path("help/components/", help.components, name="components"),
    path("help/components/chart.json", help.example_chart, name="components_chart"),
    path("", include("smarketing.web.desk_urls")),
    path("leads/", leads.index, name="leads"),
    path("leads/export.<str:form>", leads.export, name="leads_export"),
    path("leads/views/", leads.views, name="leads_views"),
    path("leads/views/<int:view_id>/", leads.view, name="leads_view"),
    path("leads/<str:src>/<path:lead_id>/", leads.show, name="lead"),
    path("plan/", plan.show, name="plan"),
    path("plan/workbook", plan.workbook, name="plan_workbook"),
    path("scorecards/", scorecards.choose, name="scorecard"),
    path("scorecards/<slug:slug>/", scorecards.show, name="scorecard_of"),
    path("scorecards/<slug:slug>/commitments/<str:commitment_id>/", scorecards.commitment, name="scorecard_commitment"),
    path("scorecards/<slug:slug>/charts/<str:name>.json", scorecards.chart, name="scorecard_chart"),
    path("scorecards/<slug:slug>/pdf", scorecards.as_pdf, name="scorecard_pdf"),
    path("scorecards/<slug:slug>/csv", scorecards.as_csv, name="scorecard_csv"),
    path("scorecards/<slug:slug>/json", scorecards.as_json, name="scorecard_json"),
    path("api/v1/", api.urls),
    path("in/<slug:slug>", intake.receive, name="intake"),
    path("in/<slug:slug>/<str:token>", intake.receive, name="intake_address"),
    path("data/", include("smarketing.web.data_urls")),
    path("agreements/", include("smarketing.web.agreement_urls")),
    path("", include("smarketing.web.account_urls")),
    path("", include("smarketing.web.people_urls")),
    path("", include("smarketing.web.intake_urls")),
    path("", include("smarketing.web.summary_urls")),
    path("", include("smarketing.web.dispute_urls")),
    path("", include("smarketing.web.message_urls")),
]
