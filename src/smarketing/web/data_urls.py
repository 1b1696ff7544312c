"""Addresses of the data: imports and uploads, readiness, calendars, and who the owners of leads are."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import calendars, data_people, imports, readiness, uploads

urlpatterns = [
    path("", imports.browse, name="imports"),
    path("imports/<str:import_id>/", imports.show, name="import"),
    path("imports/<str:import_id>/undoing", imports.undo, name="import_undoing"),
    path("imports/<str:import_id>/rejects/<int:position>", imports.rejects, name="import_rejects"),
    path("uploads/", uploads.create, name="uploads"),
    path("uploads/<str:key>/", uploads.show, name="upload"),
    path("uploads/<str:key>/imports/", uploads.bring, name="upload_imports"),
    path("uploads/<str:key>/profile", uploads.keep, name="upload_profile"),
    path("readiness/", readiness.show, name="readiness"),
    path("calendars/", calendars.browse, name="calendars"),
    path("calendars/new", calendars.new, name="calendar_new"),
    path("calendars/<slug:slug>/", calendars.show, name="calendar"),
    path("calendars/<slug:slug>/text", calendars.change, name="calendar_text"),
    path("calendars/<slug:slug>/retirement", calendars.retire, name="calendar_retirement"),
    path("people/", data_people.show, name="data_people"),
    path("people/teams/", data_people.teams, name="data_teams"),
]
