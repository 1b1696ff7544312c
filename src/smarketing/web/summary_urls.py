"""Addresses of mornings and weeks."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import summaries

urlpatterns = [
    path("pulse/", summaries.pulses, name="pulses"),
    path("pulse/<slug:slug>/", summaries.pulse, name="pulse"),
    path("weeks/<slug:slug>/", summaries.weeks, name="weeks"),
    path("weeks/<slug:slug>/<path:label>/", summaries.week, name="week"),
]
