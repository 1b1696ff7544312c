"""Addresses of what comes in from outside: the sources and their inbox."""

from __future__ import annotations

from django.urls import path

from smarketing.web.views import inbox, sources

urlpatterns = [
    path("settings/sources/", sources.browse, name="sources"),
    path("settings/sources/<slug:slug>/", sources.show, name="source"),
    path("settings/sources/<slug:slug>/secret/", sources.rotate, name="source_secret"),
    path("settings/sources/<slug:slug>/pause/", sources.pause, name="source_pause"),
    path("settings/sources/<slug:slug>/retirement/", sources.retire, name="source_retirement"),
    path("settings/inbox/", inbox.browse, name="inbox"),
    path("settings/inbox/<int:row_id>/", inbox.show, name="inbox_row"),
    path("settings/inbox/replays/", inbox.replay, name="inbox_replays"),
    path("settings/inbox/discards/", inbox.discard, name="inbox_discards"),
]
