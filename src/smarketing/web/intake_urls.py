"""Addresses of what comes in from outside: the sources and their inbox."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import inbox, sources

urlpatterns = [
    path("settings/sources/", sources.browse, name="sources"),
    path("settings/sources/inbox/", inbox.browse, name="inbox"),
    path("settings/sources/inbox/<int:row_id>/", inbox.show, name="inbox_row"),
    path("settings/sources/inbox/replays/", inbox.replay, name="inbox_replays"),
    path("settings/sources/inbox/discards/", inbox.discard, name="inbox_discards"),
    path("settings/sources/<slug:slug>/", sources.show, name="source"),
    path("settings/sources/<slug:slug>/secret/", sources.rotate, name="source_secret"),
    path("settings/sources/<slug:slug>/pause/", sources.pause, name="source_pause"),
    path("settings/sources/<slug:slug>/retirement/", sources.retire, name="source_retirement"),
]
